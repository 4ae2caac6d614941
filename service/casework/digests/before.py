"""Rows of a program before, and of an old backup, are given digests once; whoever does it is in the book."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.enter import enter_records
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.records.compare import (
    ADDED,
    COLUMNS_LATER,
    LATER,
    LATER_TABLES,
    SECRET,
    WHOLE,
    Altered,
    altered,
    altered_beside,
)
from service.casework.step.own_state import is_untold
from service.store import DecidingRow, ToldOfRows, Transaction, digest_of, key_of_row, name_of_row, told_at
from service.store.rows import CaseRow
from service.store.seals.state_seal import STATE, STATES_WHOLE, digest_of_state

_TREES_AT_ONCE = 5
_ROWS_AT_ONCE = 500
"""As many rows an entry of the book names."""


@guarded("records.keep")
def record_before(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool, *, again: bool = False) -> int:
    """Enter digests of every deciding row that is in no chain, some cases in a transaction; returns how many there were.

    It is done once: afterwards a row without a digest is a fault. ``again`` does it once more, for rows of a backup that
    is older than digests, or after the key was lost.
    """
    if desk.store.key_of_digests is None or not (again or _is_open(desk)):
        return 0
    count = _record(desk, actor, stopped, _added_later(desk) if _is_whole(desk) and not again else _added)
    if not stopped():
        _close(desk)
    return count


@guarded("records.keep")
def record_beside(desk: Desk, actor: Actor, stopped: Callable[[], bool] = bool) -> int:
    """Do the same while processes of an older program may go on, until rows must have seals; returns how many there were.

    What such a program changes or removes meanwhile, in rows that are on record, is recorded as it then is; the book says
    which rows those are.
    """
    if desk.store.key_of_digests is None or not _is_open(desk):
        return 0
    over = desk.store.seals is None or desk.store.seals.asked_for
    count = _record(desk, actor, stopped, _added_later(desk) if _is_whole(desk) else lambda _: True)
    if over and not stopped():
        _close(desk)
    return count


def _is_open(desk: Desk) -> bool:
    return not _is_whole(desk) or any(desk.ballot_keys.known_secret(name) is None for name in (LATER, COLUMNS_LATER))


def _is_whole(desk: Desk) -> bool:
    """Return whether nothing but what is on record since later is left to be recorded."""
    return all(desk.ballot_keys.known_secret(name) is not None for name in (WHOLE, STATES_WHOLE))


def _close(desk: Desk) -> None:
    """From now on each row, and the state of each case, must be on record."""
    desk.ballot_keys.secret(WHOLE)
    desk.ballot_keys.secret(STATES_WHOLE)
    desk.ballot_keys.secret(LATER)
    desk.ballot_keys.secret(COLUMNS_LATER)


def _added(one: Altered) -> bool:
    return one.how == ADDED


def _added_later(desk: Desk) -> Callable[[Altered], bool]:
    """Return what tells whether something is on record since later than the rest: nothing else is taken as it stands any more."""
    tables = LATER_TABLES if desk.ballot_keys.known_secret(LATER) is None else frozenset[str]()
    return lambda one: one.how == ADDED and (bool(one.column) or one.row.partition(":")[0] in tables)


def _record(desk: Desk, actor: Actor, stopped: Callable[[], bool], wanted: Callable[[Altered], bool]) -> int:
    """Enter what is ``wanted`` of what rows are otherwise than on record, and states that nothing says."""
    states = desk.ballot_keys.known_secret(STATES_WHOLE) is None
    desk.ballot_keys.secret(SECRET)
    count, after, beside = 0, 0, list[ToldOfRows]()
    while not stopped():
        with desk.store.write() as tx:
            roots = tx.digests.roots_after(after, _TREES_AT_ONCE)
            for root in roots:
                tree = [case.id for case in tx.cases.tree(root)]
                cases = [tx.cases.lock(ident) for ident in tree]
                found = altered(desk, tx, tree, every=True, beside=beside)
                count += _enter(desk, tx, actor, filter(wanted, found))
                count += _enter_states(desk, tx, actor, cases) if states else 0
            if not roots:
                count += _enter(desk, tx, actor, filter(wanted, altered_beside(desk, tx, beside, every=True)))
        if not roots:
            break
        after = roots[-1]
    return count


def _enter(desk: Desk, tx: Transaction, actor: Actor, found: Iterable[Altered]) -> int:
    names = list(dict.fromkeys(one.row for one in found))
    for start in range(0, len(names), _ROWS_AT_ONCE):
        some = names[start : start + _ROWS_AT_ONCE]
        at, key = desk.clock.now(), desk.ballot_keys.secret(SECRET)
        told = _told(key, at, some, _rows(tx, some))
        enter_records(tx, at, actor, told)
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


def _told(key: bytes, at: datetime, names: Sequence[str], rows: Iterable[DecidingRow]) -> dict[str, Any]:
    """Return the digests of these rows as they stand; None for one that is gone."""
    there = {name_of_row(row.table, row.key): row.values for row in rows}
    named = {
        name: {c: digest_of(key, name, c, v) for c, v in there[name].items()} if name in there else None
        for name in names
    }
    return told_at(key, at, named)
