"""The day from which a time limit counts, as the formula of a diagram: what its case, or one above it, has on record."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.award import ProcessInfo
from service.catalog.bpmn.model import Diagram
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.law_text.limit_starts import LimitStart
from service.catalog.package import Package
from service.domain.errors import Invalid
from service.domain.text import Text

START_QUESTION = ClauseQuestion(
    "starts",
    Text("期限从什么时候起算", "From when the days count"),
    AnswerKind.CHOICE,
    options=(
        (LimitStart.TASK.value, Text("任务开始时（收到、转来时）", "when the task begins (on receipt)")),
        (LimitStart.DEADLINE.value, Text("申报截止之日", "the close of applications")),
        (LimitStart.FILED.value, Text("提交申报之日", "the day of the application")),
        (LimitStart.NOTICE.value, Text("公示期满之日", "the end of the notice")),
    ),
    hint=Text(
        "条文从别的日子（例如受理、审定）起算的：那一天紧接着就是这个任务的，选任务开始时；不是的，在图元的期限里写",
        "From another day (acceptance, decision): when the task begins where it follows at once, else write it at the element",
    ),
    optional=True,
)
_DEADLINE = "deadline"
_NOTICE_ENDS = "ends_at"


def day_of_start(package: Package, path: str, start: str) -> str:
    """Return the formula of the day on which ``start`` lies for a task of the diagram at ``path``, "" for when it begins.

    Raises Invalid, with what to do, where nothing there has that day on record.
    """
    if start in ("", LimitStart.TASK):
        return ""
    diagram = package.diagrams.get(path)
    days = _days(package, diagram, start) if diagram is not None else []
    if len(set(days)) != 1:
        raise Invalid(
            Text(
                f"这张图上没有（或者不止一个）“{_title(start).zh}”可以起算，没有写。请在流程图中选中这个任务，在“期限”里选起算的那一天。",
                f"There is no day here, or more than one, that is {_title(start).en}: nothing was written. Choose the task on the "
                "diagram, and the day from which its time limit counts.",
            )
        )
    return days[0]


def demand_from_task(start: str) -> None:
    """Raise Invalid for a start that the task of a shared diagram, whose formula is fixed, does not count from."""
    if start not in ("", LimitStart.TASK):
        raise Invalid(
            Text(
                f"这个任务在共用的流程里，期限从任务开始时算，不能从“{_title(start).zh}”算。请把它画成本地自己的任务，再写期限。",
                f"The task is one of a shared diagram and its time counts from when it begins, not from {_title(start).en}: draw a "
                "task of the place's own for it.",
            )
        )


def _days(package: Package, diagram: Diagram, start: str) -> list[str]:
    if start == LimitStart.NOTICE:
        calls = [e.operation for e in diagram.elements.values() if e.operation is not None and e.operation.result]
        known = ((call, package.operations.get(call.operation)) for call in calls)
        return [
            f"date and time({call.result}.{_NOTICE_ENDS})"
            for call, operation in known
            if operation is not None and _NOTICE_ENDS in operation.result
        ]
    if start == LimitStart.FILED:
        applied = (one.process for one in package.award.processes.values() if one.parent and one.start_form)
        return ["date and time(case.started_at)" for process in applied if process == diagram.process_id]
    return list(_deadlines(package, diagram))[:1]


def _deadlines(package: Package, diagram: Diagram) -> Iterator[str]:
    """Yield the close of applications as the kind of case that ``diagram`` draws, and those above it, record it."""
    kinds = package.award.processes
    info: ProcessInfo | None = next((one for one in kinds.values() if one.process == diagram.process_id), None)
    scope = "case"
    while info is not None:
        if _DEADLINE in info.facts:
            yield f"{info.facts[_DEADLINE]}({scope}.{_DEADLINE})"
        info = kinds.get(info.parent or "")
        scope = info.key if info is not None else ""


def _title(start: str) -> Text:
    return dict(START_QUESTION.options)[start]
