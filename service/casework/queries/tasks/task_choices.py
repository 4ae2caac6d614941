"""What a task list can be narrowed by: the steps, rounds and periods that occur in it, and how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import NamedTuple

from service.casework.access.actor import Actor
from service.casework.queries.tasks.task_periods import PERIODS, due_day, is_period, period, period_ends
from service.casework.reading.published import Published, overseen
from service.catalog import Kind
from service.store import CAP, CaseFilter, Facet, TaskFilter, Transaction

_NUMBERED: Mapping[str, Collection[int]] = {"late": (0,), "today": (1,), "week": (1, 2), "none": (4,)}
"""The numbers that the store gives to what is due in a period, which end as `period_ends` says."""


class FilterChoice(NamedTuple):
    """A value that a filter may take: its name, and how many tasks of the list have it (None: too many to count)."""

    value: str
    name: str
    tasks: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed by, each counted with the other filters in force; rounds newest first.

    ``periods`` counts by "late", "today", "week" and "none"; ``gone`` are the filters in force ("step", "round", "due")
    whose value is nowhere any more.
    """

    steps: Sequence[FilterChoice] = ()
    rounds: Sequence[FilterChoice] = ()
    periods: Mapping[str, int] = field(default_factory=dict)
    gone: frozenset[str] = frozenset()


class Narrowed(NamedTuple):
    """The filters in force that choices are counted for: "process/element", the number of a round, a period or day."""

    step: str
    round_id: int | None
    due: str


def choices_of(
    tx: Transaction, actor: Actor, known: Published, chosen: TaskFilter, by: Narrowed, now: datetime, *, long: bool
) -> Choices:
    """Return what ``chosen``, a list narrowed ``by`` filters, could be narrowed by instead.

    ``long`` says that the list is known to hold more tasks than are counted one by one.
    """
    wide = replace(chosen, process=None, element=None, round_id=None)
    if due_day(by.due) is None:
        wide = replace(wide, due_from=None, due_before=None, overdue=None)
    found = () if long else tx.tasks.facets(wide, period_ends(now))
    if not long and sum(one.tasks for one in found) < CAP:
        steps, rounds, periods = _counted(known, found, by)
    else:
        narrow = replace(wide, process=chosen.process, element=chosen.element, round_id=chosen.round_id)
        lists = [replace(narrow, **period(one, now)) for one in PERIODS]
        periods = dict(zip(PERIODS, tx.tasks.count_each(lists), strict=True))
        steps, rounds = every_step(actor, known), _every_round(tx, actor, known)
    step_gone = _add_chosen(steps, by.step, lambda: step_names(known, [by.step]))
    asked = str(by.round_id or "")
    round_gone = _add_chosen(rounds, asked, lambda: {one.value: one.name for one in _every_round(tx, actor, known)})
    gone = {"step": step_gone, "round": round_gone, "due": bool(by.due) and not is_period(by.due)}
    return Choices(steps, rounds, periods, frozenset(name for name, is_gone in gone.items() if is_gone))


def step_names(known: Published, steps: Collection[str]) -> dict[str, str]:
    """Return the names of steps ("process/element") that a current package has; equal names say where they belong."""
    names: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for package in known.packages:
        for step in steps:
            process, _, ident = step.partition("/")
            element = package.processes[process].elements.get(ident) if process in package.processes else None
            if element is not None:
                names.setdefault(step, element.name)
                places.setdefault(step, [package.processes[process].name]).append(package.jurisdiction.name)
    alike = Counter(names.values())
    return {step: name if alike[name] == 1 else f"{name}（{_belongs(*places[step])}）" for step, name in names.items()}


def _counted(
    known: Published, found: Sequence[Facet], by: Narrowed
) -> tuple[list[FilterChoice], list[FilterChoice], dict[str, int]]:
    """Return the steps, rounds and periods of ``found``, each with the other two filters in force."""

    def at_step(one: Facet) -> bool:
        return by.step in ("", _step(one))

    def in_round(one: Facet) -> bool:
        return by.round_id in (None, one.round_id)

    def in_period(one: Facet) -> bool:
        return by.due not in _NUMBERED or one.period in _NUMBERED[by.due]

    by_step: Counter[str] = Counter()
    by_round: Counter[int] = Counter()
    periods = dict.fromkeys(PERIODS, 0)
    kinds = _rounds_of(known)
    for one in found:
        if in_round(one) and in_period(one):
            by_step[_step(one)] += one.tasks
        if at_step(one) and in_period(one) and (one.jurisdiction, one.award, one.sort) in kinds:
            by_round[one.round_id] += one.tasks
        if at_step(one) and in_round(one):
            for word, numbers in _NUMBERED.items():
                periods[word] += one.tasks if one.period in numbers else 0
    names, titles = step_names(known, by_step), {one.round_id: one.round_title for one in found}
    steps = [FilterChoice(step, names[step], count) for step, count in by_step.items() if step in names]
    rounds = [FilterChoice(str(ident), titles[ident], by_round[ident]) for ident in sorted(by_round, reverse=True)]
    return sorted(steps, key=lambda one: one.name), rounds, periods


def _add_chosen(choices: list[FilterChoice], value: str, names: Callable[[], Mapping[str, str]]) -> bool:
    """Add the choice in force, of which there may be no task; returns whether it is nowhere any more."""
    if not value or any(one.value == value for one in choices):
        return False
    name = names().get(value)
    if name:
        choices.append(FilterChoice(value, name, 0))
    return not name


def _step(one: Facet) -> str:
    return f"{one.process}/{one.element}"


def _rounds_of(known: Published) -> set[tuple[str, str, str]]:
    """Return the kinds of cases that others stand below, and that stand below none: (jurisdiction, award, kind)."""
    return {
        (package.jurisdiction.id, package.award.id, kind.parent)
        for package in known.packages
        for kind in package.award.processes.values()
        if kind.parent and package.award.processes[kind.parent].parent is None
    }


def every_step(actor: Actor, known: Published) -> list[FilterChoice]:
    """Return the steps that the actor may meet, for a list that is too long to be looked through."""
    steps: dict[str, None] = {}
    for package in known.packages:
        place = package.jurisdiction
        roles = {role for role in place.roles if actor.holds(place.id, role)}
        for diagram in package.processes.values():
            for element in diagram.of(Kind.USER_TASK):
                if actor.oversees(place.id) or package.role_of(element) in roles:
                    steps[f"{diagram.process_id}/{element.id}"] = None
    names = step_names(known, list(steps))
    return sorted((FilterChoice(step, name, None) for step, name in names.items()), key=lambda one: one.name)


def _every_round(tx: Transaction, actor: Actor, known: Published) -> list[FilterChoice]:
    """Return the newest rounds that the actor may meet."""
    places = overseen(actor, known.jurisdictions()) or tuple({s.jurisdiction for s in actor.seats} - {"*"})
    if not places:
        return []
    kinds = sorted({sort for _, _, sort in _rounds_of(known)})
    found = [row for kind in kinds for row in tx.cases.search(CaseFilter(places, kind), limit=20)]
    return [FilterChoice(str(row.id), row.title, None) for row in sorted(found, key=lambda r: r.id, reverse=True)]


def _belongs(diagram: str, *places: str) -> str:
    return diagram if len(set(places)) > 1 else f"{places[0]} · {diagram}"
