"""How the scenarios of a draft stand: what a reviewer asks before anything is approved."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.scenarios.run_scenarios import ScenarioLine, list_scenarios


@dataclass(frozen=True, slots=True)
class ScenarioCount:
    """How many scenarios a draft has, and how many were met, not met, and not played since the last change.

    ``open`` are those not met and not played, worst first.
    """

    all: int
    met: int
    unmet: int
    waiting: int
    open: tuple[ScenarioLine, ...] = ()

    @property
    def begun(self) -> bool:
        """Whether any of them was played since the last change."""
        return self.waiting < self.all


@guarded("draft.view")
def count_scenarios(desk: Desk, actor: Actor, draft: int) -> ScenarioCount:
    """Return how many scenarios were met, not met, and not played since the last change."""
    lines = list_scenarios(desk, actor, draft).lines
    fresh = [line.passed for line in lines if line.passed is not None and not line.stale]
    met = sum(fresh)
    red = [line for line in lines if line.passed is False and not line.stale]
    unplayed = [line for line in lines if line.passed is None or line.stale]
    return ScenarioCount(len(lines), met, len(fresh) - met, len(lines) - len(fresh), (*red, *unplayed))
