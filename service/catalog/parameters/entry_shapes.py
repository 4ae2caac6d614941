"""Values that are lists or tables of entries: which shape they have, what their columns are called, how they are typed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.source.freeze import thaw
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.catalog.wording.word_lists import choice_words, entry_columns, entry_words
from service.domain.text import Text


def stored_entries(parameter: Parameter) -> list[dict[str, Any]]:
    """Return the rows of every value that was stored where they are rows of columns; none for any other parameter."""
    values = [thaw(dated.value) for dated in parameter.values]
    return [row for value in values if isinstance(value, list) for row in value if isinstance(row, dict)]


def has_entries(parameter: Parameter) -> bool:
    """Tell whether the values of a parameter are rows of columns, such as {tier: gold, places: 3}."""
    return bool(stored_entries(parameter))


def columns_of(parameter: Parameter) -> tuple[str, ...]:
    """Return the columns of the rows of a parameter: those it may have, then those its rows say besides."""
    columns = entry_columns().get(parameter.key or parameter.id, entry_columns().get(parameter.id, ()))
    return tuple(dict.fromkeys([*columns, *(key for row in stored_entries(parameter) for key in row)]))


def needed_columns(parameter: Parameter) -> tuple[str, ...]:
    """Return the columns that every row of a parameter has."""
    rows = stored_entries(parameter)
    return tuple(key for key in columns_of(parameter) if rows and all(key in row for row in rows))


def column_name(parameter: Parameter, key: str) -> Text:
    """Return what a column, or the key of a table, is called."""
    if label := parameter.labels.get(key):
        return label
    word = entry_words().get(key) or choice_words().get(f"{parameter.id}/{key}") or choice_words().get(key)
    return word or Text(key, key.replace("_", " "))


def typed_rows(value: list[Any]) -> str:
    """Return rows as text, one a line, which ``read_rows`` reads back."""
    return "\n".join(f"{{{', '.join(f'{key}: {_write_feel(item)}' for key, item in row.items())}}}" for row in value)


def read_rows(text: str) -> list[Any]:
    """Return what ``typed_rows`` wrote; raises YamlMistake, and ValueError for anything else."""
    content: Any = to_plain_value(
        parse_yaml("".join(f"- {line}\n" for line in text.splitlines() if line.strip()).encode(), "table")
    )
    if content is not None and not isinstance(content, list):
        raise ValueError(text)
    return content or []


def why_of_another_shape(parameter: Parameter, value: Any) -> Text | None:
    """Return why ``value`` is not shaped as what is stored of ``parameter``: rows of its columns, or a table of names."""
    if not isinstance(value, list | tuple | Mapping):
        return None
    name = parameter.text
    if not has_entries(parameter):
        return _explain_plain_mismatch(parameter, value)
    if isinstance(value, Mapping):
        return Text(f"“{name.zh}”是一行一项的表，不能写成一项。", f"“{name.en}” is a table of rows, not one entry.")
    columns, needed = columns_of(parameter), needed_columns(parameter)
    for number, row in enumerate(value, 1):
        if not isinstance(row, Mapping):
            return Text(f"“{name.zh}”第{number}行应填写各栏。", f"Row {number} of “{name.en}” should fill its columns.")
        strange = next((key for key in row if key not in columns), None)
        lacking = next((key for key in needed if row.get(key) is None), None)
        wrong = next((key for key, item in row.items() if not _fits_column(parameter, key, item)), None)
        if strange is not None:
            named = [column_name(parameter, key) for key in columns]
            return Text(
                f"“{name.zh}”第{number}行的“{strange}”不是它的栏；有{'、'.join(text.zh for text in named)}。",
                f"“{strange}” in row {number} of “{name.en}” is no column; there are {', '.join(text.en for text in named)}.",
            )
        if lacking is not None:
            column = column_name(parameter, lacking)
            return Text(
                f"“{name.zh}”第{number}行缺少“{column.zh}”，请填写。",
                f"Row {number} of “{name.en}” lacks “{column.en}”: enter it.",
            )
        if wrong is not None:
            column = column_name(parameter, wrong)
            return Text(
                f"“{name.zh}”第{number}行的“{column.zh}”填写的不是它那种值，请改正。",
                f"“{column.en}” in row {number} of “{name.en}” is of another kind than in the other rows.",
            )
    return None


def _explain_plain_mismatch(parameter: Parameter, value: Any) -> Text | None:
    stored = [thaw(dated.value) for dated in parameter.values]
    name = parameter.text
    if (
        parameter.unit is Unit.LIST
        and not isinstance(value, Mapping)
        and any(isinstance(i, Mapping | list | tuple) for i in value)
    ):
        return Text(f"“{name.zh}”每行写一项。", f"“{name.en}” has one item a line.")
    tables = [entry for entry in stored if isinstance(entry, Mapping)]
    if tables and not isinstance(value, Mapping):
        keys = [column_name(parameter, key) for key in tables[0]]
        return Text(
            f"“{name.zh}”须写明：{'、'.join(key.zh for key in keys)}。",
            f"“{name.en}” says: {', '.join(key.en for key in keys)}.",
        )
    return None


def _fits_column(parameter: Parameter, key: str, item: Any) -> bool:
    """Tell whether ``item`` is of a kind that some stored row has in the column, or nothing is stored there."""
    kinds = {_name_kind(row[key]) for row in stored_entries(parameter) if row.get(key) is not None}
    return item is None or not kinds or _name_kind(item) in kinds


def _name_kind(item: Any) -> str:
    if isinstance(item, bool):
        return "truth"
    return "number" if isinstance(item, int | float) else "day" if isinstance(item, date) else type(item).__name__


def _write_feel(item: Any) -> str:
    if isinstance(item, str):
        return json.dumps(item, ensure_ascii=False)
    if isinstance(item, bool):
        return "true" if item else "false"
    if isinstance(item, Mapping):
        return f"{{{', '.join(f'{key}: {_write_feel(inner)}' for key, inner in item.items())}}}"
    if isinstance(item, list | tuple):
        return f"[{', '.join(map(_write_feel, item))}]"
    return "null" if item is None else str(item)
