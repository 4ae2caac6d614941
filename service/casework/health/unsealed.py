"""Whether accounts, roles, work and choices stand in the database that this program did not write, or a second factor is missing there."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.people.row_seals import unsealed
from service.casework.records.foreign import foreign_ends
from service.domain.text import Text
from service.store import RowSeals

_NAMED = 3
_WHAT = Text("账号、角色、后台工作和设置的印记", "Seals of accounts, roles, work and choices")
_AGREED = Text("没有不符", "every account, role, piece of work and choice was written by this program")
_NOT_BEGUN = Text(
    "服务第一次启动时补封并开始核对，还没有启动过",
    "sealed and compared from the first start of the service, which was not started yet",
)
_BESIDE = Text(
    "升级后一天以内，旧程序所写的账号、角色、后台工作和设置照样承认，由本系统补封并记入操作日志；全部进程都已升级的，"
    "运行 laurel audit begin-seals，立即开始核对",
    "within a day after an upgrade, accounts, roles, work and choices that an older program writes still count; they are sealed and"
    " stand in the book. Once every process is new, laurel audit begin-seals asks for seals at once",
)


def seals(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Name the accounts, roles in force, work and choices that lack the seal of this installation, and missing second factors.

    What others added at the end of a chain of records is named, too.
    """
    found = [*unsealed(desk), *foreign_ends(desk)]
    if not found:
        said, begun = _how_far(desk.store.seals)
        yield HealthFinding("seals", _WHAT, Level.FINE, said, looked=begun)
        return
    more = len(found) - _NAMED
    words = Text(
        f"{'；'.join(one.zh for one in found[:_NAMED])}{f'；另有 {more} 项' if more > 0 else ''}。"
        "请保留现状，由审计管理员查明是谁改动了数据库；刚恢复旧备份的，运行 laurel audit record-rows",
        f"{'; '.join(one.en for one in found[:_NAMED])}{f'; and {more} more' if more > 0 else ''}. Keep things as they are;"
        " the audit administrator finds out who changed the database; after restoring an old backup run laurel audit record-rows",
    )
    yield HealthFinding("seals", _WHAT, Level.FAULT, words, newest=len(found))


def _how_far(kept: RowSeals | None) -> tuple[Text, bool]:
    """Return what is said where nothing lacks its seal, and whether anything was asked for one."""
    if kept is None or kept.asked_for:
        return _AGREED, True
    return (_NOT_BEGUN, False) if kept.first_sealed_at() is None else (_BESIDE, True)
