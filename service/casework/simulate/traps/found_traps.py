"""What a search for traps found, with the play that shows it."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.casework.simulate.traps.traps import Trap
from service.domain.text import Text

SCENERY = frozenset({"members", "expert", "interest", "award", "sanction", "calendar", "find"})
"""Steps of a scenario that nobody does in the procedure: who is on a list, what the register says, what a case is called."""
_NO_ACT = SCENERY | {"until", "expect"}


@dataclass(frozen=True, slots=True)
class FoundTrap:
    """A trap with the play that shows it; ``until`` is when it is certain.

    ``shortest`` says that every play of fewer acts was tried and none shows it.
    """

    trap: Trap
    scenario: Scenario
    what: Text
    until: str = ""
    shortest: bool = False

    @property
    def acts(self) -> int:
        """How often somebody acts in the play."""
        return sum(is_act(move) for move in self.scenario.moves)

    @property
    def size(self) -> tuple[int, int]:
        """What is least for the shortest: its acts, then its steps."""
        return self.acts, len(self.scenario.moves)


@dataclass(frozen=True, slots=True)
class RowPlay:
    """A row of a table of conditions that came to ``result`` for a case, with the shortest play that shows it."""

    table: str
    row: str
    result: str
    case: str
    scenario: Scenario
    what: Text


@dataclass(frozen=True, slots=True)
class TrapReport:
    """What a search came to; ``whole`` says that everything was tried before the time was up.

    ``acts`` is the number of acts up to which every way was tried; ``scenarios`` and ``variants`` are how many were played,
    and of how many, variants of the scenarios that were played: with few, that nothing was found says little.
    """

    traps: tuple[FoundTrap, ...]
    rows: tuple[RowPlay, ...]
    plays: int
    seconds: float
    whole: bool
    acts: int = 0
    scenarios: tuple[int, int] = (0, 0)
    variants: tuple[int, int] = (0, 0)


def is_act(move: Move) -> bool:
    """Tell whether somebody acts in a step, rather than time, the scenery or an expectation."""
    return move.verb not in _NO_ACT
