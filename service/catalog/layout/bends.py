"""How often a way bends at least before it arrives, whatever stands between."""

from __future__ import annotations

from functools import cache

from service.catalog.layout.ports import STEP

BEND = 45


@cache
def bends_left(arriving: frozenset[int], wide: bool, high: bool) -> tuple[int, ...]:
    """Return what the bends cost that are left at least, by the zone of a crossing around the goals and the direction.

    A zone is before the goals, among them or behind them, and the same down; ``wide`` and ``high`` tell that among
    them a goal may be on either side.
    """
    across, down = ((((1,), (-1, 0, 1) if some else (0,), (-1,))) for some in (wide, high))
    return tuple(
        2 * BEND * min(_bends(x, y, way, end) for end in arriving for x in xs for y in ys)
        for xs in across
        for ys in down
        for way in range(4)
    )


def _bends(x: int, y: int, way: int, end: int) -> int:
    """Return how often a way in direction ``way`` bends at least until it arrives in direction ``end``, x and y from here."""
    ahead, aside = (x * across + y * down for across, down in (STEP[way], STEP[(way + 1) % 4]))
    if way % 2 == end % 2:
        return 2 if aside else 4 if way != end or ahead < 0 else 0
    return 1 if ahead >= 0 and x * STEP[end][0] + y * STEP[end][1] >= 0 else 3
