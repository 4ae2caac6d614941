"""Triggers, rules, views and the like in the database: the program makes none, and goes on beside none."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.soundness.fault import Unsound
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import ForeignObject

OBJECTS = Text("数据库中自行动作的对象", "Objects of the database that act by themselves")
_KINDS = {
    "trigger": "触发器",
    "rule": "规则",
    "policy": "行级策略",
    "view": "视图",
    "function": "函数",
    "virtual table": "虚拟表",
    "foreign table": "外部表",
    "table that inherits": "继承表",
    "computed column": "计算列",
    "default of a column": "列的默认表达式",
    "table that drops rows in a conflict": "冲突时丢弃行的表",
    "table that is not the program's own": "不在本系统模式中的表",
}
_REMEDY = Text(
    "请审计管理员查明是谁建的并保留定义作为证据，再由数据库管理员删除（触发器、规则、策略、视图、函数）或者把表恢复为本系统建的样子，"
    "然后运行 laurel audit verify",
    "the audit administrator finds out who made them and keeps their definitions as evidence; then the administrator of the"
    " database drops them (trigger, rule, policy, view, function) or makes the table again as the program had it, and"
    " laurel audit verify is run",
)


class ActsByItself(Conflict):
    """Something stands in the database that changes, hides or invents rows beside the program."""

    code = "acts_by_itself"


@guarded("work.run")
def demand_own_objects(desk: Desk, actor: Actor) -> None:  # noqa: ARG001  the guard looks at the actor
    """Raise ActsByItself, with the names, where anything in the database acts by itself."""
    found = acting_objects(desk)
    if found:
        raise ActsByItself(
            Text(
                f"没有启动：{'；'.join(one.zh for one in found)}。{_REMEDY.zh}。",
                f"Not started: {'; '.join(one.en for one in found)}. {_REMEDY.en[0].upper()}{_REMEDY.en[1:]}.",
            )
        )


def acting_objects(desk: Desk) -> list[Text]:
    """Return, each in words, what acts by itself in the database."""
    with desk.store.read() as tx:
        return [_said(one) for one in tx.soundness.foreign_objects()]


def own_objects(desk: Desk) -> Iterator[int | Unsound]:
    """Say what acts by itself in the database, and what to do about it."""
    yield 1
    for one in acting_objects(desk):
        yield Unsound(OBJECTS, Text(f"{one.zh}；{_REMEDY.zh}。", f"{one.en}; {_REMEDY.en}."))


def _said(one: ForeignObject) -> Text:
    return Text(
        f"{_KINDS[one.kind]} {one.name} 不是本系统建的，会在系统之外改动、隐藏或编造数据",
        f"{one.kind} {one.name} was not made by this program and may change, hide or invent rows beside it",
    )
