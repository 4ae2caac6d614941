"""Every ballot that is not counted: marks on the roll, papers in the urn and receipts agree, as at each cast and count.

How many papers there are is all that is asked of an urn: nothing of what they say, and nothing of who cast which.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from service.casework.access.altered_state import RowAltered
from service.casework.ballots.agreeing import demand_agreeing
from service.casework.ballots.box import CLOSED, OPEN, Box, demand_ballot_as_recorded, stopping
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import crashed
from service.casework.soundness.fault import Underway, Unsound
from service.domain.ballots import BoxMismatch, UrnDamaged
from service.domain.proof.row_mark import MarkMatter, RowMark
from service.domain.text import Text
from service.store import KeyFolderGone, KeyLost, Transaction
from service.store.rows import BallotRow

BALLOTS = Text("进行中的表决", "Running ballots")
_LEFT = (RowAltered, KeyLost, KeyFolderGone)
"""With these no ballot is stopped: rows are put back, or a key comes back."""


@dataclass(frozen=True, slots=True)
class ComparedBallots:
    """What comparing every running ballot found: those that do not agree, and which could not be compared."""

    looked_at: int
    marks: list[RowMark]
    not_compared: list[Text]


def running_ballots(desk: Desk) -> Iterator[int | Underway | Unsound]:
    """Compare each; nothing is written."""
    found = compare_ballots(desk)
    yield found.looked_at
    for said in found.not_compared:
        yield Underway(said)
    for mark in found.marks:
        remedy = mark.matter.remedy
        yield Unsound(BALLOTS, Text(f"{mark.zh}；{remedy.zh}", f"{mark.en}; {remedy.en}"))


def stop_disagreeing(desk: Desk) -> ComparedBallots:
    """Compare each, and stop those whose next cast would stop them, with the incident that it would open."""
    found = compare_ballots(desk)
    for mark in found.marks:
        with suppress(BoxMismatch, UrnDamaged, *_LEFT):  # ``found`` tells it
            _stop(desk, int(mark.row))
    return found


def compare_ballots(desk: Desk) -> ComparedBallots:
    """Compare every ballot that is open, or closed and not counted; what seems wrong once more while nobody may cast."""
    with desk.store.read() as tx:
        rows = tx.ballots.uncounted()
    found = ComparedBallots(len(rows), [], [])
    for row in rows:
        said = _looked_at(desk, row.id)
        if isinstance(said, RowMark):
            said = _held_still(desk, row.id)
        if isinstance(said, RowMark):
            found.marks.append(said)
        elif said is not None:
            found.not_compared.append(said)
    return found


def _looked_at(desk: Desk, ballot_id: int) -> Text | None:
    with desk.store.read() as tx:
        return _said(desk, tx, tx.ballots.get(ballot_id))


def _held_still(desk: Desk, ballot_id: int) -> Text | None:
    with desk.store.write() as tx:
        return _said(desk, tx, tx.ballots.lock(ballot_id))


def _said(desk: Desk, tx: Transaction, row: BallotRow) -> Text | None:
    """Return what does not agree, as a `RowMark`, or why a ballot could not be compared; None where all agrees or it is over."""
    if row.state not in (OPEN, CLOSED):
        return None
    try:
        demand_agreeing(desk, tx, Box(row))
    except KeyFolderGone as away:
        return Text(
            f"表决{row.id}（办件{row.case_id}）没有核对：{away.message.zh}",
            f"ballot {row.id} (case {row.case_id}) was not compared: {away.message.en}",
        )
    except BoxMismatch as found:
        return _mark(row, found.found)
    except (UrnDamaged, KeyLost) as found:
        return _mark(row, found.message)
    except Exception as error:  # rules or candidates that nobody can read any more; the other ballots are looked at
        return _mark(row, crashed("读不出", "it cannot be read", error))
    return None


def _mark(row: BallotRow, found: Text) -> RowMark:
    zh, en = found.zh.rstrip("。"), found.en.rstrip(".")
    return RowMark(
        f"表决{row.id}（办件{row.case_id}）{zh}",
        f"ballot {row.id} (case {row.case_id}): {en}",
        table="ballot",
        row=f"{row.id}",
        matter=MarkMatter.DISAGREES,
    )


def _stop(desk: Desk, ballot_id: int) -> None:
    """Stop a ballot whose rows are as recorded; where they are not, it goes on once these are put back."""
    with desk.store.read() as tx:
        row = tx.ballots.get(ballot_id)
    with stopping(desk, row), desk.store.write() as tx:
        now = tx.ballots.lock(ballot_id)
        demand_ballot_as_recorded(desk, tx, now)
        demand_agreeing(desk, tx, Box(now))
