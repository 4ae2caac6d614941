"""Fields that take files: their labels, and the papers that a form asks for."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from service.catalog.forms.forms import FormField, fields_of_file
from service.catalog.package import Package
from service.domain.text import Text

_KINDS = ("upload", "filepicker")


def upload_labels(package: Package, forms: Collection[str]) -> Mapping[str, Text]:
    """Return the labels of the upload fields of some forms, by path; rows of a list share theirs.

    Where these forms use one path for different things, no label is given for it.
    """
    form_ids = frozenset(forms)
    return package.derived(("upload labels", form_ids), lambda: _labels(package, form_ids))


def _labels(package: Package, forms: Collection[str]) -> Mapping[str, Text]:
    labels: dict[str, Text] = {}
    doubtful: set[str] = set()
    for ident in sorted(package.forms.keys() & forms):
        for path, label in _fields(package.form(ident).get("components", ()), ""):
            doubtful |= {path} if labels.get(path, label) != label else set()
            labels[path] = label
    return {path: label for path, label in labels.items() if path not in doubtful}


def _fields(components: Any, above: str) -> Iterator[tuple[str, Text]]:
    for component in components:
        prefix = ".".join(part for part in (above, str(component.get("path") or "")) if part)
        if component.get("type") in _KINDS and component.get("key") and component.get("label"):
            english = (component.get("properties") or {}).get("label_en")
            path = ".".join(part for part in (above, str(component["key"])) if part)
            yield path, Text(str(component["label"]), str(english or component["label"]))
        yield from _fields(component.get("components", ()), prefix)


def label_of_upload(package: Package, process: str, form: str | None, field: str) -> Text | None:
    """Return what a file is that was put into ``field`` (a path, with the numbers of rows) of the ``form`` of a task.

    Without a task it came with the form that began a case of the kind ``process``, or with an action; None where nothing
    says what it is.
    """
    actions = package.award.actions.values()
    aside = {
        package.award.processes[process].start_form,
        *(action.form for action in actions if action.process == process),
    }
    path = ".".join(part for part in field.split(".") if not part.isdigit())
    return upload_labels(package, [form] if form else [form_id for form_id in aside if form_id]).get(path)


_FILE = "upload"


def papers_of(package: Package, form: str, clauses: Collection[str], facts: Collection[str]) -> tuple[str, ...]:
    """Return the files that form ``form`` asks for as proof, each as ``form.path``, in the order of the form.

    Such are files that are themselves among the ``facts`` (``form.path``), that stand beside one of them at an item of
    another form, or that cite one of ``clauses``, as does an item they stand beside. Without facts in the form
    nothing of it is needed.
    """
    if not any(fact.startswith(f"{form}.") for fact in facts):
        return ()
    wanted, fact_paths = set(clauses), set(facts)
    items = package.derived("items with what stands beside", lambda: tuple(_items(package)))
    beside = (item.beside for item in items if wanted & set(item.clauses) or fact_paths & set(item.beside))
    proofs = fact_paths.union(*beside)
    return tuple(
        f"{form}.{field.path}"
        for field in _fields_of(package, form)
        if field.type == _FILE and (wanted & set(field.clauses) or f"{form}.{field.path}" in proofs)
    )


def _items(package: Package) -> Iterator[FormField]:
    return (field for form in package.forms for field in _fields_of(package, form) if field.beside)


def _fields_of(package: Package, form: str) -> tuple[FormField, ...]:
    path = package.forms[form]
    return fields_of_file(package.files[path], path)
