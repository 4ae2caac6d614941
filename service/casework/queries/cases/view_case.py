"""The page of a case with everything that belongs to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    is_free,
    is_recused,
    may_see_task,
    may_urge,
    name_holder,
    require_case,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.amendments.move_plan import Reach, reach_of
from service.casework.ballots.box import COUNTED
from service.casework.ballots.view_ballot import STATES, may_see_ballot, name_ballots
from service.casework.cases.act_on_case import is_offered, seat_for_action
from service.casework.desk.desk import Desk
from service.casework.notices.recall import end_of, objections_before
from service.casework.queries.cases.comes_next import ComesNext, OwnStep, Waiting, comes_next, find_own_step, waits_of
from service.casework.queries.cases.start_options import (
    OwnApplication,
    StartOption,
    build_applicant_view,
    options_below,
)
from service.casework.queries.cases.trace import redact_history
from service.casework.queries.limits import TimeLimit, notice_limit, state_in, time_limit
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.case_summary import Brief, brief_of, outcome_name
from service.casework.reading.citations import CitedArticle, cite
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.lacked import describe_missing_facts
from service.casework.reading.published import Published
from service.casework.reading.results import Afterwards, find_case_afterwards, is_announcement
from service.casework.reading.stages import path_of
from service.casework.reading.submissions import (
    Submission,
    filter_visible_submissions,
    readable_uploads,
    submissions_of,
    withhold_until_answered,
)
from service.casework.step.step import Step
from service.casework.tasks.followed import tell_begun
from service.casework.tasks.paper_reply import paper_tasks
from service.casework.tasks.send_back import FinalSubmission, find_final_submission, may_take_back
from service.catalog import Package
from service.catalog.bpmn.kinds import Kind
from service.domain.ballots.outcome import describe_sums
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import NEVER, CaseWait, Surroundings, Transaction
from service.store.models import CaseRow, TaskRow


@dataclass(frozen=True, slots=True)
class CaseVersion:
    """The version of package ``key`` that a case keeps; ``newer_at`` when the current one was published, if another.

    ``reach`` tells administrators whether the case may move to it; None for all others and where there is none.
    """

    key: str
    version: str
    published_at: datetime
    published_by: str
    newer_at: datetime | None
    newer: str
    reach: Reach | None


def version_of(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow) -> CaseVersion:
    """Return the version that ``case`` runs under, beside the current one of its package."""
    key = f"{case.jurisdiction}/{case.award}"
    rows = tx.definitions.of_package(key)
    ours = next(row for row in rows if row.version == case.definition)
    now = next((row for row in rows if row.current and row.version != ours.version), None)
    reach = None
    if now is not None and case.status != "ended" and actor.secures(case.jurisdiction):
        reach = reach_of(desk, tx, ours.version, desk.packages.get(now.version, tx), local_date(desk.clock.now()))
    return CaseVersion(
        key,
        ours.version,
        ours.published_at,
        ours.published_by,
        now.published_at if now else None,
        now.version if now else "",
        reach,
    )


EVENTS = 200


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that waits in the case; ``mine`` when the reader may do it, ``urge`` when they may urge who must.

    ``vote``: one of a ballot, of which nobody is told who has still to cast it. ``returned`` is why it came back, for who may do it; "" where it did not.
    """

    id: int
    title: str
    role: Text
    body: str
    assignee: str
    limit: TimeLimit
    clauses: tuple[CitedArticle, ...]
    mine: bool
    urge: bool
    returned: str = ""
    vote: bool = False


@dataclass(frozen=True, slots=True)
class ActionView:
    """What the reader may do to the case outside tasks."""

    id: str
    name: Text
    clauses: tuple[CitedArticle, ...]
    has_form: bool


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """A notice of the case."""

    id: int
    title: str
    state: str
    posted_at: datetime
    first_day: date
    last_day: date
    audience: str
    announcement: bool
    end: Text
    limit: TimeLimit


@dataclass(frozen=True, slots=True)
class FindingView:
    """What was found on one ground of eligibility: result met, not_met or unknown; ``empty`` names the facts it lacked."""

    text: str
    result: str
    clauses: tuple[CitedArticle, ...]
    decided_by: str
    empty: Text | None = None


REFUSED = "fail"
"""What an opinion that finds against a case says, as `opinions.tally` counts it."""


