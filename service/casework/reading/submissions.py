"""Submitted forms of a case, as the reader may see them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor, Seat
from service.casework.access.case_access import may_view_case, require_case, seat_for
from service.casework.access.guards import guarded
from service.casework.access.secrets import may_know_objector, without_identity
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.corrections import corrected_forms, names_to_read
from service.casework.step.history import append_case_event
from service.casework.step.submission import select_routed_values
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Kind, Package
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import NotFound
from service.domain.files.uploads import uploads_in
from service.domain.forms import Form, ReadableForm
from service.domain.forms.limits import options_of
from service.domain.forms.model import FormNode, Group, Input, InputType
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, FormResultRow, TaskRow

ERASED_FILE = Text(
    "这个文件已按保存期限清除，指纹仍在办理记录中。",
    "This file was erased when its time of keeping was over; its fingerprint is still on record.",
)

_SHORT = 4
"""Fields of a form of which the one text is read at once."""


@dataclass(frozen=True, slots=True)
class Submission:
    """One submitted form; ``own`` when a body of the reader submitted it, who then sees everything in it.

    Of others personal and secret values are masked (138****0000, ****) and what would tell them is null; neither is sent back.

    ``of_subject``: whoever the case is about submitted it, as an applicant its application. ``version`` tells apart forms of one title, such as
    an application before and after its correction; None where no other has it. ``decided`` is what it decided,
    ``grounds`` what it says of that.
    """

    id: int
    case_id: int
    task_id: int | None
    title: Text
    step: str
    who: str
    at: datetime
    read: ReadableForm
    own: bool
    personal: bool
    of_subject: bool
    version: Text | None = None
    decided: Text | None = None
    grounds: tuple[str, ...] = ()

    @property
    def form(self) -> Form:
        """The form that was filled in."""
        return self.read.form

    @property
    def json_values(self) -> Mapping[str, Any]:
        """What the reader reads in it, as JSON."""
        values: Mapping[str, Any] = to_json_value(self.read.values)
        return values


def submissions_of(
    desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package, *, names: bool = True, opened: str = ""
) -> tuple[Submission, ...]:
    """Return the forms submitted in ``case``, newest first; what was taken back is left out.

    ``opened`` is a form that the reader may open although its author alone could.

    Without ``names`` people are named only on forms that several people fill in individually, such as score sheets:
    whoever may open these may know who wrote which. That saves two statements where there are none.
    """
    rows = tx.forms.of_case(case.id)
    alone = private_elements(package)
    readable = [r for r in rows if r.form == opened or _is_readable(actor, case, r, alone)]
    named = [r for r in readable if names or r.element in alone]
    people, bodies = tx.people.called(
        {r.person_id for r in named if r.person_id is not None},
        {r.body_id for r in rows if names and r.body_id is not None},
    )
    may_know = may_know_objector(actor, package, case, tx)
    submissions = []
    for row in reversed(readable):
        who = (bodies.get(row.body_id or 0, ""), people.get(row.person_id or 0, ""))
        submissions.append(_build_submission(desk, actor, case, package, row, " · ".join(filter(None, who)), may_know))
    return tuple(_distinguish_same_titles(submissions, corrected_forms(package)))


def _distinguish_same_titles(submissions: Sequence[Submission], corrected: Collection[str]) -> Iterator[Submission]:
    """Yield forms, newest first, with what tells those of one title apart: correction, author, day."""
    times = Counter(paper.title for paper in submissions)
    first = {paper.title: paper.id for paper in submissions}  # the oldest of each
    for submission in submissions:
        day = format_full_day(local_date(submission.at))
        if times[submission.title] == 1:
            yield submission
        elif submission.of_subject and submission.form.id in corrected:
            before = submission.id == first[submission.title]
            version_text = Text("补正前", "before its correction") if before else Text("补正后", "as corrected")
            yield replace(submission, version=Text(f"{version_text.zh}，{day.zh}", f"{version_text.en}, {day.en}"))
        else:
            yield replace(
                submission,
                version=Text(f"{submission.who}，{day.zh}", f"{submission.who}, {day.en}") if submission.who else day,
            )


def sort_submissions(papers: Iterable[Submission]) -> tuple[Submission, ...]:
    """Return forms in the order in which they are read: the applicant's own first, of these the one with most fields."""
    return tuple(sorted(papers, key=lambda paper: (not paper.of_subject, -len(paper.form.fields()))))


