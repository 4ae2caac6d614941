"""Read and change entries of jurisdiction.yaml and award.yaml in place: what is not changed keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.basics.sections import EntryField, EntryInput, EntrySection, EntryShape
from service.catalog.source.flow_style import flow_list, flow_row, put_key
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

_APART = re.compile("[\\s，,、]+")


def typed_alike(field: EntryField, value: str, other: str) -> bool:
    """Tell whether two texts of a field say the same: of several that are ticked the order says nothing, a page sends its own."""
    if field.input is EntryInput.SEVERAL:
        return set(_APART.split(value.strip())) == set(_APART.split(other.strip()))
    return _strip_lines(value) == _strip_lines(other)


def _strip_lines(typed: str) -> str:
    return "\n".join(line.rstrip() for line in typed.strip().splitlines())


_IDENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PARTED = re.compile(r"[\t｜|]")
_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*[:：]\s*(\S.*?)\s*")
_BLOCK = ("processes",)
"""Sections whose entries stand on lines of their own; others are one line each."""


def idents_of(text: str, section: EntrySection) -> tuple[str, ...]:
    """Return the ids of the entries of a section, in their order; one "" for a head."""
    return _list_idents(load_yaml(text), section)


def read_sections(text: str, sections: Sequence[EntrySection]) -> tuple[tuple[tuple[str, dict[str, str]], ...], ...]:
    """Return the entries of each section with their ids, as they are typed: every field a text.

    The English of a name stands under ``…_en``. The text is read once for all sections.
    """
    document = load_yaml(text)
    return tuple(
        tuple(
            (ident, _read_typed(_get_row(document, section, ident), section))
            for ident in _list_idents(document, section)
        )
        for section in sections
    )


def _list_idents(document: CommentedMap, section: EntrySection) -> tuple[str, ...]:
    if section.shape is EntryShape.HEAD:
        return ("",)
    entries = document.get(section.at) or ()
    return (
        tuple(str(row.get("id")) for row in entries) if section.shape is EntryShape.LISTED else tuple(map(str, entries))
    )


def _read_typed(row: Any, section: EntrySection) -> dict[str, str]:
    typed_fields: dict[str, str] = {}
    for field in section.fields:
        if section.shape is EntryShape.WORD:
            typed_fields[field.key] = str(row)
            continue
        holder, key = _split_path(row, field.key)
        value = holder.get(key) if holder is not None else None
        typed_fields[field.key] = _write_entry(field, value)
        if field.input in (EntryInput.NAME, EntryInput.WORDS):
            other = holder.get(f"{key}_en") if holder is not None and field.input is EntryInput.NAME else None
            typed_fields[f"{field.key}_en"] = str((value.get("en") if isinstance(value, Mapping) else other) or "")
    return typed_fields


def put_entry(text: str, section: EntrySection, ident: str, typed: Mapping[str, str], new: bool = False) -> str:
    """Return ``text`` with an entry as ``typed``; a field that is not typed stays.

    Raises Invalid for an id that cannot be one or is taken, for a field that is missing, and for what cannot be read.
    """
    parse_yaml(text.encode(), "settings.yaml")
    document = load_yaml(text)
    if new:
        _require_entries(section)
        _require_ident(ident, _list_idents(document, section))
    before = {} if new else _read_typed(_get_row(document, section, ident), section)
    _require_filled(section, {**before, **typed})
    if section.shape is EntryShape.WORD:
        _get_container(document, section)[ident] = typed[section.fields[0].key].strip()
        return dump_yaml(document)
    row = _add_row(document, section, ident) if new else _get_row(document, section, ident)
    for field in section.fields:
        names = (field.key, f"{field.key}_en")
        if any(name in typed and not typed_alike(field, typed[name], before.get(name, "")) for name in names):
            _write_field(row, section, field, [typed.get(name, before.get(name, "")).strip() for name in names])
    return dump_yaml(document)


def remove_entry(text: str, section: EntrySection, ident: str) -> str:
    """Return ``text`` without an entry; raises NotFound, also for what a file begins with, which stays."""
    _require_entries(section)
    document = load_yaml(text)
    _get_row(document, section, ident)
    entries = document[section.at]
    if section.shape is EntryShape.LISTED:
        del entries[_list_idents(document, section).index(ident)]
    else:
        del entries[ident]
    return dump_yaml(document)


def move_entry(text: str, section: EntrySection, ident: str, by: int) -> str:
    """Return ``text`` with an entry moved by so many places; raises NotFound, also for what a file begins with."""
    _require_entries(section)
    document = load_yaml(text)
    _get_row(document, section, ident)
    entries, place = document[section.at], _list_idents(document, section).index(ident)
    wanted = max(0, min(len(entries) - 1, place + by))
    if section.shape is EntryShape.LISTED:
        entries.insert(wanted, entries.pop(place))
    else:
        entries.insert(wanted, ident, entries.pop(ident))
    return dump_yaml(document)


def _require_entries(section: EntrySection) -> None:
    """Raise NotFound for the head of a file: it has no entries that come, go or change places."""
    if section.shape is EntryShape.HEAD:
        raise NotFound(
            Text("这一部分只能修改，不能增加、移除或移动。", "Nothing is added to this part, removed or moved.")
        )


def _get_row(document: Any, section: EntrySection, ident: str) -> Any:
    if section.shape is EntryShape.HEAD:
        return document
    entries = document.get(section.at) or {}
    listed = section.shape is EntryShape.LISTED
    entry = next((row for row in entries if str(row.get("id")) == ident), None) if listed else entries.get(ident)
    if entry is None:
        raise NotFound(
            Text(f"没有“{ident}”这一项，可能已被移除。", f"There is no entry “{ident}”: it may have been removed.")
        )
    return entry


def _get_container(document: Any, section: EntrySection) -> Any:
    """Return what holds the entries, made where it is not there; what stood on one line while empty grows on lines."""
    if not document.get(section.at):
        document[section.at] = CommentedSeq() if section.shape is EntryShape.LISTED else CommentedMap()
    return document[section.at]


def _add_row(document: Any, section: EntrySection, ident: str) -> Any:
    row = CommentedMap() if section.id in _BLOCK else flow_row({})
    entries = _get_container(document, section)
    if section.shape is EntryShape.LISTED:
        row["id"] = ident
        entries.append(row)
    else:
        entries[ident] = row
    return row


def _split_path(row: Any, key: str) -> tuple[Any, str]:
    outer, _, inner = key.rpartition(".")
    return (row.get(outer) if outer else row), inner


def _write_entry(field: EntryField, value: Any) -> str:
    if value is None:
        return ""
    if field.input is EntryInput.FLAG:
        return "yes" if value is True else ""
    if field.input is EntryInput.SEVERAL:
        return " ".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
    if field.input is EntryInput.PAIRS and isinstance(value, Mapping):
        return "\n".join(f"{name}: {word}" for name, word in value.items())
    if field.input is EntryInput.ROWS:
        return "\n".join("｜".join(_iterate_cells(field, row)).rstrip("｜") for row in value)
    return str(value.get("zh") or "") if isinstance(value, Mapping) else str(value)


def _iterate_cells(field: EntryField, row: Mapping[str, Any]) -> Iterator[str]:
    for key, _ in field.columns:
        value = row.get(key)
        yield " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _write_field(row: Any, section: EntrySection, field: EntryField, typed: Sequence[str]) -> None:
    outer, _, key = field.key.rpartition(".")
    holder = row
    if outer:
        if row.get(outer) is None:
            row[outer] = flow_row({})
        holder = row[outer]
    order = [name.key.rpartition(".")[2] for name in section.fields]
    stands = holder.get(key)
    if field.input is EntryInput.NAME and not isinstance(stands, Mapping):
        order.insert(order.index(key) + 1, f"{key}_en")
        _put_or_drop(holder, f"{key}_en", typed[1] or None, order)
        _put_or_drop(holder, key, typed[0] or None, order)
    elif field.input in (EntryInput.NAME, EntryInput.WORDS):
        words = flow_row({"zh": typed[0], **({"en": typed[1]} if typed[1] else {})})
        _put_or_drop(holder, key, words if typed[0] else None, order)
    else:
        _put_or_drop(holder, key, _parse_value(field, typed[0], stands), order)


def _put_or_drop(holder: Any, key: str, value: Any, order: Sequence[str]) -> None:
    if value is None:
        holder.pop(key, None)
    else:
        put_key(holder, key, value, order)


def _parse_value(field: EntryField, typed: str, stands: Any) -> Any:
    if not typed:
        return None
    if field.input is EntryInput.FLAG:
        return True
    if field.input is EntryInput.DAY:
        return _parse_day(typed)
    if field.input is EntryInput.SEVERAL:
        return flow_list(typed.replace("，", " ").replace(",", " ").replace("、", " ").split())
    if field.input is EntryInput.PAIRS:
        return _parse_pairs(typed, stands)
    if field.input is EntryInput.ROWS:
        return CommentedSeq([_parse_member(field, line) for line in typed.splitlines() if line.strip()])
    return typed


def _parse_pairs(typed: str, stands: Any) -> Any:
    wanted: dict[str, str] = {}
    for line in filter(str.strip, typed.splitlines()):
        match = _PAIR.fullmatch(line)
        if match is None:
            raise Invalid(Text(f"“{line.strip()}”应写成“名称: 类型”。", f"Write “{line.strip()}” as “name: type”."))
        wanted[match[1]] = match[2]
    if not isinstance(stands, CommentedMap):
        stands = flow_row({})
    for name in [name for name in stands if name not in wanted]:
        del stands[name]
    stands.update(wanted)
    return stands


def _parse_member(field: EntryField, line: str) -> CommentedMap:
    cells = [cell.strip() for cell in _PARTED.split(line)]
    if len(cells) > len(field.columns):
        raise Invalid(
            Text(
                f"“{line.strip()[:60]}”有{len(cells)}格，最多{len(field.columns)}格。",
                f"“{line.strip()[:60]}” has {len(cells)} cells, {len(field.columns)} at most.",
            )
        )
    row = flow_row({})
    for (key, _), cell in zip(field.columns, cells, strict=False):
        if cell:
            row[key] = (
                flow_list(cell.split()) if key == "roles" else _parse_day(cell) if key in ("from", "until") else cell
            )
    return row


def _parse_day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(
            Text(f"“{typed}”不是日期，请写成例如 2027-01-01。", f"“{typed}” is no day: write it like 2027-01-01.")
        ) from None


def _require_ident(ident: str, taken: Sequence[str]) -> None:
    if not _IDENT.fullmatch(ident):
        raise Invalid(
            Text(
                f"编号“{ident[:60]}”不能使用：请用小写字母开头的字母、数字和下划线。",
                f"“{ident[:60]}” is no id: use small letters, digits and underscores, a letter first.",
            )
        )
    if ident in taken:
        raise Invalid(Text(f"编号“{ident}”已经有了，请另起一个。", f"The id “{ident}” is taken: choose another."))


def _require_filled(section: EntrySection, typed: Mapping[str, str]) -> None:
    missing = next((f for f in section.fields if f.required and not typed.get(f.key, "").strip()), None)
    if missing is not None:
        raise Invalid(Text(f"请填写“{missing.label.zh}”。", f"Enter “{missing.label.en}”."))
