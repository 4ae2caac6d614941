"""A task as its page shows it: the form, what was said before, what one may do with it, and what a draft would send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    is_free,
    may_urge,
    may_view_case,
    name_holder,
    recused_people,
    seat_for,
)
from service.casework.access.declarations import DECLARATION
from service.casework.access.guards import guarded
from service.casework.access.secrets import IDENTITY, INSIDE
from service.casework.desk.desk import Desk
from service.casework.queries.cases.trace import redact_history
from service.casework.queries.public.portal import NoticeView, notices_as_posted
from service.casework.queries.tasks.task_form import TaskForm, form_parts, opened, works_on
from service.casework.reading.alone import bodies_alone
from service.casework.reading.case_summary import Brief, FileView, brief_of
from service.casework.reading.contacts import Contact, contacts_of
from service.casework.reading.corrections import CorrectedForm, change_before, names_to_read
from service.casework.reading.dossier import ReviewStage, sheets_behind_opinion
from service.casework.reading.found_by_program import FoundByProgram, list_program_findings
from service.casework.reading.notes import Notes, notes_of
from service.casework.reading.published import Published, published
from service.casework.reading.signs import AskView, asks_of, last_day_has_come
from service.casework.reading.submissions import (
    Submission,
    filter_visible_submissions,
    readable_uploads,
    sort_submissions,
    submissions_of,
    withhold_until_answered,
)
from service.casework.step.fill import form_settings
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import cases_of_panel
from service.casework.subjects.employers import applicants_of
from service.casework.subjects.ties import Lookback, interest_words
from service.casework.tasks.complete import RETURN, complete_within
from service.casework.tasks.receivers import format_receiver_name, receivers_of, why_colleagues_alone
from service.casework.tasks.ways_back import EarlierStep, KeptHere, instead_of_going_back, steps_back, why_not_back
from service.catalog.applications import application_below, is_application
from service.catalog.stages import round_kind
from service.domain.forms import Form, ReadableForm
from service.domain.forms.limits import options_of
from service.domain.forms.model import Input
from service.domain.output.composed_document import written
from service.domain.signatures import AWAITED, SENT
from service.domain.text import Text
from service.sdk.review import DrawOrder
from service.store import Surroundings, Transaction
from service.store.models import PanelRow, TaskRow


def list_reader_ties(step: Step, actor: Actor, form: Form | None) -> tuple[Text, ...]:
    """Return each tie on record between the reader and an applicant whom their panel reviews; () beside another form."""
    if form is None or form.id != DECLARATION or actor.person_id is None:
        return ()
    ties = [
        tie for panel in step.tx.panels.of_case(step.case.id) for tie in _ties_of_panel(step, actor.person_id, panel)
    ]
    return tuple(dict.fromkeys(ties))


def _ties_of_panel(step: Step, person: int, panel: PanelRow) -> Iterator[Text]:
    """Yield those ties to the applicants of a panel that its rules count, as they do when recusals are decided."""
    tx, lookback = step.tx, Lookback.of(DrawOrder(**panel.settings["order"]), step.today)
    applicants = {a.body.id: a for a in applicants_of(tx, cases_of_panel(tx, panel.id))}
    entry = (
        tx.experts.find(jurisdiction=step.case.jurisdiction, person_id=person)
        if "employment" in lookback.kinds
        else None
    )
    for applicant in applicants.values():
        if entry is not None and (tie := applicant.tie_of(entry)):
            yield _in_words(applicant.body.name, tie)
    for row in tx.interests.select(person_id=person):
        if row.body_id in applicants and lookback.counts(row):
            yield _in_words(applicants[row.body_id].body.name, interest_words(row))


def _in_words(applicant: str, tie: Text) -> Text:
    return Text(
        f"记录显示您与{applicant}有利害关系：{tie.zh}。请如实申明；没有申明的，也会按记录提交决定是否回避。",
        f"On record is a tie of yours to {applicant}: {tie.en}. Declare it; without that it is put before those who decide "
        "on recusals all the same.",
    )


LETTER = "correction_request"
"""The form that is written for a letter alone, and the template of that letter: it is shown before it is sent."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a completion would send out, as it would stand: notices, the text of a `LETTER`, and of ``documents`` beside a notice."""

    notices: tuple[NoticeView, ...] = ()
    letters: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


class _Tried(Exception):  # no error: it takes back what was tried
    def __init__(self, issued: Issued) -> None:
        super().__init__()
        self.issued = issued


