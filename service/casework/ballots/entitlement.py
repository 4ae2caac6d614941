"""Who may vote in a ballot: asked when it opens, again for every ballot that follows it and at each paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.fill import compiled
from service.casework.step.step import Step
from service.domain.errors import NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, RollRow


@dataclass(frozen=True, slots=True)
class Member:
    """A person, or a unit, that a ballot is or was opened to."""

    person_id: int | None
    unit_id: int | None
    task_body: int | None
    key: str
    name: str


def members_of_role(step: Step, role: str, units: bool, body: str | None) -> list[Member]:
    """Return the people, or (``units``) the bodies, that hold ``role`` today; ``body`` keeps those of one body."""
    directory, place = step.tx.bodies, step.case.jurisdiction
    only = step.body_id(body) if body else None
    if units:
        named = {b.id for b in step.package.jurisdiction.bodies if role in b.roles}
        body_ids = {b.id for b in directory.list_active(place, role)}
        bodies = [b for b in directory.list_active(place) if b.key in named or b.id in body_ids]
        return [Member(None, b.id, b.id, b.key, b.name) for b in bodies if only in (None, b.id)]
    holders = step.tx.people.people_with(place, role, only, step.now)
    return [Member(p.id, None, _body_of(step, p.id, role), p.login, p.name) for p in holders]


def members_on(step: Step, roll: Sequence[RollRow]) -> dict[int, Member]:
    """Return the members on ``roll`` by their places."""
    people = step.tx.people.by_id({m.person_id for m in roll if m.person_id is not None})
    bodies = step.tx.bodies.by_id({m.body_id for m in roll if m.body_id is not None})
    members = {}
    for m in roll:
        key = people[m.person_id].login if m.person_id is not None else bodies[m.body_id].key if m.body_id else ""
        members[m.number] = Member(m.person_id, m.body_id, m.body_id or _body_of(step, m.person_id), key, m.name)
    return members


def with_vote(step: Step, voters: str, member: Member) -> bool:
    """Return whether the condition ``voters`` of a ballot, drawn in the diagram, lets ``member`` vote today."""
    voter = {"id": member.person_id or member.unit_id, "key": member.key, "name": member.name}
    scope = step.scope.with_extra({"voter": voter})
    return compiled(voters, step.desk.functions).evaluate(scope, step.environment) is not False


def struck_today(
    desk: Desk, tx: Transaction, row: BallotRow, members: Sequence[RollRow] | None = None
) -> list[RollRow]:
    """Return who of ``members`` of the roll (None: of all) has not voted and may not any more."""
    if row.voters == _ALL:
        return []
    waiting = [m for m in members or tx.rolls.select(ballot_id=row.id) if not m.state]
    step = Step(desk, tx, tx.cases.get(row.case_id), SYSTEM)
    today = members_on(step, waiting)
    return [m for m in waiting if not with_vote(step, row.voters, today[m.number])]


def require_vote(desk: Desk, tx: Transaction, row: BallotRow, member: RollRow) -> None:
    """Raise NotAllowed where a member on the roll may not vote any more."""
    if struck_today(desk, tx, row, [member]):
        raise NotAllowed(
            Text(
                f"“{member.name}”在发起表决后失去了表决权，不能投票，选票没有投出。名册在发起表决时已固定，重新发起或者"
                "再次表决的名册不再列入。",
                f"“{member.name}” lost the right to vote since the ballot opened; the paper was not cast. This roll was"
                " frozen when it opened; that of a ballot called anew or of the next one is without them.",
            )
        )


_ALL = "true"


def _body_of(step: Step, person_id: int | None, role: str | None = None) -> int | None:
    if person_id is None:
        return None
    memberships = step.tx.memberships.list_valid(person_id, step.now)
    fitting = [m for m in memberships if m.jurisdiction in (step.case.jurisdiction, "*") and role in (None, m.role)]
    return fitting[0].body_id if fitting else None