def filter_visible_submissions(actor: Actor, case: CaseRow, forms: Iterable[Submission]) -> tuple[Submission, ...]:
    """Return the forms that pages of ``case`` list for ``actor``: whom it is about only what applicants submitted.

    What bodies found, whom they propose and what they advise is not the applicant's to read.
    """
    if actor.oversees(case.jurisdiction) or actor.body_ids.isdisjoint(subject_ids(case)):
        return tuple(forms)
    return tuple(submission for submission in forms if submission.own or submission.of_subject)


def withhold_until_answered(
    actor: Actor, case: CaseRow, package: Package, forms: Iterable[Submission], tasks: Iterable[TaskRow]
) -> tuple[Submission, ...]:
    """Return ``forms`` without what others said at a step at which the reader's body, no office, has still to say its own.

    Of ``tasks`` those that are open and the reader's count.
    """
    if actor.oversees(case.jurisdiction):
        return tuple(forms)
    asked = {
        (task.form, _step_name(package, task.element))
        for task in tasks
        if task.state == "open" and task.form and seat_for(actor, task) is not None
    }
    return tuple(paper for paper in forms if paper.own or (paper.form.id, paper.step) not in asked)


@guarded("case.view")
def view_submission(desk: Desk, actor: Actor, submission_id: int, case_id: int) -> Submission:
    """Return one submitted form of a case, of those that its page lists; raises NotFound, NotAllowed."""
    with desk.store.read() as tx:
        case = tx.cases.get(case_id)
        require_case(actor, case, tx)
        package = desk.packages.get(case.definition, tx)
        forms = filter_visible_submissions(actor, case, submissions_of(desk, tx, actor, case, package))
        submission = next((s for s in forms if s.id == submission_id), None)
    if submission is None:
        raise NotFound(Text("没有这份表单，可能已被取回。", "There is no such form; it may have been taken back."))
    return submission


@guarded("personal.reveal")
def reveal_submission(desk: Desk, actor: Actor, submission_id: int, case_id: int) -> Submission:
    """Return one submitted form whose personal data will be shown in full; the access is recorded."""
    submission = view_submission(desk, actor, submission_id, case_id)
    if not submission.own:
        with desk.store.write() as tx:
            words = f"{actor.name}查看了“{submission.title.zh}”中的个人信息"
            append_case_event(desk, tx, case_id, actor, "revealed", words, None, {"submission": submission_id})
    return replace(submission, read=replace(submission.read, revealed=True))


def _build_submission(
    desk: Desk, actor: Actor, case: CaseRow, package: Package, row: FormResultRow, who: str, may_know: bool
) -> Submission:
    form = desk.packages.form(package, row.form).with_chosen(row.choices)
    plain = row.data if may_know else without_identity(form, row.data)
    is_readers = row.body_id is not None and row.body_id in actor.body_ids
    settings = names_to_read(desk, package, form, case.parameters)
    read = ReadableForm(form, plain, local_date(row.at), settings, revealed=is_readers)
    decided = _find_decision(package, row, read)
    return Submission(
        id=row.id,
        case_id=case.id,
        task_id=row.task_id,
        title=form.title,
        step=_step_name(package, row.element),
        who=who,
        at=row.at,
        read=read,
        own=is_readers,
        personal=may_know and any(f.personal for f in form.fields()),
        of_subject=row.body_id is not None and row.body_id == case.subject_id,
        decided=decided,
        grounds=tuple(_iterate_grounds(read) if decided is not None else _iterate_answers(read)),
    )


