"""Encrypt what stands plain in columns of personal data, or under an older key, page by page beside the running program."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import aside, tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import DataKeysMissing

_AT_ONCE = 200

Told = Callable[[str, int], object]
"""Is called with the name of a table and how many of its rows were encrypted since."""


@guarded("columns.seal")
def seal_columns(desk: Desk, actor: Actor, told: Told, *, anew: bool = False) -> Mapping[str, int]:
    """Encrypt every row under the newest key, made first where there is none or ``anew`` asks for one; rows by table.

    It goes on where it broke off: what is under the newest key already is left. Older keys stay in the file, since
    backups of before need them.

    Raises:
        Conflict: where columns are never encrypted, as in a simulation.
        DataKeysMissing: for a value under a key that is not in the file, before anything is made or encrypted.
    """
    keys = desk.premises.data_keys
    if keys is None or desk.store.in_memory:
        raise Conflict(Text("这里的数据不加密。", "Nothing is encrypted here."))
    demand_known_keys(desk, actor)
    with desk.store.write():
        made = keys.make() if anew or not keys.ids else ""
        tell(f"{made or keys.ids[-1]} {keys.cipher}", after={"key": keys.ids[-1], "made": bool(made)})
    with desk.store.read() as tx:
        tables = tx.sealing.tables()
    counts = {}
    with aside():
        for table in tables:
            counts[table] = _seal(desk, table, told)
    return counts


@guarded("work.run")
def demand_known_keys(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Raise DataKeysMissing where anything is encrypted under a key that is not in the file; each table is read once."""
    keys = desk.premises.data_keys
    if keys is None:
        return
    known = keys.ids
    with desk.store.read() as tx:
        for table in tx.sealing.tables():
            place, ident = tx.sealing.lacking(table, known)
            if ident:
                raise DataKeysMissing(place, keys.file, ident)


def _seal(desk: Desk, table: str, told: Told) -> int:
    count, after = 0, tuple[Any, ...]()
    while True:
        with desk.store.write() as tx:
            after, done = tx.sealing.renew(table, after, _AT_ONCE)
        if done:
            count += done
            told(table, done)
        if not after:
            return count


@guarded("work.run")
def left_plain(desk: Desk, actor: Actor) -> Mapping[str, int]:  # noqa: ARG001  the guard looks at the actor
    """Return by table how many rows hold something that is not encrypted under the newest key; each table is read once."""
    with desk.store.read() as tx:
        found = {table: tx.sealing.left(table) for table in tx.sealing.tables()}
    return {table: count for table, count in found.items() if count}
