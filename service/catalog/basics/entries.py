"""Read and change entries of jurisdiction.yaml and award.yaml in place: what is not changed keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.basics.sections import EntryField, EntryInput, EntrySection, EntryShape
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.source.yaml import parse_yaml
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text

_APART = re.compile("[\\s，,、]+")


def typed_alike(field: EntryField, one: str, other: str) -> bool:
    """Tell whether two texts of a field say the same: of several that are ticked the order says nothing, a page sends its own."""
    if field.input is EntryInput.SEVERAL:
        return set(_APART.split(one.strip())) == set(_APART.split(other.strip()))
    return _plain(one) == _plain(other)


def _plain(typed: str) -> str:
    return "\n".join(line.rstrip() for line in typed.strip().splitlines())


_IDENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
_PARTED = re.compile(r"[\t｜|]")
_PAIR = re.compile(r"\s*([A-Za-z_]\w*)\s*[:：]\s*(\S.*?)\s*")
_BLOCK = ("processes",)
"""Sections whose entries stand on lines of their own; others are one line each."""


def idents_of(text: str, section: EntrySection) -> tuple[str, ...]:
    """Return the ids of the entries of a section, in their order; one "" for a head."""
    return _idents(load_yaml(text), section)


def read_sections(text: str, sections: Sequence[EntrySection]) -> tuple[tuple[tuple[str, dict[str, str]], ...], ...]:
    """Return the entries of each section with their ids, as `read_entry` has them; the text is read once for all of them."""
    document = load_yaml(text)
    return tuple(
        tuple((ident, _typed(_row(document, section, ident), section)) for ident in _idents(document, section))
        for section in sections
    )


def read_entry(text: str, section: EntrySection, ident: str) -> dict[str, str]:
    """Return an entry as it is typed: every field a text, the English of a name under ``…_en``; raises NotFound."""
    return _typed(_row(load_yaml(text), section, ident), section)


def _idents(document: CommentedMap, section: EntrySection) -> tuple[str, ...]:
    if section.shape is EntryShape.HEAD:
        return ("",)
    held = document.get(section.at) or ()
    return tuple(str(row.get("id")) for row in held) if section.shape is EntryShape.LISTED else tuple(map(str, held))


def _typed(row: Any, section: EntrySection) -> dict[str, str]:
    found: dict[str, str] = {}
    for field in section.fields:
        if section.shape is EntryShape.WORD:
            found[field.key] = str(row)
            continue
        holder, key = _held(row, field.key)
        value = holder.get(key) if holder is not None else None
        found[field.key] = _write_entry(field, value)
        if field.input in (EntryInput.NAME, EntryInput.WORDS):
            other = holder.get(f"{key}_en") if holder is not None and field.input is EntryInput.NAME else None
            found[f"{field.key}_en"] = str((value.get("en") if isinstance(value, Mapping) else other) or "")
    return found


def put_entry(text: str, section: EntrySection, ident: str, typed: Mapping[str, str], new: bool = False) -> str:
    """Return ``text`` with an entry as ``typed``; a field that is not typed stays.

    Raises Invalid for an id that cannot be one or is taken, for a field that is missing, and for what cannot be read.
    """
    parse_yaml(text.encode(), "settings.yaml")
    document = load_yaml(text)
    if new:
        _demand_entries(section)
        _demand_ident(ident, _idents(document, section))
    before = {} if new else _typed(_row(document, section, ident), section)
    _demand_filled(section, {**before, **typed})
    if section.shape is EntryShape.WORD:
        _container(document, section)[ident] = typed[section.fields[0].key].strip()
        return dump_yaml(document)
    row = _added(document, section, ident) if new else _row(document, section, ident)
    for field in section.fields:
        names = (field.key, f"{field.key}_en")
        if any(name in typed and not typed_alike(field, typed[name], before.get(name, "")) for name in names):
            _write(row, section, field, [typed.get(name, before.get(name, "")).strip() for name in names])
    return dump_yaml(document)


def remove_entry(text: str, section: EntrySection, ident: str) -> str:
    """Return ``text`` without an entry; raises NotFound, also for what a file begins with, which stays."""
    _demand_entries(section)
    document = load_yaml(text)
    _row(document, section, ident)
    held = document[section.at]
    if section.shape is EntryShape.LISTED:
        del held[_idents(document, section).index(ident)]
    else:
        del held[ident]
    return dump_yaml(document)


def move_entry(text: str, section: EntrySection, ident: str, by: int) -> str:
    """Return ``text`` with an entry moved by so many places; raises NotFound, also for what a file begins with."""
    _demand_entries(section)
    document = load_yaml(text)
    _row(document, section, ident)
    held, place = document[section.at], _idents(document, section).index(ident)
    wanted = max(0, min(len(held) - 1, place + by))
    if section.shape is EntryShape.LISTED:
        held.insert(wanted, held.pop(place))
    else:
        held.insert(wanted, ident, held.pop(ident))
    return dump_yaml(document)


def _demand_entries(section: EntrySection) -> None:
    """Raise NotFound for the head of a file: it has no entries that come, go or change places."""
    if section.shape is EntryShape.HEAD:
        raise NotFound(
            Text("这一部分只能修改，不能增加、移除或移动。", "Nothing is added to this part, removed or moved.")
        )


def _row(document: Any, section: EntrySection, ident: str) -> Any:
    if section.shape is EntryShape.HEAD:
        return document
    held = document.get(section.at) or {}
    listed = section.shape is EntryShape.LISTED
    found = next((row for row in held if str(row.get("id")) == ident), None) if listed else held.get(ident)
    if found is None:
        raise NotFound(
            Text(f"没有“{ident}”这一项，可能已被移除。", f"There is no entry “{ident}”: it may have been removed.")
        )
    return found


def _container(document: Any, section: EntrySection) -> Any:
    """Return what holds the entries, made where it is not there; what stood on one line while empty grows on lines."""
    if not document.get(section.at):
        document[section.at] = CommentedSeq() if section.shape is EntryShape.LISTED else CommentedMap()
    return document[section.at]


def _added(document: Any, section: EntrySection, ident: str) -> Any:
    row = CommentedMap()
    if section.id not in _BLOCK:
        row.fa.set_flow_style()
    held = _container(document, section)
    if section.shape is EntryShape.LISTED:
        row["id"] = ident
        held.append(row)
    else:
        held[ident] = row
    return row


def _held(row: Any, key: str) -> tuple[Any, str]:
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
        return "\n".join("｜".join(_cells(field, row)).rstrip("｜") for row in value)
    return str(value.get("zh") or "") if isinstance(value, Mapping) else str(value)


def _cells(field: EntryField, row: Mapping[str, Any]) -> Iterator[str]:
    for key, _ in field.columns:
        value = row.get(key)
        yield " ".join(map(str, value)) if isinstance(value, list) else "" if value is None else str(value)


def _write(row: Any, section: EntrySection, field: EntryField, typed: Sequence[str]) -> None:
    outer, _, key = field.key.rpartition(".")
    holder = row
    if outer:
        if row.get(outer) is None:
            row[outer] = CommentedMap()
            row[outer].fa.set_flow_style()
        holder = row[outer]
    order = [name.key.rpartition(".")[2] for name in section.fields]
    stands = holder.get(key)
    if field.input is EntryInput.NAME and not isinstance(stands, Mapping):
        order.insert(order.index(key) + 1, f"{key}_en")
        _put(holder, f"{key}_en", typed[1] or None, order)
        _put(holder, key, typed[0] or None, order)
    elif field.input in (EntryInput.NAME, EntryInput.WORDS):
        words = CommentedMap({"zh": typed[0], **({"en": typed[1]} if typed[1] else {})})
        words.fa.set_flow_style()
        _put(holder, key, words if typed[0] else None, order)
    else:
        _put(holder, key, _value(field, typed[0], stands), order)


def _put(holder: Any, key: str, value: Any, order: Sequence[str]) -> None:
    """Set a key, or take it away for None; a new one takes its place in the usual order."""
    if value is None:
        holder.pop(key, None)
    elif key in holder:
        holder[key] = value
    else:
        later = set(order[order.index(key) + 1 :]) if key in order else set()
        place = next((n for n, other in enumerate(holder) if other in later), len(holder))
        holder.insert(place, key, value)


def _value(field: EntryField, typed: str, stands: Any) -> Any:
    if not typed:
        return None
    if field.input is EntryInput.FLAG:
        return True
    if field.input is EntryInput.DAY:
        return _day(typed)
    if field.input is EntryInput.SEVERAL:
        return _line(typed.replace("，", " ").replace(",", " ").replace("、", " ").split())
    if field.input is EntryInput.PAIRS:
        return _pairs(typed, stands)
    if field.input is EntryInput.ROWS:
        return CommentedSeq([_member(field, line) for line in typed.splitlines() if line.strip()])
    return typed


def _pairs(typed: str, stands: Any) -> Any:
    wanted: dict[str, str] = {}
    for line in filter(str.strip, typed.splitlines()):
        found = _PAIR.fullmatch(line)
        if found is None:
            raise Invalid(Text(f"“{line.strip()}”应写成“名称: 类型”。", f"Write “{line.strip()}” as “name: type”."))
        wanted[found[1]] = found[2]
    if not isinstance(stands, CommentedMap):
        stands = CommentedMap()
        stands.fa.set_flow_style()
    for name in [name for name in stands if name not in wanted]:
        del stands[name]
    stands.update(wanted)
    return stands


def _member(field: EntryField, line: str) -> CommentedMap:
    cells = [cell.strip() for cell in _PARTED.split(line)]
    if len(cells) > len(field.columns):
        raise Invalid(
            Text(
                f"“{line.strip()[:60]}”有{len(cells)}格，最多{len(field.columns)}格。",
                f"“{line.strip()[:60]}” has {len(cells)} cells, {len(field.columns)} at most.",
            )
        )
    row = CommentedMap()
    for (key, _), cell in zip(field.columns, cells, strict=False):
        if cell:
            row[key] = _line(cell.split()) if key == "roles" else _day(cell) if key in ("from", "until") else cell
    row.fa.set_flow_style()
    return row


def _line(items: Sequence[str]) -> CommentedSeq:
    row = CommentedSeq(items)
    row.fa.set_flow_style()
    return row


def _day(typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        raise Invalid(
            Text(f"“{typed}”不是日期，请按 2027-01-01 填写。", f"“{typed}” is no day: write it as 2027-01-01.")
        ) from None


def _demand_ident(ident: str, taken: Sequence[str]) -> None:
    if not _IDENT.fullmatch(ident):
        raise Invalid(
            Text(
                f"编号“{ident[:60]}”不能使用：请用小写字母开头的字母、数字和下划线。",
                f"“{ident[:60]}” is no id: use small letters, digits and underscores, a letter first.",
            )
        )
    if ident in taken:
        raise Invalid(Text(f"编号“{ident}”已经有了，请另起一个。", f"The id “{ident}” is taken: choose another."))


def _demand_filled(section: EntrySection, typed: Mapping[str, str]) -> None:
    missing = next((f for f in section.fields if f.required and not typed.get(f.key, "").strip()), None)
    if missing is not None:
        raise Invalid(Text(f"请填写“{missing.label.zh}”。", f"Enter “{missing.label.en}”."))
