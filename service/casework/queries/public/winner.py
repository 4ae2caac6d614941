"""The public page of an organisation that was awarded: its awards, the notices that name it, sanctions made public by law."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.guards import guarded
from service.casework.ballots.box import COUNTED
from service.casework.ballots.view_ballot import may_see_ballot
from service.casework.desk.desk import Desk
from service.casework.queries.public.portal import NoticeView, notices_as_posted
from service.casework.queries.public.register import AwardLine, SanctionLine, award_lines, public_sanctions
from service.casework.reading.published import published
from service.casework.reading.results import names
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import CaseFilter, Transaction, words_to_find
from service.store.models import AwardRow, CaseRow

_NOTICES = 20
"""The newest notices that name it."""
_TRACED = 5
"""The newest awards whose papers are looked for."""
_CASES = 50
"""The newest cases about the organisation among which theirs are looked for."""


@dataclass(frozen=True, slots=True)
class AwardTrace:
    """What the reader may open of how awards came about; ``title`` is the case that conferred them, mostly the round.

    ``cases`` about the organisation there, their ``documents``, and counted ``ballots`` (each id and title).
    """

    title: str
    cases: tuple[tuple[int, str], ...]
    documents: tuple[tuple[int, str], ...]
    ballots: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True)
class WinnerView:
    """An organisation on record with ``awards`` newest first, ended ones too; ``name`` is what it is called today.

    ``traces`` are for its own people, members and offices; the public has none.
    """

    id: int
    name: str
    awards: tuple[AwardLine, ...]
    notices: tuple[NoticeView, ...]
    sanctions: tuple[SanctionLine, ...]
    traces: tuple[AwardTrace, ...] = ()


@guarded("register.view")
def view_winner(desk: Desk, actor: Actor, body_id: int) -> WinnerView:
    """Return what is public of an organisation that holds an award, or held one; raises NotFound for any other."""
    with desk.store.read() as tx:
        rows = tx.register.awards(body_id)
        if not rows:
            raise NotFound(Text("获奖名录中没有这个组织。", "This organisation is not in the register of awards."))
        known = published(desk, tx)
        name = tx.people.bodies_by_id({body_id})[body_id].name
        places = list(dict.fromkeys(row.jurisdiction for row in rows))
        naming = [row for row in tx.notices.found(words_to_find(name), places, _NOTICES) if names(row, name)]
        return WinnerView(
            body_id,
            name,
            award_lines(tx, known, rows),
            notices_as_posted(desk, tx, known, naming),
            tuple(one for place in places for one in public_sanctions(desk, tx, known, place, body_id)),
            _traces(tx, actor, body_id, rows),
        )


def _traces(tx: Transaction, actor: Actor, body_id: int, rows: Sequence[AwardRow]) -> tuple[AwardTrace, ...]:
    """Return what ``actor`` may open of the cases that conferred the newest awards, and of those about the organisation."""
    numbers = dict.fromkeys((row.details or {}).get("case") for row in rows[:_TRACED])
    conferring = [number for number in numbers if isinstance(number, int)]
    if actor.person_id is None or not conferring:
        return ()
    about = tx.cases.search(CaseFilter(sorted({row.jurisdiction for row in rows}), body_id=body_id), limit=_CASES)
    found = [
        _trace(tx, actor, tx.cases.get(number), [one for one in about if number in (one.id, one.parent_id)])
        for number in conferring
    ]
    return tuple(one for one in found if one.cases or one.ballots)


def _trace(tx: Transaction, actor: Actor, conferred: CaseRow, about: Sequence[CaseRow]) -> AwardTrace:
    readable = [case for case in about if may_view_case(actor, case, tx)]
    ballots = [
        one
        for ident in dict.fromkeys((conferred.id, *(case.id for case in readable)))
        for one in tx.ballots.of_case(ident)
        if one.state == COUNTED and may_see_ballot(tx, actor, one)
    ]
    documents = [one for case in readable for one in tx.documents.of_case(case.id) if one.erased_at is None]
    return AwardTrace(
        conferred.title,
        tuple((case.id, case.title) for case in readable),
        tuple((one.id, one.title) for one in documents),
        tuple((one.id, one.title) for one in ballots),
    )
