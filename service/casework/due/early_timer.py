"""A timer whose work item came before the day that the case itself knows: it waits on, and an incident says so."""

from __future__ import annotations

from datetime import datetime

from service.casework.step.incident import Incident, open_incident
from service.casework.step.save import save_step
from service.casework.step.step import Step
from service.domain.calendar import CHINA
from service.domain.text import Text
from service.store.rows import WorkItemRow

EARLY = "early_timer"
"""Kind of the incident."""

_CONSEQUENCE = Text(
    "期限没有提前届满，改回原定的时刻继续计时，到时照常办理",
    "the limit did not lapse early: it is back at its own instant and is worked off then",
)
_REMEDY = Text(
    "本系统改期时两处一起改，只改一处的是在系统之外写数据库的人。请审计管理员运行 laurel audit verify，查明是谁改动的；查明后写明理由点“跳过”",
    "the program moves both at once: who moved one alone wrote the database beside it. The audit administrator runs laurel"
    " audit verify and finds out who did it; then skip this with a reason",
)


def still_runs_until(step: Step, item: WorkItemRow) -> datetime | None:
    """Return when the timer of a work item is due where that is still to come; None where it may fire or is gone."""
    engine_id = str(item.payload["engine_id"])
    due = next((timer.due for timer in step.instance.timers() if timer.id == engine_id), None)
    return due if due is not None and due > step.now else None


def let_run_on(step: Step, item: WorkItemRow, due: datetime) -> None:
    """Let the timer wait until it is ``due``, and report that its work item was written beside the program."""
    what = Text(
        f"期限的到期时刻在系统之外被提前：数据库中写的是{_said(item.due_at)}，办件自己记的是{_said(due)}",
        f"a time limit was moved forward beside the program: the database says {_said(item.due_at)}, the case itself {_said(due)}",
    )
    told = Incident(EARLY, what, _CONSEQUENCE, _REMEDY, item.effect_key)
    open_incident(step, str(item.payload["engine_id"]), item.element or "", told)
    save_step(step)
    step.tx.work.wait_on(item, what.zh, due)


def _said(at: datetime) -> str:
    return at.astimezone(CHINA).isoformat(" ", "minutes")
