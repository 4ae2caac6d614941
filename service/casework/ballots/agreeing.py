"""Whether a running ballot agrees: marks on the roll, papers in the urn or by name, the key of receipts, its keeper's notes."""

from __future__ import annotations

from service.casework.ballots.box import Box, demand_marked, demand_named, stored_urn
from service.casework.desk.desk import Desk
from service.casework.desk.urns import urns_of
from service.domain.ballots import BoxMismatch, ForgedReceipt, Receipt, check_receipt
from service.domain.errors import Conflict
from service.domain.text import Text
from service.keys.urns import UrnLook, demand_whole
from service.store import Transaction

_NOBODY = 0
"""A place on the roll that nobody has: a receipt for it shows the key of receipts and proves nothing of anybody."""


class OlderUrn(Conflict):
    """What the key service noted of the urn that it sealed last is not what the database holds; no cast is refused for it."""

    code = "older_urn"


def demand_agreeing(desk: Desk, tx: Transaction, box: Box) -> None:
    """Raise unless marks, the count of papers, the papers themselves and the key of receipts agree, as at a cast.

    Nothing of what a paper says is asked for, nor whose it is.

    Raises:
        BoxMismatch, UrnDamaged: a cast would be refused, and stop the ballot.
        OlderUrn: the key service sealed a newer version of the urn, or one of more or fewer papers.
        KeyLost: the key of the urn, or of the receipts, is not there.
        KeyServiceAway, KeyServiceRefused, KeyFolderGone: it cannot be compared now.
    """
    roll = tx.ballots.roll(box.row.id)
    demand_marked(box, roll)
    demand_named(box, roll)
    if urn := stored_urn(box, roll):
        look = urns_of(desk).look(urn)
        demand_whole(look.papers, box.row.cast)
        _demand_newest(look)
    demand_true(urns_of(desk).receipts(box.row.box, (_NOBODY,))[0], box)


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


def _demand_newest(look: UrnLook) -> None:
    if not look.newest:
        raise OlderUrn(
            Text(
                "密钥服务封存过较新的票箱，数据库中的是前一个：最后一次投票在写入数据库以前中断，或者数据库此后被恢复、改动过",
                "the key service has sealed a newer urn than the one in the database: the last cast broke off before it was"
                " written, or the database was put back or changed since",
            )
        )
    if look.noted not in (None, look.papers):
        raise OlderUrn(
            Text(
                f"密钥服务记载最后封存的票箱有{look.noted}票，数据库中的票箱有{look.papers}票",
                f"the key service noted {look.noted} papers in the urn that it sealed last, and the one in the database holds"
                f" {look.papers}",
            )
        )
