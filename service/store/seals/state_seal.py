"""The seal of a case: who has the database alone can write no state and no other column of it, nor put an older one back.

It binds state and row to their case, and both to the newest entry of its history. The digest of the state is the one that
the history holds of it; a seal of a program before binds the state alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from service.domain.proof.same_text import is_same_text
from service.store.json_text import as_stored
from service.store.rows.cases import CaseRow
from service.store.seals.deciding import digested
from service.store.seals.row_seals import in_words
from service.store.seals.written import Written, digest_of, name_of_row

STATE = "state"
STATES_WHOLE = "states-whole"
"""Name of the secret that is there once the states of a program before are on record: from then on each must be."""
_TABLE, _SEAL, _HEAD = "case_instance", "state_seal", "audit_hash"
_END = "ended_at"
"""It is bound where a case has ended: the seals of before of those that run hold."""
_MARK = 12
"""Characters of a digest."""


@cache
def bound_columns() -> tuple[str, ...]:
    """Return the columns that a seal binds beside the state: those of which the chains hold digests."""
    return tuple(name for name in digested(_TABLE) if name not in (STATE, "audit_seq", _HEAD))


def digest_of_state(key: bytes, case_id: int, state: object) -> str:
    """Return the digest of a state (bytes, or what stands for them) as histories hold it."""
    return digest_of(key, name_of_row(_TABLE, (case_id,)), STATE, state)


def seal_of_case(key: bytes, row: CaseRow) -> str:
    """Return the seal of a case as it stands."""
    marks = digest_of_state(key, row.id, row.state) + _digest_of_row(key, row)
    return _bound(key, row.id, marks, row.audit_seq, row.audit_hash)


def moved_seal(
    key: bytes, case_id: int, seal: str | None, before: tuple[object, object], now: tuple[object, object]
) -> str | None:
    """Return the seal of the same case where the history went from one head (number, hash) to another.

    One that did not fit before is left as it is: it must not come to fit.
    """
    if seal is None or not is_same_text(seal, _bound(key, case_id, seal[:-_MARK], *before)):
        return seal
    return _bound(key, case_id, seal[:-_MARK], *now)


def is_own_case(key: bytes, row: CaseRow) -> bool:
    """Return whether who has the ``key`` stored this state and this row, at the entry at which the history ends."""
    return is_same_text(row.state_seal or "", seal_of_case(key, row))


def is_own_row(key: bytes, row: CaseRow) -> bool:
    """Return the same of a row that was read without its state; False of one with a seal of a program before, too."""
    marks = (row.state_seal or "")[:-_MARK]
    if not is_same_text(row.state_seal or "", _bound(key, row.id, marks, row.audit_seq, row.audit_hash)):
        return False
    return is_same_text(marks[_MARK:], _digest_of_row(key, row))


def resealed(written: Written | None, row: CaseRow, changes: Mapping[str, Any]) -> Mapping[str, str]:
    """Return the seal that changes with what it binds of a locked case; nothing where nothing of it does.

    Whoever saves a state has asked whether the case was the program's own; otherwise one that did not fit before stays.
    """
    if written is None or written.key is None or not {STATE, _HEAD, *bound_columns()} & {*changes}:
        return {}
    key = written.key()
    if STATE not in changes and not is_own_case(key, row):
        return {}
    return {_SEAL: seal_of_case(key, replace(row, **changes))}


def _digest_of_row(key: bytes, row: CaseRow) -> str:
    said = [
        in_words(as_stored(value))
        for name in bound_columns()
        if (value := getattr(row, name)) is not None or name != _END
    ]
    return digest_of(key, name_of_row(_TABLE, (row.id,)), "row", said)


def _bound(key: bytes, case_id: int, marks: str, seq: object, head: object) -> str:
    """Return a seal: the digests of what it binds (``marks``), and that of them at entry ``seq`` whose hash is ``head``."""
    return marks + digest_of(key, name_of_row(_TABLE, (case_id,)), _SEAL, f"{marks} {seq} {head}")
