"""What differs between two states of a file, record by record, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from types import MappingProxyType

from service.catalog.differences.described import fields_of, name_of, subject_of
from service.catalog.differences.records import (
    CELL,
    COMPONENT,
    DRAWN,
    ELEMENT,
    ENTRY,
    KINDS,
    LANE_OF,
    ROOT,
    Key,
    NoRecords,
    Record,
    Records,
    element_of,
)
from service.catalog.differences.text_marks import Stretch, text_marks
from service.catalog.differences.words import field_word, is_flag
from service.catalog.layout.drawn import drawn_alike
from service.catalog.source.xml import get_local_name
from service.domain.errors import LaurelError
from service.domain.text import Text

RULE = "rule"


@dataclass(frozen=True, slots=True)
class TableCellDifference:
    """A cell of a row: the column's name and what stands there on both sides, None where the row is not there."""

    column: str
    left: str | None
    right: str | None

    @property
    def same(self) -> bool:
        """Whether both sides say the same."""
        return self.left == self.right


@dataclass(frozen=True, slots=True)
class TableRowDifference:
    """A row that came, went or has another cell; ``left`` and ``right`` tell on which sides it is."""

    id: str
    name: str
    left: bool
    right: bool
    cells: tuple[TableCellDifference, ...]


def row_differences(left: Records, right: Records) -> Iterator[TableRowDifference]:
    """Yield every row of which a cell differs."""
    columns = {**_columns(left), **_columns(right)}
    for key in dict.fromkeys((*_rules(left), *_rules(right))):
        base, other = left.items.get(key), right.items.get(key)
        cells = tuple(
            TableCellDifference(name, *(_text(side, key[1], column) for side in (left, right)))
            for column, name in columns.items()
        )
        record = other or base
        if record is not None and not all(cell.same for cell in cells):
            yield TableRowDifference(key[1], name_of(key, record), base is not None, other is not None, cells)


def is_covered_by_row(key: Key, record: Record, *, both: bool) -> bool:
    """Tell whether a record is a cell, or a rule that came or went: its row tells of it."""
    return key[0] == CELL or (not both and key[0] == ELEMENT and get_local_name(element_of(record)) == RULE)


def _rules(records: Records) -> Iterator[Key]:
    for key, record in records.items.items():
        if key[0] == ELEMENT and get_local_name(element_of(record)) == RULE:
            yield key


def _columns(records: Records) -> Mapping[str, str]:
    return {
        key[1]: str(element_of(record).get("label") or name_of(key, record))
        for key, record in records.items.items()
        if key[0] == ELEMENT and get_local_name(element_of(record)) in ("input", "output")
    }


def _text(side: Records, rule: str, column: str) -> str | None:
    record = side.items.get((CELL, rule, column))
    return None if record is None else fields_of((CELL, rule, column), record).get("text", "")


class PieceChange(StrEnum):
    """What became of something."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"

    @property
    def word(self) -> Text:
        """How the change is called."""
        return _WORDS[self]


_WORDS = {
    PieceChange.ADDED: Text("新增", "added"),
    PieceChange.REMOVED: Text("删除", "removed"),
    PieceChange.CHANGED: Text("修改", "changed"),
    PieceChange.MOVED: Text("移动", "moved"),
}


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """One thing that a record says, on both sides; None where it says nothing of it."""

    name: str
    label: Text
    left: str | None
    right: str | None

    @property
    def marks(self) -> tuple[Stretch, ...]:
        """Both texts as one with the words that changed marked; nothing where they are better shown apart."""
        return text_marks(self.left, self.right) if self.left and self.right else ()


@dataclass(frozen=True, slots=True)
class RecordDifference:
    """A record that differs; ``element`` is what is marked on the diagram, ``in_row`` tells that a row tells of it."""

    element: str
    subject: Text
    change: PieceChange
    fields: tuple[FieldDifference, ...] = ()
    in_row: bool = False


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What differs in a file: ``records`` in words, ``drawn`` the elements of which only the place, the lane or the line moved.

    ``readable`` is False where a side could not be taken apart, so that nothing more can be said; ``rows`` are those of a
    decision table, with their cells.
    """

    path: str
    change: PieceChange
    records: tuple[RecordDifference, ...] = ()
    drawn: tuple[str, ...] = ()
    readable: bool = True
    rows: tuple[TableRowDifference, ...] = ()

    @property
    def only_rewritten(self) -> bool:
        """Whether nothing that the file says has changed, as after a step that was undone."""
        return self.readable and self.change is PieceChange.CHANGED and not (self.records or self.drawn)

    @property
    def marks(self) -> Mapping[str, PieceChange]:
        """The change of every element that is marked on a diagram: what only moved, where nothing else has changed."""
        changes_by_element = {each.element: each.change for each in self.records}
        return changes_by_element or dict.fromkeys(self.drawn, PieceChange.MOVED)


def file_difference(
    path: str, left: bytes | None, right: bytes | None, names: Mapping[str, str] = MappingProxyType({})
) -> FileDifference | None:
    """Return what differs between two states of a file, None where they are the same; None is a file that is not there.

    ``names`` are those of parameters, which mostly stand in the shared vocabulary and not in the file.
    """
    if left == right:
        return None
    change = PieceChange.ADDED if left is None else (PieceChange.REMOVED if right is None else PieceChange.CHANGED)
    take_apart = KINDS.get(PurePosixPath(path).suffix)
    if take_apart is None:
        return FileDifference(path, change, readable=False)
    try:
        sides = (left, right) if left is None or right is None else drawn_alike(path, left, right)
        base, other = (Records({}, {}) if side is None else take_apart(side, path) for side in sides)
    except (NoRecords, LaurelError):
        return FileDifference(path, change, readable=False)
    records = tuple(_iterate_record_differences(base, other, _NamesOf(base, other, names)))
    gone = base.items.keys() ^ other.items.keys()
    both = [key for key in base.items if key in other.items and key[0] in (DRAWN, LANE_OF)]
    moved = (key[1] for key in both if base.items[key] != other.items[key] and (ELEMENT, key[1]) not in gone)
    drawn = tuple(dict.fromkeys(moved))
    return FileDifference(
        path, change, records, drawn, rows=tuple(row_differences(base, other)) if path.endswith(".dmn") else ()
    )


