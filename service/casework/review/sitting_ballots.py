"""The ballots that are taken in a sitting, and that none is forgotten where its sitting ends before the count."""

from __future__ import annotations

from service.casework.ballots.box import CLOSED, OPEN
from service.domain.calendar import local_date
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BallotRow, SittingRow


def of_sitting(row: SittingRow, ballot: BallotRow) -> bool:
    """Return whether a ballot belongs to a sitting: opened on its day, or before it and not closed when it began."""
    opened, day = local_date(ballot.opened_at), local_date(row.starts_at)
    return opened == day or (opened < day and (ballot.closes_at is None or ballot.closes_at >= row.starts_at))


def is_uncounted(ballot: BallotRow) -> bool:
    """Return whether a ballot is still to come to something: people vote in it, or it is to be counted."""
    return ballot.state in (OPEN, CLOSED)


def require_counted(tx: Transaction, row: SittingRow) -> None:
    """Raise Invalid where a ballot of a sitting is not counted, naming each and how far it is."""
    uncounted = [
        ballot for ballot in tx.ballots.select(case_id=row.case_id) if of_sitting(row, ballot) and is_uncounted(ballot)
    ]
    if not uncounted:
        return
    zh = "；".join(f"“{ballot.title}”应投{ballot.issued}票、已投{ballot.cast}票" for ballot in uncounted)
    en = "; ".join(f"“{ballot.title}” has {ballot.cast} of {ballot.issued} papers" for ballot in uncounted)
    raise Invalid(
        Text(
            f"表决还没有计票：{zh}。请等计票以后再办；确要现在结束或取消会议的，请勾选“表决尚未计票，仍要办理”。",
            f"Not counted yet: {en}. Wait for the count, or say that you end the sitting although it is not counted.",
        )
    )
