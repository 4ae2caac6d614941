"""The sittings in which a ballot is taken: where its members sign in, and find agenda and papers."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.view_ballot import demand_sight
from service.casework.desk.desk import Desk
from service.casework.review.open_sittings import not_recused
from service.casework.review.sitting_ballots import of_sitting
from service.casework.review.sittings import CANCELLED, is_member
from service.store.models import SittingRow


@guarded("ballot.view")
def sittings_of_ballot(desk: Desk, actor: Actor, ballot_id: int) -> tuple[SittingRow, ...]:
    """Return the sittings in which a ballot is taken and that the reader may open, the first first.

    Who oversees the place sees those of the role that votes, and those to which they are called themselves.

    Raises NotFound, NotAllowed for who may not open the ballot.
    """
    with desk.store.read() as tx:
        ballot = tx.ballots.get(ballot_id)
        demand_sight(tx, actor, ballot)
        if actor.oversees(ballot.jurisdiction):
            of_case = tx.sittings.of_case(ballot.case_id)
            rows = [row for row in of_case if row.role == ballot.role or is_member(actor, row)]
        else:
            called = tx.sittings.calling_about(actor.person_id or 0, [ballot.case_id])
            rows = [row for row in called if is_member(actor, row)]
        found = [row for row in not_recused(tx, actor, rows) if row.state != CANCELLED and of_sitting(row, ballot)]
        return tuple(sorted(found, key=lambda row: (row.starts_at, row.id)))
