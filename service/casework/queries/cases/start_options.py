"""The cases an actor may start: kinds, parents, refusals, and the start page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from service.casework.access.actor import APPLICANT_KINDS, Actor, Seat
from service.casework.access.guards import guarded
from service.casework.cases.begin import insert_case, run_from_start
from service.casework.cases.start import (
    Starter,
    find_live_case,
    get_kind,
    holds,
    not_a_starter,
    refusal_to_start,
    why_barred,
)
from service.casework.desk.calendars import parameters_on
from service.casework.desk.desk import Desk
from service.casework.queries.limits import TimeLimit, time_limit
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.home_place import home_place
from service.casework.reading.published import Published, published
from service.casework.reading.results import last_contestable_day, start_names
from service.casework.step.decide import Undecided
from service.casework.step.fill import form_settings, in_words
from service.casework.step.submission import CheckedForm, record
from service.casework.subjects.case_subjects import format_body_code
from service.catalog import Kind, Package, ProcessInfo
from service.catalog.applications import application_below, application_kinds, is_application
from service.catalog.bpmn.mainpath import main_path
from service.catalog.stages import outer_process, round_kind
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import LaurelError, NotFound
from service.domain.forms import Form
from service.domain.forms.describe import FieldInfo
from service.domain.text import Text
from service.domain.values.titled import Titled
from service.domain.values.typed_times import read_day
from service.store import CaseFilter, Transaction
from service.store.models import START_FORM, BodyRow, CaseRow

RECEIVED = "received_on"
"""The field of a start form that says when papers came in."""
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def after_deadline(parent: CaseRow, today: date, why: Text) -> Text:
    """Return ``why`` behind the plain word that the window is closed, where its last day has passed."""
    last = passed(parent, today)
    return (
        why
        if last is None
        else Text(f"{_format_closed_refusal(last).zh}{why.zh}", f"{_format_closed_refusal(last).en} {why.en}")
    )


def passed(parent: CaseRow, today: date) -> date | None:
    """Return the last day of the window of ``parent`` when it has passed."""
    last = closing_day(parent)
    return last if last is not None and last < today else None


def closing_day(parent: CaseRow) -> date | None:
    """Return the last day of the window of ``parent``, None where it has none."""
    deadline = str((parent.facts or {}).get("deadline") or "")[:10]
    return date.fromisoformat(deadline) if _DAY.fullmatch(deadline) else None


@dataclass(frozen=True, slots=True)
class PaperLimit:
    """The last day on which papers were in time, and what ended with it."""

    last_day: date
    words: Text


def received_late(limit: PaperLimit | None, typed: Mapping[str, Any]) -> Text | None:
    """Return what to ask before papers are entered that came in after the last day; None for papers in time."""
    try:
        received = read_day(str(typed.get(RECEIVED) or ""))
    except ValueError:  # the form says of it what is wrong
        return None
    if limit is None or received <= limit.last_day:
        return None
    last = limit.last_day
    return Text(
        f"还没有登记：{in_words(received)}收到，在{limit.words.zh}（{in_words(last)}）之后，登记后将按逾期办理。"
        "收到日期写错的，请改正；确实是这一天收到、要登记的，请按“仍然登记”。",
        f"Not entered yet: received on {format_full_day(received).en}, after {limit.words.en} on {format_full_day(last).en}; it will count as late. "
        "Correct the day if it is wrong, or press “Enter it all the same”.",
    )


def _format_closed_refusal(last: date) -> Text:
    return Text(f"申报已截止（{in_words(last)}）。", f"Applications closed on {format_full_day(last).en}.")


def late_note(parent: CaseRow | None, today: date) -> Text | None:
    """Return what is shown before papers are entered after the window has closed."""
    last = passed(parent, today) if parent is not None else None
    if last is None:
        return None
    note = _format_closed_refusal(last)
    return Text(
        f"{note.zh}只有截止前已经收到的纸质材料可以补录。",
        f"{note.en} Only papers received before may still be entered.",
    )


MOST_PARENTS = 200
"""Most cases below which one kind is offered: the newest; others are begun from their own page."""

_AWARDS = "register.awards"
"""What a start condition reads that asks for an award on record."""


@dataclass(frozen=True, slots=True)
class StartOption:
    """A kind of case of an ``award`` that the reader may start; ``parent`` is the case it goes below.

    ``elsewhere``: of another place than that at which the reader's organisation registered. ``on_paper``: an application
    that the reader enters for an organisation that sent it on paper.
    """

    package: str
    award: Text
    process: str
    name: Text
    parent_id: int | None
    parent_title: str
    clauses: tuple[CitedArticle, ...]
    url: str
    elsewhere: bool = False
    on_paper: bool = False

    @property
    def label(self) -> Text:
        """Return what is done, as a button says it."""
        if self.on_paper:
            return self.name
        return Text(f"发起“{self.name.zh}”", f"Start “{self.name.en}”")


@dataclass(frozen=True, slots=True)
class StartView:
    """The start page of one kind of case; ``refusal`` when it cannot be started now.

    ``organisations`` are those the reader can register a paper application for; ``on_behalf`` says
    that one of them must be chosen; ``settings`` are the names from outside that the form may read.
    """

    option: StartOption
    package: Package
    form: Form | None
    body: Seat | None
    on_behalf: bool
    organisations: tuple[Titled, ...]
    refusal: Text | None
    live_case: int | None
    today: date
    law: str
    late: Text | None
    settings: Mapping[str, Any]

    @property
    def follows(self) -> tuple[str, ...]:
        """The steps that usually follow, for who begins a matter that is no application and no round of its own."""
        kinds = self.package.award.processes
        if self.option.process in (outer_process(kinds), round_kind(kinds)):
            return ()
        diagram = self.package.diagram(kinds[self.option.process].process)
        elements = (diagram.elements[ident] for ident in main_path(diagram))
        return tuple(e.name for e in elements if e.kind in (Kind.USER_TASK, Kind.CALL))

    @property
    def fields(self) -> tuple[FieldInfo, ...]:
        """The fields of the form as the reader is asked; in lists their path has ``[]``."""
        if self.form is None:
            return ()
        fields, defaults = self.form.fields_of(self.settings, self.today), self.form.staff_defaults()
        if self.body is not None and _is_subject(self.package, self.body):
            return tuple(field for field in fields if field.path not in defaults)
        return tuple(
            replace(field, options=tuple(o for o in field.options if o.value != defaults.get(field.path)))
            for field in fields
        )

    @property
    def context(self) -> Mapping[str, Any]:
        """What conditions of the fields read besides these: it is not sent."""
        if self.form is None:
            return {}
        defaults = self.form.staff_defaults() if self.body is not None and _is_subject(self.package, self.body) else {}
        return self.form.split_values({}, today=self.today, stored={**self.settings, **defaults})[1] | defaults


@guarded("case.start")
def list_start_options(desk: Desk, actor: Actor, most: int = MOST_PARENTS) -> Sequence[StartOption]:
    """Return everything the actor may start: kinds without parent, and below live cases; of their own place first.

    What is closed now stands there as well: that one is refused, or that a case of the same organisation runs already, the
    form of each says, which is asked one by one.
    A kind that begins below others is offered below the newest of them, ``most`` at most; an organisation's own
    matters are looked for among the cases in which it takes part.
    """
    options: list[StartOption] = []
    with desk.store.read() as tx:
        publications = published(desk, tx)
        home = home_place(tx, actor, publications)
        for package in publications.packages:
            place = package.jurisdiction.id
            for info in package.award.processes.values():
                seat = starter_of(actor, package, info)
                if seat is None:
                    continue
                if info.parent is None:
                    options.append(_build_option(package, info, None, seat))
                    continue
                subject_id = seat.body_id if info.same_subject and _is_subject(package, seat) else None
                below = CaseFilter([place], info.parent, subject_id, True, award=package.award.id)
                options += [
                    _build_option(desk.packages.get(p.definition, tx), info, p, seat)
                    for p in tx.cases.search(below, limit=most)
                    if _is_actors_matter(actor, package, info, p) and _comes_up(desk, tx, package, info, p, seat)
                ]
    if not home:
        return options
    there = (replace(option, elsewhere=not option.package.startswith(f"{home}/")) for option in options)
    return sorted(there, key=lambda option: option.elsewhere)


def options_below(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, parent: CaseRow
) -> tuple[StartOption, ...]:
    """Return what the actor may start below ``parent``; once it has ended, only what an award on record gives rise to."""
    return tuple(
        _build_option(package, info, parent, seat)
        for info in package.award.processes.values()
        if info.parent == parent.process
        and (seat := starter_of(actor, package, info)) is not None
        and _comes_up(desk, tx, package, info, parent, seat)
    )


def option_now(
    desk: Desk, tx: Transaction, actor: Actor, package: Package, info: ProcessInfo, parent: CaseRow
) -> StartOption | None:
    """Return how the actor's own organisation begins ``info`` below ``parent``; None where one runs, or none may begin in time."""
    seat, today = starter_of(actor, package, info), local_date(desk.clock.now())
    if seat is None or not _is_subject(package, seat) or passed(parent, today) is not None:
        return None
    barred = find_live_case(tx, info, parent, seat.body_id) or _find_refusal(desk, tx, package, info, parent, seat)
    return None if barred else _build_option(package, info, parent, seat)


