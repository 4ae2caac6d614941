"""Check a package completely: the rules of the catalog and those of the engine."""

from __future__ import annotations

from service.catalog import Package, Problem, Severity
from service.catalog.check import check_package, is_unreadable
from service.catalog.forms import FormMistake
from service.domain.errors import LaurelError
from service.domain.forms import FormRefused, compile_form
from service.domain.text import Text
from service.engine import Engine


def check_whole(engine: Engine, package: Package) -> tuple[Problem, ...]:
    """Return every problem of ``package``, errors first."""
    found = [*check_package(package)]
    if not is_unreadable(package):
        found += [*_engine(engine, package), *_forms(package)]
    return tuple(sorted(found, key=lambda p: (p.severity is not Severity.ERROR, p.file, p.element or "")))


def _engine(engine: Engine, package: Package) -> list[Problem]:
    return [
        Problem(p.file, p.element, p.rule, p.message, p.remedy, Severity.ERROR)
        for p in engine.problems(package.diagram_files)
    ]


def _forms(package: Package) -> list[Problem]:
    found = []
    for ident, path in package.forms.items():
        try:
            compile_form(package.form(ident))
        except FormRefused as refused:
            found.append(_problem(path, refused, refused.component, refused.remedy))
        except FormMistake:
            continue  # told by the catalog
        except LaurelError as error:
            found.append(_problem(path, error, ident, Text("改正表单文件。", "Correct the form's file.")))
    return found


def _problem(path: str, error: LaurelError, element: str, remedy: Text) -> Problem:
    return Problem(path, element, "form", error.message, remedy, Severity.ERROR)
