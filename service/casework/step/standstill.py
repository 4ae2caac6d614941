"""Detect a standstill: a running case that waits for neither person, time nor message gets an incident."""

from __future__ import annotations

from service.casework.step.incident import Incident, open_incident
from service.casework.step.step import Step
from service.domain.text import Text

STANDSTILL = "standstill"
"""Kind of the incident of a case that nothing can advance any more."""
_WHOLE = "case"


def stands_still(step: Step) -> bool:
    """Return whether the case is running and neither person, program, timer nor message can advance it."""
    waiting = step.instance
    if waiting.completed or step.case.status != "running" or step.changes.get("status", "running") != "running":
        return False
    return not (waiting.person_tasks() or waiting.message_waits() or waiting.timers() or waiting.service_calls())


def report_standstill(step: Step) -> None:
    """Open an incident where nothing can advance the case any more."""
    if not stands_still(step):
        return
    tokens = [token.element_id for token in step.instance.tokens()]
    names = "、".join(dict.fromkeys(tokens)) or "—"
    what = Text(
        f"“{step.case.title}”仍在办理，但是没有任何待办、期限或消息在等待（停在：{names}）。",
        f"“{step.case.title}” runs on, but no task, time limit or message waits (it stands at: {names}).",
    )
    incident = Incident(
        STANDSTILL,
        what,
        Text(
            "没有人能再办理它，它也不会自己结束；等待它的办件会一直等下去。",
            "Nobody can act on it and it does not end by itself; cases that wait for it wait for ever.",
        ),
        Text(
            "多半是流程图的汇合等不到某条分支：改正流程图并发布，再把办件转到新版本；改正之后点“重试”。",
            "Most often a join of the diagram waits for a branch that never comes: correct and publish it, move the case "
            "to the new version, then press “Retry”.",
        ),
        names,
        f"{STANDSTILL}/{step.case.process}/{tokens[0] if tokens else ''}",
    )
    open_incident(step, _WHOLE, tokens[0] if tokens else "", incident)
