"""Who did what on one case, without what was written: what an audit administrator reads of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import places_where
from service.catalog import Package
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import CaseFilter
from service.store.models import AuditRow, CaseRow

FOUND = 50
SHOWN = 1_000
_WORDS: Mapping[str, Text] = {
    "started": Text("发起", "begun"), "completed": Text("提交", "submitted"), "assigned": Text("认领、转办或改派", "assigned"),
    "sent_back": Text("退回", "sent back"), "taken_back": Text("取回", "taken back"),
    "action": Text("对办件的操作", "act on the case"), "document": Text("制发文书", "document issued"),
    "notice": Text("公示", "notice"), "number": Text("编号", "number given"), "timer": Text("期限届满", "limit reached"),
    "reminded": Text("提醒", "reminded"), "message": Text("收到消息", "message received"),
    "barrier": Text("等齐后继续", "went on after others"), "findings": Text("资格条件认定", "conditions examined"),
    "register": Text("登记", "registered"), "sitting": Text("会议", "sitting"), "ballot": Text("表决", "ballot"),
    "draw": Text("抽取评审专家", "evaluators drawn"), "draw_failed": Text("抽取未成", "draw failed"),
    "scores": Text("评分汇总", "scores summed up"), "panel": Text("评审组变动", "panel changed"),
    "appointment": Text("评审安排", "appointment"), "recusal": Text("回避", "recusal"),
    "signed": Text("会签", "signing"), "noted": Text("批注、批示或抄送", "note, instruction or copy"),
    "revealed": Text("查看个人信息", "personal data looked at"), "export": Text("导出", "export"),
    "rated": Text("评价与答复", "rating"), "intervened": Text("管理员干预", "intervention"),
    "moved": Text("迁移到另一版本", "moved to another version"), "moved_back": Text("撤销迁移", "move undone"),
    "value": Text("更正数据", "value set"), "incident": Text("异常", "incident"),
    "work_item_dead": Text("后台事项没有办成", "background work failed"), "retried": Text("重试", "retried"),
    "skipped": Text("跳过异常", "incident skipped"), "handed_over": Text("移交异常", "incident handed over"),
    "undelivered": Text("没有送达", "not delivered"), "suspended": Text("暂停", "suspended"),
    "resumed": Text("恢复", "resumed"), "note": Text("环节的记录", "note of a step"), "told": Text("告知", "told"),
    "joined": Text("并案", "joined"), "succession": Text("名称承继", "succession of names"),
    "provisional": Text("暂定期限已到", "provisional date reached"), "ended": Text("办件结束", "case ended"),
}  # fmt: skip
"""What an entry of a case's history says was done, in words that hold nothing of the case."""
_OTHER = Text("其他记录", "other entry")


@dataclass(frozen=True, slots=True)
class CaseAct:
    """An entry of a case's history: ``act`` and the ``step`` it was done on, empty where it belongs to none."""

    row: AuditRow
    act: Text
    step: str


@dataclass(frozen=True, slots=True)
class CaseActs:
    """The acts on a case, newest first; ``cut`` where there are older ones than are shown."""

    case: CaseRow
    acts: tuple[CaseAct, ...]
    cut: bool


@guarded("book.read")
def find_cases(desk: Desk, actor: Actor, text: str) -> Sequence[CaseRow]:
    """Return cases of the places whose book ``actor`` reads, by name or number, newest first; none without words."""
    if not text.strip():
        return ()
    with desk.store.read() as tx:
        return tx.cases.search(_of_reader(actor, text=text.strip()), None, FOUND)


@guarded("book.read")
def read_case_acts(desk: Desk, actor: Actor, case_id: int) -> CaseActs:
    """Return who did what on a case, when and on which step; that it was read is entered in the book.

    Raises:
        NotFound: there is no such case in the places whose book ``actor`` reads.
    """
    with desk.store.read() as tx:
        case = next(iter(tx.cases.search(_of_reader(actor, ids=[case_id]), None, 1)), None)
        if case is None:
            raise NotFound(
                Text(
                    "在您查阅日志的地方没有这个办件，请按名称或者编号查找。",
                    "There is no such case where you read the book: look for it by name or number.",
                )
            )
        describe_current_act(f"办件操作记录：{case.title}", place=case.jurisdiction)
        rows = tx.history.newest(case_id, SHOWN + 1)
        package = desk.packages.get(case.definition, tx)
    acts = tuple(_build_act(row, package) for row in rows[:SHOWN])
    return CaseActs(case, acts, len(rows) > SHOWN)


def _of_reader(actor: Actor, text: str = "", ids: Sequence[int] | None = None) -> CaseFilter:
    places = places_where(actor, lambda seat: seat.audits)
    return CaseFilter(places, text=text, ids=ids, recused=sorted(actor.recused))


def _build_act(row: AuditRow, package: Package) -> CaseAct:
    drawn = (diagram.elements.get(row.element or "") for diagram in package.processes.values())
    step = next((element.name for element in drawn if element is not None), "")
    return CaseAct(row, _WORDS.get(row.action, _OTHER), step)
