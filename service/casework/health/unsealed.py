"""Whether accounts, roles, work and choices stand in the database that this program did not write, or a second factor is missing there."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.health.finding import HealthFinding, Level
from service.casework.health.limits import Limits
from service.casework.people.seals.row_seals import unsealed
from service.casework.records.foreign import foreign_ends
from service.casework.soundness.marks import Asking, asking_of
from service.domain.text import Text

_NAMED = 3
_WHAT = Text("账号、角色、后台工作和设置的印记", "Seals of accounts, roles, work and choices")


def seals(desk: Desk, limits: Limits) -> Iterator[HealthFinding]:  # noqa: ARG001  every look takes them
    """Name the accounts, roles in force, work and choices that lack the seal of this installation, and missing second factors.

    What others added at the end of a chain of records is named, too.
    """
    found = [*unsealed(desk), *foreign_ends(desk)]
    if not found:
        asking = asking_of(desk.store.seals)
        yield HealthFinding("seals", _WHAT, Level.FINE, asking.value, looked=asking is not Asking.NOT_BEGUN)
        return
    more = len(found) - _NAMED
    words = Text(
        f"{'；'.join(one.zh for one in found[:_NAMED])}{f'；另有 {more} 项' if more > 0 else ''}。"
        "请保留现状，由审计管理员查明是谁改动了数据库；刚恢复旧备份的，运行 laurel audit record-rows",
        f"{'; '.join(one.en for one in found[:_NAMED])}{f'; and {more} more' if more > 0 else ''}. Keep things as they are;"
        " the audit administrator finds out who changed the database; after restoring an old backup run laurel audit record-rows",
    )
    yield HealthFinding("seals", _WHAT, Level.FAULT, words, newest=len(found))
