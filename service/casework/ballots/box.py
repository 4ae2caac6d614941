"""A stored ballot read back into rules, agenda, roll and urn, and papers put into the urn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.domain.ballots import (
    NAMES,
    Agenda,
    Candidate,
    Handful,
    Question,
    Roll,
    Rules,
    UrnShape,
    Voter,
    cells_of,
    read_agenda,
    read_candidate,
    read_rules,
)
from service.domain.errors import Conflict, LaurelError
from service.domain.text import Text
from service.keys.errors import KeyServiceAway
from service.keys.urns import FreshKey, StoredUrn, demand_whole
from service.store import KeyFolderGone, Transaction, Unreachable
from service.store.repositories.ballots import IN_HALL
from service.store.rows import BallotRecusalRow, BallotRow, RollRow

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
def fresh_key(desk: Desk, row: BallotRow) -> Iterator[FreshKey]:
    """Make the key of the urn's next version before anything is locked; a refusal takes it away again.

    Any other failure leaves it, a database that went away among them: the commit may have gone through, and then it is
    the only key. A ballot by name has none.
    """
    fresh = urns_of(desk).prepare(row.box) if row.urn is not None else FreshKey("")
    try:
        yield fresh
    except Unreachable:
        raise
    except LaurelError:
        drop_keys(desk, row.box, (fresh.name,))
        raise


def stored_urn(box: Box) -> StoredUrn | None:
    """Return the urn as it stands; None where papers are not secret, and after the count."""
    row = box.row
    if row.urn is None or row.key_name is None:
        return None
    return StoredUrn(row.urn, box.shape, row.key_name, row.closes_at)


def put_in(desk: Desk, tx: Transaction, box: Box, handful: Handful, fresh: FreshKey) -> None:
    """Put papers into the urn of a locked ballot, shuffled and sealed again; older keys are destroyed after the commit.

    The roll bears the marks of these papers already: marks, papers and the count of papers must agree.

    Raises:
        UrnDamaged: the urn cannot be opened.
        BoxMismatch: it does not hold one paper for every mark on the roll.
    """
    row, fresh_papers = box.row, handful.valid + handful.spoiled
    demand_whole(row.cast, tx.ballots.marked_weight(row.id) - fresh_papers)
    changes: dict[str, Any] = {"cast": row.cast + fresh_papers}
    if urn := stored_urn(box):
        cells = cells_of(handful.slips, replace(box.shape, papers_key=fresh.papers_key))
        changes["urn"] = urns_of(desk).cast(urn, fresh.name, replace(handful, cells=cells), row.cast)
        changes |= {"key_name": fresh.name, "old_key": row.key_name}
        stale = tuple(name for name in (row.key_name, row.old_key) if name)
        tx.after_commit(lambda: drop_keys(desk, row.box, stale))
    tx.ballots.update(row.id, **changes)


def open_box(desk: Desk, tx: Transaction, ballot_id: int) -> Box:
    """Lock a ballot and return it while votes may be cast; raises NotFound, BallotClosed, Conflict."""
    row = tx.ballots.lock(ballot_id)
    if row.state != OPEN or (row.closes_at is not None and desk.clock.now() >= row.closes_at):
        raise BallotClosed(
            Text(
                f"“{row.title}”已经截止，选票没有投出。截止后任何人都不能再投票。",
                f"“{row.title}” is closed; your paper was not cast. Nobody can vote after the close.",
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
    with suppress(OSError, KeyFolderGone, KeyServiceAway):
        urns_of(desk).drop(box, tuple(name for name in names if name))
