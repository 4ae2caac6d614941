"""The stored state of a case is the one that the program saved last; another is refused."""

from __future__ import annotations

from datetime import datetime

from service.casework.access.altered_state import StateAltered
from service.casework.desk.desk import Desk
from service.casework.desk.seals import is_sealed_gap
from service.domain.anchor import ChainHead
from service.store import Transaction, is_sealed, name_of_row
from service.store.rows import CaseRow
from service.store.state_seal import STATE, STATES_WHOLE, digest_of_state, is_own_state


def demand_own_state(desk: Desk, tx: Transaction, case: CaseRow) -> None:
    """Raise StateAltered where somebody else wrote the state of a locked case, or put an older one back."""
    if not is_trusted(desk, tx, case):
        raise StateAltered(case)


def is_trusted(desk: Desk, tx: Transaction, case: CaseRow) -> bool:
    """Return whether the program saved the state of a locked case last; True where no key of digests is kept.

    One that was seen further than it stands was put back. A case without a fitting seal is looked up in its history and
    in the book; one without a digest there goes on only where this unit of work began it, or until the states of a program
    before, or of a key that was lost, are on record.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None:
        return True
    if _went_back(desk, tx, case):
        return False
    if is_own_state(key, case) or _begins(tx, case):
        return True
    if not _is_on_record(desk, tx, key, case):
        desk.store.booked.forget()  # what was remembered may be of a database that was restored since
        if not _is_on_record(desk, tx, key, case):
            return False
    return tx.history.verify(case.id) is None and not _went_back(desk, tx, case, looked_up=True)


def _went_back(desk: Desk, tx: Transaction, case: CaseRow, *, looked_up: bool = False) -> bool:
    """Return whether a history ends before where it was seen, or goes on otherwise than from there.

    Where it is longer, only what is ``looked_up`` says whether it goes on from there. A restore explains it, and so does
    a case that was accepted since.
    """
    seals = desk.store.seals
    head = seals.heads.of_case(case.id) if seals is not None else None
    if seals is None or head is None or (case.audit_seq, case.audit_hash) == (head.seq, head.hash):
        return False
    if case.audit_seq > head.seq and (
        not looked_up or not tx.anchors.not_found([ChainHead(f"case {case.id}", head.seq, head.hash)])
    ):
        return False
    restored = (r for r in tx.epochs.every() if r.saved_at <= head.at <= r.begun_at)
    return not seals.heads.is_accepted_since(case.id, head) and not any(is_sealed_gap(desk, r) for r in restored)


def is_untold(desk: Desk, tx: Transaction, case: CaseRow) -> bool:
    """Return whether nothing says of a locked case that the program saved its state: no seal, no history, no book.

    While an older program may go on, what is said of another state says nothing.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None or is_own_state(key, case):
        return False
    told = _newest_digest(desk, tx, key, case.id)
    return told is None or (_may_be_older(desk) and told != digest_of_state(key, case.id, case.state))


def _begins(tx: Transaction, case: CaseRow) -> bool:
    begun = tx.written.begun if tx.written is not None else ()
    return case.audit_seq == 0 and name_of_row("case_instance", (case.id,)) in begun


def _is_on_record(desk: Desk, tx: Transaction, key: bytes, case: CaseRow) -> bool:
    told = _newest_digest(desk, tx, key, case.id)
    if told is None:
        return desk.ballot_keys.known_secret(STATES_WHOLE) is None
    return told == digest_of_state(key, case.id, case.state) or _may_be_older(desk)


def _may_be_older(desk: Desk) -> bool:
    """Return whether a process of an older program may go on beside this one, which records no state that it saves."""
    seals, whole = desk.store.seals, desk.ballot_keys.known_secret(STATES_WHOLE)
    return whole is None and seals is not None and seals.first_sealed_at() is not None


def _newest_digest(desk: Desk, tx: Transaction, key: bytes, case_id: int) -> str | None:
    name, found = name_of_row("case_instance", (case_id,)), dict[datetime, str]()
    for entry in (*tx.digests.told_of([case_id]), *desk.store.booked.told_of(tx.digests, [name])):
        digest = (entry.told.get("rows", {}).get(name) or {}).get(STATE)
        if digest is not None and is_sealed(key, entry.at, entry.told):
            found[entry.at] = digest
    return found[max(found)] if found else None
