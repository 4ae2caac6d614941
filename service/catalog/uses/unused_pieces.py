"""Shared pieces that no package uses yet: what is wrong with them whoever takes them up."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from service.catalog.catalog import Catalog
from service.catalog.package import Package
from service.catalog.patterns.patterns import DIAGRAMS, FORMS
from service.catalog.problems import Problem, errors_of
from service.catalog.rules.context import is_shared

_OF_A_PLACE = frozenset({
    "never_run", "role_unbound", "partner_role_missing", "unknown_role", "unknown_recipient", "message_never_sent",
    "message_never_caught", "undeclared_fact", "undeclared_name", "undeclared_variable", "hidden_name", "unknown_process",
    "unknown_form", "unknown_table", "attendance_unsaid",
})  # fmt: skip
"""Rules about what a place brings along: its roles, facts, parameters, forms and tables of its own, and who calls the piece."""


def check_unused(catalog: Catalog, checker: Callable[[Package], Iterable[Problem]]) -> Iterator[Problem]:
    """Yield what is wrong with the shared pieces that no package of ``catalog`` uses, tried beside one of them.

    A pattern is no file that could be tried: its problems show in what is made of it.
    """
    used = {path for package in catalog.packages.values() for path in package.files}
    shared = {path: content for path, content in catalog.tree.items() if _counts(path)}
    left = {path for path in shared if path not in used}
    host = next((package for package in catalog.packages.values() if not errors_of(package.problems)), None)
    if host is None or not left:
        return
    trial = Package.from_files({**shared, **host.files}, host.operations)
    for problem in checker(trial):
        if problem.file in left and problem.rule not in _OF_A_PLACE:
            yield problem


def _counts(path: str) -> bool:
    return is_shared(path) and not path.startswith((f"{DIAGRAMS}/", f"{FORMS}/"))
