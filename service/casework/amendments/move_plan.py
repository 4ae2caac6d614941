"""Dry run of moving a running case to the current version; nothing is written here."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from difflib import SequenceMatcher
from itertools import pairwise
from types import MappingProxyType
from typing import Any, TypeAlias

from service.casework.access.actor import Actor
from service.casework.amendments.step_changes import iterate_step_changes
from service.casework.desk.calendars import effective_parameters
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.published import version_names
from service.casework.step.limits.changes import LimitChange, compare_limits
from service.casework.step.limits.running import running_limits
from service.casework.step.limits.votes import ballots_cut_short
from service.casework.step.step import Step
from service.catalog import Diagram, Element, Kind, Package, Parameter
from service.catalog.law.law import Amendment
from service.catalog.parameters.value_words import value_words
from service.catalog.source.freeze import freeze
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Invalid
from service.domain.text import Text
from service.engine import Obstacle
from service.store import Transaction
from service.store.models import CaseRow

Renames: TypeAlias = Mapping[str, Mapping[str, str]]
"""For a diagram: the ids of elements before and after."""

_ALIKE = 0.6
"""From here on two names are taken for one that was reworded."""


@dataclass(frozen=True, slots=True)
class Missing:
    """An element that the newer version lacks: which of its new ones it may have become, and which is proposed, and why."""

    process: str
    element: Element
    choices: tuple[Element, ...]
    proposed: Element | None
    why: Text

    @property
    def choice_ids(self) -> tuple[str, ...]:
        """The ids of those it may have become."""
        return tuple(element.id for element in self.choices)


def missing_elements(old: Package, new: Package) -> list[Missing]:
    """Return the elements of ``old`` that ``new`` lacks in diagrams that both have, each with a proposal from its name and work."""
    gaps: list[Missing] = []
    for process, diagram in old.processes.items():
        after = new.processes.get(process)
        if after is not None:
            gaps += _iterate_missing_elements(process, diagram, after)
    return gaps


def read_renames(old: Package, new: Package, chosen: Mapping[tuple[str, str], str]) -> Renames:
    """Return what a person chose for (process, element before), empty texts left out; raises Invalid for what cannot be."""
    offered = {(gap.process, gap.element.id): gap for gap in missing_elements(old, new)}
    chosen_renames: dict[str, dict[str, str]] = {}
    for (process, before), after in chosen.items():
        if not after:
            continue
        offer = offered.get((process, before))
        if offer is None or after not in {choice.id for choice in offer.choices}:
            raise Invalid(
                Text(
                    f"“{before}”不能对应到“{after}”：新版本里须是同一种类的新节点。请重新选择。",
                    f"“{before}” cannot become “{after}”: it must be a new element of the same kind. Choose again.",
                )
            )
        if after in chosen_renames.setdefault(process, {}).values():
            raise Invalid(Text(f"“{after}”被对应了两次，请改正。", f"“{after}” was chosen twice: correct one of them."))
        chosen_renames[process][before] = after
    return chosen_renames


def for_engine(old: Package, renames: Renames) -> Renames:
    """Return the same for the engine, to which a process drawn inside another is one of its own."""
    engine_renames = dict(renames)
    for process, names in renames.items():
        for element in old.diagram(process).elements.values():
            if element.kind is Kind.SUBPROCESS:
                engine_renames[element.id] = names
    return engine_renames


def _iterate_missing_elements(process: str, before: Diagram, after: Diagram) -> Iterator[Missing]:
    fresh = [fresh_element for fresh_element in after.elements.values() if fresh_element.id not in before.elements]
    for element in before.elements.values():
        if element.id in after.elements or element.kind is Kind.SUBPROCESS:
            continue
        choices = [
            fresh_element
            for fresh_element in fresh
            if fresh_element.kind is element.kind and fresh_element.parent == element.parent
        ]
        proposed, why = _propose_element(element, choices)
        yield Missing(process, element, tuple(choices), proposed, why)


def _propose_element(element: Element, choices: list[Element]) -> tuple[Element | None, Text]:
    for same, why in (
        (lambda candidate: bool(candidate.name) and candidate.name == element.name, Text("名称相同", "same name")),
        (
            lambda candidate: (
                _get_work_key(candidate) is not None and _get_work_key(candidate) == _get_work_key(element)
            ),
            Text("所办的事相同", "same work"),
        ),
    ):
        alike = [candidate for candidate in choices if same(candidate)]
        if len(alike) == 1:
            return alike[0], why
    near = sorted(choices, key=lambda candidate: _compute_similarity(candidate, element), reverse=True)
    if near and _compute_similarity(near[0], element) >= _ALIKE:
        return near[0], Text("名称相近", "similar name")
    return None, Text("没有相近的节点", "nothing like it")


def _get_work_key(element: Element) -> object:
    """Return what an element does, None for one that does nothing of its own."""
    if element.operation is not None:
        return element.operation.operation, tuple(sorted(element.operation.parameters.items()))
    if element.timer is not None:
        return element.timer.expression
    return element.form or element.decision or element.called or element.message or None


def _compute_similarity(first: Element, other: Element) -> float:
    return SequenceMatcher(None, first.name or first.id, other.name or other.id).ratio()


_RETAINED_BY_DRAFT = Text(
    "这份草稿改了条款或参数，没有写明适用于在办办件。发布以后，在办的仍按启动时的版本办完，只有此后启动的办件按新版本办理。"
    "应当适用于在办的，请在发布以前写明；发布以后才发现漏写的，在下一版中写明，这一版的改动随它一并适用于在办的。",
    "The draft changes clauses or values and does not say that it applies to running cases. Once it is published they keep the "
    "version they began under, only cases that start later use the new one. Where it is to apply to them, say so before it is "
    "published; if that is noticed afterwards, the next version says it, and what this one changed then applies with it.",
)


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether cases of ``old`` may move to ``new``: ``why`` says on what ground, ``clauses`` are cited for it."""

    allowed: bool
    why: Text
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A frozen value that changes when a case moves; ``old`` None where there was none."""

    parameter: str
    name: Text
    old: Text
    new: Text


def reach_of(desk: Desk, tx: Transaction, old: str, new: Package, today: date) -> Reach:
    """Tell whether running cases of version ``old`` may move to ``new``: every version in between must allow it.

    A version allows it when its own amendment says so; or when it changes neither clauses nor values: a drawing
    was corrected. What a version left unsaid a later one may say for it: one that applies to running cases takes those
    along which a silent version before it would have kept.
    """
    clauses: dict[str, None] = {}
    published = version_names(tx.definitions.of_package(new.key))
    is_stated_later = False
    for before, after in reversed(_list_version_steps(desk, tx, old, new)):
        step = _assess_version_step(before, after, today, published.get(after.version))
        if not step.allowed and not (is_stated_later and _says_nothing(before, after)):
            return step
        is_stated_later = is_stated_later or (step.allowed and bool(step.clauses))
        clauses = dict.fromkeys((*(step.clauses if step.allowed else ()), *clauses))
    if clauses:
        cited = "、".join(dict.fromkeys(new.law.article(c) for c in clauses))
        ground = Text(f"依{cited}，适用于进行中的办件。", f"By {cited} it applies to running cases.")
        return Reach(allowed=True, why=ground, clauses=tuple(clauses))
    ground = Text(
        "条款和参数没有变化，改动的是流程图、表单、文书等。",
        "Neither clauses nor values changed, only diagrams, forms, letters and the like.",
    )
    return Reach(allowed=True, why=ground, clauses=())


def moved_parameters(tx: Transaction, old: Package, new: Package, case: CaseRow, today: date) -> dict[str, Any]:
    """Return the values that ``case`` has after moving: what the amendment changed as of today, the rest as frozen."""
    effective = effective_parameters(tx, new)
    return {
        ident: to_json_value(effective[ident].value_on(today))
        if _is_amended(old.award.parameters.get(ident), parameter) or ident not in case.parameters
        else case.parameters[ident]
        for ident, parameter in new.award.parameters.items()
    }


def value_changes(old: Package, new: Package, frozen: Mapping[str, Any], moved: Mapping[str, Any]) -> list[ValueChange]:
    """Return in words what differs between the values a case froze and those it has after moving."""
    changes = []
    for ident in dict.fromkeys((*frozen, *moved)):
        before, after = old.award.parameters.get(ident), new.award.parameters.get(ident)
        parameter = after or before
        if parameter is not None and (ident in frozen, frozen.get(ident)) != (ident in moved, moved.get(ident)):
            lines = (_value_words(before, frozen, ident), _value_words(after, moved, ident))
            changes.append(ValueChange(ident, parameter.text, *lines))
    return changes


def _value_words(parameter: Parameter | None, values: Mapping[str, Any], ident: str) -> Text:
    if parameter is None or ident not in values:
        return Text("（没有）", "(none)")
    return value_words(parameter, freeze(values[ident]))


def _is_amended(before: Parameter | None, after: Parameter) -> bool:
    return before is None or before.values != after.values


def _list_version_steps(desk: Desk, tx: Transaction, old: str, new: Package) -> Sequence[tuple[Package, Package]]:
    """Return the versions from ``old`` to ``new`` in pairs; one leap where they do not follow each other."""
    rows = {row.version: row for row in tx.definitions.of_package(new.key)}
    path, current = [new.version], new.version
    while current != old and (base := rows[current].base if current in rows else None) and base not in path:
        path.append(base)
        current = base
    if path[-1] != old:
        path = [new.version, old]
    packages = [desk.packages.get(version, tx) for version in reversed(path)]
    return list(pairwise(packages))


def _assess_version_step(before: Package, after: Package, today: date, name: Text | None) -> Reach:
    """Tell what one version says of the cases of the one before it; one without a ``name``, a draft, can still change that."""
    amendment = after.law.amendment
    if amendment is not None and amendment != before.law.amendment and amendment.applies_to_running:
        if amendment.since is None or amendment.since <= today:
            return Reach(allowed=True, why=amendment.note, clauses=amendment.clauses)
        day = format_full_day(amendment.since)
        ground = Text(f"修订自{day.zh}起才适用于进行中的办件。", f"It applies to running cases from {day.en} only.")
        return Reach(allowed=False, why=ground, clauses=amendment.clauses)
    if _same_rules(before, after):
        return Reach(allowed=True, why=Text("", ""), clauses=())
    if amendment is not None and amendment != before.law.amendment:
        return Reach(allowed=False, why=_describe_version_retention(amendment), clauses=amendment.clauses)
    clauses = amendment.clauses if amendment else ()
    if name is None:
        return Reach(allowed=False, why=_RETAINED_BY_DRAFT, clauses=clauses)
    ground = Text(
        f"{name.zh}改了条款或参数，却没有规定适用于进行中的办件：按启动时的版本办完。"
        "确属漏写的，在新草稿的“复核与发布”中写明“在办办件”适用修订，发布以后连同这一版一并迁移。",
        f"A version changes clauses or values and does not say that it applies to running cases ({name.en}): they keep "
        "the version they began under. If that was forgotten, say under “Review and publish” of a new draft that it applies to "
        "running cases: once published it takes them past this version too.",
    )
    return Reach(allowed=False, why=ground, clauses=clauses)


def _says_nothing(before: Package, after: Package) -> bool:
    return after.law.amendment is None or after.law.amendment == before.law.amendment


def _describe_version_retention(amendment: Amendment) -> Text:
    note = amendment.note
    return Text(
        "这一版写明：在办的按启动时的版本办完，只有此后启动的办件按新版本办理"
        + (f"（{note.zh}）。" if note.zh else "。"),
        "It says that running cases keep the version they began under and only cases that start later use the new one"
        + (f" ({note.en})." if note.en else "."),
    )


def _same_rules(before: Package, after: Package) -> bool:
    return before.law.clauses == after.law.clauses and before.award.parameters == after.award.parameters


@dataclass(frozen=True, slots=True)
class MovePlan:
    """What moving one case would do: nothing where it stays, for the ``reasons`` given.

    ``altered``: only what it has reached keeps it, because the version alters that. ``steps`` say what people will do otherwise.
    """

    case: CaseRow
    target: Package
    reach: Reach
    reasons: tuple[Text, ...]
    parameters: Mapping[str, Any]
    values: tuple[ValueChange, ...]
    dates: tuple[LimitChange, ...]
    renames: Renames = field(default_factory=dict)
    altered: bool = False
    steps: tuple[Text, ...] = ()

    @property
    def moves(self) -> bool:
        """Whether the case may move."""
        return not self.reasons


def plan_move(
    desk: Desk,
    tx: Transaction,
    actor: Actor,
    case: CaseRow,
    target: Package,
    moved: Collection[int] = (),
    renames: Renames = MappingProxyType({}),
) -> MovePlan:
    """Return what moving ``case`` (with its state) to ``target`` would do; nothing is written.

    A child case stays where its parent stays. ``moved`` are cases assumed to have moved, ``renames`` says which elements
    only have another id.
    """
    today = local_date(desk.clock.now())
    before = Step(desk, tx, case, actor)
    reach = reach_of(desk, tx, case.definition, target, today)
    reasons: tuple[Text, ...] = () if reach.allowed else (reach.why,)
    if case.status == "ended":
        reasons = (Text("办件已经结束。", "The case has ended."),)
    reasons += tuple(_iterate_parent_obstacles(tx, case, target, moved))
    altered = not reasons
    names = for_engine(before.package, renames)
    obstacles = desk.engine.obstacles(case.definition, target.version, before.engine_state, names)
    reasons += tuple(dict.fromkeys(_in_words(before.package, o) for o in obstacles))
    if reasons:
        return MovePlan(case, target, reach, reasons, case.parameters, (), (), renames, altered)
    before.instance = desk.engine.restore(case.definition, before.engine_state, before.environment)
    parameters = moved_parameters(tx, before.package, target, case, today)
    after = moved_step(before, target, parameters, renames)
    values = value_changes(before.package, target, case.parameters, parameters)
    dates = tuple(compare_limits(before, after))
    reasons = tuple(dict.fromkeys(_votes_cut_short(before, dates)))
    steps = tuple(iterate_step_changes(before.package, target, case.process, dates, renames))
    return MovePlan(case, target, reach, reasons, parameters, tuple(values), dates, renames, bool(reasons), steps)


def _votes_cut_short(before: Step, dates: Collection[LimitChange]) -> Iterator[Text]:
    """Yield a reason for each ballot that is open and would end sooner: who has not voted yet has until then."""
    running = {limit.ident: limit for limit in running_limits(before)} if dates else {}
    for change in dates:
        for ballot in ballots_cut_short(before, running.get(change.key), change.due):
            yield Text(
                f"“{ballot.title}”正在投票，修订不能把截止时间提前：办件保留原版本，投票结束后再适用。",
                f"“{ballot.title}” is being voted on: no amendment makes it end sooner. The case keeps its version until the vote is over.",
            )


def _iterate_parent_obstacles(
    tx: Transaction, case: CaseRow, target: Package, moved: Collection[int]
) -> Iterator[Text]:
    """Yield a reason when the running parent case keeps another version."""
    if case.parent_id is None or case.parent_id in moved:
        return
    parent = tx.cases.get(case.parent_id)
    if parent.status != "ended" and parent.definition != target.version:
        yield Text(
            f"所属的“{parent.title}”保留原版本，其下的办件随它办理。",
            f"“{parent.title}” above it keeps its version; what is below follows it.",
        )


def _in_words(package: Package, obstacle: Obstacle) -> Text:
    """Name the obstacle by its name on the diagram, by its id only where it has none."""
    ident, diagram = obstacle.element_id, package.processes.get(obstacle.process_id)
    drawn = diagram.elements.get(ident) if diagram else None
    return obstacle.describe((drawn.name if drawn else "") or ident)


def moved_step(before: Step, target: Package, parameters: Mapping[str, Any], renames: Renames) -> Step:
    """Return a step on the case as it would be: new version, new values, the instance where it stood.

    Raises CannotMove when the instance has reached something that the new version alters.
    """
    desk, case = before.desk, before.case
    row = replace(case, definition=target.version, parameters=dict(parameters))
    after = Step(desk, before.tx, row, before.actor)
    after.stored = before.stored
    names = for_engine(before.package, renames)
    state = desk.engine.move(case.definition, target.version, before.engine_state, names)
    rename_projection(after, renames)
    after.instance = desk.engine.restore(target.version, state, after.environment)
    return after


def rename_projection(step: Step, renames: Renames) -> None:
    """Let what the tables show of a case be known under the ids that its elements have now."""
    merged = {before: after for names in renames.values() for before, after in names.items()}
    visits, entries = step.projection.visits, step.projection.entries
    step.projection.visits = {
        _rename_place(place, renames.get(place.partition("/")[0], {})): n for place, n in visits.items()
    }
    step.projection.entries = {_rename_place(place, merged): n for place, n in entries.items()}


def _rename_place(place: str, names: Mapping[str, str]) -> str:
    above, slash, element = place.rpartition("/")
    return f"{above}{slash}{names.get(element, element)}"
