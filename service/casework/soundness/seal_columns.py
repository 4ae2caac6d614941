"""Encrypt what stands plain in columns and files, or under an older key, page by page beside the running program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import aside, tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.store import DataKeysMissing, KeysUnreadable

_AT_ONCE = 200
FILES = "files"
"""Under this name the stored files are counted among the tables."""

KEYS = Text("数据密钥", "Data keys")

Told = Callable[[str, int], object]
"""Is called with the name of a table and how many of its rows were encrypted since."""


@guarded("columns.seal")
def seal_columns(desk: Desk, actor: Actor, told: Told, *, anew: bool = False) -> Mapping[str, int]:
    """Encrypt every row and file under the newest key, made first where there is none or ``anew`` asks for one.

    Returns how many, by table and under `FILES`.

    It goes on where it broke off: what is under the newest key already is left. Older keys stay in the file, since
    backups of before need them.

    Raises:
        FileAltered: for a file that is not as it was stored; what comes before it is encrypted.
        Conflict: where columns are never encrypted, as in a simulation.
        DataKeysMissing: for a value under a key that is not in the file, before anything is made or encrypted.
    """
    keys = desk.premises.data_keys
    if keys is None or desk.store.in_memory:
        raise Conflict(Text("这里的数据不加密。", "Nothing is encrypted here."))
    demand_known_keys(desk, actor)
    with desk.store.write():
        made = keys.make() if anew or not keys.ids else ""
        keys.begin_files()
        tell(f"{made or keys.ids[-1]} {keys.cipher}", after={"key": keys.ids[-1], "made": bool(made)})
    with desk.store.read() as tx:
        tables = tx.sealing.tables()
    counts = {}
    with aside():
        for table in tables:
            counts[table] = _seal(desk, table, told)
        counts[FILES] = _seal_files(desk, told)
    return counts


def data_keys(desk: Desk) -> Iterator[int | Unsound]:
    """Say whether everything encrypted can be read; without its key nothing can be compared."""
    try:
        demand_known_keys(desk, SYSTEM)
    except (DataKeysMissing, KeysUnreadable) as error:
        found = Text(
            f"{error.message.zh}其余的都没有核对，放回以后再核对一次。",
            f"{error.message.en} Nothing else was compared: do so once it is back.",
        )
        yield Unsound(KEYS, found)


@guarded("work.run")
def demand_known_keys(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Raise DataKeysMissing where anything is encrypted under a key that is not in the file, KeysUnreadable where that is damaged.

    Each table is read once.
    """
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


def _seal_files(desk: Desk, told: Told) -> int:
    count, since = 0, 0
    for name in desk.store.files.names():
        with suppress(NotFound):  # dropped meanwhile
            since += desk.store.files.renew(name)
        if since == _AT_ONCE:
            told(FILES, since)
            count, since = count + since, 0
    if since:
        told(FILES, since)
    return count + since


def _plain_files(desk: Desk) -> int:
    count = 0
    for name in desk.store.files.names():
        with suppress(NotFound):  # dropped meanwhile
            count += not desk.store.files.is_renewed(name)
    return count


@guarded("work.run")
def left_plain(desk: Desk, actor: Actor) -> Mapping[str, int]:  # noqa: ARG001  the guard looks at the actor
    """Return by table how many rows, and how many `FILES`, are not encrypted under the newest key; each is read once."""
    with desk.store.read() as tx:
        found = {table: tx.sealing.left(table) for table in tx.sealing.tables()}
    found[FILES] = _plain_files(desk)
    return {table: count for table, count in found.items() if count}
