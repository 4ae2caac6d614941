"""The task list (待办): open tasks with due dates and articles, filtered and paged, and what it can be narrowed to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypedDict

from service.casework.access.actor import APPLICANT_KINDS, BUILT_IN, Actor
from service.casework.access.case_access import name_holder, seat_for
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import MOST, PAGE, ListColumn, ListSpec, Say, Table
from service.casework.queries.limits import TimeLimit, state_in, time_limit
from service.casework.reading.alone import bodies_alone
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.published import Published, published, select_overseen_places
from service.catalog import Element, Kind, Package
from service.catalog.scoring.scoring import edition_of
from service.domain.calendar import add_working_days, end_of_day, local_date
from service.domain.review.sheet import read_sheet
from service.domain.signatures import AWAITED
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import CAP, NEVER, CaseFilter, Facet, TaskCounts, TaskFilter, TaskSeat, Transaction
from service.store.models import BodyRow, TaskRow

PERIODS = ("late", "today", "soon", "none")
"""Words that name a period; each is counted above the list."""
SOON = 5
"""What is due today or within so many working days after it is due soon."""
_SECOND = timedelta(seconds=1)
"""What is due on a day is due at its end; the second after belongs to the next."""
_FIRST_YEAR, _LAST_YEAR = 1950, 2200
_NUMBERED: Mapping[str, Collection[int]] = {"late": (0,), "today": (1,), "soon": (1, 2), "none": (4,)}
"""The numbers that the store gives to what is due in a period, which end as `period_ends` says."""
SCOPES = ("mine", "unclaimed", "to_do", "body", "visible", "overseen", "others")
_SUSPENDED, _PAUSED = "suspended", Text("已暂停", "suspended")
_NOTES = {
    "sent_back_by": Text("被退回", "sent back"),
    "delegated_by": Text("转办", "delegated"),
    "taken_back": Text("已取回", "taken back"),
}


class DueWithin(TypedDict, total=False):
    """The part of a `TaskFilter` that a period sets."""

    due_from: datetime | None
    due_before: datetime | None
    overdue: datetime | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """The instant from which periods are counted, and the last day that is ``soon``."""

    now: datetime
    soon: date


def look_ahead(publications: Published, desk: Desk, actor: Actor) -> Ahead:
    """Return the periods of now; ``soon`` by the calendar of the reader's place, the latest day where there are several."""
    now = desk.clock.now()
    places = {seat.jurisdiction for seat in actor.seats} & publications.jurisdictions() or {""}
    days = (add_working_days(publications.calendar(desk, place), local_date(now), SOON) for place in places)
    return Ahead(now, max(days))


def parse_due_period(due: str, ahead: Ahead) -> DueWithin:
    """Return when tasks of the period ``due`` are due; what is no period and no day means any time."""
    if due == "late":
        return {"overdue": ahead.now}
    if due == "none":
        return {"due_from": NEVER}
    if due in ("today", "soon"):
        return {"due_from": ahead.now, "due_before": _get_period_end(due, ahead)}
    day = due_day(due)
    if day is None:
        return {}
    return {"due_from": end_of_day(day - timedelta(days=1)) + _SECOND, "due_before": end_of_day(day) + _SECOND}


def period_ends(ahead: Ahead) -> tuple[datetime, ...]:
    """Return where overdue, today, the next working days and everything that is due at all end."""
    return ahead.now, _get_period_end("today", ahead), _get_period_end("soon", ahead), NEVER


def is_period(due: str) -> bool:
    """Return whether ``due`` names a period or a day."""
    return due in PERIODS or due_day(due) is not None


def due_day(due: str) -> date | None:
    """Return the day that ``due`` names, if it names one that can be."""
    try:
        day = date.fromisoformat(due)
    except ValueError:
        return None
    return day if _FIRST_YEAR <= day.year <= _LAST_YEAR else None


def _get_period_end(word: str, ahead: Ahead) -> datetime:
    return end_of_day(ahead.soon if word == "soon" else local_date(ahead.now)) + _SECOND


class FilterChoice(NamedTuple):
    """A value that a filter may take: its name, and how many tasks of the list have it (None: too many to count)."""

    value: str
    name: str
    tasks: int | None


