"""Rows of a program before, and of an old backup, are given digests once; whoever does it is in the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_records
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.digests.compare import ADDED, SECRET, WHOLE, Altered, altered, altered_beside
from service.casework.step.own_state import is_untold
from service.store import DecidingRow, ToldOfRows, Transaction, digest_of, key_of_row, name_of_row, told_at
from service.store.rows import CaseRow
from service.store.state_seal import STATE, STATES_WHOLE, digest_of_state

_TREES_AT_ONCE = 5
_ROWS_AT_ONCE = 500
"""As many rows an entry of the book names."""


@guarded("records.keep")
def record_before(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, *, again: bool = False) -> int:
    """Enter digests of every deciding row that is in no chain, some cases in a transaction; returns how many there were.

    It is done once: afterwards a row without a digest is a fault. ``again`` does it once more, for rows of a backup that
    is older than digests, or after the key was lost.
    """
    states = desk.ballot_keys.known_secret(STATES_WHOLE) is None
    if desk.store.key_of_digests is None or not (again or states or desk.ballot_keys.known_secret(WHOLE) is None):
        return 0
    desk.ballot_keys.secret(SECRET)
    count, after, beside = 0, 0, list[ToldOfRows]()
    while not stopped():
        with desk.store.write() as tx:
            roots = tx.digests.roots_after(after, _TREES_AT_ONCE)
            for root in roots:
                tree = [case.id for case in tx.cases.tree(root)]
                cases = [tx.cases.lock(ident) for ident in tree]
                count += _enter(desk, tx, actor, altered(desk, tx, tree, every=True, beside=beside))
                count += _enter_states(desk, tx, actor, cases) if states else 0
            if not roots:
                count += _enter(desk, tx, actor, altered_beside(desk, tx, beside, every=True))
        if not roots:
            desk.ballot_keys.secret(WHOLE)
            desk.ballot_keys.secret(STATES_WHOLE)
            return count
        after = roots[-1]
    return count


def _enter(desk: Desk, tx: Transaction, actor: Actor, found: Iterable[Altered]) -> int:
    names = [one.row for one in found if one.how == ADDED]
    for start in range(0, len(names), _ROWS_AT_ONCE):
        rows = _rows(tx, names[start : start + _ROWS_AT_ONCE])
        at = desk.clock.now()
        enter_records(tx, at, actor, _told(desk.ballot_keys.secret(SECRET), at, rows))
    return len(names)


def _enter_states(desk: Desk, tx: Transaction, actor: Actor, cases: Iterable[CaseRow]) -> int:
    """Enter the states of cases whose row was recorded when states were not yet."""
    untold = [case for case in cases if is_untold(desk, tx, case)]
    if untold:
        key, at = desk.ballot_keys.secret(SECRET), desk.clock.now()
        named = {name_of_row("case_instance", (case.id,)): case for case in untold}
        told = told_at(key, at, {name: {STATE: digest_of_state(key, one.id, one.state)} for name, one in named.items()})
        enter_records(tx, at, actor, told)
    return len(untold)


def _rows(tx: Transaction, names: Sequence[str]) -> list[DecidingRow]:
    wanted: dict[str, list[tuple[object, ...]]] = {}
    for table, key in map(key_of_row, names):
        wanted.setdefault(table, []).append(key)
    return [row for table, keys in wanted.items() for row in tx.digests.at(table, keys)]


def _told(key: bytes, at: datetime, rows: Iterable[DecidingRow]) -> dict[str, Any]:
    named = {name_of_row(row.table, row.key): row.values for row in rows}
    return told_at(
        key, at, {name: {c: digest_of(key, name, c, v) for c, v in values.items()} for name, values in named.items()}
    )