def file_differences(
    left: Mapping[str, bytes], right: Mapping[str, bytes], names: Mapping[str, str]
) -> tuple[FileDifference, ...]:
    """Return what differs between two trees, by path; ``names`` are those of parameters."""
    differences = (file_difference(path, left.get(path), right.get(path), names) for path in sorted({*left, *right}))
    return tuple(each for each in differences if each is not None)


class _NamesOf(Mapping[Key, str]):
    """The names of all records of two sides, each read when it is asked for: an entry is parsed to be named."""

    def __init__(self, left: Records, right: Records, parameters: Mapping[str, str]) -> None:
        self._records = {**left.items, **right.items}
        self._parameters = parameters
        self._known: dict[Key, str] = {}

    def __getitem__(self, key: Key) -> str:
        if key not in self._known:
            name = name_of(key, self._records[key])
            self._known[key] = name or (self._parameters.get(key[-1], "") if key[:2] == (ENTRY, "parameters") else "")
        return self._known[key]

    def __iter__(self) -> Iterator[Key]:
        return iter(self._records)

    def __len__(self) -> int:
        return len(self._records)

    def flow(self, ident: str) -> str:
        """Return the name of a flow, where it leads to for one without a name."""
        record = self._records.get(("element", ident))
        if record is None or (name := self[("element", ident)]) != ident:
            return ident if record is None else name
        target = str(element_of(record).get("targetRef"))
        return f"到“{self.get(('element', target), target)}”的连线"


_FILE_ID: Key = (ENTRY, "id")


def _iterate_record_differences(left: Records, right: Records, names: _NamesOf) -> Iterator[RecordDifference]:
    for key in _in_order(left, right):
        base, other = left.items.get(key), right.items.get(key)
        if base is None or other is None:
            record = base or other
            if key == _FILE_ID and not (left.items and right.items):
                continue  # what names a file for programs; people are told its title
            if record is not None and not _is_implied(key, record, left if base else right, right if base else left):
                change = PieceChange.REMOVED if base else PieceChange.ADDED
                in_row = is_covered_by_row(key, record, both=False)
                yield RecordDifference(
                    key[-1],
                    subject_of(key, record, names),
                    change,
                    _list_field_differences(key, base, other, names),
                    in_row,
                )
        elif base != other and key[0] != LANE_OF:
            fields = _list_field_differences(key, base, other, names)
            if fields or key[0] != ENTRY:
                yield RecordDifference(
                    key[1] if key[0] == CELL else key[-1],
                    subject_of(key, other, names),
                    PieceChange.CHANGED,
                    fields,
                    is_covered_by_row(key, other, both=True),
                )
        moved = _list_reordered(left, right, key) if base and other and base.ranked else []
        if other and moved:
            order = FieldDifference(
                "order",
                field_word("order"),
                _join_names(moved, names),
                _join_names(_list_reordered(right, left, key), names),
            )
            yield RecordDifference(key[-1], subject_of(key, other, names), PieceChange.MOVED, (order,))


def _in_order(left: Records, right: Records) -> Iterator[Key]:
    """Yield every key that is said in words: the drawing is not."""
    yield from (key for key in dict.fromkeys((*left.items, *right.items)) if key[0] != DRAWN)


def _is_implied(key: Key, record: Record, side_records: Records, there: Records) -> bool:
    """Tell whether a record came or went with the one it lies in or belongs to, which is said already."""
    return any(need in side_records.items and need not in there.items for need in record.needs if need != ROOT) and (
        key[0] != "element" or record.parent not in there.items
    )


def _list_reordered(first_records: Records, there: Records, key: Key) -> list[Key]:
    """Return the parts that both have, in the order of ``first_records``, where that differs."""
    both = set(first_records.order.get(key, ())) & set(there.order.get(key, ()))
    common_parts = [part for part in first_records.order.get(key, ()) if part in both]
    return common_parts if common_parts != [part for part in there.order.get(key, ()) if part in both] else []


def _join_names(parts: list[Key], names: Mapping[Key, str]) -> str:
    return "、".join(names.get(part, part[-1]) for part in parts)


def _list_field_differences(
    key: Key, base: Record | None, other: Record | None, names: _NamesOf
) -> tuple[FieldDifference, ...]:
    left, right = (fields_of(key, record) if record else {} for record in (base, other))
    rows = [
        FieldDifference(
            name,
            field_word(name, of_form=key[0] == COMPONENT),
            *(_name_reference(name, _get_side_value(side, name), names) for side in (left, right)),
        )
        for name in dict.fromkeys((*left, *right))
    ]
    unsaid = ("parent",) if base is None or other is None else ()
    return tuple(row for row in rows if row.left != row.right and row.name not in unsaid)


def _get_side_value(side: Mapping[str, str], name: str) -> str | None:
    """Return what a side says of ``name``; a flag that it does not set says no."""
    return side.get(name, "false" if side and is_flag(name) else None)


_PLACES = ("lane", "parent", "sourceRef", "targetRef", "attachedToRef")


def _name_reference(field: str, value: str | None, names: _NamesOf) -> str | None:
    """Return a value with the name of what it refers to."""
    if value is not None and field == "default":
        return names.flow(value)
    if value is None or field not in _PLACES:
        return value
    return names.get(("element", value), value)