def list_open_rounds(desk: Desk, tx: Transaction, actor: Actor, packages: Sequence[Package]) -> Iterator[StartOption]:
    """Yield how the actor's own organisation applies below the newest round of each of ``packages``, where it may now."""
    for package, kind in [(one, kind) for one in packages for kind in application_kinds(one)]:
        running = CaseFilter([package.jurisdiction.id], kind.parent, live=True, award=package.award.id)
        for row in tx.cases.search(running, limit=1):
            frozen = desk.packages.get(row.definition, tx)
            info = frozen.award.processes.get(kind.key)
            option = option_now(desk, tx, actor, frozen, info, row) if info is not None else None
            if option is not None:
                yield option


def paper_option(actor: Actor, package: Package, parent: CaseRow, today: date) -> StartOption | None:
    """Return how the actor enters applications on paper below ``parent``; None after its last day, or where they do not."""
    info = application_below(package, parent.process)
    seat = starter_of(actor, package, info) if info is not None else None
    if info is None or seat is None or passed(parent, today) is not None:
        return None
    option = _build_option(package, info, parent, seat)
    return option if option.on_paper and closing_day(parent) is not None else None


def _comes_up(desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, seat: Seat) -> bool:
    """Tell whether a kind is offered below ``parent``: what asks for an award on record while there is one, else while it runs."""
    if _AWARDS in (info.start_condition or ""):
        try:
            return holds(desk, tx, package, info, parent, info.start_condition, Starter(seat.role, seat.body_key).names)
        except Undecided:  # who tries is told
            return True
    return parent.status == "running"


