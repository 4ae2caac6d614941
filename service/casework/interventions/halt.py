"""Suspend and resume a case in the form of every intervention: tried first, with its effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.suspend import halt, let_go
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import Done, InterventionAsked, intervene
from service.casework.step.step import Step
from service.domain.text import Text


@guarded("case.suspend")
def suspend(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:  # noqa: ARG001
    """Stop a case until it is resumed; raises Conflict unless it runs."""

    def change(step: Step) -> Done:
        halt(step, asked.reason.strip())
        return Done(Text("暂停办理。", "was suspended."), told_already=True)

    return intervene(desk, actor, case_id, asked, change)


@guarded("case.suspend")
def resume(desk: Desk, actor: Actor, case_id: int, asked: InterventionAsked, given: Mapping[str, Any]) -> Effect:  # noqa: ARG001
    """Let a suspended case go on; raises Conflict unless it is suspended."""

    def change(step: Step) -> Done:
        let_go(step, asked.reason.strip())
        return Done(Text("恢复办理。", "goes on."), told_already=True)

    return intervene(desk, actor, case_id, asked, change)
