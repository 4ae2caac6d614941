"""Who enters papers of the hall: two tellers of different bodies, one of them supervision where the place has it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow

SUPERVISOR = "supervisor"
"""Kind of bodies that supervise."""
INSTEAD = frozenset({"office", "government"})
"""Kinds of bodies whose people watch over a vote in a place without a supervisor."""


@dataclass(frozen=True, slots=True)
class TellerSide:
    """For whom somebody may enter papers: the bodies of the tellers' role, and those that watch over them."""

    counts: frozenset[int]
    watches: frozenset[int]

    @property
    def is_none(self) -> bool:
        """Whether they are no teller of the ballot."""
        return not self.counts and not self.watches


class Tellers:
    """The tellers of one ballot.

    A supervising body whose own members vote does not watch over their vote. Where none does, the other teller is of
    another body: of the office or the government.
    """

    def __init__(self, tx: Transaction, row: BallotRow, now: datetime) -> None:
        self._tx, self._row, self._now = tx, row, now
        bodies = tx.people.bodies(row.jurisdiction)
        supervising = {
            body.id
            for body in bodies
            if body.kind == SUPERVISOR and not tx.people.people_with(row.jurisdiction, row.role, body.id, now)
        }
        self.supervised = bool(supervising)
        self._others = supervising or {body.id for body in bodies if body.kind in INSTEAD}

    def of(self, actor: Actor) -> TellerSide:
        """Return for whom ``actor`` may enter papers, in person."""
        place = self._row.jurisdiction
        return self._side((seat.role, seat.body_id) for seat in actor.in_person.seats if seat.serves(place))

    def may_see_roll(self, actor: Actor) -> bool:
        """Return whether ``actor`` is shown who voted: who watches only once a sheet of the other side waits for theirs."""
        own = self.of(actor)
        return bool(own.counts) or bool(own.watches and self._row.sheet is not None)

    def demand(self, actor: Actor, first: int | None) -> None:
        """Raise NotAllowed unless ``actor`` is a teller, and of another body than person ``first``, whose sheet waits."""
        own = self.of(actor)
        if own.is_none:
            raise _refusal("您不是本次表决的计票人。", "You are none of this ballot.", self.supervised)
        if first is None or first == actor.person_id:
            return
        if self.waits_for(first) and not self.are_apart(actor, first):
            raise _refusal(
                "另一份已由您这一方的计票人录入，这一份请由另一方录入。",
                "Somebody of your side entered a tally already: this one is the other side's.",
                self.supervised,
            )

    def are_apart(self, actor: Actor, first: int) -> bool:
        """Return whether ``actor`` is of another side than person ``first``."""
        return first != actor.person_id and self._apart(self.of(actor), self._of_person(first))

    def waits_for(self, first: int | None) -> bool:
        """Return whether the sheet of person ``first`` still waits for its second; who is no teller any more gave none."""
        return first is not None and not self._of_person(first).is_none

    def _of_person(self, person_id: int) -> TellerSide:
        held = self._tx.people.memberships(person_id, self._now)
        return self._side((m.role, m.body_id) for m in held if m.jurisdiction in ("*", self._row.jurisdiction))

    def _side(self, seats: Iterable[tuple[str, int]]) -> TellerSide:
        held = list(seats)
        counts = frozenset(body for role, body in held if role == self._row.teller_role)
        return TellerSide(counts, frozenset(body for _, body in held if body in self._others))

    def _apart(self, one: TellerSide, other: TellerSide) -> bool:
        if self.supervised:
            return bool((one.counts and other.watches) or (one.watches and other.counts))
        both = [side.counts | side.watches for side in (one, other)]
        return any(a != b for a in both[0] for b in both[1]) or len(self._others) < 2


def _refusal(zh: str, en: str, supervised: bool) -> NotAllowed:
    rule = Text(
        "在场选票由两个不同单位的计票人各自录入，其中一名是监督机构的人员。",
        "Papers of the hall are entered by two tellers of different bodies, one of them a supervisor.",
    )
    if not supervised:
        rule = Text(
            "在场选票由两个不同单位的计票人各自录入，一名是办公室的人员。",
            "Papers of the hall are entered by two tellers of different bodies, one of them of the office.",
        )
    return NotAllowed(Text(rule.zh + zh, f"{rule.en} {en}"))
