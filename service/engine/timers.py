"""Timers that compute their instant and fire only when the program fires them.

The library fires whatever its own clock says is due. Here a timer only computes its instant, in UTC, when it starts;
the program keeps the instants and fires exactly the timer it means, so no clock is read and a season can be simulated.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

from SpiffWorkflow.bpmn.specs.event_definitions.timer import TimerEventDefinition

from service.domain.calendar import CHINA, end_of_day
from service.domain.feel.temporal import YearsMonths, add_months, parse_any, parse_duration
from service.domain.text import Text
from service.engine.errors import STOPPED, StepFailed, step_failed, stop_task
from service.engine.values import show_value

DUE, _ROUND = "event_value", "round"
MOST_FIRED = 400
"""So often one timer repeats itself, or is come to in a loop: daily for more than a year."""
SHORTEST_PERIOD = timedelta(hours=1)
_TOO_OFTEN = Text(
    f"这一计时已经重复了{MOST_FIRED}次，暂停在这里；间隔写得过短的请改正，确需继续的点“重试”",
    f"this timer repeated itself {MOST_FIRED} times and pauses: correct a period that is too short, or retry to go on",
)
_ROUND_AND_ROUND = Text(
    f"流程已经在这里循环了{MOST_FIRED}次，暂停在这里；循环多半没有出口，请改正流程图或者所用数据，确需继续的点“重试”",
    f"the process came round here {MOST_FIRED} times and pauses: most often nothing ends the loop; correct the diagram or its "
    "data, or retry to go on",
)
_CYCLE = re.compile(r"R(\d*)/(P[^/]+)")


class InstantTimer(TimerEventDefinition):  # type: ignore[misc]
    """A timer that is due once, whatever its expression yields: an instant, a date, or a duration from now."""

    def has_fired(self, my_task: Any) -> bool:
        """Compute the instant when the timer starts, or stop it where there is none; say whether it was fired."""
        if DUE not in my_task.internal_data and STOPPED not in my_task.internal_data:
            try:
                _count_round(my_task)
                my_task.internal_data[DUE] = self._value(my_task)
            except StepFailed as error:
                stop_task(my_task, error)
        return bool(my_task.internal_data.get("event_fired", False))

    def _value(self, my_task: Any) -> object:
        return _evaluate_start(self, my_task, due_of).isoformat()


class RepeatingTimer(InstantTimer):
    """A non-interrupting timer that starts its branch once per period: ``"R3/P7D"``, or a list of instants.

    Each occurrence is a waiting event of its own, so that what an earlier one started outlives the activity.
    """

    def following(self, my_task: Any) -> dict[str, object] | None:
        """Return the internal data of the next occurrence, which is stopped after too many; None after the last."""
        cycle = _advance_cycle(my_task.internal_data[DUE])
        if cycle is None:
            return None
        if cycle.get("fired", 0) < MOST_FIRED:
            return {DUE: cycle}
        return {STOPPED: {"zh": _TOO_OFTEN.zh, "en": _TOO_OFTEN.en}}

    def _value(self, my_task: Any) -> object:
        return _evaluate_start(self, my_task, cycle_of)


def _count_round(my_task: Any) -> None:
    """Count how often a loop came to this timer; raises StepFailed after too many, and counts anew when that is tried again."""
    state = my_task.internal_data
    if _ROUND not in state:
        earlier = my_task.find_ancestor(my_task.task_spec.name)
        state[_ROUND] = 1 + (earlier.internal_data.get(_ROUND, 0) if earlier is not None else 0)
        if state[_ROUND] > MOST_FIRED:
            state[_ROUND] = 0
            raise step_failed(my_task.task_spec.bpmn_id, _ROUND_AND_ROUND)


def due_of(value: object, now: datetime) -> datetime:
    """Return the instant (UTC) that a timer's value means.

    A date means 24:00 of that day in Asia/Shanghai; a time without offset is Shanghai's; durations count from now.
    Text is read as ISO 8601.

    Raises:
        ValueError: for anything else, null included.
    """
    if isinstance(value, str):
        value = parse_any(value) or parse_duration(value)
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=CHINA)).astimezone(UTC)
    if isinstance(value, date):
        return end_of_day(value)
    if isinstance(value, timedelta):
        return (now + value).astimezone(UTC)
    if isinstance(value, YearsMonths):
        return _months_on(now, value.months)
    raise ValueError(value)


def cycle_of(value: object, now: datetime) -> dict[str, object]:
    """Return the state of a repetition: its next instant and what follows.

    Raises:
        ValueError: unless it is ``"R<n>/<duration of an hour at least>"`` or a list of instants.
    """
    if isinstance(value, list) and value:
        instants = sorted(due_of(element, now).isoformat() for element in value)
        return {"next": instants[0], "then": instants[1:]}
    match = _CYCLE.fullmatch(value) if isinstance(value, str) else None
    period = parse_duration(match[2]) if match else None
    remaining = int(match[1]) if match and match[1] else -1
    if remaining == 0 or not isinstance(period, timedelta) or period < SHORTEST_PERIOD:
        raise ValueError(value)
    return {"next": (now + period).astimezone(UTC).isoformat(), "left": remaining, "seconds": period.total_seconds()}


def next_due(stored: object) -> datetime:
    """Return the instant (UTC) of a stored timer value."""
    text = stored["next"] if isinstance(stored, dict) else stored
    return datetime.fromisoformat(str(text)).astimezone(UTC)


def moved(stored: object, due: datetime) -> object:
    """Return the stored value of the same timer due at another instant."""
    text = due.astimezone(UTC).isoformat()
    return {**stored, "next": text} if isinstance(stored, dict) else text


def _advance_cycle(cycle: dict[str, Any]) -> dict[str, Any] | None:
    if "then" in cycle:
        return {"next": cycle["then"][0], "then": cycle["then"][1:]} if cycle["then"] else None
    remaining = cycle["left"] - 1 if cycle["left"] > 0 else cycle["left"]
    if remaining == 0:
        return None
    following = datetime.fromisoformat(cycle["next"]) + timedelta(seconds=cycle["seconds"])
    return {**cycle, "next": following.isoformat(), "left": remaining, "fired": cycle.get("fired", 0) + 1}


def _months_on(now: datetime, months: int) -> datetime:
    local = add_months(now.astimezone(CHINA), months)
    if not isinstance(local, datetime):
        raise ValueError(months)
    return local.astimezone(UTC)


def _evaluate_start(timer: Any, my_task: Any, convert: Any) -> Any:
    scripts, element = my_task.workflow.script_engine, my_task.task_spec.bpmn_id
    scripts.env.take_windows()
    value = scripts.evaluate(my_task, timer.expression)
    windows = scripts.env.take_windows()
    try:
        result = convert(value, scripts.env.now)
    except (ValueError, OverflowError) as error:
        raise _no_instant(element, timer.expression, value, cycle=convert is cycle_of) from error
    if windows:
        due = result if isinstance(result, datetime) else next_due(result)
        scripts.windows[str(my_task.id)] = next((w for w in windows if w.ends_at == due), windows[-1])
    return result


def _no_instant(element: str | None, text: str, value: object, *, cycle: bool) -> StepFailed:
    value_text = show_value(value)
    if value is None:
        reason = Text(
            f"计时表达式“{text}”没有得出时刻（null），所用的日期或者天数还没有",
            f"the timer “{text}” comes to nothing (null): a day or a number it reads is not there",
        )
    elif cycle:
        reason = Text(
            f"重复计时“{text}”得到“{value_text}”，不是“R次数/间隔”（次数至少1次，间隔至少1小时，如 R/P1D、R3/PT12H）或者时刻的列表",
            f"the repeating timer “{text}” gives “{value_text}”, neither R<times>/<period>, once at least and of an hour at least, as R/P1D, nor a "
            "list of instants",
        )
    else:
        reason = Text(
            f"计时表达式“{text}”得到“{value_text}”，不是时刻、日期或期限",
            f"the timer “{text}” gives “{value_text}”, which is no instant, date or duration",
        )
    return step_failed(element, reason)
