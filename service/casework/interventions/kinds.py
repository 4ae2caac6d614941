"""Every kind of intervention: its name, what it asks for, and the use case that carries it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.interventions.change_due import change_due
from service.casework.interventions.effect import Effect
from service.casework.interventions.halt import PASSED, resume_by_intervention, suspend_by_intervention
from service.casework.interventions.intervene import InterventionAsked, wish_of
from service.casework.interventions.send_message import send_message
from service.casework.interventions.set_value import set_value
from service.casework.interventions.tasks import move_token, reassign_task, restart_step, take_away_task
from service.casework.interventions.terminate import terminate_case
from service.domain.errors import NotFound
from service.domain.text import Text

UseCase = Callable[[Desk, Actor, int, InterventionAsked, Mapping[str, Any]], Effect]


@dataclass(frozen=True, slots=True)
class Wanted:
    """Something an intervention asks for: ``kind`` is text, day or what is chosen (task, back, limit, person, message, fact, passed)."""

    name: str
    kind: str
    label: Text
    hint: Text | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class InterventionKind:
    """A kind of intervention; ``many`` where it can be done to a selection of cases at once, else ``alone`` says why not.

    ``of_holder``: over a selection it is named whose tasks it is about.
    """

    id: str
    title: Text
    meaning: Text
    wanted: tuple[Wanted, ...]
    run: UseCase
    many: bool = False
    grave: bool = False
    of_holder: bool = False
    alone: Text | None = None

    def do_tried(
        self,
        desk: Desk,
        actor: Actor,
        case_id: int,
        request: InterventionAsked,
        values: Mapping[str, Any],
        tried: str | None,
    ) -> Effect:
        """Try it, or do what was tried under the mark ``tried``: nobody changes a case without having seen the effect.

        None demands no trial, for a batch that kept no marks.

        Raises as `run` does, and Invalid without a mark, AlreadyDone, Conflict where the effect is another one by now.
        """
        wish = wish_of(self.id, tuple(wanted.name for wanted in self.wanted), values, public=request.public)
        wish += request.reason.strip()
        return self.run(desk, actor, case_id, replace(request, wish=wish, tried=tried and tried.strip()), values)


_TASK = Wanted("task", "task", Text("待办", "Task"))
_GROUND = Text("例如：《办法》第十三条第二款", "For example: Article 13, second paragraph")
_KINDS = (
    InterventionKind(
        "change_due",
        Text("依法改期", "Change a due date"),
        Text(
            "改变一项待办或者计时的期限，并告知有关人员。",
            "Give a task or a limit another day; those concerned are told.",
        ),
        (
            Wanted("limit", "limit", Text("期限", "Time limit")),
            Wanted("day", "day", Text("新的最后一天", "New last day")),
            Wanted("ground", "text", Text("法律依据", "Legal ground"), _GROUND),
        ),
        change_due,
        many=True,
    ),
    InterventionKind(
        "reassign",
        Text("改派待办", "Reassign a task"),
        Text("把待办交给另一位同角色人员。", "Give a task to a colleague who holds its role."),
        (_TASK, Wanted("person", "person", Text("接办人员", "Who does it now"))),
        reassign_task,
        many=True,
        of_holder=True,
    ),
    InterventionKind(
        "take_away",
        Text("收回待办", "Take a task away"),
        Text("从认领人收回待办，同角色人员都可以办理。", "Put a claimed task back into the list of its body."),
        (Wanted("task", "claimed", Text("已认领的待办", "Claimed task")),),
        take_away_task,
        many=True,
        of_holder=True,
    ),
    InterventionKind(
        "restart",
        Text("重新开始环节", "Restart a step"),
        Text(
            "待办按流程图重新确定角色、单位和表单，期限不变；不选待办的，重新执行停下来的系统环节。",
            "A task gets role, body and form anew, its limit stays; without a task, the program's stopped steps run again.",
        ),
        (Wanted("task", "task", Text("待办", "Task"), optional=True),),
        restart_step,
        many=True,
    ),
    InterventionKind(
        "move_back",
        Text("移回前一环节", "Move back a step"),
        Text("紧接在前的待办重新打开，已提交的内容保留。", "The task before opens again with what was submitted."),
        (Wanted("task", "back", Text("待办", "Task")),),
        move_token,
        alone=Text(
            "它让已经办结的待办重新打开，现在这一环节已经做的工作不再有用；各件做了什么不同，须逐件看过再定",
            "it opens again what somebody has done, and what was done since is of no more use; that differs from case to"
            " case and is looked at in each",
        ),
    ),
    InterventionKind(
        "message",
        Text("补发消息", "Send a message"),
        Text("补发丢失的消息，或者来自系统之外的消息。", "Send one that was lost, or that comes from outside."),
        (Wanted("message", "message", Text("消息", "Message")),),
        send_message,
        many=True,
    ),
    InterventionKind(
        "value",
        Text("更正数据", "Set a value"),
        Text(
            "更正没有经表单、表决或者决定固定的数据，并重新执行等待它的环节。",
            "Set what no form, ballot or decision secured, and try again what waits for it.",
        ),
        (Wanted("name", "fact", Text("数据", "Value")), Wanted("value", "text", Text("新的值", "New value"))),
        set_value,
        many=True,
    ),
    InterventionKind(
        "suspend",
        Text("暂停办理", "Suspend"),
        Text(
            "不能提交，期限届满也不自动前进，直到恢复。", "Nothing is submitted and no limit ends until it is resumed."
        ),
        (),
        suspend_by_intervention,
        many=True,
    ),
    InterventionKind(
        "resume",
        Text("恢复办理", "Resume"),
        Text("继续办理；暂停期间已过的期限逐项决定。", "Work goes on; limits that passed meanwhile are decided on."),
        (Wanted(PASSED, PASSED, Text("暂停期间已过的期限", "Limits that passed meanwhile"), optional=True),),
        resume_by_intervention,
        many=True,
    ),
    InterventionKind(
        "terminate",
        Text("终止办件", "Terminate"),
        Text("办件就此结束并制发告知书，不能恢复。", "The case ends with a document; this cannot be undone."),
        (Wanted("basis", "text", Text("终止的依据", "Basis"), _GROUND),),
        terminate_case,
        many=True,
        grave=True,
    ),
)

INTERVENTIONS: Mapping[str, InterventionKind] = MappingProxyType({kind.id: kind for kind in _KINDS})
"""Every kind by its id, in the order of the page."""


def intervention_of(ident: str) -> InterventionKind:
    """Return a kind of intervention; raises NotFound."""
    kind = INTERVENTIONS.get(ident)
    if kind is None:
        raise NotFound(Text(f"没有“{ident}”这种干预。", f"There is no intervention “{ident}”."))
    return kind


RECOUNT = "recount"
"""Kind of the batches that move limits to a corrected calendar: no intervention, but shown, stopped and resumed as one."""


RETRY = "retry"
"""Kind of the batches that retry all incidents of one cause."""

UNDO = "undo_moves"
"""Kind of the batches that undo a move of all cases to another version."""

OTHERS: Mapping[str, Text] = MappingProxyType(
    {
        RECOUNT: Text("按更正的日历改动期限", "Move limits to the corrected calendar"),
        RETRY: Text("重试同一原因的异常", "Retry the incidents of one cause"),
        UNDO: Text("撤销一批迁移", "Undo a move of all cases"),
    }
)
"""What batches are called that are no intervention."""


def title_of(ident: str) -> Text:
    """Return what a batch of a kind is called; raises NotFound."""
    return OTHERS[ident] if ident in OTHERS else intervention_of(ident).title