@dataclass(frozen=True, slots=True)
class Choices:
    """What the list can be narrowed by, each counted with the other filters in force; rounds newest first.

    ``periods`` counts by "late", "today", "soon" and "none"; ``gone`` are the filters in force ("step", "round", "due")
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
    tx: Transaction,
    actor: Actor,
    publications: Published,
    chosen: TaskFilter,
    by: Narrowed,
    ahead: Ahead,
    *,
    long: bool,
) -> Choices:
    """Return what ``chosen``, a list narrowed ``by`` filters, could be narrowed by instead.

    ``long`` says that the list is known to hold more tasks than are counted one by one.
    """
    wide = replace(chosen, process=None, element=None, round_id=None)
    if due_day(by.due) is None:
        wide = replace(wide, due_from=None, due_before=None, overdue=None)
    facets = () if long else tx.tasks.facets(wide, period_ends(ahead))
    if not long and sum(facet.tasks for facet in facets) < CAP:
        steps, rounds, periods = _count_choices(publications, facets, by)
    else:
        narrow = replace(wide, process=chosen.process, element=chosen.element, round_id=chosen.round_id)
        lists = [replace(narrow, **parse_due_period(period_name, ahead)) for period_name in PERIODS]
        periods = dict(zip(PERIODS, tx.tasks.count_each(lists), strict=True))
        steps, rounds = every_step(actor, publications), _every_round(tx, actor, publications)
    step_gone = _add_chosen(steps, by.step, lambda: step_names(publications, [by.step]))
    round_text = str(by.round_id or "")
    round_gone = _add_chosen(
        rounds,
        round_text,
        lambda: {round_choice.value: round_choice.name for round_choice in _every_round(tx, actor, publications)},
    )
    gone = {"step": step_gone, "round": round_gone, "due": bool(by.due) and not is_period(by.due)}
    return Choices(steps, rounds, periods, frozenset(name for name, is_gone in gone.items() if is_gone))


def step_names(publications: Published, steps: Collection[str]) -> dict[str, str]:
    """Return the names of steps ("process/element") that a current package has; equal names say where they belong."""
    names: dict[str, str] = {}
    places: dict[str, list[str]] = {}
    for package in publications.packages:
        for step in steps:
            process, _, ident = step.partition("/")
            element = package.processes[process].elements.get(ident) if process in package.processes else None
            if element is not None:
                names.setdefault(step, element.name)
                places.setdefault(step, [package.processes[process].name]).append(package.jurisdiction.name)
    alike = Counter(names.values())
    return {
        step: name if alike[name] == 1 else f"{name}（{_format_diagram_title(*places[step])}）"
        for step, name in names.items()
    }


def _count_choices(
    publications: Published, facets: Sequence[Facet], by: Narrowed
) -> tuple[list[FilterChoice], list[FilterChoice], dict[str, int]]:
    """Return the steps, rounds and periods of ``facets``, each with the other two filters in force."""

    def at_step(task_facet: Facet) -> bool:
        return by.step in ("", _format_step_key(task_facet))

    def in_round(task_facet: Facet) -> bool:
        return by.round_id in (None, task_facet.round_id)

    def in_period(task_facet: Facet) -> bool:
        return by.due not in _NUMBERED or task_facet.period in _NUMBERED[by.due]

    by_step: Counter[str] = Counter()
    by_round: Counter[int] = Counter()
    periods = dict.fromkeys(PERIODS, 0)
    kinds = _rounds_of(publications)
    for facet in facets:
        if in_round(facet) and in_period(facet):
            by_step[_format_step_key(facet)] += facet.tasks
        if at_step(facet) and in_period(facet) and (facet.jurisdiction, facet.award, facet.sort) in kinds:
            by_round[facet.round_id] += facet.tasks
        if at_step(facet) and in_round(facet):
            for word, numbers in _NUMBERED.items():
                periods[word] += facet.tasks if facet.period in numbers else 0
    names, titles = (
        step_names(publications, by_step),
        {task_facet.round_id: task_facet.round_title for task_facet in facets},
    )
    steps = [FilterChoice(step, names[step], count) for step, count in by_step.items() if step in names]
    rounds = [FilterChoice(str(ident), titles[ident], by_round[ident]) for ident in sorted(by_round, reverse=True)]
    return sorted(steps, key=lambda choice: choice.name), rounds, periods


def _add_chosen(choices: list[FilterChoice], value: str, names: Callable[[], Mapping[str, str]]) -> bool:
    """Add the choice in force, of which there may be no task; returns whether it is nowhere any more."""
    if not value or any(choice.value == value for choice in choices):
        return False
    name = names().get(value)
    if name:
        choices.append(FilterChoice(value, name, 0))
    return not name


def _format_step_key(facet: Facet) -> str:
    return f"{facet.process}/{facet.element}"


def _rounds_of(publications: Published) -> set[tuple[str, str, str]]:
    """Return the kinds of cases that others stand below, and that stand below none: (jurisdiction, award, kind)."""
    return {
        (package.jurisdiction.id, package.award.id, kind.parent)
        for package in publications.packages
        for kind in package.award.processes.values()
        if kind.parent and package.award.processes[kind.parent].parent is None
    }


def every_step(actor: Actor, publications: Published) -> list[FilterChoice]:
    """Return the steps that the actor may meet, for a list that is too long to be looked through."""
    steps: dict[str, None] = {}
    for package in publications.packages:
        place = package.jurisdiction
        roles = {role for role in place.roles if actor.holds(place.id, role)}
        for diagram in package.processes.values():
            for element in diagram.of(Kind.USER_TASK):
                if actor.oversees(place.id) or package.role_of(element) in roles:
                    steps[f"{diagram.process_id}/{element.id}"] = None
    names = step_names(publications, list(steps))
    return sorted((FilterChoice(step, name, None) for step, name in names.items()), key=lambda choice: choice.name)


def _every_round(tx: Transaction, actor: Actor, publications: Published) -> list[FilterChoice]:
    """Return the newest rounds that the actor may meet."""
    places = select_overseen_places(actor, publications.jurisdictions()) or tuple(
        {s.jurisdiction for s in actor.seats} - {"*"}
    )
    if not places:
        return []
    kinds = sorted({sort for _, _, sort in _rounds_of(publications)})
    round_rows = [row for kind in kinds for row in tx.cases.search(CaseFilter(places, kind), limit=20)]
    return [FilterChoice(str(row.id), row.title, None) for row in sorted(round_rows, key=lambda r: r.id, reverse=True)]


def _format_diagram_title(diagram: str, *places: str) -> str:
    return diagram if len(set(places)) > 1 else f"{places[0]} · {diagram}"


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """What to list.

    ``scope`` is "mine" (claimed by the reader or by whom they stand in for), "unclaimed" (those of their bodies that
    nobody has), "to_do" (both), "body", "visible" or "overseen" (of whole places, ballots apart; of one ``role`` if
    it is given);
    ``due`` "late", from now to the end of "today" or "soon" (`SOON`), "none" without limit, a day (2026-03-09) that is the
    last one, or "";
    ``step`` "process/element"; ``round_id`` a case; ``jurisdiction`` one place; ``sort`` a kind of case, ``award`` an award;
    ``order`` is one of `TASKS`, "" for by due date; in the others ``page``, from 1, is
    what ``after`` is for lists by due date: it continues a page.
    """

    scope: str = "mine"
    text: str = ""
    step: str = ""
    due: str = ""
    round_id: int | None = None
    after: tuple[datetime, int] | None = None
    jurisdiction: str = ""
    sort: str = ""
    role: str = ""
    award: str = ""
    order: str = ""
    page: int = 1


@dataclass(frozen=True, slots=True)
class TaskLine:
    """A row of the list.

    ``at`` is the step as "process/element"; ``mine`` whether the reader has claimed the task, ``holds`` whether they may
    do it, ``claims`` whether they may claim it, and ``hands_on`` whether they may hand it on: neither where nobody else
    could do it; ``bulk`` whether it can go with others, ``stands_for`` in whose place they would do it, ``signing`` whether others sign first,
    ``suspended`` whether its case is suspended, so that nobody may do it until that goes on.
    """

    id: int
    version: int
    case_id: int
    title: str
    subject: str
    jurisdiction: str
    step: str
    at: str
    clauses: tuple[CitedArticle, ...]
    limit: TimeLimit
    assignee: str | None
    body: str
    holds: bool
    mine: bool
    claims: bool
    hands_on: bool
    bulk: bool
    stands_for: str
    note: Mapping[str, str] | None
    note_word: str
    due_at: datetime
    came_at: datetime
    signing: bool = False
    suspended: bool = False

    @property
    def is_free(self) -> bool:
        """Whether the reader may go on with it now: it is theirs or unclaimed, nobody has to sign first, and its case runs."""
        return self.holds and (self.mine or self.assignee is None) and not self.signing and not self.suspended


@dataclass(frozen=True, slots=True)
class TaskPage:
    """A page of the list; ``after`` continues it, ``newest`` is where "what is new" starts.

    ``pages`` is how many there are where the list is in the order asked for, 0 where it is by due date.
    """

    lines: tuple[TaskLine, ...]
    counts: TaskCounts
    after: tuple[datetime, int] | None
    newest: int
    choices: Choices
    pages: int = 0


TASKS: ListSpec[TaskLine] = ListSpec(
    "/tasks",
    Text("待办", "Tasks"),
    (
        ListColumn(Text("期限", "Due"), lambda line, _say: line.limit.last_day, "", CellKind.DAY),
        ListColumn(Text("剩余天数", "Days left"), lambda line, _say: line.limit.remaining, kind=CellKind.NUMBER),
        ListColumn(Text("事项", "Task"), lambda line, say: say(line.title), "matter"),
        ListColumn(Text("办件", "Case"), lambda line, say: say(line.subject), "case"),
        ListColumn(Text("环节", "Step"), lambda line, say: say(line.step), "step"),
        ListColumn(Text("依据", "Basis"), lambda line, _say: say_basis(line.clauses)),
        ListColumn(Text("到达", "Came"), lambda line, _say: local_date(line.came_at), "came", CellKind.DAY),
        ListColumn(Text("承办单位", "Body"), lambda line, say: say(line.body)),
        ListColumn(Text("认领人", "Claimed by"), lambda line, _say: line.assignee or "", "who"),
        ListColumn(Text("提示", "Remark"), lambda line, _say: line.note_word),
    ),
    rising=True,
    cursor="after",
    conditions=("scope", "q", "step", "due", "on", "jurisdiction", "kind", "award", "role", "round"),
)


@guarded("task.list")
def list_tasks(desk: Desk, actor: Actor, query: TaskQuery, language: str = "zh", *, choosing: bool = False) -> TaskPage:
    """Return one page of what ``actor`` may see, most urgent first; ``choosing`` with what it can be narrowed by."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        ahead = look_ahead(publications, desk, actor)
        chosen = task_filter(actor, publications, query, ahead)
        counts = tx.tasks.counts(replace(chosen, memberships=seats_of(actor, publications)))
        # no count of the page covers the tasks of a whole place
        many = getattr(counts, query.scope, CAP)
        order, pages = TASKS.find_place(query.order, many, query.page)
        rows = tx.tasks.ordered(chosen, order, PAGE) if order else tx.tasks.list_page(chosen, query.after, PAGE + 1)
        newest = tx.tasks.newest()
        page_rows = rows[:PAGE]
        lines = lines_of(desk, tx, actor, publications, page_rows, language)
        by = Narrowed(query.step, query.round_id, query.due)
        choices = choices_of(tx, actor, publications, chosen, by, ahead, long=many >= CAP) if choosing else Choices()
    after = (page_rows[-1].due_at, page_rows[-1].id) if len(rows) > PAGE else None
    return TaskPage(lines, counts, after, newest, choices, pages)


