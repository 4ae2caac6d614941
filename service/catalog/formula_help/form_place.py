"""What a formula inside a form may read: the form's fields, those of the row it stands in, and what the form declares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.bpmn.model import split_words
from service.catalog.forms.forms import form_keys
from service.catalog.package import Package
from service.catalog.rules.scopes import Names

_OF_A_ROW = ("this", "parent", "i")


def form_of(package: Package, file: str) -> str | None:
    """Return the id of the form in ``file``, None where it is no form of the package."""
    return next((ident for ident, path in package.forms.items() if path == file), None)


def form_scope(package: Package, ident: str, element: str) -> Names:
    """Return the names of a formula at component ``element`` (its id or key), of the form itself where it has none."""
    schema = package.form(ident)
    declared = split_words(str((schema.get("properties") or {}).get("variables", "")))
    names = form_keys(schema).union(declared)
    for rows in lists_around(schema, element):
        names = names.union(form_keys(rows), _OF_A_ROW)
    parts = {"param": frozenset(package.award.parameters)} if "param" in names else {}
    return Names(names, parts)


def lists_around(schema: Mapping[str, Any], element: str) -> tuple[Mapping[str, Any], ...]:
    """Return the lists of rows in which a component stands, the outermost first."""
    return next(_lists(schema, element, ()), ()) if element else ()


def _lists(
    parent: Mapping[str, Any], element: str, around: tuple[Mapping[str, Any], ...]
) -> Iterator[tuple[Mapping[str, Any], ...]]:
    for item in parent.get("components") or ():
        if element in (item.get("id"), item.get("key")):
            yield around
        yield from _lists(item, element, (*around, item) if item.get("type") == "dynamiclist" else around)
