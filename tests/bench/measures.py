"""What was measured, and what it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the bench: a median against a floor of the same run (ratio), or a plain figure against a limit.

    Without a limit it is told beside another and cannot fail. With ``least`` the limit is what must be reached.
    """

    work: str
    median: float
    p95: float | None
    floor: float | None
    limit: float | None
    unit: str = "ms"
    least: bool = False

    @property
    def ratio(self) -> float | None:
        """The median over the floor, where there is one."""
        return None if self.floor is None else self.median / self.floor

    @property
    def met(self) -> bool:
        """Whether the ratio (or the figure, without a floor) keeps to the limit, if there is one."""
        told = self.median if self.ratio is None else self.ratio
        return self.limit is None or (told >= self.limit if self.least else told <= self.limit)

    def row(self) -> dict[str, object]:
        """Return it as written to build/bench.json."""
        return {
            "work": self.work,
            "median_ms": self.median,
            "p95_ms": self.p95,
            "floor_ms": self.floor,
            "ratio": self.ratio,
            "limit": self.limit,
            "least": self.least,
            "unit": self.unit,
            "met": self.met,
        }


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
