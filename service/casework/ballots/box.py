"""A stored ballot read back into rules, agenda, roll and urn, and papers put into the urn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from datetime import datetime
from functools import cached_property
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.desk.urns import StoredUrn, require_whole, urns_of
from service.casework.step.history import append_case_event
from service.domain.ballots import (
    NAMES,
    Agenda,
    BoxMismatch,
    Candidate,
    Handful,
    Question,
    Roll,
    Rules,
    UrnDamaged,
    UrnShape,
    Voter,
    read_agenda,
    read_candidate,
    read_rules,
)
from service.domain.errors import Conflict, LaurelError
from service.domain.text import Text
from service.store import KeyFolderGone, Transaction, Unreachable
from service.store.models import BallotRecusalRow, BallotRow, IncidentRow, RollRow
from service.store.queries.review import IN_HALL, NOT_VOTED

OPEN, CLOSED, COUNTED, VOID = "open", "closed", "counted", "void"
"""States of a ballot."""
RING = "ballot"
"""Kind of the work item that notifies a case that its ballot is complete."""
COMPLETE = "ballot_complete"
"""Message to the diagram: all members have voted, or the office has closed the ballot."""


class BallotClosed(Conflict):
    """Nothing more can be cast; what was sent was not counted."""

    code = "ballot_closed"


class Box:
    """A ballot row with its decoded contents."""

    def __init__(self, row: BallotRow) -> None:
        self.row = row

    @cached_property
    def rules(self) -> Rules:
        """Return the frozen rules."""
        return read_rules(self.row.rules)

    @cached_property
    def agenda(self) -> Agenda:
        """Return what this ballot asks."""
        return read_agenda(self.row.agenda)

    @cached_property
    def candidates(self) -> tuple[Candidate, ...]:
        """Return the candidates in the order drawn."""
        return tuple(read_candidate(c) for c in self.row.candidates)

    @cached_property
    def questions(self) -> tuple[Question, ...]:
        """Return what a paper asks."""
        return self.agenda.questions(self.rules.unit)

    @property
    def shape(self) -> UrnShape:
        """Return what the urn is made for."""
        return UrnShape(self.row.box, self.questions, self.row.issued)

    @property
    def names(self) -> dict[str, str]:
        """Return the candidates' names by id."""
        return {c.id: c.name for c in self.candidates}


@contextmanager
def fresh_key(desk: Desk, row: BallotRow) -> Iterator[str]:
    """Make the key of the urn's next version, whose name is given, before anything is locked; a refusal takes it away again.

    Any other failure leaves it, a database that went away among them: the commit may have gone through, and then it is
    the only key. A ballot by name has none.
    """
    fresh = urns_of(desk).prepare(row.box) if row.urn is not None else ""
    try:
        yield fresh
    except Unreachable:
        raise
    except LaurelError:
        drop_keys(desk, row.box, (fresh,))
        raise


def stored_urn(box: Box, roll: Sequence[RollRow]) -> StoredUrn | None:
    """Return the urn as it stands, to be opened beside ``roll`` alone; None where papers are not secret, and after the count."""
    row = box.row
    if row.urn is None or row.key_name is None:
        return None
    return StoredUrn(row.urn, replace(box.shape, bound=bound_to(row, roll)), row.key_name)


def bound_to(row: BallotRow, roll: Sequence[RollRow]) -> str:
    """Return the digest (SHA-256, hex) of what an urn opens beside: rules, candidates, agenda, and who is marked on the roll."""
    places = [[m.number, m.person_id, m.body_id, m.weight, m.state] for m in roll]
    return bound_by(row.rules, row.candidates, row.agenda, places)