@guarded("task.complete")
def preview_issued(
    desk: Desk, actor: Actor, task_id: int, version: int | None, submission: Mapping[str, Any]
) -> Issued:
    """Return what completing ``task_id`` with ``submission`` would send out.

    The task is completed in a unit of work that is rolled back. Raises what ``complete_task`` raises.
    """
    with desk.store.read() as tx:
        case = tx.tasks.get(task_id).case_id
        before = {row.id for row in tx.notices.select(case_id=case)}
        sent = {row.id for row in tx.documents.select(case_id=case)}
    try:
        with desk.store.write() as tx:
            complete_within(desk, tx, actor, task_id, version, lambda _first: submission)
            rows = [row for row in tx.notices.select(case_id=case) if row.id not in before]
            issued = [row for row in tx.documents.select(case_id=case) if row.id not in sent]
            open_ones = {row.document for row in tx.documents.files_of(case) if row.secret != IDENTITY}
            raise _Tried(
                Issued(
                    notices_as_posted(desk, tx, published(desk, tx), rows),
                    tuple(written(row.content) for row in issued if row.template == LETTER),
                    tuple(
                        written(row.content)
                        for row in issued
                        if rows and row.id in open_ones and row.template != LETTER
                    ),
                )
            )
    except _Tried as tried:
        return tried.issued


LAST_FORMS = 8
"""How many submitted forms stand beside a task; all of them stand on the page of the case."""


@dataclass(frozen=True, slots=True)
class Rights:
    """What the reader may do with the task; ``why_not`` says why it is shown read-only.

    ``send_back`` are the steps to which they may send it back, nearest first; where there are none ``return_barrier`` says
    to an office why, and ``instead`` what it can do.
    ``claim``, ``hand_on`` and ``ask_sign`` are false for who is alone in an organisation: nobody else could take it.
    ``hand_on`` is whether they may hand it on, ``delegates`` are those to whom and ``stays`` why to colleagues alone,
    where they were asked for;
    ``urge`` whether they may urge who must do it, ``reassign`` whether they may give it to a colleague of who must;
    ``ask_sign`` whether they may ask others to sign beside it, and ``withdraw_sign`` whether they may withdraw that.
    """

    act: bool
    claim: bool
    release: bool
    send_back: tuple[EarlierStep, ...]
    return_barrier: KeptHere | None
    instead: Text | None
    hand_on: bool
    urge: bool
    reassign: bool
    ask_sign: bool
    withdraw_sign: bool
    delegates: tuple[tuple[int, str], ...]
    stays: Text | None
    why_not: Text | None


@dataclass(frozen=True, slots=True)
class Unsent:
    """What a person typed for a task that another finished."""

    read: ReadableForm
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskView(TaskForm):
    """A task with everything its page shows; ``answer`` is the form with which it was done, where the reader may open it.

    ``papers`` are all forms that may be read beside the task's own, those of the applicant first, and of these the one
    with the most fields, which is its application; ``submissions`` are this one and the latest.
    ``notes`` are those of offices, None for who may not read them. ``found`` is what the program finds on the items of
    its form, for who fills it in.
    ``done_by`` is told to those who could have done it, ``unsent`` what the reader typed for it in vain.
    ``notes`` are those of offices, None for who may not read them; ``signs`` what was asked beside it, for those who do
    it or oversee its place, and ``signs_waived`` whether its last day has come, on which nobody need wait for them.
    ``ties`` are what the register says of the reader and the applicants, where they declare their interests; ``sheets``
    those of the panel whose opinion the reader writes. ``leads_to_case``: the reader may open the case as well.
    ``contact``: whom an organisation asks that fills in a form of its own case.
    """

    step: str
    role: Text
    assignee: str | None
    note: Mapping[str, Any] | None
    instructions: str
    rights: Rights
    brief: Brief
    came_at: datetime
    done_at: datetime | None
    done_by: str | None
    unsent: Unsent | None
    answer: int | None
    submissions: tuple[Submission, ...]
    papers: tuple[Submission, ...]
    change: CorrectedForm | None
    leads_to_case: bool
    notes: Notes | None
    found: tuple[FoundByProgram, ...]
    signs: tuple[AskView, ...]
    signs_waived: bool
    ties: tuple[Text, ...]
    sheets: ReviewStage | None
    contact: Contact | None

    @property
    def came_with(self) -> tuple[FileView, ...]:
        """The documents that were issued in the step that opened the task: what it is about."""
        return tuple(
            file_view for file_view in self.brief.files if file_view.pdf is not None and file_view.at == self.came_at
        )

    @property
    def about_id(self) -> int | None:
        """The case above that the task's own is about, such as the application objected to; none of a round."""
        kinds = self.brief.package.award.processes
        above = kinds[self.brief.process].parent
        return None if above is None or above == round_kind(kinds) else self.brief.parent_id

    @property
    def basis(self) -> tuple[Submission, ...]:
        """The forms that the task answers: the last of the case, that by which somebody began it, such as an objection, and two more.

        None in an application and in a round, where what was said last is seldom what the next step is about, and none
        that others filled in at the same step.
        """
        package, kind = self.brief.package, self.brief.package.award.processes[self.brief.process]
        if not kind.started_by or is_application(package, kind) or application_below(package, kind.key) is not None:
            return ()
        others = sorted(self.papers, key=lambda paper: -paper.id)
        others = [paper for paper in others if self.form is None or paper.form.id != self.form.id]
        shown = [paper for paper in others if paper in others[:3] or paper.form.id == kind.start_form]
        return tuple(sorted(shown, key=lambda paper: paper is not others[0] and paper.form.id != kind.start_form))


