"""Points, boxes and lines of a drawing, in pixels; y grows downwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the canvas."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Bounds:
    """A box."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The x of the right side."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The y of the lower side."""
        return self.y + self.height

    @property
    def centre(self) -> Point:
        """The middle."""
        return Point(self.x + self.width / 2, self.y + self.height / 2)

    def grown(self, by: float) -> Bounds:
        """Return the box with a margin of ``by`` on every side (negative shrinks)."""
        return Bounds(self.x - by, self.y - by, self.width + 2 * by, self.height + 2 * by)

    def contains(self, other: Bounds) -> bool:
        """Tell whether ``other`` lies inside, borders included."""
        return self.x <= other.x and self.y <= other.y and other.right <= self.right and other.bottom <= self.bottom


@dataclass(frozen=True, slots=True)
class Shape:
    """How a node, lane or pool is drawn; ``label`` is where an outside name stands."""

    bounds: Bounds
    label: Bounds | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """How a flow is drawn."""

    waypoints: tuple[Point, ...]
    label: Bounds | None = None
