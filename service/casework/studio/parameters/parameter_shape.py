"""The value of a parameter as inputs: a row for each entry with its columns, a choice by name where ids are stored."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.catalog import Package, Parameter, Unit
from service.catalog.made_id import made_id
from service.catalog.parameters.entry_shapes import column_name, columns_of, has_entries, stored_entries
from service.catalog.parameters.units import is_number
from service.catalog.parameters.value_words import value_words
from service.catalog.settings.scoring_settings import edition_parameters
from service.catalog.source.freeze import thaw
from service.catalog.wording.word_lists import choice_words
from service.domain.errors import LaurelError
from service.domain.text import Text

Options = tuple[tuple[str, Text], ...]
_IDS = ("value", "id")
_NAMES = ("label", "name")
_COUNTED = frozenset({"ban_years", "years", "places", "share", "yuan", "least"})
_OF_BODIES = ("departments", "units", "bodies")
_MADE = Text("新的一行空着就按名称自动编号", "Of a new row: empty, it is made from the name")


def shape_of_value(package: Package, parameter: Parameter) -> ValueShape | None:
    """Return the shape of a value that is a list or a table; None where it is typed as one text."""
    if parameter.choices:
        return None
    if has_entries(parameter):
        inner = tuple(_build_column(package, parameter, key) for key in columns_of(parameter))
        return ValueShape("value", parameter.text, Like.ROWS, inner=inner)
    stored = [thaw(dated.value) for dated in parameter.values]
    tables = [value for value in stored if isinstance(value, Mapping)]
    if tables:
        inner = tuple(_build_part(package, parameter, key, tables[-1][key]) for key in tables[-1])
        return ValueShape("value", parameter.text, Like.GROUP, inner=inner)
    if parameter.unit is not Unit.LIST:
        return None
    options = _list_options(package, parameter, [item for value in stored if isinstance(value, list) for item in value])
    return ValueShape("value", parameter.text, Like.SEVERAL, options) if options else None


def is_closed(package: Package, parameter: Parameter) -> bool:
    """Tell whether a list can name nothing but what is offered: bodies, tiers, editions."""
    stored = [item for dated in parameter.values for item in (dated.value or ()) if isinstance(item, str)]
    return bool(_list_local_options(package, parameter, stored))


def with_ids(parameter: Parameter, rows: list[Any]) -> list[Any]:
    """Return rows where one whose id was left empty has an id made of its name; anything else as it is."""
    columns = columns_of(parameter)
    ident, name = (next((key for key in keys if key in columns), "") for keys in (_IDS, _NAMES))
    taken = {str(row.get(ident)) for row in rows if isinstance(row, Mapping) and row.get(ident)}
    made = []
    for row in rows:
        if ident and name and isinstance(row, Mapping) and not row.get(ident) and row.get(name):
            fresh = made_id(str(row[name]), taken, "item")
            taken.add(fresh)
            row = {ident: fresh, **{key: cell for key, cell in row.items() if key != ident}}
        made.append(row)
    return made


def _build_column(package: Package, parameter: Parameter, key: str) -> ValueShape:
    values = [row[key] for row in stored_entries(parameter) if row.get(key) is not None]
    label = column_name(parameter, key)
    if key == "tier":
        return ValueShape(key, label, Like.CHOICE, tuple((tier.id, tier.text) for tier in package.award.tiers))
    if key in ("unit", "body"):
        return ValueShape(key, label, Like.CHOICE, tuple((body.id, body.text) for body in package.jurisdiction.bodies))
    if key == "publish" or (values and all(isinstance(item, bool) for item in values)):
        return ValueShape(key, label, Like.YES)
    if key in _COUNTED or (values and all(map(is_number, values))):
        return ValueShape(key, label, Like.NUMBER)
    names = key in _IDS and any(other in columns_of(parameter) for other in _NAMES)
    return ValueShape(key, label, Like.TEXT, hint=_MADE if names else None)


def _build_part(package: Package, parameter: Parameter, key: str, part_value: Any) -> ValueShape:
    label = column_name(parameter, key)
    if parameter.id in edition_parameters(package):
        return ValueShape(key, label, Like.CHOICE, _list_editions(package))
    if isinstance(part_value, bool):
        return ValueShape(key, label, Like.YES)
    return ValueShape(key, label, Like.NUMBER if is_number(part_value) else Like.SCALAR)


def _list_options(package: Package, parameter: Parameter, stored: list[Any]) -> Options:
    """Return what a list may name: what is known here, or the words that are stored where they have names."""
    if local_options := _list_local_options(package, parameter, stored):
        return local_options
    if not stored or not all(isinstance(item, str) for item in stored):
        return ()
    word_ids = [key.partition("/")[2] for key in choice_words() if key.startswith(f"{parameter.id}/")]
    words = {item: value_words(parameter, item) for item in dict.fromkeys([*stored, *word_ids])}
    return tuple(words.items()) if all(word.zh != item for item, word in words.items()) else ()


def _list_local_options(package: Package, parameter: Parameter, stored: list[Any]) -> Options:
    bodies = tuple((body.id, body.text) for body in package.jurisdiction.bodies)
    if not stored:
        return bodies if parameter.id.endswith(_OF_BODIES) else ()
    tiers = tuple((tier.id, tier.text) for tier in package.award.tiers)
    editions = _list_editions(package) if parameter.id in edition_parameters(package) else ()
    return next(
        (
            options
            for options in (editions, bodies, tiers)
            if options and set(stored) <= {ident for ident, _ in options}
        ),
        (),
    )


def _list_editions(package: Package) -> Options:
    editions = []
    for name in package.parts.scoring:
        with suppress(LaurelError):  # what is wrong with a sheet is told where it is drawn
            editions.append((name, package.edition(name).name))
    return tuple(editions)
