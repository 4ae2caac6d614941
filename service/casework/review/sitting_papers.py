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
from service.casework.subjects.case_subjects import AboutBodies
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import CaseRow, SittingRow

MOST_PAPERS = 40
"""Most documents laid before a sitting."""
MOST_OFFERED = 300
"""So many of the newest documents of a case and of those right below it are offered."""


@guarded("sitting.call")
def lay_papers(desk: Desk, actor: Actor, sitting_id: int, version: int, papers: Sequence[int]) -> None:
    """Lay these documents before a sitting instead of those laid before: who is called to it may read them.

    They are documents of the case that it is about or of a case right below it.

    Raises:
        NotAllowed: not the office of the place.
        Conflict: the sitting is closed, cancelled, or changed by somebody else meanwhile.
        Invalid: too many, or one that is not a document of those cases.
    """
    chosen = list(dict.fromkeys(papers))
    if len(chosen) > MOST_PAPERS:
        raise Invalid(
            Text(f"会议材料最多{MOST_PAPERS}件，请少选一些。", f"At most {MOST_PAPERS} papers: choose fewer.")
        )
    with desk.store.write() as tx:
        row = sitting_of_office(tx, actor, sitting_id, version)
        found = tx.sittings.papers(chosen)
        if len(found) != len(chosen) or not all(row.case_id in (each.case_id, each.parent_id) for each in found):
            raise _not_of_the_case()
        tx.sittings.change(sitting_id, version, papers=chosen)
        note(desk, tx, row.case_id, actor, "sitting", f"{actor.name}为会议“{row.title}”放入材料{len(chosen)}件")


def was_laid(tx: Transaction, actor: Actor, case: CaseRow, document_id: int) -> bool:
    """Return whether a document of ``case`` lies before a sitting to which the actor is called, and no recusal keeps it from them."""
    if actor.person_id is None:
        return False
    about = [case.id] if case.parent_id is None else [case.id, case.parent_id]
    return any(
        document_id in row.papers
        and row.state != CANCELLED
        and is_member(actor, row)
        and not is_kept_from(tx, actor, row, case)
        for row in tx.sittings.calling_about(actor.person_id, about)
    )


def is_kept_from(tx: Transaction, actor: Actor, row: SittingRow, about: AboutBodies) -> bool:
    """Return whether a recusal keeps a member from a paper of a sitting.

    Papers of a whole round speak of every candidate: who is recused from any does not get those here, nor whoever is
    recused in a ballot of the case; what they may read, they open from the ballot.
    """
    if is_recused(actor, about) or (about.subject_id is None and actor.in_person.recused):
        return True
    places = ((ballot.id, place_on_roll(tx, actor, ballot)) for ballot in tx.ballots.of_case(row.case_id))
    return any(place is not None and tx.ballots.recusals(ballot, place.number) for ballot, place in places)


def _not_of_the_case() -> Invalid:
    return Invalid(
        Text(
            "选的文书里有的不属于本次会议的办件，请刷新后重新勾选。",
            "A document that was chosen is not of the case of this sitting: reload the page and choose again.",
        )
    )
