"""The ballots on whose roll somebody is, and where what was counted is found again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import BUILT_IN, Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.ballots.box import COUNTED, OPEN, VOID
from service.casework.ballots.view_ballot import STATES, may_see_ballot, name_ballots, name_nth, require_sight
from service.casework.desk.desk import Desk
from service.casework.reading.published import Published, published
from service.casework.reading.results import NoticeLink, public_links
from service.domain.text import Text
from service.store import Transaction
from service.store.queries.review import VotersBallot

PAGE = 30
_VOTED = Text("您已投票", "you have voted")
"""How an open ballot stands for who has voted in it."""
_MESSAGES = 100
"""The newest messages of a member are looked at for documents."""


@dataclass(frozen=True, slots=True)
class OwnBallot:
    """A ballot in which the reader votes or voted; ``counted`` when its result can be read, ``void`` when it has none."""

    id: int
    case_id: int
    case: str
    title: str
    state: Text
    opened_at: datetime
    counted: bool
    void: bool


@dataclass(frozen=True, slots=True)
class BallotResults:
    """What followed a count: the public notices of the case, documents that the reader may open, ballots beside it."""

    notices: tuple[NoticeLink, ...]
    documents: tuple[tuple[int, str, datetime], ...]
    ballots: tuple[tuple[int, str, Text], ...]
    registers: str


@guarded("ballot.view")
def list_actor_ballots(
    desk: Desk, actor: Actor, before: int | None = None, limit: int = PAGE
) -> tuple[tuple[OwnBallot, ...], int | None]:
    """Return the ballots on whose roll the actor is, or the unit they act for, newest first; and what the list goes on with."""
    with desk.store.read() as tx:
        ballot_page = collect_actor_ballots(tx, actor, published(desk, tx), before, limit + 1)
    return tuple(ballot_page[:limit]), ballot_page[limit - 1].id if len(ballot_page) > limit else None


def collect_actor_ballots(
    tx: Transaction, actor: Actor, publications: Published, before: int | None = None, limit: int = PAGE
) -> list[OwnBallot]:
    """Return the same inside a unit of work."""
    seats = [seat for seat in actor.seats if seat.role not in BUILT_IN]
    places = [place for place in publications.jurisdictions() if any(seat.serves(place) for seat in seats)]
    if actor.person_id is None or not places:
        return []
    seat_keys = {(seat.role, seat.body_id) for seat in seats}
    rows = tx.rolls.of_voter(
        actor.person_id,
        sorted({body for _, body in seat_keys}),
        sorted({role for role, _ in seat_keys}),
        sorted(places),
        limit,
        before,
    )
    mine = {row.id: row for row in rows if row.body_id is None or (row.role, row.body_id) in seat_keys}
    titles = tx.cases.titles(sorted({row.case_id for row in mine.values()})) if mine else {}
    return [
        OwnBallot(
            row.id,
            row.case_id,
            titles[row.case_id],
            name_nth(row.title, row.nth),
            _get_state_text(row),
            row.opened_at,
            row.state == COUNTED,
            row.state == VOID,
        )
        for row in mine.values()
    ]


def _get_state_text(row: VotersBallot) -> Text:
    words = STATES[row.state]
    return _VOTED if row.mark and words == STATES[OPEN] else words


@guarded("ballot.view")
def results_of_ballot(desk: Desk, actor: Actor, ballot_id: int) -> BallotResults:
    """Return what followed the count of a ballot; raises NotFound, NotAllowed for who may not open it."""
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
        require_sight(tx, actor, row)
        case = tx.cases.get(row.case_id)
        wide = may_view_case(actor, case, tx)
        sent = set() if wide or actor.person_id is None else _collect_received_documents(tx, actor.person_id, case.id)
        documents = [d for d in tx.documents.select(case_id=case.id) if d.erased_at is None and (wide or d.id in sent)]
        ballots = tx.ballots.select(case_id=case.id)
        names = name_ballots(ballots)
        beside = [
            other_ballot
            for other_ballot in ballots
            if other_ballot.id != row.id and may_see_ballot(tx, actor, other_ballot)
        ]
        return BallotResults(
            public_links(tx.notices.select(case_id=case.id)),
            tuple((d.id, d.title, d.issued_at) for d in documents),
            tuple((other_ballot.id, names[other_ballot.id], STATES[other_ballot.state]) for other_ballot in beside),
            f"/register?city={case.jurisdiction}",
        )


def _collect_received_documents(tx: Transaction, person_id: int, case_id: int) -> set[int]:
    """Return the documents of a case that came to a person with a message."""
    mine = (m.documents for m in tx.mail.select("-id", limit=_MESSAGES, person_id=person_id) if m.case_id == case_id)
    return {int(ident) for documents in mine if isinstance(documents, list) for ident in documents}
