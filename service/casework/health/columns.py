"""Whether personal data are encrypted in the database, and under a key that is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.store import KeysUnreadable

_WHAT = Text("个人信息加密", "Encryption of personal data")
_LOOKED_AT = ("person", "registration")
"""The tables with contacts: the others may be long, `laurel data-keys show` counts them."""


def columns(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Look for the data keys, and how many contacts stand plain or under an older key."""
    keys = desk.premises.data_keys
    if keys is None:
        return
    try:
        ids = keys.ids
    except KeysUnreadable as error:
        yield _finding(Level.FAULT, error.message)
        return
    with desk.store.read() as tx:
        place, lacking = tx.sealing.lacking_at_ends(ids)
        left = sum(tx.sealing.left(table) for table in _LOOKED_AT) if ids else 0
    if lacking:
        found = Text(
            f"{place} 用密钥 {lacking} 加密，但 {keys.file} 中没有它，读不出来。请放回保管的数据密钥文件",
            f"{place} is encrypted under {lacking}, which is not in {keys.file}: nobody reads it. Put the kept file of data keys back",
        )
        yield _finding(Level.FAULT, found)
    elif not ids:
        found = Text(
            "尚未加密：能读数据库的人可以读到电话、邮箱和表单内容。请运行 laurel data-keys seal，并按提示保管密钥",
            "not encrypted: whoever reads the database reads telephones, e-mail and forms. Run laurel data-keys seal and keep the key",
        )
        yield _finding(Level.WARNING, found)
    elif left:
        found = Text(
            f"{left} 行联系方式尚未用最新的密钥加密。请运行 laurel data-keys seal",
            f"{counted(left, 'row of contacts is', 'rows of contacts are')} not under the newest key: run laurel data-keys seal",
        )
        yield _finding(Level.WARNING, found)
    elif not keys.in_force_for_files:
        found = Text(
            "数据库已加密，附件和文书的文件尚未加密。全部进程都已升级的，请运行 laurel data-keys seal，再重启各进程",
            "the database is encrypted and stored files are not: once every process is new, run laurel data-keys seal and restart"
            " them",
        )
        yield _finding(Level.WARNING, found)
    else:
        yield _finding(Level.FINE, Text(f"已加密，密钥 {ids[-1]}", f"encrypted under the key {ids[-1]}"))


def _finding(level: Level, found: Text) -> HealthFinding:
    return HealthFinding("columns", _WHAT, level, found, alarms_from=Level.FAULT)
