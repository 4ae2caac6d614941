"""Every effect once: no key twice, nothing done at no time, nothing that waits in a case that has ended."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound, in_case
from service.domain.text import Text

_MOST = 200
_ASK = Text("保留现状，请与提供程序的人员联系", "keep things as they are and ask who provides the program")
_WAITING = {
    "task": Text("待办", "a task"),
    "timer": Text("计时", "a timer"),
    "message": Text("等待消息的登记", "a message noted as awaited"),
    "ballot": Text("没有计票的表决", "a ballot that is not counted"),
}


def effects(desk: Desk) -> Iterator[int | Unsound]:
    """Ask the database itself; it answers with a few rows."""
    with desk.store.read() as tx:
        doubled = tx.soundness.doubled_effects(_MOST)
        half_done = tx.soundness.half_done(_MOST)
        left_over = tx.soundness.left_over(_MOST)
    for table, key in doubled:
        wrong = Text(f"同一事项登记了不止一次；{_ASK.zh}。", f"it is there more than once; {_ASK.en}.")
        yield Unsound(Text(f"后台事项 {table} {key}", f"effect {table} {key}"), wrong)
    for key, _ in half_done:
        wrong = Text(f"完成与否的记载自相矛盾；{_ASK.zh}。", f"it is neither done nor to do; {_ASK.en}.")
        yield Unsound(Text(f"后台事项 {key}", f"work item {key}"), wrong)
    for row in left_over:
        what, at = _WAITING[row.what], row.element or ""
        told = Text(f"办件已经结束，还留有{what.zh}（{at}）", f"it has ended and still has {what.en} ({at})")
        yield from in_case(row.case_id, row.title, [told], _ASK)
