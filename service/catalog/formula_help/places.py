"""Which names a formula may read, by the file, the element and the field at which it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

from service.catalog.bpmn.model import Diagram, split_words
from service.catalog.forms.forms import form_keys
from service.catalog.package import Package
from service.catalog.rules.context import Checked, prepare_check
from service.catalog.rules.form_types import form_types_at
from service.catalog.rules.formulas import OVER_RECORD, ROW_NAMES, TEXTS_OVER_RECORD, names_of_document
from service.catalog.rules.scopes import Names, record_scope, start_scope, token_scope
from service.catalog.rules.table_types import table_scope
from service.catalog.rules.tables import names_of_table
from service.catalog.rules.types import type_scope
from service.catalog.rules.variables import item_types
from service.domain.errors import NotFound
from service.domain.feel import TypeScope
from service.domain.text import Text

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


INSIDE_PARAMETER = "parameter_text"
"""The field of a text inside an operation's parameter that is FEEL itself, read row by row."""


def names_at(package: Package, file: str, element: str, field: str) -> Names:
    """Return what a formula in ``field`` of ``element`` of ``file`` may read.

    ``field`` is a property's name, ``condition``, ``timer``, ``parameter``, ``start_condition`` and the like; an element
    that is not drawn yet reads what its process does. Raises NotFound for a file that holds no formulas.
    """
    checked = prepare_check(package)
    if (diagram := package.diagrams.get(file)) is not None:
        return _in_diagram(checked, diagram, element, field)
    if (table := next((t for t in package.tables.values() if t.file == file), None)) is not None:
        return names_of_table(checked, table)
    if (template := next((d for d in package.documents.values() if d.file == file), None)) is not None:
        return names_of_document(checked, template).plus(("item", "index", "row"))
    if (form := form_of(package, file)) is not None:
        return form_scope(package, form, element)
    return _find_names(checked, file, element, field)


def types_at(package: Package, file: str, element: str, names: Names) -> TypeScope:
    """Return the types of ``names``, which a formula at ``element`` of ``file`` may read."""
    checked = prepare_check(package)
    if (diagram := package.diagrams.get(file)) is not None:
        scope = type_scope(checked, names, diagram)
        drawn = diagram.elements.get(element)
        return {**scope, **item_types(scope, drawn)} if drawn is not None else scope
    if (form := form_of(package, file)) is not None:
        return form_types_at(checked, form, element)
    table = next((t for t in package.tables.values() if t.file == file), None)
    return type_scope(checked, names, None) if table is None else table_scope(checked, table)


def _in_diagram(checked: Checked, diagram: Diagram, element: str, field: str) -> Names:
    token = token_scope(checked, diagram, diagram.elements.get(element))
    if field not in (*OVER_RECORD, *TEXTS_OVER_RECORD, INSIDE_PARAMETER):
        return token
    record = record_scope(checked, checked.kinds.get(diagram.process_id, ()))
    return record.plus(ROW_NAMES) if field == INSIDE_PARAMETER else token.over(record)


def _find_names(checked: Checked, file: str, element: str, field: str) -> Names:
    award, suffix = checked.package.award, PurePosixPath(file).suffix
    ident = element.split(".")[1] if "." in element else element
    if file == checked.package.award_file and (kind := award.processes.get(ident)):
        return start_scope(checked, kind) if field.endswith("condition") else record_scope(checked, [kind])
    if file == checked.package.award_file and (action := award.actions.get(ident)):
        return record_scope(checked, [kind for kind in award.processes.values() if kind.key == action.process])
    if suffix in (".bpmn", ".dmn", ".json", ".yaml"):  # new, or not readable yet: whatever the package knows
        return record_scope(checked, award.processes.values())
    raise NotFound(
        Text(
            f"“{file}”里没有公式。请选择图、表、表单或文书。",
            f"“{file}” holds no formulas. Choose a diagram, table, form or document.",
        )
    )
