"""Suspend and resume a case in the form of every intervention: tried first, with its effect."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN
from service.casework.cases.suspend import halt, let_go
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import CaseChange, Effect, label
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.step.step import Step
from service.catalog.scenario_terms import day_text
from service.domain.calendar import local_date
from service.domain.errors import Conflict
from service.domain.text import Text

_LIMIT = Text("期限", "Time limit")
_AT_ONCE = Text(
    "恢复后随即届满；当事人因暂停没能办理的，请先依法改期",
    "ends at once; where people could not act because of the pause, change the due date first",
)


@guarded("case.suspend")
def suspend(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:  # noqa: ARG001
    """Stop a case until it is resumed; raises Conflict unless it runs, and while a ballot of it is open."""

    def change(step: Step) -> Done:
        if any(ballot.state == OPEN for ballot in step.tx.ballots.of_case(step.case.id)):
            raise Conflict(
                Text(
                    "正在表决，暂停会缩短成员投票的时间。请等表决截止，或者由办公室先使其作废。",
                    "A ballot is open, and a pause would shorten the time its members have: wait for its close,"
                    " or the office makes it void first.",
                )
            )
        halt(step, asked.reason.strip())
        return Done(Text("暂停办理。", "was suspended."), told_already=True)

    return intervene(desk, actor, case_id, asked, change)


@guarded("case.suspend")
def resume(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:  # noqa: ARG001
    """Let a suspended case go on, and say which limits end at once by that; raises Conflict unless it is suspended."""

    def change(step: Step) -> Done:
        ending = _ending(step)
        let_go(step, asked.reason.strip())
        return Done(_going_on(ending), told_already=True, follows=ending)

    return intervene(desk, actor, case_id, asked, change)


def _ending(step: Step) -> tuple[CaseChange, ...]:
    """Return the limits that passed while the case stood still: they end as soon as it goes on."""
    over = [timer for timer in step.instance.timers() if timer.due <= step.now]
    names = [(label(step.package, timer.process_id, timer.element_id), timer.due) for timer in over]
    return tuple(
        CaseChange(_LIMIT, name, day_text(local_date(due - timedelta(seconds=1))), _AT_ONCE) for name, due in names
    )


def _going_on(ending: tuple[CaseChange, ...]) -> Text:
    if not ending:
        return Text("恢复办理。", "goes on.")
    names = [change.name for change in ending]
    zh, en = "、".join(names), ", ".join(names)
    return Text(
        f"恢复办理。暂停期间已过、恢复后随即届满的期限：{zh}。",
        f"goes on. Limits that passed meanwhile end at once: {en}.",
    )