def bound_by(rules: object, candidates: object, agenda: object, places: Sequence[Sequence[int | None]]) -> str:
    """Return the same of a ballot about to open: ``places`` on the roll as number, person, unit, papers, mark."""
    rules_text = json.dumps([rules, candidates, agenda, places], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(rules_text.encode()).hexdigest()


def put_in(desk: Desk, tx: Transaction, box: Box, handful: Handful, fresh: str, numbers: Collection[int]) -> None:
    """Put papers into the urn of a locked ballot, shuffled and sealed again; older keys are destroyed after the commit.

    The roll bears the marks of these papers (of places ``numbers``) already: marks, papers and the count of papers must
    agree, and the marks before must be those beside which the urn was sealed.

    Raises:
        UrnDamaged: the urn cannot be opened, or roll, rules or candidates are not those it was sealed beside.
        BoxMismatch: it does not hold one paper for every mark on the roll.
    """
    row, roll = box.row, tx.rolls.select(ballot_id=box.row.id)
    before = [replace(m, state=NOT_VOTED) if m.number in numbers else m for m in roll]
    require_marked(box, before)
    require_named(box, roll)
    changes: dict[str, Any] = {"cast": row.cast + handful.valid + handful.spoiled}
    if urn := stored_urn(box, before):
        changes["urn"] = urns_of(desk).cast(urn, fresh, handful, row.cast, bound_to(row, roll))
        changes |= {"key_name": fresh, "old_key": row.key_name}
        stale = tuple(name for name in (row.key_name, row.old_key) if name)
        tx.after_commit(lambda: drop_keys(desk, row.box, stale))
    tx.ballots.change(row.id, **changes)


def require_marked(box: Box, roll: Sequence[RollRow]) -> None:
    """Raise BoxMismatch where the papers counted are not as many as the marks on ``roll`` stand for."""
    require_whole(box.row.cast, sum(m.weight for m in roll if m.state != NOT_VOTED))


def require_named(box: Box, roll: Sequence[RollRow]) -> None:
    """Raise BoxMismatch where papers are by name and somebody is marked without a paper, or has one without a mark."""
    if box.row.urn is not None:
        return
    for member in roll:
        if (member.state != NOT_VOTED) != (member.open_paper is not None):
            raise BoxMismatch(
                Text(
                    f"名册与记名票不符：“{member.name}”的投票标记与其选票对不上。没有计票，选票没有投出，请立即报告监督机构。",
                    f"The mark of “{member.name}” on the roll and their paper by name do not agree. Nothing was counted, nothing"
                    " was cast: report it at once.",
                ),
                Text(
                    f"名册与记名票不符：名册第{member.number}号的投票标记与其选票对不上",
                    f"the mark of place {member.number} on the roll and its paper by name do not agree",
                ),
            )


@contextmanager
def reporting_damage(desk: Desk, row: BallotRow) -> Iterator[None]:
    """Open an incident where roll and urn of a ballot do not agree; what was begun is undone before."""
    try:
        yield
    except (BoxMismatch, UrnDamaged) as damage:
        with desk.store.write() as tx:
            tx.cases.lock(row.case_id)
            if not any(_is_about(incident, row) for incident in tx.incidents.select(case_id=row.case_id)):
                _open_incident(desk, tx, row, damage)
        raise


def resolve_damage(tx: Transaction, row: BallotRow, at: datetime) -> None:
    """Settle what was reported of a ballot that is void now."""
    for incident in tx.incidents.select(case_id=row.case_id):
        if _is_about(incident, row):
            tx.incidents.resolve(incident.id, at)


def _is_about(incident: IncidentRow, row: BallotRow) -> bool:
    return incident.engine_id == f"ballot:{row.id}" and incident.resolved_at is None


def _open_incident(desk: Desk, tx: Transaction, row: BallotRow, damage: BoxMismatch | UrnDamaged) -> None:
    differs = damage.found if isinstance(damage, BoxMismatch) else damage.message
    what = Text(
        f"表决“{row.title}”的一张选票没有投入：{differs.zh}", f"A paper of “{row.title}” was not cast: {differs.en}"
    )
    consequence = Text(
        "每一张选票都照此拒收，也不能计票。", "Every further paper is refused alike, and nothing is counted."
    )
    remedy = Text(
        "请会同监督机构查明名册、票箱被谁改动，再由不同单位的两人在表决页作废并重新发起。",
        "Find out with the supervisors who changed roll or urn; then two people of different bodies make it void on its page.",
    )
    tx.incidents.open(
        IncidentRow(
            jurisdiction=row.jurisdiction, case_id=row.case_id, engine_id=f"ballot:{row.id}", element=row.element,
            kind="ballot", what=what.as_json(), consequence=consequence.as_json(), remedy=remedy.as_json(),
            detail=damage.code, since=desk.clock.now(), cause=f"ballot:{damage.code}",
        )
    )  # fmt: skip
    append_case_event(desk, tx, row.case_id, SYSTEM, "incident", what.zh, row.element, {"ballot": row.id})


def open_box(desk: Desk, tx: Transaction, ballot_id: int) -> Box:
    """Lock a ballot and return it while votes may be cast.

    Raises:
        NotFound, BallotClosed, Conflict: nothing can be cast.
    """
    row = tx.ballots.lock(ballot_id)
    if row.state != OPEN or (row.closes_at is not None and desk.clock.now() >= row.closes_at):
        raise BallotClosed(
            Text(
                f"“{row.title}”已经截止，选票没有投出。截止后任何人都不能再投票。",
                f"“{row.title}” is closed; your paper was not cast. Nobody can vote after the close.",
            )
        )
    if tx.cases.pick("status", id=row.case_id) != {"running"}:
        raise Conflict(
            Text(
                f"“{row.title}”所在的办件已暂停或结束，暂不能投票；选票没有投出。",
                f"The case of “{row.title}” is suspended or ended: nothing can be cast now.",
            )
        )
    return Box(row)


def voter_of(member: RollRow, recusals: Sequence[BallotRecusalRow]) -> Voter:
    """Return a member of the roll with what they are recused from."""
    out = frozenset(r.candidate for r in recusals if r.number == member.number)
    return Voter(member.number, member.name, member.weight, out, member.state != 0, hall=member.state == IN_HALL)


def roll_of(tx: Transaction, ballot_id: int) -> Roll:
    """Return the whole roll."""
    recusals = tx.ballot_recusals.select(ballot_id=ballot_id)
    return Roll(tuple(voter_of(m, recusals) for m in tx.rolls.select(ballot_id=ballot_id)))


def frozen_rules(parameters: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that make up the rules, as they stand now."""
    rule_values = {name: overrides[name] if name in overrides else parameters.get(name) for name in NAMES}
    return {name: value for name, value in rule_values.items() if value is not None}


def drop_keys(desk: Desk, box: str, names: tuple[str, ...]) -> None:
    """Destroy keys that are no longer in force."""
    # What is left is the row's old key, which the next cast drops, or was never used: the count destroys all.
    with suppress(OSError, KeyFolderGone):
        urns_of(desk).drop(box, tuple(name for name in names if name))