@dataclass(frozen=True, slots=True)
class ChildLine:
    """A child case."""

    id: int
    title: str
    number: str | None
    process_name: Text
    status: str
    outcome: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class BallotLine:
    """A ballot of the case that the reader may open; of a running one nothing but turnout is shown.

    ``sums`` are the votes on its one question, once it is counted.
    """

    id: int
    title: str
    state: Text
    cast: int
    issued: int
    closes_at: datetime | None
    sums: Text | None


@dataclass(frozen=True, slots=True)
class CaseDetail:
    """A case as the reader may see it."""

    brief: Brief
    tasks: tuple[OpenTask, ...]
    waiting: tuple[Waiting, ...]
    actions: tuple[ActionView, ...]
    start_options: tuple[StartOption, ...]
    take_backs: tuple[tuple[int, str], ...]
    papers: tuple[tuple[int, str, str, bool], ...]
    notices: tuple[NoticeLine, ...]
    findings: tuple[FindingView, ...]
    against: tuple[Submission, ...]
    """Opinions of departments that found against the case, which its findings do not know."""
    submissions: tuple[Submission, ...]
    children: tuple[ChildLine, ...]
    ballots: tuple[BallotLine, ...]
    incidents: int
    subject: bool
    administers: bool
    oversees: bool
    version: CaseVersion
    reviewed: bool = False
    scored: bool = False
    """Whether there is a workbook of scores of the round."""
    next: ComesNext | None = None
    own_step: OwnStep | None = None
    """What the organisation that the case is about has to do next of itself, told to it alone."""
    after: Afterwards | None = None
    kept: FinalSubmission | None = None
    """What the reader submitted today and cannot take back."""
    contact: Contact | None = None
    """The office, for whoever else is to ask for that to be sent back."""
    own: OwnApplication | None = None

    @property
    def mine(self) -> tuple[OpenTask, ...]:
        """The tasks the reader may do."""
        return tuple(task for task in self.tasks if task.mine)


