"""The spread of a panel: how its sheets lie around each item and in total, without telling whose is which."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from statistics import median

from service.domain.review.edition import ScoredItem
from service.domain.review.sheet import Sheet

FEWEST_FOR_MEAN = 3
"""With fewer sheets an average would tell a single mark to whoever knows another."""
FEWEST_FOR_SPREAD = 5
"""With fewer sheets the lowest, the middle and the highest would be all there is."""


@dataclass(frozen=True, slots=True)
class ItemSpread:
    """An item in points: what it came to (``own``), and between which marks the panel lay, None where too few marked."""

    item: ScoredItem
    own: Fraction
    lowest: Fraction | None
    middle: Fraction | None
    highest: Fraction | None


def spread_of(sheets: Sequence[Sheet], agreed: Sheet | None = None) -> tuple[ItemSpread, ...]:
    """Return every item of a stage with its points and the spread of its sheets; nothing where too few are there.

    ``own`` is what the panel ``agreed`` on, else the mean of the sheets.
    """
    if len(sheets) < FEWEST_FOR_MEAN:
        return ()
    edition = sheets[0].edition
    return tuple(_of_item(item, sheets, agreed) for item in edition.items.values())


def _of_item(item: ScoredItem, sheets: Sequence[Sheet], agreed: Sheet | None) -> ItemSpread:
    marks = [sheet.points(item.id) for sheet in sheets]
    own = agreed.points(item.id) if agreed is not None else sum(marks, Fraction(0)) / len(marks)
    if len(marks) < FEWEST_FOR_SPREAD:
        return ItemSpread(item, own, None, None, None)
    return ItemSpread(item, own, min(marks), Fraction(median(marks)), max(marks))
