"""Whoever follows a play while it goes on: progress, results per step, what the season came to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.stage import PlayState
from service.domain.text import Text


class Follower:
    """Hears of every step of a play; this one does nothing, others override what they need.

    An exception that is no LaurelError ends the play: that is how one is cancelled.
    """

    def before(self, stage: PlayState, move: Move) -> None:
        """``move`` is about to be played."""

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """``move`` was played, or could not be: ``unmet`` says why."""

    def expected(self, stage: PlayState, number: int, row: Mapping[str, Any], unmet: Sequence[Text]) -> None:
        """Expectation ``number`` (from 1) at the end was looked at."""

    def ended(self, stage: PlayState) -> None:
        """All steps and expectations are over, the stage still stands."""
