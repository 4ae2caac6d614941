"""A stored ballot read back into rules, agenda, roll and urn, and papers put into the urn."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.desk.urns import StoredUrn, require_whole, urns_of
from service.casework.step.history import note
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
from service.store.repositories.review.ballots import IN_HALL, NOT_VOTED
from service.store.rows import BallotRecusalRow, BallotRow, IncidentRow, RollRow

OPEN, CLOSED, COUNTED, VOID = "open", "closed", "counted", "void"
"""States of a ballot."""
STOPPED = "stopped"
"""Under it a running ballot says why it takes no paper any more (`BallotRow.after`)."""
STOPPED_FOR = "stopped_for"
"""Under it, in both languages, what differed then: once somebody agreed, what was found stays readable."""
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
    told = json.dumps([rules, candidates, agenda, places], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def put_in(desk: Desk, tx: Transaction, box: Box, handful: Handful, fresh: str, numbers: Collection[int]) -> None:
    """Put papers into the urn of a locked ballot, shuffled and sealed again; older keys are destroyed after the commit.

    The roll bears the marks of these papers (of places ``numbers``) already: marks, papers and the count of papers must
    agree, and the marks before must be those beside which the urn was sealed.

    Raises:
        UrnDamaged: the urn cannot be opened, or roll, rules or candidates are not those it was sealed beside.
        BoxMismatch: it does not hold one paper for every mark on the roll.
    """
    row, roll = box.row, tx.ballots.roll(box.row.id)
    before = [replace(m, state=NOT_VOTED) if m.number in numbers else m for m in roll]
    demand_marked(box, before)
    demand_named(box, roll)
    changes: dict[str, Any] = {"cast": row.cast + handful.valid + handful.spoiled}
    if urn := stored_urn(box, before):
        changes["urn"] = urns_of(desk).cast(urn, fresh, handful, row.cast, bound_to(row, roll))
        changes |= {"key_name": fresh, "old_key": row.key_name}
        stale = tuple(name for name in (row.key_name, row.old_key) if name)
        tx.after_commit(lambda: drop_keys(desk, row.box, stale))
    tx.ballots.update(row.id, **changes)


def demand_marked(box: Box, roll: Sequence[RollRow]) -> None:
    """Raise BoxMismatch where the papers counted are not as many as the marks on ``roll`` stand for."""
    require_whole(box.row.cast, sum(m.weight for m in roll if m.state != NOT_VOTED))


def demand_named(box: Box, roll: Sequence[RollRow]) -> None:
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
def stopping(desk: Desk, row: BallotRow) -> Iterator[None]:
    """Stop the ballot and report an incident where roll, urn and receipts do not agree; what was begun is undone before."""
    try:
        yield
    except (BoxMismatch, UrnDamaged) as found:
        with desk.store.write() as tx:
            tx.cases.lock(row.case_id)
            now = tx.ballots.lock(row.id)
            if now.state == OPEN and not is_stopped(now):
                differs = found.found if isinstance(found, BoxMismatch) else found.message
                tx.ballots.update(row.id, after={**(now.after or {}), **why_stopped(found.code, differs)})
                _report(desk, tx, now, found)
        raise


def why_stopped(code: str, differs: Text) -> dict[str, Any]:
    """Return what a stopped ballot says of why it was stopped."""
    return {STOPPED: code, STOPPED_FOR: differs.as_json()}


def is_stopped(row: BallotRow) -> bool:
    """Return whether papers are refused because something did not agree."""
    return row.state == OPEN and bool(row.after) and STOPPED in row.after


def _report(desk: Desk, tx: Transaction, row: BallotRow, found: LaurelError) -> None:
    differs = Text(f"{found.found.zh}。", f"{found.found.en}.") if isinstance(found, BoxMismatch) else found.message
    what = Text(f"表决“{row.title}”已停止：{differs.zh}", f"“{row.title}” was stopped: {differs.en}")
    consequence = Text("不再接受选票。", "No further paper is taken.")
    remedy = Text(
        "请会同监督机构查明名册、票箱被谁改动；监督机构在表决页同意作废后，在办件的“干预—表决作废并重新发起”中办理。",
        "Find out with the supervisors who changed roll or urn; once they agreed on the ballot's page, make it void and call it"
        " anew among the interventions in its case.",
    )
    tx.incidents.open(
        IncidentRow(
            jurisdiction=row.jurisdiction, case_id=row.case_id, engine_id=f"ballot:{row.id}", element=row.element,
            kind="ballot", what=what.as_json(), consequence=consequence.as_json(), remedy=remedy.as_json(),
            detail=found.code, since=desk.clock.now(), cause=f"ballot:{found.code}",
        )
    )  # fmt: skip
    note(desk, tx, row.case_id, SYSTEM, "incident", what.zh, row.element, {"ballot": row.id})


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
    if is_stopped(row):
        raise BallotClosed(
            Text(
                f"“{row.title}”因名册与票箱不符已经停止，选票没有投出。监督机构查明后会重新发起表决。",
                f"“{row.title}” was stopped, for roll and box do not agree; nothing was cast. It will be called anew.",
            )
        )
    if tx.ballots.case_status(ballot_id) != "running":
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
    recusals = tx.ballots.recusals(ballot_id)
    return Roll(tuple(voter_of(m, recusals) for m in tx.ballots.roll(ballot_id)))


def frozen_rules(parameters: Mapping[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    """Return the parameters that make up the rules, as they stand now."""
    known = {name: overrides[name] if name in overrides else parameters.get(name) for name in NAMES}
    return {name: value for name, value in known.items() if value is not None}


def drop_keys(desk: Desk, box: str, names: tuple[str, ...]) -> None:
    """Destroy keys that are no longer in force."""
    # What is left is the row's old key, which the next cast drops, or was never used: the count destroys all.
    with suppress(OSError, KeyFolderGone):
        urns_of(desk).drop(box, tuple(name for name in names if name))
