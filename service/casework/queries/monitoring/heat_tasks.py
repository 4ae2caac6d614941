"""The tasks behind a figure of heat: those that stand or were late, done, done late, or stand for so many days."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.monitoring.heat import AGES
from service.casework.queries.monitoring.monitored import ChosenDiagram, Monitored, chosen_diagram
from service.casework.step.reminders import last_day_of
from service.catalog import Element
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import NEVER, Called, CaseFilter, Place, TasksBehind
from service.store.models import TaskRow

PAGE = 50
_DAY = timedelta(days=1)
FIGURES = {
    "waiting": Text("待办", "Tasks"),
    "late": Text("逾期", "Overdue"),
    "done": Text("期间办结", "Done in the period"),
    "done_late": Text("逾期办结", "Done late"),
    "age": Text("停留时间", "Standing for"),
}
"""The figures of heat that open tasks, or cases of a call activity, by the word that asks for them."""

_OF_CALLS = ("waiting", "done")
"""Those that call activities have: none of these is late."""

INSIDE = Text("在内", "Inside")


@dataclass(frozen=True, slots=True)
class HeatFigure:
    """A figure of heat: one of `FIGURES`, at one ``element`` or (empty) at all; ``first`` is the age in days it begins at."""

    of: str
    element: str = ""
    first: int = 0
    days: int = 90


@dataclass(frozen=True, slots=True)
class HeatTask:
    """A task behind a figure, or a case in a call activity that came when it entered and was done when it left.

    Its case, when it came, is or was due (None: never) and was done.

    ``due_at`` is 24:00 of ``last_day``, the day that people are told. ``done_at`` is None while it waits; when a vote was cast is not told either.
    """

    id: int
    case_id: int
    case_title: str
    element: str
    name: str
    came_at: datetime
    due_at: datetime | None
    last_day: date | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeatTaskPage:
    """A page of the tasks behind a figure, newest first; ``before`` continues it."""

    chosen: Monitored
    figure: HeatFigure
    name: Text
    step: str
    last: int | None
    lines: tuple[HeatTask, ...]
    before: int | None


@guarded("monitor.view")
def list_heat_tasks(
    desk: Desk, actor: Actor, asked: ChosenDiagram, figure: HeatFigure, before: int | None = None
) -> HeatTaskPage:
    """Return a page of the tasks that a figure counts, without those of organisations the actor is recused from.

    Raises Invalid for a figure that there is none of, NotFound for a place the actor does not oversee.
    """
    if figure.of not in FIGURES or (figure.of == "age" and figure.first not in (0, *AGES)):
        raise Invalid(
            Text(
                "没有这个数字，请回到“停留时间”页面，从数字上点开。",
                "There is no such figure: go back to “Time at steps” and open a number there.",
            )
        )
    with desk.store.read() as tx:
        chosen = chosen_diagram(desk, tx, actor, asked)
        place = Place(chosen.package.jurisdiction.id, chosen.process, chosen.version or None)
        elements = chosen.package.diagram(chosen.process).elements
        rows: Sequence[TaskRow | Called]
        behind = _behind(actor, figure, desk.clock.now())
        if not _calls(elements, figure):
            rows = tx.durations.tasks_behind(place, behind, before, PAGE + 1)
        elif figure.of in _OF_CALLS:
            rows = tx.calls.behind(place, behind, before, PAGE + 1)
        else:
            rows = []
        shown = rows[:PAGE]
        titles = {
            c.id: c.title for c in tx.cases.search(CaseFilter(ids=sorted({r.case_id for r in shown})), limit=PAGE)
        }
    names = {ident: element.name or ident for ident, element in elements.items()}
    return HeatTaskPage(
        chosen,
        figure,
        INSIDE if figure.of == "waiting" and _calls(elements, figure) else FIGURES[figure.of],
        names.get(figure.element, figure.element),
        _until(figure.first) if figure.of == "age" else None,
        tuple(_line(row, titles[row.case_id], names.get(row.element, row.element)) for row in shown),
        shown[-1].id if len(rows) > PAGE else None,
    )


def _behind(actor: Actor, figure: HeatFigure, now: datetime) -> TasksBehind:
    came = None
    if figure.of == "age":
        last = _until(figure.first)
        oldest = now - last * _DAY if last is not None else datetime.min.replace(tzinfo=now.tzinfo)
        came = (oldest, now - figure.first * _DAY if figure.first else now + _DAY)
    return TasksBehind(
        figure.element or None,
        now - figure.days * _DAY if figure.of.startswith("done") else None,
        now if figure.of in ("late", "done_late") else None,
        came,
        sorted(actor.recused),
    )


def _calls(elements: Mapping[str, Element], figure: HeatFigure) -> bool:
    """Return whether the figure is of a call activity, which cases stand in."""
    return figure.element in elements and bool(elements[figure.element].called)


def _until(first: int) -> int | None:
    """Return the age at which the column of ages that begins at ``first`` ends; None for the last one."""
    return next((age for age in AGES if age > first), None)


def _line(row: TaskRow | Called, title: str, name: str) -> HeatTask:
    if isinstance(row, Called):
        return HeatTask(row.id, row.case_id, title, row.element, name, row.since, None, None, row.left_at)
    due, last = (row.due_at, last_day_of(row.due_at, row.due_reason)) if row.due_at < NEVER else (None, None)
    done = row.done_at if row.kind != "ballot" else None
    return HeatTask(row.id, row.case_id, title, row.element, name, row.created_at, due, last, done)
