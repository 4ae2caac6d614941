"""An edition of the criteria for performance excellence (GB/T 19580, points of GB/Z 19579)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Item:
    """A scored item (条款) and its points."""

    id: str
    name: str
    points: int


@dataclass(frozen=True, slots=True)
class Category:
    """A category (类目) with its items; ``type`` is process or results."""

    id: str
    name: str
    type: str
    items: tuple[Item, ...]

    @property
    def points(self) -> int:
        """The sum of its items."""
        return sum(item.points for item in self.items)


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition: ``bands`` are the percentages that may be given, ``dimensions`` what is looked at, by type.

    With ``reasons`` every score needs its strengths and improvements in words.
    """

    id: str
    name: Text
    categories: tuple[Category, ...]
    bands: tuple[int, ...]
    dimensions: Mapping[str, tuple[str, ...]]
    reasons: bool = True

    @property
    def points(self) -> int:
        """The sum of all items."""
        return sum(category.points for category in self.categories)

    @property
    def items(self) -> Mapping[str, Item]:
        """The items by id, in order."""
        return {item.id: item for category in self.categories for item in category.items}

    def score(self, item: str, percent: int) -> Fraction:
        """Return the points that ``percent`` of ``item`` is worth."""
        return Fraction(self.items[item].points * percent, 100)