def _find_decision(package: Package, row: FormResultRow, read: ReadableForm) -> Text | None:
    """Return in words which way a form chose, where its diagram goes on by that; None of others."""
    drawn = next((d.elements[row.element] for d in package.processes.values() if row.element in d.elements), None)
    chosen = select_routed_values(drawn.routes, row.data) if drawn is not None else {}
    nodes = {node.key: node for node in _iterate_inputs(read.form.nodes)} if chosen else {}
    for key, value in chosen.items():
        node = nodes.get(key)
        if node is not None and value is not None and key not in read.masked_paths:
            options = node.options
            if not isinstance(options, tuple):
                options = options_of(node, read.state.scope(), read.today)
            return next((option.label for option in options if option.value == value), None)
    return None


def _iterate_grounds(read: ReadableForm) -> Iterator[str]:
    """Yield the sentences that a form asks for only with some decisions."""
    for node in read.form.nodes:
        if isinstance(node, Input) and node.type is InputType.TEXTAREA and node.hide is not None:
            said = read.plain.get(node.key)
            if isinstance(said, str) and said.strip() and node.key not in read.masked_paths:
                yield said


def _iterate_answers(read: ReadableForm) -> Iterator[str]:
    """Yield what a short form says in the one text that it must have."""
    inputs = list(_iterate_inputs(read.form.nodes))
    texts = [node for node in inputs if node.type is InputType.TEXTAREA and node.required]
    if len(inputs) <= _SHORT and len(texts) == 1 and texts[0].key not in read.masked_paths:
        said = read.plain.get(texts[0].key)
        if isinstance(said, str) and said.strip():
            yield said


def _iterate_inputs(nodes: Iterable[FormNode]) -> Iterator[Input]:
    for node in nodes:
        if isinstance(node, Group):
            yield from _iterate_inputs(node.children)
        elif isinstance(node, Input):
            yield node


def private_elements(package: Package) -> frozenset[str]:
    """Return the elements whose forms only authors and overseers read: assigned to one person, or marked private."""
    return package.derived(
        "private elements",
        lambda: frozenset(
            e.id
            for d in package.processes.values()
            for e in d.of(Kind.USER_TASK)
            if "assignee" in e.properties or e.properties.get("private") == "yes"
        ),
    )


def readable_uploads(tx: Transaction, actor: Actor, case: CaseRow, package: Package) -> frozenset[str] | None:
    """Return the uploads that ``actor`` reads in forms of ``case``: an organisation those of its own; None stands for all.

    A government follows every case, and opens what was handed in once something of it, or of the round, is before it.
    """
    reader = _without_waiting_government(tx, actor, case)
    if reader.oversees(case.jurisdiction):
        return None
    if reader is not actor and not may_view_case(reader, case, tx):
        return frozenset()
    actor = reader
    alone, theirs = private_elements(package), actor.body_ids | {case.subject_id}
    subject = not actor.body_ids.isdisjoint(subject_ids(case))
    rows = (r for r in tx.forms.of_case(case.id) if _is_readable(actor, case, r, alone))
    return frozenset(
        ident
        for r in rows
        if not subject or (r.body_id is not None and r.body_id in theirs)
        for ident in uploads_in(r.data)
    )


def _without_waiting_government(tx: Transaction, actor: Actor, case: CaseRow) -> Actor:
    """Return the actor without the seats in a government to which nothing of ``case``, or of those above it, has come."""
    kept = tuple(s for s in actor.seats if s.body_kind != "government" or _has_come_to(tx, s, case))
    return actor if len(kept) == len(actor.seats) else replace(actor, seats=kept)


def _has_come_to(tx: Transaction, seat: Seat, case: CaseRow) -> bool:
    above: CaseRow | None = case
    while above is not None:
        tasks = tx.tasks.select(case_id=above.id, role=seat.role)
        if any(task.body_id in (None, seat.body_id) for task in tasks):
            return True
        above = tx.cases.get(above.parent_id) if above.parent_id is not None else None
    return False


def _is_readable(actor: Actor, case: CaseRow, row: FormResultRow, alone: frozenset[str]) -> bool:
    return row.element not in alone or row.person_id == actor.person_id or actor.oversees(case.jurisdiction)


def _step_name(package: Package, element: str) -> str:
    for diagram in package.processes.values():
        if element in diagram.elements:
            return diagram.elements[element].name
    action = package.award.actions.get(element)
    return action.name if action else ""