@dataclass(frozen=True, slots=True)
class StartForm:
    """What is filled in to start a case; ``on_behalf`` says that an organisation must be chosen.

    ``paper_limit`` says until when what staff enter on paper had to come in.
    """

    option: StartOption
    form: Form | None
    on_behalf: bool
    paper_limit: PaperLimit | None


@guarded("case.start")
def view_start_form(desk: Desk, actor: Actor, package_key: str, process: str, parent_id: int | None) -> StartForm:
    """Return what a submission is read by, its page shows more; raises as `view_start`."""
    with desk.store.read() as tx:
        parent, package, info = _get_kind(desk, tx, package_key, process, parent_id)
        seat = starter_of(actor, package, info)
        form = desk.packages.form(package, info.start_form) if info.start_form else None
        on_behalf = _on_behalf(package, info, seat)
        limit = _paper_limit(tx, package, info, parent, on_behalf=on_behalf)
        return StartForm(_build_option(package, info, parent, seat), form, on_behalf, limit)


@guarded("case.start")
def view_start(desk: Desk, actor: Actor, package_key: str, process: str, parent_id: int | None) -> StartView:
    """Return the start page; raises NotFound when there is no such kind of case or parent."""
    with desk.store.read() as tx:
        parent, package, info = _get_kind(desk, tx, package_key, process, parent_id)
        seat = starter_of(actor, package, info)
        subject = seat is not None and _is_subject(package, seat)
        on_behalf = _on_behalf(package, info, seat)
        live = find_live_case(tx, info, parent, seat.body_id if seat and subject else None)
        return StartView(
            option=_build_option(package, info, parent, seat),
            package=package,
            form=desk.packages.form(package, info.start_form) if info.start_form else None,
            body=seat,
            on_behalf=on_behalf,
            organisations=_list_organisations(tx, package.jurisdiction.id, info, parent) if on_behalf else (),
            refusal=_find_refusal(desk, tx, package, info, parent, seat),
            live_case=live.id if live else None,
            today=local_date(desk.clock.now()),
            law=package.law.title,
            late=late_note(parent, local_date(desk.clock.now())) if is_application(package, info) else None,
            settings={
                **form_settings(package, _get_parameters(desk, tx, package, parent)),
                **(start_names(tx, package, info, parent, seat.role) if seat is not None else {}),
            },
        )


