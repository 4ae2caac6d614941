"""The stored state and row of a case are those that the program saved last; others are refused."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from service.casework.access.altered_state import StateAltered
from service.casework.desk.desk import Desk
from service.casework.desk.seals import is_sealed_gap
from service.domain.proof.anchor import ChainHead
from service.store import Transaction, digest_of, is_sealed, name_of_row
from service.store.rows import CaseRow
from service.store.seals.state_seal import (
    STATE,
    STATES_WHOLE,
    bound_columns,
    digest_of_state,
    is_own_case,
    is_own_row,
    seal_of_case,
)


def demand_own_state(desk: Desk, tx: Transaction, case: CaseRow) -> None:
    """Raise StateAltered where somebody else wrote state or row of a locked case, or put an older one back."""
    columns = altered_columns(desk, tx, case)
    if columns:
        raise StateAltered(case, columns)


def demand_own_cases(desk: Desk, tx: Transaction, rows: Iterable[CaseRow]) -> None:
    """Raise StateAltered where somebody else wrote the row of a case that is read beside the locked one, its state left out.

    The seals of the rows say so without a question to the database; what bears none of today is looked up once in a process
    for each version of the case.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None:
        return
    sound = desk.store.booked.sound
    for row in rows:
        back = _went_back(desk, tx, row)
        if not back and is_own_row(key, row):
            continue
        mark = row.version, seal_of_case(key, replace(row, state=b"", state_seal=None))
        if back or sound.get(row.id) != mark:
            demand_own_unlocked(desk, tx, row.id)
            sound[row.id] = mark


def demand_own_unlocked(desk: Desk, tx: Transaction, case_id: int) -> None:
    """Raise StateAltered where somebody else wrote state or row of a case that others may be moving meanwhile."""
    case = tx.cases.get(case_id)
    while columns := altered_columns(desk, tx, case):
        before, case = case, tx.cases.get(case_id)
        if case == before:  # what another process wrote between two questions is looked at again
            raise StateAltered(case, columns)


def altered_columns(desk: Desk, tx: Transaction, case: CaseRow) -> tuple[str, ...]:
    """Return which columns of a locked case the program did not save last; none where no key of digests is kept.

    One that was seen further than it stands was put back. A case without a fitting seal is looked up in its history and
    in the book; one without a digest there goes on only where this unit of work began it, or until the states of a program
    before, or of a key that was lost, are on record.
    """
    key = tx.written.key() if tx.written is not None and tx.written.key is not None else None
    if key is None:
        return ()
    if _went_back(desk, tx, case):
        return (STATE,)
    if is_own_case(key, case) or _begins(tx, case):
        return ()
    columns = _not_as_recorded(desk, tx, key, case, [case.id])
    if columns:
        desk.store.booked.forget()  # what was remembered may be of a database that was restored since
        tree = tree_of(tx, case)  # another case of it may hold the newest entry
        columns = _not_as_recorded(desk, tx, key, case, tree)
    if columns:
        return columns
    if _begins_later(desk, tx, case):
        return ("started_at",)
    sound = tx.history.verify(case.id) is None and not _went_back(desk, tx, case, looked_up=True)
    return () if sound else (STATE,)


def _not_as_recorded(desk: Desk, tx: Transaction, key: bytes, case: CaseRow, among: Sequence[int]) -> tuple[str, ...]:
    """Return the columns of a case that are not as told last by the histories of cases ``among`` which it is, and by the book.

    Nothing says of a column that was not recorded; of a state only until those of before are on record.
    """
    name, told = name_of_row("case_instance", (case.id,)), _newest_digests(desk, tx, key, case.id, among)
    older = _may_be_older(desk)
    pending = tx.written is not None and name in tx.written.names()
    columns = () if older or pending else bound_columns()
    found = [c for c in columns if c in told and digest_of(key, name, c, getattr(case, c)) not in told[c]]
    if STATE not in told:
        unknown = desk.ballot_keys.known_secret(STATES_WHOLE) is not None
    else:
        unknown = not older and digest_of_state(key, case.id, case.state) not in told[STATE]
    return (*found, STATE) if unknown else tuple(found)


def _begins_later(desk: Desk, tx: Transaction, case: CaseRow) -> bool:
    """Return whether a case says that it began after its history did: one of before is recorded without its beginning."""
    first = tx.history.first_at(case.id)
    return first is not None and first < case.started_at and not _may_be_older(desk)


def tree_of(tx: Transaction, case: CaseRow) -> list[int]:
    """Return the cases of the tree in which a case was recorded; those above it as they are written."""
    line = [case.id]
    above = case.parent_id
    while above is not None and above not in line:
        line.append(above)
        above = tx.cases.get(above).parent_id
    return [one.id for one in tx.cases.tree(line[-1])]


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
    if key is None or is_own_case(key, case):
        return False
    told = _newest_digests(desk, tx, key, case.id, [case.id]).get(STATE)
    return told is None or (_may_be_older(desk) and digest_of_state(key, case.id, case.state) not in told)


def _begins(tx: Transaction, case: CaseRow) -> bool:
    begun = tx.written.begun if tx.written is not None else ()
    return case.audit_seq == 0 and name_of_row("case_instance", (case.id,)) in begun


def _may_be_older(desk: Desk) -> bool:
    """Return whether a process of an older program may go on beside this one, which records no state that it saves."""
    seals, whole = desk.store.seals, desk.ballot_keys.known_secret(STATES_WHOLE)
    return whole is None and seals is not None and seals.first_sealed_at() is not None


def _newest_digests(
    desk: Desk, tx: Transaction, key: bytes, case_id: int, among: Sequence[int]
) -> dict[str, tuple[str, ...]]:
    """Return by column what was told last of the row of a case; more than one where two chains of a program before told it at one time."""
    name = name_of_row("case_instance", (case_id,))
    found: dict[str, tuple[tuple[datetime, int], str, tuple[str, ...]]] = {}
    for entry in (*tx.digests.told_of(among), *desk.store.booked.told_of(tx.digests, [name])):
        digests = entry.told.get("rows", {}).get(name)
        if not digests or not is_sealed(key, entry.at, entry.told):
            continue
        when = entry.in_order(key).when
        for column, digest in digests.items():
            last, place, before = found.get(column, (when, entry.place, ()))
            if when == last and entry.place != place:
                found[column] = (last, entry.place, (*before, digest))
            elif when >= last:
                found[column] = (when, entry.place, (digest,))
    return {column: digests for column, (_, _, digests) in found.items()}
