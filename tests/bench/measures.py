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
    def figure(self) -> float:
        """What a row is judged by: its ratio, or its median where there is no floor."""
        return self.median if self.ratio is None else self.ratio

    @property
    def met(self) -> bool:
        """Whether the figure keeps to the limit, if there is one."""
        return self.limit is None or (self.figure >= self.limit if self.least else self.figure <= self.limit)


def p95(values: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(values, n=20)[-1] if len(values) > 1 else values[0]
