"""A plain way from one node to another in a drawing made by hand: straight, bent once there and back, or around what stands between."""

from __future__ import annotations

from collections.abc import Iterable

from service.catalog.bpmn.shapes import Bounds, Point

_APART = 20
"""Between a way and what it goes around, and before a node that it turns to."""


def way_between(
    source: Bounds, target: Bounds, nodes: Iterable[Bounds], *, downward: bool = False
) -> tuple[Point, ...]:
    """Return the bends of a way from ``source`` to ``target`` that crosses none of the ``nodes`` on either row.

    With ``downward`` it leaves at the bottom: an event on the border of an activity.
    """
    known = list(nodes)
    start, end = Point(source.right, source.centre.y), Point(target.x, target.centre.y)
    turn = end.x - _APART
    if downward and end.y > source.bottom and source.centre.x < end.x and _free(known, end.y, source.centre.x, end.x):
        return (Point(source.centre.x, source.bottom), Point(source.centre.x, end.y), end)
    if not downward and turn > start.x and _free(known, start.y, start.x, turn) and _free(known, end.y, turn, end.x):
        return (start, end) if start.y == end.y else (start, Point(turn, start.y), Point(turn, end.y), end)
    if not downward and start.y == end.y and start.x < end.x and _free(known, start.y, start.x, end.x):
        return (start, end)
    left, right = sorted((source.centre.x, target.centre.x))
    rows = (source, target)
    between = [box for box in known if box.x < right and box.right > left and any(_beside(box, row) for row in rows)]
    below = max(box.bottom for box in (*rows, *between)) + _APART
    return (
        Point(source.centre.x, source.bottom),
        Point(source.centre.x, below),
        Point(target.centre.x, below),
        Point(target.centre.x, target.bottom),
    )


def _free(nodes: Iterable[Bounds], y: float, left: float, right: float) -> bool:
    return not any(box.y < y < box.bottom and box.x < right and box.right > left for box in nodes)


def _beside(box: Bounds, row: Bounds) -> bool:
    return box.y < row.bottom + _APART and box.bottom > row.y