@guarded("task.export")
def export_tasks(desk: Desk, actor: Actor, query: TaskQuery, say: Say, language: str = "zh") -> Table:
    """Return the tasks of the list as a table, most urgent first, `MOST` at most."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        rows = tx.tasks.list_page(
            task_filter(actor, publications, query, look_ahead(publications, desk, actor)), None, MOST
        )
        return TASKS.make_table(lines_of(desk, tx, actor, publications, rows, language), say)


def say_basis(clauses: Sequence[CitedArticle]) -> str:
    """Return the articles in one cell."""
    return "、".join(clause.article for clause in clauses)


def lines_of(
    desk: Desk, tx: Transaction, actor: Actor, publications: Published, rows: Sequence[TaskRow], language: str
) -> tuple[TaskLine, ...]:
    """Return tasks as rows of the list."""
    holders = {r.assignee_id for r in rows if r.assignee_id is not None}
    names_by_id = {actor.person_id: actor.name} if actor.person_id is not None else {}
    names = {**tx.people.named(holders - names_by_id.keys()), **names_by_id}
    bodies = tx.bodies.by_id({r.body_id for r in rows if r.body_id is not None})
    now = desk.clock.now()
    alone = bodies_alone(tx, actor, now) if rows else frozenset()
    suspended = tx.cases.select(id=sorted({r.case_id for r in rows}), status=_SUSPENDED) if rows else []
    ids = frozenset(case.id for case in suspended)
    begun = _count_scored(tx, publications, actor, rows)
    reader = _Lines(desk, publications, actor, names, bodies, now, language, alone, ids, begun)
    return tuple(reader.line(row) for row in rows)


def _count_scored(
    tx: Transaction, publications: Published, actor: Actor, rows: Sequence[TaskRow]
) -> Mapping[int, tuple[int, int]]:
    """Return of the score sheets that the reader has begun how many items have a score, and how many there are."""
    sheets = {row.id: row for row in rows if row.assignee_id == actor.person_id and edition_of(row.form or "")}
    drafts = tx.drafts.select(task_id=[*sheets], person_id=actor.person_id) if sheets else ()
    counts: dict[int, tuple[int, int]] = {}
    for draft in drafts:
        row = sheets[draft.task_id]
        package, _ = publications.element(row)
        if package is not None and row.form and package.has_form(row.form):
            edition = package.edition(edition_of(row.form) or "")
            scores = read_sheet(edition, draft.data).scores.values()
            counts[row.id] = sum(score.percent is not None for score in scores), len(edition.items)
    return counts


@guarded("task.list")
def count_new_tasks(desk: Desk, actor: Actor, scope: str, since: int) -> int:
    """Return how many tasks of ``scope`` came after task number ``since``."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        chosen = task_filter(actor, publications, TaskQuery(scope), look_ahead(publications, desk, actor))
        return tx.tasks.new_since(chosen, since)


