"""The papers that prove a condition, by what its package says: files of the application, named as people call them."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from service.catalog.forms.forms import FormField, fields_of_file
from service.catalog.package import Package

_FILE = "upload"


def papers_of(package: Package, form: str, clauses: Collection[str], facts: Collection[str]) -> tuple[str, ...]:
    """Return the files that form ``form`` asks for as proof, each as ``form.path``, in the order of the form.

    Such are files that are themselves among the ``facts`` (``form.path``), that stand beside one of them at an item of
    another form, or that cite one of ``clauses``, as does an item they stand beside. Without facts in the form
    nothing of it is needed.
    """
    if not any(fact.startswith(f"{form}.") for fact in facts):
        return ()
    wanted, known = set(clauses), set(facts)
    items = package.derived("items with what stands beside", lambda: tuple(_items(package)))
    beside = (item.beside for item in items if wanted & set(item.clauses) or known & set(item.beside))
    proofs = known.union(*beside)
    return tuple(
        f"{form}.{field.path}"
        for field in _fields(package, form)
        if field.type == _FILE and (wanted & set(field.clauses) or f"{form}.{field.path}" in proofs)
    )


def _items(package: Package) -> Iterator[FormField]:
    return (field for form in package.forms for field in _fields(package, form) if field.beside)


def _fields(package: Package, form: str) -> tuple[FormField, ...]:
    path = package.forms[form]
    return fields_of_file(package.files[path], path)
