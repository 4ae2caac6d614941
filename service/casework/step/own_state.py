"""The stored state of a case is the one that the program saved last; another is refused."""

from __future__ import annotations

from service.casework.access.altered_state import StateAltered
from service.store import Transaction, is_sealed, name_of_row
from service.store.rows import CaseRow
from service.store.state_seal import STATE, digest_of_state, is_own_state


def demand_own_state(tx: Transaction, case: CaseRow) -> None:
    """Raise StateAltered where somebody else wrote the state of a locked case, or put an older one back."""
    if not is_trusted(tx, case):
        raise StateAltered(case)


def is_trusted(tx: Transaction, case: CaseRow) -> bool:
    """Return whether the program saved the state of a locked case last; True where no key of digests is kept.

    A case without a fitting seal is looked up in its history: one that was saved before there were seals has no digest
    of its state there, and goes on.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None or case.audit_seq == 0 or is_own_state(key, case):
        return True
    told = _newest_digest(tx, key, case.id)
    own = case.state_seal is None if told is None else told == digest_of_state(key, case.id, case.state)
    return own and tx.history.verify(case.id) is None


def _newest_digest(tx: Transaction, key: bytes, case_id: int) -> str | None:
    name, found = name_of_row("case_instance", (case_id,)), None
    for entry in tx.digests.told_of([case_id]):
        if is_sealed(key, entry.at, entry.told):
            found = (entry.told["rows"].get(name) or {}).get(STATE, found)
    return found
