"""Whether the keys of encrypted columns and files are at hand, and one alone is in use."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.text import Text
from service.store import KeysUnreadable

_WHAT = Text("数据加密", "Encryption of data")


def columns(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Look for the data keys, and whether a rotation is to be gone on with."""
    keys = desk.premises.data_keys
    if keys is None:
        return
    try:
        ids = keys.ids
    except KeysUnreadable as error:
        yield _finding(Level.FAULT, error.message)
        return
    with desk.store.read() as tx:
        place, lacking = tx.encrypted.lacking_at_ends(ids)
    if lacking:
        found = Text(
            f"{place} 用密钥 {lacking} 加密，但 {keys.file} 中没有它，读不出来。请放回保管的数据密钥文件",
            f"{place} is encrypted under {lacking}, which is not in {keys.file}: nobody reads it. Put the kept file of data keys back",
        )
        yield _finding(Level.FAULT, found)
    elif not ids:
        found = Text(
            f"{keys.file} 中没有密钥。请放回保管的数据密钥文件",
            f"there is no key in {keys.file}: put the kept file back",
        )
        yield _finding(Level.FAULT, found)
    elif len(ids) > 1:
        found = Text(
            "更换数据密钥没有做完，原来的密钥还在用。请运行 laurel rotate-keys",
            "a change of data keys was not finished, and the old key is still used: run laurel rotate-keys",
        )
        yield _finding(Level.WARNING, found)
    else:
        yield _finding(Level.FINE, Text(f"已加密，密钥 {ids[0]}", f"encrypted under the key {ids[0]}"))


def _finding(level: Level, found: Text) -> HealthFinding:
    return HealthFinding("columns", _WHAT, level, found, alarms_from=Level.FAULT)
