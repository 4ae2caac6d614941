"""Conditions over the records, and the incident of one that is neither true nor false."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.step.fill import compiled
from service.casework.step.incident import Incident, open_incident
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine import Environment, explain_undecided

UNDECIDED = "undecided"
"""Kind of the incident of a condition that is neither true nor false."""


class Undecided(Conflict):
    """A condition came to null, a text or a number; ``case_id`` is the case over whose records, ``place`` where it stands."""

    code = "undecided"

    def __init__(self, case_id: int, place: str, name: Text, reason: Text) -> None:
        super().__init__(
            Text(
                f"“{name.zh}”暂时不能判断：{reason.zh}。已经报告系统管理员，请等改正后再办理。",
                f"“{name.en}” cannot be decided now: {reason.en}. The administrator was told; go on once it is mended.",
            )
        )
        self.case_id, self.place, self.name, self.reason = case_id, place, name, reason


def decide_condition(
    text: str, scope: Mapping[str, object], environment: Environment, functions: FunctionSet
) -> bool | Text:
    """Return whether a condition holds, or why it is neither true nor false."""
    condition = compiled(text, functions)
    value = condition.evaluate(scope, environment)
    return value if isinstance(value, bool) else explain_undecided(condition, value, scope, environment)


def open_undecided(step: Step, engine_id: str, place: str, name: Text, reason: Text) -> None:
    """Open the incident of the condition at ``place``; the same one again counts up."""
    incident = Incident(
        UNDECIDED,
        Text(f"“{name.zh}”的{reason.zh}。", f"“{name.en}”: {reason.en}."),
        Text(
            "在它得出“是”或“否”以前，这里不会往下走，也不能办理。",
            "Until it is true or false, nothing goes on from here.",
        ),
        Text(
            "补上缺少的数据，或者改正公式并发布、把办件转到新版本，再点“重试”；允许没有值的，公式里写明，例如“(公式) = true”。",
            "Supply what is missing, or correct and publish the formula and move the case to it, then retry; where a value "
            "may be missing, let the formula say so: “(formula) = true”.",
        ),
        reason.zh,
        f"{UNDECIDED}/{place}",
    )
    open_incident(step, engine_id, place, incident)


@contextmanager
def reporting_undecided(desk: Desk) -> Iterator[None]:
    """Open the incident of an Undecided in a unit of work of its own, and let it pass on."""
    try:
        yield
    except Undecided as error:
        with desk.store.write() as tx:
            step = open_step(desk, tx, error.case_id, SYSTEM)
            open_undecided(step, f"{UNDECIDED}:{error.place}", error.place, error.name, error.reason)
            tx.history.record(error.case_id, step.pending.events)
        raise
