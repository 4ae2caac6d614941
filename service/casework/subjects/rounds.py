"""The rounds of an award, those held in the program and those that the register of past winners tells of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.domain.calendar import local_date
from service.store import Transaction
from service.store.models import AwardRow, CaseRow

_CANCELLED_OUTCOMES = ("too_early", "cancelled")
"""Outcomes of rounds for which nobody could apply."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of ``award`` in ``place`` up to that of a case, each with its title and the day on which it began.

    Of a round that was held elsewhere the register of past winners tells the day of its decision; of one without any
    winner it tells nothing, and it is not counted.
    """

    place: str
    award: str
    began: tuple[tuple[str, date], ...]

    @classmethod
    def before(cls, tx: Transaction, case: CaseRow) -> Rounds:
        """Return the rounds of the award of ``case`` up to the one in which it is."""
        top = case
        while top.parent_id is not None:
            top = tx.cases.get(top.parent_id)
        cases = tx.cases.select(parent_id=None, jurisdiction=case.jurisdiction, award=case.award, process=top.process)
        past_rounds = [c for c in cases if c.outcome not in _CANCELLED_OUTCOMES and c.started_at <= top.started_at]
        titles, last = {c.title for c in cases}, local_date(top.started_at)
        elsewhere: dict[str, date] = {}
        for award in tx.awards.select(
            "decided_on id", jurisdiction=case.jurisdiction, award=case.award, decided_on__ge=date.min
        ):
            if award.round not in titles and award.decided_on <= last:
                elsewhere.setdefault(award.round, award.decided_on)
        began = (*((c.title, local_date(c.started_at)) for c in past_rounds), *elsewhere.items())
        return cls(case.jurisdiction, case.award, began)

    def since(self, award: AwardRow, day: date) -> int | None:
        """Return how many rounds began after ``day``, that of the case included.

        Of the day on which ``award`` was decided they are those after the round in which it was won. None for an award of
        another kind or place, whose rounds are others.
        """
        if (award.jurisdiction, award.award) != (self.place, self.award):
            return None
        start_days = [began for title, began in self.began if title == award.round and began <= day == award.decided_on]
        after = max(start_days, default=day)
        return sum(began > after for _, began in self.began)
