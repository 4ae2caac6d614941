"""Keys of columns and files: whether all are here, and changing them page by page beside the running program."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.book.acting import describe_current_act, exclude_from_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.store import CannotDecrypt, DataKeys, DataKeysMissing, KeysUnreadable
from service.store.data_keys import LOOK_AGAIN

_AT_ONCE = 200
_EVERYBODY_LOOKED = 1.5 * LOOK_AGAIN
"""Seconds after which no process encrypts under a key that is not the newest."""
FILES = "files"
"""Under this name the stored files are counted among the tables."""

KEYS = Text("数据密钥", "Data keys")

Report = Callable[[str, int], object]
"""Is called with the name of a table and how many of its rows were encrypted since."""


@dataclass(frozen=True, slots=True)
class KeyRotation:
    """``counts`` says how many rows of each table, and `FILES`, were encrypted anew; ``dropped`` are keys nothing uses any more."""

    newest: str
    counts: Mapping[str, int]
    dropped: tuple[str, ...]


@guarded("keys.rotate")
def rotate_keys(desk: Desk, actor: Actor, report: Report) -> KeyRotation:
    """Make a new key, encrypt every row and file under it by the cipher that is set, and drop the keys before.

    One that broke off is gone on with: as long as there is more than one key, none is made. A key that something is still
    encrypted under stays.

    Raises:
        FileAltered, CannotDecrypt: for what is not as it was stored; what comes before it is encrypted.
        Conflict: where nothing is encrypted, as in a simulation.
    """
    keys = desk.premises.data_keys
    if keys is None or desk.store.in_memory:
        raise Conflict(Text("这里的数据不加密。", "Nothing is encrypted here."))
    require_available_keys(desk, actor)
    with desk.store.write():
        is_new = len(keys.ids) < 2
        newest = keys.make() if is_new else keys.ids[0]
        describe_current_act(f"{newest} {keys.cipher}", after={"key": newest, "made": is_new})
    made, older = time.monotonic(), keys.ids[1:]
    with exclude_from_act():
        counts = _reencrypt_rows(desk, report)
        time.sleep(max(0.0, made + _EVERYBODY_LOOKED - time.monotonic()))
        for name, count in _reencrypt_rows(desk, report).items():
            counts[name] += count
        return KeyRotation(newest, counts, older if _drop_unused(desk, keys, older) else ())


@guarded("work.run")
def count_stale(desk: Desk, actor: Actor) -> Mapping[str, int]:  # noqa: ARG001  the guard looks at the actor
    """Return by table how many rows, and how many `FILES`, are not under the newest key and the cipher that is set."""
    with desk.store.read() as tx:
        counts = {table: tx.encrypted.left(table) for table in tx.encrypted.tables()}
    counts[FILES] = sum(1 for _ in _stale_files(desk))
    return {table: count for table, count in counts.items() if count}


def look_at_data_keys(desk: Desk) -> Iterator[int | Unsound]:
    """Say whether everything encrypted can be read; without its key nothing can be compared."""
    try:
        require_available_keys(desk, SYSTEM)
    except (CannotDecrypt, KeysUnreadable) as error:
        message = Text(
            f"{error.message.zh}其余的都没有核对，放回以后再核对一次。",
            f"{error.message.en} Nothing else was compared: do so once it is back.",
        )
        yield Unsound(KEYS, message)


@guarded("work.run")
def require_available_keys(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Raise DataKeysMissing where anything is encrypted under a key that is not in the file, KeysUnreadable where that is damaged."""
    keys = desk.premises.data_keys
    if keys is None:
        return
    key_ids = keys.ids
    with desk.store.read() as tx:
        for table in tx.encrypted.tables():
            place, ident = tx.encrypted.lacking(table, key_ids)
            if ident:
                raise DataKeysMissing(place, keys.file, ident)


def _reencrypt_rows(desk: Desk, report: Report) -> dict[str, int]:
    with desk.store.read() as tx:
        tables = tx.encrypted.tables()
    counts = {table: _encrypt_table(desk, table, report) for table in tables}
    counts[FILES] = _encrypt_files(desk, report)
    return counts


def _encrypt_table(desk: Desk, table: str, report: Report) -> int:
    total, after = 0, tuple[Any, ...]()
    while True:
        with desk.store.write() as tx:
            after, count = tx.encrypted.renew(table, after, _AT_ONCE)
        if count:
            total += count
            report(table, count)
        if not after:
            return total


def _encrypt_files(desk: Desk, report: Report) -> int:
    total, since = 0, 0
    for name in _stale_files(desk):
        with suppress(NotFound):  # dropped meanwhile
            since += desk.store.files.renew(name)
        if since == _AT_ONCE:
            report(FILES, since)
            total, since = total + since, 0
    if since:
        report(FILES, since)
    return total + since


def _stale_files(desk: Desk) -> Iterator[str]:
    for name in desk.store.files.names():
        with suppress(NotFound):  # dropped meanwhile
            if not desk.store.files.is_renewed(name):
                yield name


def _drop_unused(desk: Desk, keys: DataKeys, older: tuple[str, ...]) -> bool:
    """Drop keys unless something is encrypted under one of them; while that is looked at nobody writes a row."""
    unused_ids = [ident for ident in keys.ids if ident not in older]
    if next(_stale_files(desk), None) is not None:
        return False
    with desk.store.write() as tx:
        tx.encrypted.lock()
        if any(tx.encrypted.lacking(table, unused_ids)[1] for table in tx.encrypted.tables()):
            return False
        keys.drop(older)
    return True
