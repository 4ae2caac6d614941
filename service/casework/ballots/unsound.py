"""Whether a ballot that is not counted is past help: the program stopped it, or its count could only be refused."""

from __future__ import annotations

from service.casework.ballots.agreeing import OlderUrn, demand_agreeing
from service.casework.ballots.box import CLOSED, OPEN, STOPPED, Box
from service.casework.desk.belonging import keys_are_missing
from service.casework.desk.desk import Desk
from service.domain.ballots import BoxMismatch, UrnDamaged
from service.domain.text import Text
from service.store import KeyFolderGone, KeyLost, Transaction
from service.store.rows import BallotRow


def unsound(desk: Desk, tx: Transaction, row: BallotRow) -> tuple[str, Text] | None:
    """Return a code and a sentence for what makes a ballot one that can never be counted; None where it goes on.

    Of an urn only how many papers it holds is asked.

    Raises:
        KeyFolderGone, KeyServiceAway, KeyServiceRefused, NotReleased: whether its key is lost cannot be known now.
    """
    if row.state not in (OPEN, CLOSED):
        return None
    if row.after and STOPPED in row.after:
        return str(row.after[STOPPED]), _stopped(str(row.after[STOPPED]))
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
    except OlderUrn:  # the next cast may heal it
        return None
    return None


def _stopped(code: str) -> Text:
    if code == KeyLost.code:
        return Text("票箱的密钥已经丢失，谁也打不开", "the key of its urn is lost, so that nobody can open it")
    return Text("名册、票箱或者回执不符", "roll, urn or receipts do not agree")