def task_filter(actor: Actor, publications: Published, query: TaskQuery, ahead: Ahead) -> TaskFilter:
    """Return the store's filter for what ``actor`` may see of ``query``."""
    process, _, element = query.step.partition("/")
    wide = [
        TaskSeat(place, query.role or "*", None)
        for place in select_overseen_places(actor, publications.jurisdictions())
    ]
    return TaskFilter(
        memberships=wide if query.scope == "overseen" else seats_of(actor, publications),
        person_id=actor.person_id,
        scope=query.scope if query.scope in SCOPES else "mine",
        text=query.text.strip(),
        process=process or None,
        element=element or None,
        **parse_due_period(query.due, ahead),
        round_id=query.round_id,
        recused=sorted(actor.recused),
        jurisdiction=query.jurisdiction or None,
        sort=query.sort or None,
        award=query.award or None,
    )


def seats_of(actor: Actor, publications: Published) -> list[TaskSeat]:
    """Return what ``actor`` may look at, in the store's terms: own seats, and whole jurisdictions for overseers."""
    task_seats = [
        TaskSeat(s.jurisdiction, s.role, s.body_id, s.lender_id) for s in actor.seats if s.role not in BUILT_IN
    ]
    return [*task_seats, *(TaskSeat(j, "*", None) for j in select_overseen_places(actor, publications.jurisdictions()))]


