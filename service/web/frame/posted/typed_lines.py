"""Lists that are typed as lines of a text: what a page needs to show each line as a row with fields."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.domain.text import Text
from service.web.frame.requests.current import say

ITEMS, PAIRS, BARS, ROWS = "items", "pairs", "bars", "rows"
"""One item a line; “name: value”; “a｜b”; “{key: value, …}”."""
_KINDS = {Like.NUMBER: "number", Like.DAY: "date", Like.YES: "yes", Like.CHOICE: "choice"}
_NAME, _WHAT = Text("名称", "Name"), Text("内容", "Value")


@dataclass(frozen=True, slots=True)
class LineColumn:
    """A field of every line: ``kind`` is text, number, date, yes or choice; ``options`` are chosen from, or proposed."""

    label: Text
    kind: str = "text"
    options: tuple[tuple[str, Text], ...] = ()
    key: str = ""
    fixed: bool = False

    def told(self) -> dict[str, Any]:
        """Return it as the script reads it."""
        options = [[value, say(words)] for value, words in self.options]
        return {
            "label": say(self.label), "kind": self.kind, "options": options, "key": self.key, "fixed": self.fixed,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LineShape:
    """How the lines are written; ``by`` says what the second field is where the first names it; ``fixed``: no others."""

    form: str
    columns: tuple[LineColumn, ...]
    by: Mapping[str, LineColumn] = field(default_factory=dict)
    fixed: bool = False

    def attributes(self) -> dict[str, str]:
        """Return the attribute that a text area of such lines has."""
        by = {name: {"kind": column.kind, "options": column.told()["options"]} for name, column in self.by.items()}
        columns = [column.told() for column in self.columns]
        content = {"format": self.form, "columns": columns, "by": by, "fixed": self.fixed}
        return {"data-lines": orjson.dumps(content).decode()}


def lines_of(shape: ValueShape, *, closed: bool) -> LineShape:
    """Return how the value of a list or a table is typed; ``closed``: nothing but what is offered may stand in a list."""
    if shape.like is Like.ROWS:
        return LineShape(ROWS, tuple(column_of(inner_shape) for inner_shape in shape.inner))
    if shape.like is Like.GROUP:
        names = LineColumn(
            _NAME, options=tuple((inner_shape.key, inner_shape.label) for inner_shape in shape.inner), fixed=True
        )
        return LineShape(
            PAIRS,
            (names, LineColumn(_WHAT)),
            {inner_shape.key: column_of(inner_shape) for inner_shape in shape.inner},
            fixed=True,
        )
    return LineShape(ITEMS, (LineColumn(shape.label, "choice" if closed else "text", shape.options),))


def column_of(shape: ValueShape) -> LineColumn:
    """Return the field of one value."""
    return LineColumn(shape.label, _KINDS.get(shape.like, "text"), shape.options, shape.key)


def pairs_of(first: LineColumn, second: LineColumn, by: Mapping[str, LineColumn] | None = None) -> LineShape:
    """Return lines of a name and what it is."""
    return LineShape(PAIRS, (first, second), by or {})


def bars_of(columns: Iterable[LineColumn]) -> LineShape:
    """Return lines of parts between bars."""
    return LineShape(BARS, tuple(columns))
