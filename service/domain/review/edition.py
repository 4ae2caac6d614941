"""Scoring editions: items and points of the criteria for performance excellence (GB/T 19580, GB/Z 19579)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import pairwise

from service.domain.text import Text

Points = int | Decimal
"""Points of an item: whole, or with two decimals where an edition is read on another total."""
_CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """A scored item (条款) and its points; ``name_en`` is "" where the edition has none."""

    id: str
    name: str
    points: Points
    name_en: str = ""

    @property
    def text(self) -> Text:
        """The name in both languages."""
        return Text(self.name, self.name_en or self.name)


@dataclass(frozen=True, slots=True)
class Category:
    """A category (类目) with its items; ``type`` is process or results."""

    id: str
    name: str
    type: str
    items: tuple[ScoredItem, ...]
    name_en: str = ""

    @property
    def text(self) -> Text:
        """The name in both languages."""
        return Text(self.name, self.name_en or self.name)

    @property
    def points(self) -> Points:
        """The sum of its items."""
        return _to_plain_points(sum((Decimal(item.points) for item in self.items), Decimal(0)))


@dataclass(frozen=True, slots=True)
class BandWords:
    """What percentages from ``first`` to ``last`` mean, by type of category, in words of who wrote the edition."""

    first: int
    last: int
    said: Mapping[str, Text]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: ``bands`` are the percentages that may be given, ``dimensions`` what is looked at, by type.

    With ``reasons`` every score needs its strengths and improvements in words. ``asks`` says by item what it asks,
    ``band_words`` what percentages mean: a help for who scores, where the edition gives it.
    """

    id: str
    name: Text
    categories: tuple[Category, ...]
    bands: tuple[int, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    reasons: bool = True
    asks: Mapping[str, Text] = field(default_factory=dict)
    band_words: tuple[BandWords, ...] = ()

    @property
    def step(self) -> int | None:
        """By how much each percentage is above the one before; None where that differs, or where there is only one."""
        gaps = {higher - lower for lower, higher in pairwise(self.bands)}
        return gaps.pop() if len(gaps) == 1 else None

    @property
    def points(self) -> Points:
        """The sum of all items."""
        return _to_plain_points(sum((Decimal(category.points) for category in self.categories), Decimal(0)))

    @property
    def items(self) -> Mapping[str, ScoredItem]:
        """The items by id, in order."""
        return {item.id: item for category in self.categories for item in category.items}

    def score(self, item: str, percent: int) -> Fraction:
        """Return the points that ``percent`` of ``item`` is worth."""
        return Fraction(self.items[item].points) * percent / 100

    def out_of(self, total: int) -> Edition:
        """Return this edition with items that add up to ``total`` in the same proportions.

        Every item is rounded to two decimals; the largest takes what rounding leaves, so that the sum is exact.
        """
        if total == self.points:
            return self
        scaled = {
            i: (item.points * Decimal(total) / self.points).quantize(_CENT, ROUND_HALF_UP)
            for i, item in self.items.items()
        }
        largest = max(scaled, key=scaled.__getitem__)
        scaled[largest] += Decimal(total) - sum(scaled.values(), Decimal(0))
        return replace(self, categories=tuple(_scale_category(c, scaled) for c in self.categories))


def _scale_category(category: Category, points: Mapping[str, Decimal]) -> Category:
    return replace(category, items=tuple(replace(i, points=_to_plain_points(points[i.id])) for i in category.items))


def _to_plain_points(points: Decimal) -> Points:
    return int(points) if points == points.to_integral_value() else points
