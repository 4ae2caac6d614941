"""Lists of rows: the columns of those that fit a table, and the rows that a list has to have."""

from __future__ import annotations

from collections.abc import Mapping

from service.domain.forms.model import Computed, FormNode, Group, Input, InputType, Rows, Shown, ShownType
from service.web.forms.look import Look, Mode
from service.web.forms.parts import ColumnHeading
from service.web.forms.shown import lead

_TABLE_INPUTS = {
    InputType.TEXTFIELD, InputType.NUMBER, InputType.DATE, InputType.TIME, InputType.SELECT, InputType.CHECKBOX
}  # fmt: skip
_TABLE_COLUMNS = 7


def columns_of(node: Rows, look: Look) -> tuple[ColumnHeading, ...]:
    """Return the columns of rows that fit a table; none when the rows need cards."""
    drawn = [c for c in node.children if not c.unseen and (not isinstance(c, Computed) or c.label.zh)]
    plain = all(
        (isinstance(child, Input) and child.type in _TABLE_INPUTS)
        or isinstance(child, Computed)
        or (isinstance(child, Shown) and child.type is ShownType.TEXT)
        for child in drawn
    )
    if not plain or len(drawn) > _TABLE_COLUMNS:
        return ()
    return tuple(
        ColumnHeading(
            label=lead(child, look) or look.say(child.label),
            number=isinstance(child, Input) and child.type is InputType.NUMBER,
            required=isinstance(child, Input) and child.required and look.mode is Mode.EDIT,
        )
        for child in drawn
    )


def with_rows_needed(nodes: tuple[FormNode, ...], values: Mapping[str, object]) -> dict[str, object]:
    """Return the values with an empty row wherever a list that is to be filled has fewer rows than it must have."""
    found = dict(values)
    for node in nodes:
        if isinstance(node, Group) and node.path is None:
            found |= with_rows_needed(node.children, found)
        elif isinstance(node, Group) and isinstance(inner := found.get(node.path or ""), Mapping):
            found[node.path or ""] = with_rows_needed(node.children, inner)
        elif isinstance(node, Rows) and node.adjustable and node.min_rows:
            held = found.get(node.path)
            rows = list(held) if isinstance(held, list) else []
            found[node.path] = [*rows, *({} for _ in range(node.min_rows - len(rows)))]
    return found
