"""Changes of parameters.yaml in place: entries that are not changed keep their bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.source.fields import FORMAT
from service.catalog.source.flow_style import flow_list, flow_row, put_key
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

FILE = "parameters.yaml"
ORDER = (
    "name", "name_en", "key", "unit", "clauses", "touches", "source", "of", "minimum", "maximum", "choices", "labels",
    "question", "exactly", "value", "values",
)  # fmt: skip
"""Keys of an entry as they follow each other in a new one."""
_IDENT = re.compile(r"[a-z][a-z0-9_]{1,59}")
_LISTS = ("clauses", "touches", "choices")


def add_parameter(text: str, ident: str, new_fields: Mapping[str, Any]) -> str:
    """Return ``text`` with a new entry ``ident``; raises Invalid for an id that is taken or no id."""
    document, entries = _load_entries(text)
    if not _IDENT.fullmatch(ident):
        raise Invalid(
            Text(
                f"参数编号“{ident}”应由小写英文字母、数字和下划线组成，字母开头，例如 notice_working_days。",
                f"The id “{ident}” should be small letters, digits and underscores such as notice_working_days.",
            )
        )
    if ident in entries:
        raise Invalid(Text(f"参数“{ident}”已经有了。", f"There is a parameter “{ident}” already."))
    row = CommentedMap()
    for key in ORDER:
        if new_fields.get(key) is not None or (
            key in new_fields and key == "value" and new_fields.get("values") is None
        ):
            row[key] = _to_yaml_value(key, new_fields[key])
    entries[ident] = row
    return dump_yaml(document)


def change_parameter(text: str, ident: str, changes: Mapping[str, Any]) -> str:
    """Return ``text`` with what ``changes`` says of entry ``ident``; None takes a key away. Raises NotFound."""
    document, entries = _load_entries(text)
    row = _get_entry(entries, ident)
    for key, value in changes.items():
        if value is None:
            row.pop(key, None)
        elif row.get(key) != value or type(row.get(key)) is bool:
            put_key(row, key, _to_yaml_value(key, value), ORDER)
    return dump_yaml(document)


def is_exact(text: str, ident: str) -> bool:
    """Tell whether one key of entry ``ident`` says value, minimum and maximum; raises NotFound."""
    _, entries = _load_entries(text)
    return "exactly" in _get_entry(entries, ident)


def set_value(text: str, ident: str, value: Any, since: date | None = None, *, amended: bool = False) -> str:
    """Return ``text`` where ``ident`` has ``value``: from ``since`` on, or instead of the last one written.

    ``amended``: its clause has another wording from that day on, so that the new one does not judge the value before.
    Raises NotFound, and Invalid where ``since`` does not follow the days that are written.
    """
    document, entries = _load_entries(text)
    row = _get_entry(entries, ident)
    if since is None:
        _replace_last(row, value)
    else:
        _append_dated_value(row, document.get("from"), value, since)
        if amended:
            row["values"][-2]["former"] = True
    return dump_yaml(document)


def remove_parameter(text: str, ident: str) -> str:
    """Return ``text`` without entry ``ident``; raises NotFound."""
    document, entries = _load_entries(text)
    _get_entry(entries, ident)
    del entries[ident]
    return dump_yaml(document)


def _load_entries(text: str) -> tuple[Any, Any]:
    parse_yaml(text.encode(), FILE)
    document = load_yaml(text)
    entries = document.get("parameters") if isinstance(document, dict) else None
    if not isinstance(entries, dict) or document.get("format") != FORMAT:
        raise Invalid(
            Text(
                f"参数文件没有写 format: {FORMAT} 和 parameters。请补上，再改参数。",
                f"The file of parameters lacks “format: {FORMAT}” or “parameters”: add them first.",
            )
        )
    return document, entries


def _get_entry(entries: Any, ident: str) -> Any:
    row = entries.get(ident)
    if not isinstance(row, dict):
        raise NotFound(Text(f"没有参数“{ident}”。", f"There is no parameter “{ident}”."))
    return row


def _to_yaml_value(key: str, value: Any) -> Any:
    if isinstance(value, CommentedSeq):
        return value
    if key in _LISTS or isinstance(value, list | tuple):
        return flow_list(value if isinstance(value, list | tuple) else [value])
    return value


def _replace_last(row: Any, value: Any) -> None:
    if isinstance(row.get("values"), list) and row["values"]:
        row["values"][-1]["value"] = _merge_value(row["values"][-1].get("value"), value)
        return
    key = "exactly" if "exactly" in row else "value"
    put_key(row, key, _merge_value(row.get(key), value), ORDER)


def _merge_value(old: Any, value: Any) -> Any:
    """Return ``value`` written; rows of columns that say what stood there keep their lines and comments."""
    if not isinstance(old, CommentedSeq) or not isinstance(value, list) or not all(isinstance(r, dict) for r in value):
        return _to_yaml_value("value", value)
    for number, item in enumerate(value):
        if number < len(old) and old[number] == item:
            continue
        if number < len(old):
            old[number] = flow_row(item)
        else:
            old.append(flow_row(item))
    del old[len(value) :]
    return old


def _append_dated_value(row: Any, begins: Any, value: Any, since: date) -> None:
    dated = row.get("values")
    if not isinstance(dated, list):
        old = row.get("exactly", row.get("value"))
        first = date(begins.year, begins.month, begins.day)  # the object itself would be written as an anchor
        dated = CommentedSeq([_build_dated_entry(first, old)])
        if "exactly" in row:
            put_key(row, "minimum", old, ORDER)
            put_key(row, "maximum", old, ORDER)
        place = list(row).index("exactly" if "exactly" in row else "value")
        for key in ("exactly", "value"):
            row.pop(key, None)
        row.insert(place, "values", dated)
    last = dated[-1].get("from") if dated else None
    if isinstance(last, date) and since <= last:
        raise Invalid(
            Text(
                f"起始日期应晚于已有的最后一个取值（{format_full_day(last).zh}）。",
                f"The first day must follow that of the last value ({format_full_day(last).en}).",
            )
        )
    dated.append(_build_dated_entry(since, value))


def dated_values(value: Any, since: date) -> CommentedSeq:
    """Return ``value`` from ``since`` on, as an entry lists its values."""
    return CommentedSeq([_build_dated_entry(since, value)])


def _build_dated_entry(since: Any, value: Any) -> CommentedMap:
    return flow_row({"from": since, "value": _to_yaml_value("value", value)})
