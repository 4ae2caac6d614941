"""Whether a ballot that is not counted is past help: the program stopped it, or its count could only be refused."""

from __future__ import annotations

from service.casework.ballots.agreeing import demand_agreeing
from service.casework.ballots.box import CLOSED, OPEN, STOPPED, STOPPED_FOR, Box
from service.casework.desk.belonging import keys_are_missing
from service.casework.desk.desk import Desk
from service.domain.ballots import BoxMismatch, UrnDamaged
from service.domain.errors import Conflict, LaurelError
from service.domain.text import Text, text_of
from service.store import KeyFolderGone, KeyLost, Transaction
from service.store.rows import BallotRow


def unsound(desk: Desk, tx: Transaction, row: BallotRow) -> tuple[str, Text] | None:
    """Return a code and a sentence for what makes a ballot one that can never be counted; None where it goes on.

    Of an urn only how many papers it holds is asked.

    Raises:
        KeyFolderGone: whether its key is lost cannot be known now.
    """
    if row.state not in (OPEN, CLOSED):
        return None
    if row.after and STOPPED in row.after:
        code, told = str(row.after[STOPPED]), row.after.get(STOPPED_FOR)
        return code, text_of(told) if told else _stopped(code)
    if keys_are_missing(desk):
        raise KeyFolderGone
    try:
        demand_agreeing(desk, tx, Box(row))
    except BoxMismatch as found:
        return found.code, found.found
    except UrnDamaged as found:
        return found.code, found.message
    except KeyLost as found:
        return found.code, _stopped(found.code)
    return None


def told_now(desk: Desk, tx: Transaction, row: BallotRow, what: Text) -> Text:
    """Return ``what`` a ballot was stopped for, and whether it was put back meanwhile: somebody may want another vote."""
    if not row.after or STOPPED not in row.after or keys_are_missing(desk):
        return what
    try:
        demand_agreeing(desk, tx, Box(row))
    except LaurelError:  # it disagrees still, or its key is away
        return what
    return Text(
        f"{what.zh}（现在核对已经相符：有人改动以后又改了回来，请先查明是谁、为了什么）",
        f"{what.en} (they agree now: somebody changed it and put it back; find out first who did, and what for)",
    )


def demand_not_stopped(row: BallotRow) -> None:
    """Raise Conflict where the program stopped a ballot before everybody could vote, whatever was put back since."""
    if row.after and STOPPED in row.after:
        raise Conflict(
            Text(
                f"“{row.title}”没有投完就已停止，不能计票。请监督机构在表决页同意作废，再由系统管理员在“干预”中作废并重新发起。",
                f"“{row.title}” was stopped before everybody could vote and is not counted. Once supervision agreed on its"
                " page, the system administrator makes it void and calls it anew among the interventions.",
            )
        )


def _stopped(code: str) -> Text:
    if code == KeyLost.code:
        return Text("票箱的密钥已经丢失，谁也打不开", "the key of its urn is lost, so that nobody can open it")
    return Text("名册、票箱或者回执不符", "roll, urn or receipts do not agree")
