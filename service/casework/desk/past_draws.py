"""Draws of a round that happened, as its replay finds them on record: the same seed gives the same order of experts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from service.store.models import CaseRow


@dataclass(frozen=True, slots=True)
class PastDraw:
    """A draw on record: its ``seed`` (hex) with the public facts it came from, and the numbers of all on the register then."""

    seed: str
    source: Mapping[str, Any]
    pool: frozenset[int]


class PastDraws(Protocol):
    """What a replay knows of the draws of its round."""

    def of(self, case: CaseRow, stage: str, number: int) -> PastDraw | None:
        """Return draw ``number`` of a stage as it is on record; None where there was none."""

    def missed(self, case: CaseRow, stage: str, number: int) -> None:
        """Note a draw that is on no record: what comes of it is one possibility."""

    def number_of(self, person: int) -> int | None:
        """Return the number that the ticket of a person was made from; None for whoever was not on the register."""
