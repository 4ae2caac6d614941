"""What was entered in a form, field by field, as values."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from service.domain.forms.model import ROW_CAP, Address, Computed, FormNode, Group, Input, Path, Rows, Values, key_of
from service.domain.forms.values import BadValue, find_other_kind, from_json, is_empty
from service.domain.text import Text

#: Lists inside lists must not multiply without end.
MAX_ROWS_IN_ALL = 2000

_NOTHING: Mapping[str, object] = {}

Read = tuple[object, Text | None]
"""The value of a field, or why what was entered is none."""


@dataclass(slots=True)
class Intake:
    """One reading of a submission, with what was found hidden or locked so far.

    ``read`` is what any round read of the fields, by path and whether it was locked: their text is the same in all.
    """

    hidden: Collection[Address]
    locked: Collection[Address]
    read: dict[tuple[Path, bool], Read]
    wrong: dict[Path, Text] = field(default_factory=dict)
    unknown: list[Path] = field(default_factory=list)
    unasked: list[Path] = field(default_factory=list)
    mistyped: dict[Path, Text] = field(default_factory=dict)
    rows_left: int = MAX_ROWS_IN_ALL

    def take(self, nodes: tuple[FormNode, ...], raw: object, stored: object, path: Path, *, hidden: bool) -> Values:
        """Return the values of an object, its computed fields left null."""
        entered = raw if isinstance(raw, Mapping) else _NOTHING
        stored_values = stored if isinstance(stored, Mapping) else _NOTHING
        if raw is not None and not isinstance(raw, Mapping):
            self.wrong[path] = Text("数据格式不对，请重新填写。", "The data have the wrong shape; fill this in again.")
        values: Values = {}
        self._take_each(nodes, values, entered, stored_values, path, hidden)
        self.unknown += [(*path, str(key)) for key in entered if key not in values]
        return values

    def _take_each(
        self,
        nodes: tuple[FormNode, ...],
        values: Values,
        entered: Mapping[str, object],
        stored_values: Mapping[str, object],
        path: Path,
        hidden: bool,
    ) -> None:
        for node in nodes:
            gone = hidden or (path, node.id) in self.hidden
            if isinstance(node, Input):
                locked = (path, node.id) in self.locked
                source = stored_values if locked else entered
                found = source.get(node.key)
                if (gone or locked) and _is_changed(node, entered.get(node.key), stored_values.get(node.key)):
                    self.unasked.append((*path, node.key))
                values[node.key] = None if gone else self._take_input(node, found, (*path, node.key), locked)
            elif isinstance(node, Group) and node.path is None:
                self._take_each(node.children, values, entered, stored_values, path, gone)
            elif isinstance(node, Group):
                key = key_of(node)
                values[key] = self.take(
                    node.children, entered.get(key), stored_values.get(key), (*path, key), hidden=gone
                )
            elif isinstance(node, Rows):
                found, before = entered.get(node.path), stored_values.get(node.path)
                if gone and found and found != before:
                    self.unasked.append((*path, node.path))
                values[node.path] = [] if gone else self._take_rows(node, found, before, path)
            elif isinstance(node, Computed):
                values[node.key] = None

    def _take_rows(self, node: Rows, raw: object, stored: object, path: Path) -> list[Values]:
        rows_path = (*path, node.path)
        if raw is not None and not isinstance(raw, list):
            self.wrong[rows_path] = Text(
                "数据格式不对，请重新填写。", "The data have the wrong shape; fill this in again."
            )
        entered = raw if isinstance(raw, list) else []
        stored_rows = stored if isinstance(stored, list) else []
        fewer = not node.adjustable and isinstance(stored, list) and len(entered) > len(stored_rows)
        if fewer:  # rows belong together by their place: what was entered would come to stand beside another name
            self.wrong[rows_path] = _rows_gone(len(stored_rows), len(entered))
            entered = stored_rows
        if len(entered) > node.max_rows:
            self.wrong[rows_path] = Text(f"最多 {node.max_rows} 行。", f"At most {node.max_rows} rows.")
        taken = entered[: min(ROW_CAP, self.rows_left)]
        self.rows_left -= len(taken)
        if len(taken) < min(len(entered), ROW_CAP):
            self.wrong[rows_path] = Text(
                f"全表最多 {MAX_ROWS_IN_ALL} 行。", f"At most {MAX_ROWS_IN_ALL} rows in the whole form."
            )
        unknown = len(self.unknown)
        rows = [
            self.take(
                node.children,
                row,
                stored_rows[index] if index < len(stored_rows) else None,
                (*rows_path, index),
                hidden=False,
            )
            for index, row in enumerate(taken)
        ]
        if fewer:  # nobody sent what the stored rows hold besides
            del self.unknown[unknown:]
        return rows

    def _take_input(self, node: Input, raw: object, path: Path, locked: bool) -> object:
        reading = self.read.get((path, locked))
        if reading is None:
            reading = self.read[path, locked] = _read_value(node, raw)
        value, bad = reading
        if bad is not None:
            if not locked:
                self.wrong[path] = bad
            return None
        other = find_other_kind(node, raw, value) if value is not None and not locked else None
        if other is not None:
            self.mistyped[path] = other
        return False if value is None and node.unticked_is_false and not locked else value


def _rows_gone(now: int, sent: int) -> Text:
    return Text(
        f"应为 {now} 行，现有 {sent} 行：名单已有变动，请按现在的名单重新填写。",
        f"{now} rows expected, {sent} given: the list has changed, fill it in again as it stands now.",
    )


def _is_changed(node: Input, raw: object, stored: object) -> bool:
    """Return whether ``raw`` says something, and other than what is stored: nobody loses what comes back as it was."""
    blank = is_empty(raw) or raw is False
    return not blank and raw != stored and _read_value(node, raw) != _read_value(node, stored)


def _read_value(node: Input, raw: object) -> Read:
    try:
        return from_json(node, raw), None
    except BadValue as bad:
        return None, bad.text
