"""The seal of a case's stored state: who has the database alone can write no state, nor put an older one back.

It binds the state to its case, and both to the newest entry of its history. The digest of the state is the one that the
history holds of it.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping

import sqlalchemy as sa

from service.store.prepared import fetch
from service.store.rows.cases import CaseRow, case
from service.store.written import Written, digest_of, name_of_row

STATE = "state"
STATES_WHOLE = "states-whole"
"""Name of the secret that is there once the states of a program before are on record: from then on each must be."""
_MARK = 12
"""Characters of a digest."""
_SEALED = sa.select(case.c.audit_seq, case.c.audit_hash, case.c.state_seal).where(case.c.id == sa.bindparam("case"))


def digest_of_state(key: bytes, case_id: int, state: object) -> str:
    """Return the digest of a state (bytes, or what stands for them) as histories hold it."""
    return digest_of(key, name_of_row("case_instance", (case_id,)), STATE, state)


def seal_of_state(key: bytes, case_id: int, digest: str, seq: object, head: object) -> str:
    """Return the seal of a state with this ``digest`` at entry ``seq`` of the history, whose hash is ``head``."""
    bound = digest_of(key, name_of_row("case_instance", (case_id,)), "state_seal", f"{digest} {seq} {head}")
    return f"{digest}{bound}"


def moved_seal(
    key: bytes, case_id: int, seal: str | None, before: tuple[object, object], now: tuple[object, object]
) -> str | None:
    """Return the seal of the same state where the history went from one head (number, hash) to another.

    One that did not fit before is left as it is: it must not come to fit.
    """
    if seal is None or not hmac.compare_digest(seal, seal_of_state(key, case_id, seal[:_MARK], *before)):
        return seal
    return seal_of_state(key, case_id, seal[:_MARK], *now)


def is_own_state(key: bytes, row: CaseRow) -> bool:
    """Return whether who has the ``key`` stored this state, at the entry at which the history ends."""
    digest = digest_of_state(key, row.id, row.state)
    own = seal_of_state(key, row.id, digest, row.audit_seq, row.audit_hash)
    return hmac.compare_digest(row.state_seal or "", own)


def resealed(
    connection: sa.Connection, written: Written | None, case_id: int, changes: Mapping[str, object]
) -> Mapping[str, str]:
    """Return the column that changes with the state of a case or with the head of its history; nothing with neither."""
    if written is None or written.key is None or not {STATE, "audit_hash"} & {*changes}:
        return {}
    key = written.key()
    digest = digest_of_state(key, case_id, changes[STATE]) if STATE in changes else None
    if digest is not None and "audit_hash" in changes:
        return {"state_seal": seal_of_state(key, case_id, digest, changes["audit_seq"], changes["audit_hash"])}
    seq, head, kept = fetch(connection, _SEALED, {"case": case_id})[1][0]
    if digest is not None:
        return {"state_seal": seal_of_state(key, case_id, digest, seq, head)}
    moved = moved_seal(key, case_id, kept, (seq, head), (changes["audit_seq"], changes["audit_hash"]))
    return {} if moved is None else {"state_seal": moved}
