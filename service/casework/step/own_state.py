"""The stored state of a case is the one that the program saved last; another is refused."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.altered_state import StateAltered
from service.casework.desk.desk import Desk
from service.store import Transaction, is_sealed, name_of_row
from service.store.rows import CaseRow
from service.store.state_seal import STATE, digest_of_state, is_own_state


def demand_own_state(desk: Desk, tx: Transaction, case: CaseRow) -> None:
    """Raise StateAltered where somebody else wrote the state of a locked case, or put an older one back."""
    if not is_trusted(desk, tx, case):
        raise StateAltered(case)


def is_trusted(desk: Desk, tx: Transaction, case: CaseRow) -> bool:
    """Return whether the program saved the state of a locked case last; True where no key of digests is kept.

    A case without a fitting seal is looked up in its history and in the book. What was saved before there were seals, or
    under a key that was lost since, has no digest of its state under this key there, and goes on if its history holds.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None or case.audit_seq == 0 or is_own_state(key, case):
        return True
    told = _newest_digest(desk, tx, key, case.id)
    own = told is None or told == digest_of_state(key, case.id, case.state)
    return own and tx.history.verify(case.id) is None


def _newest_digest(desk: Desk, tx: Transaction, key: bytes, case_id: int) -> str | None:
    name, found = name_of_row("case_instance", (case_id,)), dict[datetime, str]()
    for entry in (*tx.digests.told_of([case_id]), *desk.store.booked.told_of(tx.digests, [name])):
        digest = (entry.told.get("rows", {}).get(name) or {}).get(STATE)
        if digest is not None and is_sealed(key, entry.at, entry.told):
            found[entry.at] = digest
    return found[max(found)] if found else None
