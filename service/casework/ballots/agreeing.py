"""Whether a running ballot agrees: marks on the roll, papers in the urn or by name, the key of receipts."""

from __future__ import annotations

from service.casework.ballots.box import Box, demand_marked, demand_named, stored_urn
from service.casework.desk.desk import Desk
from service.casework.desk.urns import require_whole, urns_of
from service.domain.ballots import BoxMismatch, ForgedReceipt, Receipt, check_receipt
from service.domain.text import Text
from service.store import Transaction

_NOBODY = 0
"""A place on the roll that nobody has: a receipt for it shows the key of receipts and proves nothing of anybody."""


def demand_agreeing(desk: Desk, tx: Transaction, box: Box) -> None:
    """Raise unless marks, the count of papers, the papers themselves and the key of receipts agree, as at a cast.

    Nothing of what a paper says is asked for, nor whose it is.

    Raises:
        BoxMismatch, UrnDamaged: a cast would be refused, and stop the ballot.
        KeyLost: the key of the urn, or of the receipts, is not there.
        KeyFolderGone: it cannot be compared now.
    """
    roll = tx.ballots.roll(box.row.id)
    demand_marked(box, roll)
    demand_named(box, roll)
    if urn := stored_urn(box, roll):
        require_whole(urns_of(desk).count_papers(urn), box.row.cast)
    demand_true(urns_of(desk).get_receipts(box.row.box, (_NOBODY,))[0], box)


def demand_true(receipt: Receipt, box: Box) -> None:
    """Raise BoxMismatch where the key on record is not that of the receipts: nobody could prove anything by them."""
    try:
        check_receipt(receipt.text, box.row.public_key, box.row.box)
    except ForgedReceipt:
        raise BoxMismatch(
            Text(
                "回执公钥与签发回执的密钥不符，表决的登记被改动。选票没有投出，请立即报告监督机构。",
                "The key on record is not the one that signs receipts: the record was changed. Nothing was cast: report it.",
            ),
            Text(
                "回执公钥与签发回执的密钥不符，表决的登记被改动",
                "the key on record is not the one that signs receipts: the record was changed",
            ),
        ) from None