@dataclass(frozen=True, slots=True)
class _Lines:
    """The context rows are read with."""

    desk: Desk
    known: Published
    actor: Actor
    names: Mapping[int, str]
    bodies: Mapping[int, BodyRow]
    now: datetime
    language: str
    alone: frozenset[int]
    suspended: frozenset[int]
    scored: Mapping[int, tuple[int, int]]

    def line(self, row: TaskRow) -> TaskLine:
        """Return one row of the list."""
        title, step, clauses = task_names(self.known, row)
        _, element = self.known.element(row)
        calendar = self.known.calendar(self.desk, row.jurisdiction)
        seat = seat_for(self.actor, row)
        holds = seat is not None
        suspended = row.case_id in self.suspended
        shared = holds and not row.personal and row.kind != "ballot" and row.body_id not in self.alone
        return TaskLine(
            id=row.id,
            version=row.version,
            case_id=row.case_id,
            title=title,
            subject=row.subject,
            jurisdiction=row.jurisdiction,
            step=step,
            at=f"{row.process_id}/{row.element}",
            clauses=clauses,
            limit=time_limit(
                calendar, row.due_at, row.due_reason, self.now, state_in(_SUSPENDED if suspended else "running")
            ),
            assignee=name_holder(self.actor, row, self.names),
            body=_format_holder(row, self.bodies),
            holds=holds,
            claims=holds and row.assignee_id is None and row.body_id not in self.alone and not suspended,
            hands_on=shared,
            mine=row.assignee_id is not None and row.assignee_id == self.actor.person_id,
            bulk=element is not None and element.bulk,
            stands_for=seat.lender if seat is not None else "",
            note=row.note or None,
            note_word=_PAUSED.pick(self.language)
            if suspended
            else signs_word(row.signs_open, self.language)
            or note_word(row.note, self.language)
            or (scored_word(*self.scored[row.id], self.language) if row.id in self.scored else ""),
            due_at=row.due_at,
            came_at=row.created_at,
            signing=row.signs_open in AWAITED,
            suspended=suspended,
        )