@guarded("task.view")
def view_task(desk: Desk, actor: Actor, task_id: int, *, opening: bool = False, handing_on: bool = False) -> TaskView:
    """Return task ``task_id``; raises NotFound, NotAllowed when it is neither the person's nor in a case they may see.

    ``opening`` notes that a holder of the role has opened it: from now on the step before cannot be taken back.
    ``handing_on`` asks for those to whom it may be handed on.
    """
    with desk.store.read() as tx:
        task, step, around = opened(desk, tx, actor, task_id)
        view = _build_view(desk, tx, actor, task, step, around)
        if handing_on and view.rights.hand_on:
            alone = why_colleagues_alone(step.package, task)
            view = replace(view, rights=replace(view.rights, delegates=_list_delegates(step, actor, task), stays=alone))
    if opening and task.opened_at is None and task.state == "open" and seat_for(actor, task) is not None:
        with desk.store.write() as tx:
            tx.tasks.change_where({"id": task.id, "opened_at": None, "state": "open"}, opened_at=step.now)
    return view


def _build_view(desk: Desk, tx: Transaction, actor: Actor, task: TaskRow, step: Step, around: Surroundings) -> TaskView:
    element = step.element(task.process_id, task.element)
    role, leads_to_case = step.package.jurisdiction.roles.get(task.role), may_view_case(actor, step.case, tx)
    names = tx.people.named({person_id for person_id in (task.assignee_id, task.done_by) if person_id is not None})
    earlier = withhold_until_answered(actor, step.case, step.package, _earlier_forms(desk, tx, actor, step), (task,))
    parts = form_parts(desk, tx, actor, task, step)
    readable = readable_uploads(tx, actor, step.case, step.package)
    return TaskView(
        **parts,
        step=element.name or task.title,
        role=role.text if role else Text(task.role, task.role),
        assignee=name_holder(actor, task, names),
        note=(task.note or None) if works_on(actor, task) or task.kind == "ballot" else None,
        instructions=element.instructions,
        rights=_build_rights(step, actor, task, parts["why_not"], parts["form"]),
        brief=redact_history(tx, brief_of(desk, tx, step.case, around=around), actor, readable),
        came_at=task.created_at,
        done_at=task.done_at,
        done_by=names.get(task.done_by or 0) if works_on(actor, task) and not task.personal else None,
        unsent=_find_unsent_draft(step, actor, task, parts["drawn"]),
        answer=next((s.id for s in earlier if s.task_id == task.id), None),
        submissions=_choose_latest(earlier, task),
        papers=sort_submissions(earlier) if parts["form"] else (),
        change=change_before(step, task) if leads_to_case else None,
        leads_to_case=leads_to_case,
        notes=notes_of(tx, actor, step.case),
        found=_find_by_program(step, parts["form"], earlier) if parts["why_not"] is None else (),
        signs=asks_of(tx, task) if seat_for(actor, task) or actor.oversees(task.jurisdiction) else (),
        signs_waived=last_day_has_come(task, step.now),
        ties=list_reader_ties(step, actor, parts["form"]) if parts["why_not"] is None else (),
        sheets=sheets_behind_opinion(tx, step.package, step.case, actor, task.form),
        contact=_find_contact(desk, tx, actor, step, parts),
    )


