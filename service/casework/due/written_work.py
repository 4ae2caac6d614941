"""Work that was written into the queue beside the program, or put back there: it is not done, and is told."""

from __future__ import annotations

from service.casework.access.actor import SYSTEM
from service.casework.access.book.enter import enter_refused
from service.casework.desk.desk import Desk
from service.domain.text import Text
from service.store.rows import WorkItemRow

WRITTEN = "work_written"
"""Code of the refusal in the book."""

_REMEDY = Text(
    "请保留现状，由审计管理员运行 laurel audit verify，查明是谁写了数据库；查明后写明理由点“跳过”。刚恢复旧备份或者更换了密钥目录的，"
    "运行 laurel audit record-rows 后再点“重试”",
    "keep things as they are; the audit administrator runs laurel audit verify and finds out who wrote the database; then"
    " skip this with a reason. After restoring an old backup, or with another folder of keys, run laurel audit record-rows"
    " and retry",
)


def refuse_written(desk: Desk, item: WorkItemRow) -> None:
    """Give up a claimed item without the seal of this installation: an incident and an entry in the book say so."""
    what = Text(
        f"队列中的后台工作“{item.kind}”（{item.effect_key}）不是由本系统写入的，或者内容被改动、已经办过一次，没有办理",
        f"the work “{item.kind}” ({item.effect_key}) in the queue was not written by this program, was changed, or was done"
        " before: it was not carried out",
    )
    now = desk.clock.now()
    with desk.store.write() as tx:
        place = None if item.case_id is None else tx.cases.get(item.case_id).jurisdiction
        known = {"item": item.id, "kind": item.kind, "key": item.effect_key, "case": item.case_id}
        enter_refused(tx, "work.run", SYSTEM, now, WRITTEN, about=what.zh, place=place, data=known)
        tx.work.give_up(item, what, _REMEDY, now)