def task_names(publications: Published, row: TaskRow) -> tuple[str, str, tuple[CitedArticle, ...]]:
    """Return what lists call a task, the part of the procedure it stands in, and the articles it rests on."""
    package, element = publications.element(row)
    step = _get_step_name(package, row) if package and element else ""
    return _format_matter(row, element), step, cite(package, row.clauses) if package else ()


def _get_step_name(package: Package, row: TaskRow) -> str:
    """Return the part of the procedure: of a diagram called from several places the place tells, as the stage of a review."""
    calls = package.derived(("calls of", row.process_id), lambda: _map_calls(package, row.process_id))
    called_at = calls.get(row.call_path[-1], "") if row.call_path and len(calls) > 1 else ""
    return called_at or package.processes[row.process_id].name


def _map_calls(package: Package, process: str) -> Mapping[str, str]:
    """Return the names of the call activities of a diagram by their ids."""
    return {call.id: call.name for d in package.processes.values() for call in d.calls if call.called == process}


def _format_holder(row: TaskRow, bodies: Mapping[int, BodyRow]) -> str:
    """Return the assignee in short: the district of an authority, else the body's name."""
    body = bodies.get(row.body_id) if row.body_id is not None else None
    if body is None or body.kind in APPLICANT_KINDS:
        return ""
    area = str((body.details or {}).get("area") or "")
    return area if area and body.kind == "authority" else body.name


def _format_matter(row: TaskRow, element: Element | None) -> str:
    """Return the title of the task without the name of the case, which stands in the next column.

    A vote or a date to be confirmed waits at an element that is named by something else: only its own title says it.
    """
    named = row.kind == "form" and element is not None and element.name and row.subject in row.title
    return element.name if named and element is not None else row.title


def signs_word(signs_open: str | None, language: str) -> str:
    """Return the word that marks a task that waits for signatures; "" for any other."""
    return Text("会签中", "being signed").pick(language) if signs_open in AWAITED else ""


def scored_word(scored: int, items: int, language: str) -> str:
    """Return how far a score sheet is filled in."""
    return Text(f"已填 {scored} / {items} 项", f"{scored} of {items} scored").pick(language)


def note_word(note: Mapping[str, object] | None, language: str) -> str:
    """Return the word that marks a task sent back, taken back or delegated; "" without note."""
    word = next((text for key, text in _NOTES.items() if note and note.get(key)), None)
    return word.pick(language) if word else ""