def _find_contact(desk: Desk, tx: Transaction, actor: Actor, step: Step, parts: Mapping[str, Any]) -> Contact | None:
    if parts["form"] is None or parts["why_not"] is not None or step.case.subject_id not in actor.body_ids:
        return None
    return contacts_of(desk, tx, Published((step.package,)), None).get(step.case.jurisdiction)


def _find_unsent_draft(step: Step, actor: Actor, task: TaskRow, form: Form | None) -> Unsent | None:
    if task.state == "open" or form is None or actor.person_id is None or seat_for(actor, task) is None:
        return None
    draft = step.tx.drafts.find(task_id=task.id, person_id=actor.person_id)
    if draft is None:
        return None
    settings = names_to_read(step.desk, step.package, form, step.case.parameters)
    return Unsent(ReadableForm(form, draft.data, step.today, settings, revealed=True), draft.saved_at)


def _earlier_forms(desk: Desk, tx: Transaction, actor: Actor, step: Step) -> tuple[Submission, ...]:
    """Return the forms of the case that the reader may open, newest first: what a decision rests on."""
    if not may_view_case(actor, step.case, tx):
        return ()
    return filter_visible_submissions(
        actor, step.case, submissions_of(desk, tx, actor, step.case, step.package, names=False)
    )


def _choose_latest(earlier: tuple[Submission, ...], task: TaskRow) -> tuple[Submission, ...]:
    """Return the application and the latest forms; what others said at the step of ``task`` comes last, for it is no basis of it."""
    first = next((paper for paper in sort_submissions(earlier) if paper.of_subject), None)
    rest = [paper for paper in earlier if paper is not first]
    chosen = [first, *rest][:LAST_FORMS] if first else rest[:LAST_FORMS]
    return tuple(sorted(chosen, key=lambda paper: paper.form.id == task.form))


def _find_by_program(step: Step, form: Form | None, earlier: tuple[Submission, ...]) -> tuple[FoundByProgram, ...]:
    return list_program_findings(step, form, {submission.form.id for submission in earlier}) if form and earlier else ()


def _offers_return(step: Step, task: TaskRow, form: Form) -> bool:
    """Return whether one of the decisions that the form offers sends back what it is asked about."""
    stored = form_settings(step.package, step.case.parameters)
    state, routes = form.state({}, today=step.today, stored=stored), step.element(task.process_id, task.element).routes
    asked = [node for node in form.nodes if isinstance(node, Input) and node.key in routes]
    return any(option.value == RETURN for node in asked for option in options_of(node, state.scope(), step.today))


def _build_rights(step: Step, actor: Actor, task: TaskRow, why_not: Text | None, form: Form | None) -> Rights:
    seat = seat_for(actor, task)
    holds = seat is not None and task.state == "open" and not task.personal
    act = why_not is None
    shared = holds and (seat is None or seat.body_id not in bodies_alone(step.tx, actor, step.now))
    hand_on = shared and task.kind != "ballot" and task.signs_open != SENT
    ask_sign = act and shared and task.kind == "form" and task.signs_open not in AWAITED
    back = steps_back(step, task) if act and task.kind == "form" else ()
    needs_explanation = (
        not back
        and act
        and holds
        and task.kind == "form"
        and seat is not None
        and seat.body_kind in INSIDE
        and not (form is not None and _offers_return(step, task, form))
    )
    return Rights(
        act=act,
        claim=shared and task.assignee_id != actor.person_id and is_free(actor, task),
        release=holds and task.assignee_id == actor.person_id and task.signs_open != SENT,
        send_back=back,
        return_barrier=why_not_back(step, task) if needs_explanation else None,
        instead=instead_of_going_back(form, ask_sign) if needs_explanation else None,
        hand_on=hand_on,
        urge=step.case.status == "running" and may_urge(actor, task),
        reassign=task.state == "open"
        and not (task.personal or task.kind == "ballot")
        and actor.administers(task.jurisdiction),
        ask_sign=ask_sign,
        withdraw_sign=holds and task.signs_open in AWAITED and task.assignee_id == actor.person_id,
        delegates=(),
        stays=None,
        why_not=why_not,
    )


def _list_delegates(step: Step, actor: Actor, task: TaskRow) -> tuple[tuple[int, str], ...]:
    """Return to whom a task may be handed on, nobody who is recused; those of other bodies with their body."""
    receivers = receivers_of(step.tx, step.package, task, step.now)
    beyond = {actor.person_id, *recused_people(step.tx, step.case)}
    return tuple(
        (receiver.person_id, format_receiver_name(receiver))
        for receiver in receivers
        if receiver.person_id not in beyond
    )