class _Tried(Exception):  # no error: it takes back what was tried
    def __init__(self, limits: Sequence[TimeLimit]) -> None:
        super().__init__()
        self.limits = limits


def _guess_answers(form: Form | None, settings: Mapping[str, Any], today: date) -> dict[str, Any]:
    """Return what a start form begins with, and where one of several is to be chosen the first: the days follow from none of it."""
    if form is None:
        return {}
    chosen = {field.path: field.options[0].value for field in form.fields_of(settings, today) if field.options}
    return {**form.blank(), **chosen, **form.staff_defaults()}


@guarded("case.start")
def foresee_last_useful_day(
    desk: Desk, actor: Actor, package_key: str, process: str, parent_id: int | None
) -> TimeLimit | None:
    """Return until when what the reader's own organisation applies with can be sent in time; None where nothing ends before.

    The application is begun in a unit of work that is rolled back.
    """
    try:
        with desk.store.write() as tx:
            parent, package, info = _get_kind(desk, tx, package_key, process, parent_id)
            seat = starter_of(actor, package, info)
            if parent is None or seat is None or not (_is_subject(package, seat) and is_application(package, info)):
                return None
            step = insert_case(desk, tx, package, info, parent, seat.body_id, actor.by(seat))
            form = desk.packages.form(package, info.start_form) if info.start_form else None
            data = _guess_answers(form, form_settings(package, _get_parameters(desk, tx, package, parent)), step.today)
            if info.start_form:
                record(step, info.start_form, START_FORM, CheckedForm(data, {}), task_id=None, body_id=seat.body_id)
            step.set_facts({key: value for key, value in data.items() if key in info.facts}, on_form=True)
            run_from_start(step, info, data)
            calendar = desk.calendar(package.jurisdiction.calendar)
            tasks = tx.tasks.open_of_case(step.case.id)
            raise _Tried([time_limit(calendar, task.due_at, task.due_reason, step.now) for task in tasks])
    except _Tried as tried:
        return next((limit for limit in tried.limits if limit.useful), None)
    except LaurelError:  # whoever begins in earnest is told
        return None


def _paper_limit(
    tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow | None, *, on_behalf: bool
) -> PaperLimit | None:
    """Return until when what staff enter on paper had to come in; None where nothing of the kind is entered."""
    if parent is None:
        return None
    if is_application(package, info):
        last = closing_day(parent) if on_behalf else None
        return None if last is None else PaperLimit(last, Text("申报截止日", "the window closed"))
    last = last_contestable_day(tx, parent) if info.public else None
    return None if last is None else PaperLimit(last, Text("公示期最后一天", "the notice ended"))


def _get_kind(
    desk: Desk, tx: Transaction, package_key: str, process: str, parent_id: int | None
) -> tuple[CaseRow | None, Package, ProcessInfo]:
    parent = tx.cases.get(parent_id) if parent_id is not None else None
    package, info = get_kind(desk, tx, package_key, process, parent)
    if info.parent is not None and parent is None:
        raise NotFound(
            Text(
                f"“{info.name}”须在某一届之下发起，请从该届页面进入。",
                f"“{info.name_en or info.name}” starts from the page of a round.",
            )
        )
    return parent, package, info


def _on_behalf(package: Package, info: ProcessInfo, seat: Seat | None) -> bool:
    return info.one_per_subject and not (seat is not None and _is_subject(package, seat))


def _get_parameters(desk: Desk, tx: Transaction, package: Package, parent: CaseRow | None) -> Mapping[str, Any]:
    return parent.parameters if parent else parameters_on(tx, package, local_date(desk.clock.now()))