@guarded("case.view")
def view_case(desk: Desk, actor: Actor, case_id: int) -> CaseDetail:
    """Return case ``case_id``; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        step = open_read_only(desk, tx, case, actor)
        return _build_detail(desk, tx, actor, case, step)


def _build_detail(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, step: Step) -> CaseDetail:
    package, wide, subject = step.package, actor.oversees(case.jurisdiction), case.subject_id in actor.body_ids
    has = tx.cases.belongings(case.id)
    around = Surroundings(has.above, has.about, has.code, has.reviewed)
    children = [c for c in tx.cases.select(parent_id=case.id) if not is_recused(actor, c)] if has.children else []
    tasks = tx.tasks.in_case(case.id)
    if not wide:
        children = [c for c in children if c.subject_id in actor.body_ids or _is_party(tx, c, actor)]
    submissions = submissions_of(desk, tx, actor, case, package)
    visible = filter_visible_submissions(actor, case, submissions)
    visible = withhold_until_answered(actor, case, package, visible, tasks)
    still = [task for task in tasks if task.state == "open"]
    brief = brief_of(desk, tx, case, EVENTS, around, still)
    waiting = waits_of(desk, tx, step, still, children if wide else (), conditions=has.conditions)
    timed = any(wait.limit for wait in waiting)
    kept = find_final_submission(step, actor, tasks) if case.status == "running" else None
    to_ask = contacts_of(desk, tx, Published((package,)), None) if kept and not wide else {}
    return CaseDetail(
        brief=redact_history(tx, brief, actor, readable_uploads(tx, actor, case, package)),
        tasks=_list_open_tasks(desk, tx, actor, step, tasks),
        waiting=waiting,
        actions=_list_actions(step) if case.status == "running" else (),
        start_options=options_below(desk, tx, actor, package, case),
        papers=_list_paper_tasks(tx, actor, step, tasks) if case.status == "running" else (),
        take_backs=_take_backs(actor, step, tasks) if case.status == "running" else (),
        notices=_list_notices(desk, tx, step) if has.notices else (),
        findings=tuple(
            FindingView(f.text, f.result, cite(package, f.clauses), f.decided_by, describe_missing_facts(package, f))
            for f in (tx.findings.select(case_id=case.id, current=True) if has.findings else ())
        ),
        against=tuple(one for one in visible if one.decided and one.read.plain.get("opinion") == REFUSED),
        submissions=visible,
        children=tuple(
            ChildLine(
                c.id,
                c.title,
                c.number,
                package.process(c.process).text,
                c.status,
                outcome_name(package, c),
                c.started_at,
            )
            for c in children
        ),
        ballots=_list_ballots(tx, actor, case) if has.ballots else (),
        incidents=has.incidents,
        subject=subject,
        administers=actor.administers(case.jurisdiction),
        oversees=wide,
        version=version_of(desk, tx, actor, case),
        reviewed=has.reviewed and (wide or _is_reviewer(tx, actor, case)),
        scored=wide and has.children and tx.cases.is_scored(case.id),
        next=comes_next(desk, tx, actor, step, brief.stages, still, timed) if case.status == "running" else None,
        own_step=find_own_step(tx, package, case, still) if subject and case.status == "running" else None,
        after=find_case_afterwards(desk, tx, actor, case),
        kept=kept,
        contact=to_ask.get(case.jurisdiction),
        own=build_applicant_view(desk, tx, actor, case, package) if subject and not wide else None,
    )


def _list_ballots(tx: Transaction, actor: Actor, case: CaseRow) -> tuple[BallotLine, ...]:
    rows = tx.ballots.select(case_id=case.id)
    names = name_ballots(rows)
    counted = [row.id for row in rows if row.state == COUNTED]
    lines = (
        {row.ballot_id: row.outcome["lines"] for row in tx.ballot_results.select(ballot_id=counted)} if counted else {}
    )
    return tuple(
        BallotLine(b.id, names[b.id], STATES[b.state], b.cast, b.issued, b.closes_at, _sum_votes(lines.get(b.id, ())))
        for b in rows
        if may_see_ballot(tx, actor, b)
    )


def _sum_votes(lines: Sequence[Mapping[str, Any]]) -> Text | None:
    if len(lines) != 1:
        return None
    return describe_sums(lines[0]["yes"], lines[0]["no"], lines[0]["abstain"])


def _is_reviewer(tx: Transaction, actor: Actor, case: CaseRow) -> bool:
    """Return whether the reader is on a panel that reviews the case, and so may read its dossier."""
    return actor.person_id is not None and tx.panels.reviews(actor.person_id, case.id)


def _is_party(tx: Transaction, case: CaseRow, actor: Actor) -> bool:
    return any(b.id in actor.body_ids for bodies in tx.cases.parties(case.id).values() for b in bodies)


def _list_open_tasks(
    desk: Desk, tx: Transaction, actor: Actor, step: Step, tasks: Sequence[TaskRow]
) -> tuple[OpenTask, ...]:
    rows = [r for r in tasks if r.state == "open" and may_see_task(actor, r)]
    bodies = {body.id: body.name for bound in tx.cases.parties(step.case.id).values() for body in bound}
    names, others = tx.people.called(
        {r.assignee_id for r in rows if r.assignee_id is not None},
        {r.body_id for r in rows if r.body_id is not None} - bodies.keys(),
    )
    bodies |= others
    calendar = desk.calendar(step.package.jurisdiction.calendar)
    return tuple(
        OpenTask(
            row.id,
            row.title,
            _get_role_name(step.package, row),
            bodies.get(row.body_id or 0, ""),
            name_holder(actor, row, names) or "",
            time_limit(calendar, row.due_at, row.due_reason, step.now, state_in(step.case.status)),
            cite(step.package, row.clauses),
            seat_for(actor, row) is not None and is_free(actor, row),
            step.case.status == "running" and may_urge(actor, row),
            _get_return_reason(row) if seat_for(actor, row) is not None else "",
            row.kind == "ballot",
        )
        for row in rows
    )


def _get_return_reason(row: TaskRow) -> str:
    note = row.note or {}
    return str(note.get("reason") or "") if note.get("sent_back_by") else ""


def _get_role_name(package: Package, row: TaskRow) -> Text:
    role = package.jurisdiction.roles.get(row.role)
    return role.text if role else Text(row.role, row.role)


def _list_actions(step: Step) -> tuple[ActionView, ...]:
    actions = [a for a in step.package.award.actions.values() if a.process == step.case.process]
    return tuple(
        ActionView(a.id, a.text, cite(step.package, a.clauses), bool(a.form))
        for a in actions
        if seat_for_action(step, a) is not None and is_offered(step, a)
    )


def _list_paper_tasks(
    tx: Transaction, actor: Actor, step: Step, tasks: Sequence[TaskRow]
) -> tuple[tuple[int, str, str, bool], ...]:
    """Return the tasks whose replies on paper the actor may enter: number, body, step, and whether it would be late."""
    rows = paper_tasks(step, actor, tasks)
    bodies = tx.bodies.by_id({row.body_id for row in rows if row.body_id is not None})
    return tuple(
        (row.id, bodies[row.body_id].name, step.element(row.process_id, row.element).name, row.state != "open")
        for row in rows
        if row.body_id is not None
    )


def _take_backs(actor: Actor, step: Step, tasks: Sequence[TaskRow]) -> tuple[tuple[int, str], ...]:
    done = [t for t in tasks if t.state == "done" and t.done_by == actor.person_id and seat_for(actor, t) is not None]
    latest = done[-3:] if actor.person_id is not None else []
    return tuple((t.id, t.title) for t in latest if may_take_back(step, t))


def _list_notices(desk: Desk, tx: Transaction, step: Step) -> tuple[NoticeLine, ...]:
    calendar, rows = desk.calendar(step.package.jurisdiction.calendar), tx.notices.in_case(step.case.id)
    return tuple(
        NoticeLine(
            row.id,
            row.title,
            row.state,
            row.posted_at,
            row.first_day,
            row.last_day,
            row.audience,
            is_announcement(row.content),
            end_of(row, objections_before(row, rows)),
            notice_limit(calendar, row, step.today),
        )
        for row in rows
    )


@dataclass(frozen=True, slots=True)
class CaseWaits:
    """The names of the ``steps`` at which a case waits; where people have it, ``who`` they are and what is due first."""

    steps: tuple[Text, ...] = ()
    who: tuple[Text, ...] = ()
    first: CaseWait | None = None


def waits_of_cases(desk: Desk, tx: Transaction, rows: Mapping[int, CaseRow]) -> dict[int, CaseWaits]:
    """Return where each case waits, by its number; one statement for all of them.

    What people are to do is told alone; where nobody is to do anything, that it waits for a day or a condition on its way, for
    what runs in the background or would break something off only where there is nothing else. A case that has ended is left out.
    """
    names_by_case: dict[int, dict[int, list[Text]]] = {}
    with_people: dict[int, list[CaseWait]] = {}
    for wait in tx.board.waits([ident for ident, row in rows.items() if row.status != "ended"]):
        package = desk.packages.get(rows[wait.case_id].definition, tx)
        diagram = package.processes.get(wait.process_id or "")
        element = diagram.elements.get(wait.element) if diagram is not None else None
        if diagram is not None and element is not None and element.name:
            on_path = element.id in path_of(package, diagram)
            said = names_by_case.setdefault(wait.case_id, {}).setdefault(
                _get_kind_rank(element.kind, on_path=on_path), []
            )
            said.append(_status_words(element.name, waits=element.kind.is_event))
        if wait.role:
            with_people.setdefault(wait.case_id, []).append(wait)
    return {
        ident: CaseWaits(
            tuple(dict.fromkeys(ranked[min(ranked)])),
            tuple(dict.fromkeys(_name_holder(desk.packages.get(rows[ident].definition, tx), w) for w in people)),
            min(people, key=lambda wait: wait.due_at or NEVER, default=None),
        )
        for ident, ranked in names_by_case.items()
        for people in [with_people.get(ident, [])]
    }


def _name_holder(package: Package, wait: CaseWait) -> Text:
    role = package.jurisdiction.roles.get(wait.role)
    return Text(wait.body, wait.body) if wait.body or role is None else role.text


def _status_words(name: str, *, waits: bool) -> Text:
    return Text(f"等待“{name}”", f"waits for “{name}”") if waits else Text(name, name)


def _get_kind_rank(kind: Kind, *, on_path: bool) -> int:
    return 0 if not kind.is_event else 3 if kind is Kind.BOUNDARY else 1 if on_path else 2


@guarded("case.view")
def find_beginning(
    desk: Desk, actor: Actor, case_id: int, *, on_paper: bool = False
) -> tuple[str, int | None, Text | None]:
    """Return whether a case that was just begun is running, suspended or ended, and the first task of its subject in it.

    Of what staff enter from paper it is their own first task.
    With them who does what next until when, None where it waits for nobody.

    Raises NotFound, NotAllowed.
    """
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        tasks = tx.tasks.open_of_case(case_id) if on_paper or case.subject_id in actor.body_ids else []
        first = next((t.id for t in tasks if is_free(actor, t) and seat_for(actor, t) is not None), None)
        return case.status, first, tell_begun(desk, tx, actor, case) if case.status == "running" else None
