"""The bundle of a sealed season is the one that was sealed here: signed with our key, and bound into its round's chain."""

from __future__ import annotations

import json

from service.casework.desk.desk import Desk
from service.casework.records.signed_heads import FORMER_KEY, own_keys
from service.domain.errors import Conflict, LaurelError
from service.domain.proof.sealed_bundle import MANIFEST, SEAL, read_signed, told_digest
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import SealedSeasonRow


def signing_key(desk: Desk) -> str:
    """Return the public key of the folder of keys that bundles are signed with from now on; "" where there is none."""
    return own_keys(desk).by(desk.premises.signature)


def wrong_bundle(desk: Desk, tx: Transaction, row: SealedSeasonRow) -> Text | None:
    """Return how the bundle of a row is not the one that was sealed here; None where it is."""
    try:
        with desk.store.files.open(row.sha256) as stream:
            files = read_signed(stream.read(), own_keys(desk))
    except LaurelError as error:
        return error.message
    except (OSError, ValueError):
        return Text(
            f"的文件不是本系统的密钥签名的{FORMER_KEY.zh}",
            f"is not signed with the key of this installation{FORMER_KEY.en}",
        )
    digest, seal, about = told_digest(files), json.loads(files[SEAL]), json.loads(files[MANIFEST])
    stands = tx.history.of_case(row.case_id, limit=1, before=int(seal["seq"]) + 1)
    bound = [(event.seq, event.hash) for event in stands] == [(seal["seq"], seal["hash"])]
    same = (about["round"], seal["data"], row.content) == (row.case_id, {"content": digest}, digest)
    if bound and same:
        return None
    return Text("的内容摘要不在该届的记录链中", "holds other content than stands in the chain of its round")


def demand_own_bundle(desk: Desk, tx: Transaction, row: SealedSeasonRow) -> None:
    """Raise Conflict unless the bundle of a row is the one that was sealed here."""
    wrong = wrong_bundle(desk, tx, row)
    if wrong is not None:
        raise Conflict(
            Text(
                f"封存 {row.id}“{row.title}”{wrong.zh}，不予提供；请管理员运行 laurel doctor --deep 查明。",
                f"Bundle {row.id} of “{row.title}” {wrong.en} and is not handed out: have an administrator run laurel doctor --deep.",
            )
        )