def starter_of(actor: Actor, package: Package, info: ProcessInfo) -> Seat | None:
    """Return the seat by which the actor starts such a case, None where they hold no role that does."""
    seats = (actor.holds(package.jurisdiction.id, role) for role in info.started_by)
    return next((seat for seat in seats if seat is not None), None)


def _is_actors_matter(actor: Actor, package: Package, info: ProcessInfo, parent: CaseRow) -> bool:
    """Return whether the parent case is the actor's own, where only such a one will do."""
    seat = starter_of(actor, package, info)
    foreign = seat is not None and _is_subject(package, seat) and seat.body_id != parent.subject_id
    return not (info.same_subject and foreign)


def _is_subject(package: Package, seat: Seat) -> bool:
    role = package.jurisdiction.roles.get(seat.role)
    return role is not None and role.subject


def _list_organisations(tx: Transaction, place: str, info: ProcessInfo, parent: CaseRow | None) -> tuple[Titled, ...]:
    """Return the organisations of a place for which nothing of the kind runs yet, by name."""
    running = tx.cases.select(parent_id=parent.id, process=info.key, status__ne="ended") if parent is not None else []
    barred = {row.subject_id for row in running if row.facts.get("decided") is not True}
    known = [b for b in tx.bodies.list_organisations_in(place) if b.kind in APPLICANT_KINDS]
    rows: list[BodyRow] = [b for b in known if not info.one_per_subject or b.id not in barred]
    return tuple(Titled(b.id, f"{b.name}（{format_body_code(b)}）") for b in sorted(rows, key=lambda b: b.name))


def _find_refusal(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow | None, seat: Seat | None
) -> Text | None:
    if seat is None:
        return not_a_starter(package, info)
    if parent is None:
        return None
    subject, starter = seat.body_id if _is_subject(package, seat) else None, Starter(seat.role, seat.body_key)
    try:
        return closed(desk, tx, package, info, parent, starter) or why_barred(
            desk, tx, package, info, parent, subject, starter
        )
    except Undecided:  # who tries is told
        return None


def closed(
    desk: Desk, tx: Transaction, package: Package, info: ProcessInfo, parent: CaseRow, starter: Starter
) -> Text | None:
    """Return why ``info`` cannot be started below ``parent`` now by ``starter``; None when it can."""
    why = refusal_to_start(desk, tx, package, info, parent, starter)
    if why is None or not is_application(package, info):
        return why
    return after_deadline(parent, local_date(desk.clock.now()), why)


def _build_option(package: Package, info: ProcessInfo, parent: CaseRow | None, seat: Seat | None) -> StartOption:
    tail = f"?parent={parent.id}" if parent else ""
    on_paper = seat is not None and is_application(package, info) and _on_behalf(package, info, seat)
    return StartOption(
        package.key,
        package.award.text,
        info.key,
        _name_on_paper(package, info) if on_paper else info.text,
        parent.id if parent else None,
        parent.title if parent else "",
        cite(package, info.clauses),
        f"/start/{package.key}/{info.key}{tail}",
        on_paper=on_paper,
    )


def _name_on_paper(package: Package, info: ProcessInfo) -> Text:
    if len(application_kinds(package)) == 1:
        return Text("登记纸质申报", "Enter an application on paper")
    return Text(f"登记纸质申报（{info.text.zh}）", f"Enter an application on paper ({info.text.en})")


@dataclass(frozen=True, slots=True)
class OwnApplication:
    """``contact`` is whom to ask, as the city has set it; ``again`` where another case of this kind can begin instead of an ended one."""

    contact: Contact | None
    again: StartOption | None


def build_applicant_view(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package) -> OwnApplication:
    """Return what the organisation that ``case`` is about reads beside it."""
    contact = contacts_of(desk, tx, Published((package,)), None).get(case.jurisdiction)
    return OwnApplication(contact, _find_new_option(desk, tx, actor, case))


def _find_new_option(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> StartOption | None:
    if case.status != "ended" or case.parent_id is None:
        return None
    parent = tx.cases.get(case.parent_id)
    if parent.status != "running":
        return None
    package = desk.packages.get(parent.definition, tx)
    info = package.award.processes.get(case.process)
    if info is None or not is_application(package, info):
        return None
    return option_now(desk, tx, actor, package, info, parent)
