"""Papers of a sitting (会议材料): documents that the office lays before it, and who may read them for that."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.ballots.view_ballot import place_on_roll
from service.casework.desk.desk import Desk
from service.casework.review.sittings import CANCELLED, is_member, sitting_of_office
from service.casework.step.history import note
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow

MOST_PAPERS = 40
"""Most documents laid before a sitting."""
MOST_OFFERED = 300
"""So many of the newest documents of a case and of those right below it are offered."""


@guarded("sitting.call")
def lay_papers(desk: Desk, actor: Actor, sitting_id: int, version: int, papers: Sequence[int]) -> None:
    """Lay these documents before a sitting instead of those laid before: who is called to it may read them.

    They are documents of the case that it is about or of a case right below it. What the actor may not see, being recused,
    stays as others laid it.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: the sitting is closed, cancelled, or changed by somebody else meanwhile.
        Invalid: too many, or one that is not a document of those cases.
    """
    with desk.store.write() as tx:
        row = sitting_of_office(tx, actor, sitting_id, version)
        hidden = [one.id for one in tx.sittings.papers(row.papers) if is_recused(actor, one.case)]
        chosen = list(dict.fromkeys([*hidden, *papers]))
        if len(chosen) > MOST_PAPERS:
            raise Invalid(
                Text(f"会议材料最多{MOST_PAPERS}件，请少选一些。", f"At most {MOST_PAPERS} papers: choose fewer.")
            )
        found = tx.sittings.papers(chosen)
        if len(found) != len(chosen) or any(row.case_id not in (one.case.id, one.case.parent_id) for one in found):
            raise _not_of_the_case()
        tx.sittings.lay(row, chosen)
        named = "、".join(f"《{one.title}》" for one in found) or "无"
        note(desk, tx, row.case_id, actor, "sitting", f"{actor.name}确定会议“{row.title}”的材料：{named}")


def was_laid(tx: Transaction, actor: Actor, case: CaseRow, document_id: int) -> bool:
    """Return whether a document of ``case`` lies before a sitting to which the actor is called, and no recusal keeps it from them."""
    if actor.person_id is None or is_recused(actor, case):
        return False
    about = [case.id] if case.parent_id is None else [case.id, case.parent_id]
    return any(
        document_id in row.papers
        and row.state != CANCELLED
        and is_member(actor, row)
        and not (row.case_id == case.id and is_recused_in_round(tx, actor, case.id))
        and not is_recused_in_ballots(tx, actor, row.case_id)
        for row in tx.sittings.calling_about(actor.person_id, about)
    )


def is_recused_in_round(tx: Transaction, actor: Actor, case_id: int) -> bool:
    """Return whether a member is recused from one that takes part in a round, of which its papers may speak."""
    recused = actor.in_person.recused
    return bool(recused) and any(one.id in recused for one in tx.cases.bodies_in_tree(case_id, "organisation"))


def is_recused_in_ballots(tx: Transaction, actor: Actor, case_id: int) -> bool:
    """Return whether a member is recused in a ballot of a case: what they may read they open from the ballot."""
    places = ((ballot.id, place_on_roll(tx, actor, ballot)) for ballot in tx.ballots.of_case(case_id))
    return any(place is not None and tx.ballots.recusals(ballot, place.number) for ballot, place in places)


def _not_of_the_case() -> Invalid:
    return Invalid(
        Text(
            "选的文书里有的不属于本次会议的办件，请刷新后重新勾选。",
            "A document that was chosen is not of the case of this sitting: reload the page and choose again.",
        )
    )
