"""Access checks of one case or task: role, recusal, state and version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from service.casework.access.actor import APPLICANT_KINDS, SYSTEM, Actor, Seat
from service.casework.access.declarations import DECLARATION, awaits_recusal
from service.casework.subjects.case_subjects import AboutBodies, subject_ids
from service.domain.calendar import CHINA
from service.domain.errors import Conflict, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import START_FORM, CaseRow, TaskRow

BALLOT = "ballot"
"""Kind of the tasks to vote."""
CONFIRM = "confirm_date"
"""Kind of the task by which the office confirms a date that no published calendar vouches for."""


class TaskOver(Conflict):
    """The task was done by somebody else, or is no longer needed; its ``state`` says which."""

    code = "task_over"


class DoneByYou(TaskOver):
    """The caller did this already: it took effect then, and what was sent now did not."""

    code = "done_by_you"


class DoneOtherwise(DoneByYou):
    """The caller did this already with other values: those took effect, and what was sent now did not."""

    code = "done_otherwise"


class TaskReopened(TaskOver):
    """It was done, and taken back or sent back since: ``task_id`` waits in its place."""

    code = "task_reopened"

    def __init__(self, title: str, task_id: int) -> None:
        super().__init__(
            Text(
                f"“{title}”提交之后已经取回或者退回，请从待办打开重新列出的“{title}”办理。",
                f"“{title}” was taken back or sent back since: open the “{title}” that waits now.",
            )
        )
        self.members = {"task_id": task_id}


class NotDeclared(NotAllowed):
    """A reviewer has not declared whether there is an interest: ``task_id`` is where they do, None where it waits to be decided."""

    code = "not_declared"

    def __init__(self, name: str, title: str, task_id: int | None) -> None:
        super().__init__(
            Text(
                f"您（{name}）须先对“{title}”申明利害关系，才能查看其材料。",
                f"You ({name}) first declare whether you have an interest in “{title}”; then its papers open.",
            )
            if task_id is not None
            else Text(
                f"“{title}”的材料还没有向您（{name}）开放：申明利害关系，有利害关系的决定不回避以后，轮到您评审时才能查看。如有疑问请联系办公室。",
                f"The papers of “{title}” are not open to you ({name}) yet: they open once it is decided that a declared "
                "interest does not exclude you and your review begins.",
            )
        )
        self.members = {"task_id": task_id}


class TaskChanged(Conflict):
    """The task was claimed, handed on or sent back since the version that was sent: read it again."""

    code = "task_changed"


class TaskClaimed(Conflict):
    """Somebody else has claimed the task, who may release it or hand it on."""

    code = "task_claimed"


class AwaitsSignatures(Conflict):
    """Others are to sign first, or are signing what was submitted."""

    code = "awaits_signatures"


class CaseSuspended(Conflict):
    """An administrator has suspended the case: until it goes on only drafts are kept."""

    code = "case_suspended"


class CaseEnded(Conflict):
    """The case has ended: nothing is done in it any more."""

    code = "case_ended"


class NotPossibleNow(Conflict):
    """What the procedure admits at another time only, as before a day or while something waits."""

    code = "not_possible_now"


class HeldTask(Protocol):
    """A task as a row of its own or among those of a board: for whom it is, and who has claimed it."""

    @property
    def state(self) -> str:
        """Return open, done, cancelled."""

    @property
    def kind(self) -> str:
        """Return what kind of task it is, such as a vote."""

    @property
    def jurisdiction(self) -> str:
        """Return its place."""

    @property
    def role(self) -> str:
        """Return the role that does it."""

    @property
    def body_id(self) -> int | None:
        """Return the body that does it, None for every body with the role."""

    @property
    def assignee_id(self) -> int | None:
        """Return who has claimed it."""

    @property
    def personal(self) -> bool:
        """Return whether it is for one person alone."""


def seat_for(actor: Actor, task: HeldTask) -> Seat | None:
    """Return the seat by which ``actor`` may do ``task``, or None; a lent one for what its owner has claimed.

    Votes and what is for one person alone nobody does in place of another.
    """
    personal_seat = actor.in_person.holds(task.jurisdiction, task.role, task.body_id)
    if task.kind == BALLOT or task.personal:
        return personal_seat
    lent = [s for s in actor.seats if s.lent and _is_seat_for_task(s, task)]
    claimed = next((s for s in lent if s.lender_id == task.assignee_id), None)
    return claimed or personal_seat or (lent[0] if lent else None)


def _is_seat_for_task(seat: Seat, task: HeldTask) -> bool:
    return seat.role == task.role and seat.serves(task.jurisdiction) and task.body_id in (None, seat.body_id)


def name_holder(actor: Actor, task: HeldTask, names: Mapping[int, str]) -> str | None:
    """Return who has claimed ``task``, None for nobody; empty for who can neither do it nor oversees its place.

    Of a vote that is open nobody else learns it: it would say who has not voted yet.
    """
    if task.assignee_id is None:
        return None
    own = task.assignee_id == actor.person_id
    told = own if task.kind == BALLOT else actor.oversees(task.jurisdiction) or seat_for(actor, task) is not None
    return names.get(task.assignee_id) if told else ""


def may_urge(actor: Actor, task: HeldTask) -> bool:
    """Return whether the actor may urge who must do an open task: who oversees its place, of what others have to do."""
    waits = task.state == "open" and task.kind != "ballot" and task.assignee_id != actor.person_id
    others = seat_for(actor, task) is None or task.assignee_id is not None
    return waits and others and actor.oversees(task.jurisdiction)


def is_free(actor: Actor, task: TaskRow) -> bool:
    """Return whether nobody else has claimed ``task``: nobody, the actor, or whom they stand in for."""
    seat = seat_for(actor, task)
    return task.assignee_id in (None, actor.person_id, seat.lender_id if seat is not None else None)


def named_for(actor: Actor, task: TaskRow) -> Actor:
    """Return the actor as records of ``task`` name them: with whom they stand in for, or as themselves where it is theirs alone."""
    if task.personal or task.kind == BALLOT:
        return actor.in_person
    return actor.by(seat_for(actor, task))


def title_for(actor: Actor, case: CaseRow) -> str:
    """Return what ``actor`` may read of whom a case is about: its title, or its number for who only draws procedures."""
    return case.title if actor.oversees(case.jurisdiction) else f"办件 {case.number or case.id}"


class Opened(Protocol):
    """A task as a row, or as its page shows it."""

    @property
    def title(self) -> str:
        """Return its title."""

    @property
    def state(self) -> str:
        """Return open, done, cancelled."""

    @property
    def version(self) -> int:
        """Return what counts its changes."""


def require_task(actor: Actor, task: TaskRow) -> None:
    """Raise NotAllowed, without the title of a task not theirs, or TaskClaimed, unless ``actor`` holds its role and it is free."""
    if seat_for(actor, task) is None:
        if actor.holds(task.jurisdiction, task.role, task.body_id) is not None:
            raise NotAllowed(
                Text(
                    f"“{task.title}”须由本人办理，不能委托代理。",
                    f"“{task.title}” must be done in person: nobody does it in place of another.",
                )
            )
        raise NotAllowed(
            Text(
                f"这项待办由其他单位或角色办理，您（{actor.name}）没有相应角色。",
                f"This task is for another role or body; you ({actor.name}) do not hold it.",
            )
        )
    require_assignee(actor, task)
    if not is_free(actor, task):
        raise TaskClaimed(
            Text(
                f"“{task.title}”已由他人认领。如需代办，请对方放回或转办给您。",
                f"Another person has claimed “{task.title}”: ask them to release or delegate it.",
            )
        )


def require_assignee(actor: Actor, task: TaskRow) -> None:
    """Raise NotAllowed when ``task`` is assigned to one person and ``actor`` is another."""
    if task.personal and task.assignee_id != actor.person_id:
        raise NotAllowed(
            Text(
                "这项待办指定由一人独立办理，他人不能打开或代办。",
                "This task is for one person alone; nobody else may open it or do it.",
            )
        )


def may_see_task(actor: Actor, task: TaskRow) -> bool:
    """Return whether ``actor`` may see a task: one assigned to a person only by that person and overseers."""
    return not task.personal or task.assignee_id == actor.person_id or actor.oversees(task.jurisdiction)


def require_task_case(actor: Actor, task: TaskRow, tx: Transaction) -> None:
    """Raise NotAllowed when ``actor`` is recused from what ``task`` is about; free for actors without recusals."""
    if actor.recused:
        require_may_handle(tx, named_for(actor, task), tx.cases.get(task.case_id))


def require_may_handle(tx: Transaction, actor: Actor, case: CaseRow) -> None:
    """Raise NotAllowed when ``actor`` is recused from the organisation that ``case`` concerns; free for others."""
    if actor.recused:
        require_not_recused(actor, get_case_concerned(tx, case))


def may_handle(tx: Transaction, actor: Actor, case: CaseRow) -> bool:
    """Return whether ``actor`` is not recused from the organisation that ``case`` concerns; free for others."""
    return not (actor.recused and is_recused(actor, get_case_concerned(tx, case)))


def get_case_concerned(tx: Transaction, case: CaseRow) -> CaseRow:
    """Return the case that names the organisation which ``case`` concerns: of an objection the application above it."""
    return tx.cases.get(case.parent_id) if case.subject_id is None and case.parent_id is not None else case


def is_recused(actor: Actor, case: AboutBodies) -> bool:
    """Return whether ``actor`` is recused from the organisation that ``case`` is about."""
    return bool(actor.recused) and any(ident in actor.recused for ident in subject_ids(case))


def recused_people(tx: Transaction, case: AboutBodies) -> frozenset[int]:
    """Return who is recused from the organisation that ``case`` is about."""
    return frozenset(row.person_id for row in tx.recusals.select(body_id=subject_ids(case), lifted_at=None))


def _recused_lender(actor: Actor, case: CaseRow) -> str | None:
    """Return who is recused from ``case`` where it is one in whose place the actor stands, else None."""
    about = actor.added.intersection(subject_ids(case))
    return next((seat.lender for seat in actor.seats if seat.barred_body_ids & about), None)


def require_not_recused(actor: Actor, case: CaseRow) -> None:
    """Raise NotAllowed when ``actor`` is recused from the organisation that ``case`` is about."""
    if is_recused(actor, case):
        lender = _recused_lender(actor, case)
        if lender is not None:
            raise NotAllowed(
                Text(
                    f"您代理的{lender}对“{case.title}”已经回避，代理期间您不能查看和办理。须由您办理的，请先结束代理。",
                    f"{lender}, in whose place you act, is recused from “{case.title}”: while you stand in you may not "
                    "look at it or act in it. End that first if it is yours to do.",
                )
            )
        raise NotAllowed(
            Text(
                f"您（{actor.name}）对“{case.title}”已经回避，不能查看其材料、评分和讨论，也不能办理。如有疑问请联系办公室。",
                f"You ({actor.name}) are recused from “{case.title}” and may not look at it or act in it. Ask the office.",
            )
        )


def require_open(task: Opened, version: int | None = None) -> None:
    """Raise TaskOver or TaskChanged unless ``task`` is open and still at ``version``."""
    if task.state != "open":
        raise TaskOver(
            Text(
                f"“{task.title}”已经办结或不再需要办理，您填写的内容未提交。请返回待办查看最新情况。",
                f"“{task.title}” is done or no longer needed; nothing was submitted. See the task list.",
            )
        )
    if version is not None and version != task.version:
        changed = TaskChanged(
            Text(
                f"“{task.title}”在您打开之后有了变化（例如被认领、转办或退回），请重新打开后再提交，已填写的内容会保留。",
                f"“{task.title}” has changed since you opened it (claimed, delegated or sent back): open it again; what you typed is kept.",
            )
        )
        changed.to_programs = Text(
            f"“{task.title}”在读取之后有了变化（例如被认领、转办或退回），没有提交。请重新读取后再提交。",
            f"“{task.title}” has changed since you read it (claimed, delegated or sent back); nothing was done. Read it again.",
        )
        raise changed


def require_first(actor: Actor, task: TaskRow) -> None:
    """Raise DoneByYou when ``actor`` has submitted ``task`` already: a double click is no loss to another."""
    if task.state == "done" and task.done_at is not None and task.done_by == actor.person_id:
        at = task.done_at.astimezone(CHINA)
        raise DoneByYou(
            Text(
                f"“{task.title}”您已于{at.month}月{at.day}日 {at:%H:%M} 提交成功，这一次重复提交没有生效，也不需要再提交。",
                f"You submitted “{task.title}” on {at:%d %B at %H:%M} already; this second time changed nothing.",
            )
        )


def may_view_case(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` may look at ``case``: overseers, its parties, reviewers and participants.

    A participant has an open task of the case or completed one: an opinion cannot be given on papers one may not open.
    So whose office must look into what was brought against an application, such as an objection, may open that as well.
    Who began it for an authority took its first step.
    Whoever is recused from the organisation it is about may not, whatever they hold; a reviewer may not before they have
    declared whether there is an interest, and where there is one until it is decided.
    """
    if not may_handle(tx, actor, case):
        return False
    if actor is SYSTEM or actor.oversees(case.jurisdiction):
        return True
    if case.subject_id is not None and case.subject_id in actor.body_ids:
        return True
    if any(body.id in actor.body_ids for bodies in tx.cases.parties(case.id).values() for body in bodies):
        return True
    if actor.person_id is not None and tx.panels.reviews(actor.person_id, case.id, DECLARATION):
        return not awaits_recusal(tx, actor.person_id, case)
    return (
        any(_takes_part(actor, task) for task in tx.tasks.select(case_id=case.id))
        or _has_begun_case(actor, case, tx)
        or _looks_into_case(actor, case, tx)
    )


def began_for(actor: Actor) -> frozenset[int]:
    """Return the bodies for which ``actor`` in person begins cases that stay theirs to read: none that applies itself."""
    return frozenset(seat.body_id for seat in actor.in_person.seats if seat.body_kind not in APPLICANT_KINDS)


def _has_begun_case(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    if actor.person_id is None or case.started_by != actor.person_id:
        return False
    began = began_for(actor)
    return any(row.element == START_FORM and row.body_id in began for row in tx.forms.of_case(case.id))


def _looks_into_case(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether a task of an authority or department waits for ``actor`` in what was brought against ``case``."""
    handling = {seat.body_id for seat in actor.seats if seat.body_kind in ("authority", "department")}
    if case.subject_id is None or not handling:
        return False
    below = [row.id for row in tx.cases.select(parent_id=case.id, status="running")]
    waiting = tx.tasks.select(case_id=below, state="open", personal=False) if below else ()
    return any(task.body_id in handling and seat_for(actor, task) is not None for task in waiting)


def _takes_part(actor: Actor, task: TaskRow) -> bool:
    """Return whether ``task`` waits for ``actor``, or was done by them in a seat they still hold.

    A task for one person alone counts only while it waits: a reviewer who was replaced has no more to look at.
    """
    if seat_for(actor, task) is None:
        return False
    if task.state == "open":
        return may_see_task(actor, task) and task.form != DECLARATION
    return not task.personal and actor.person_id is not None and task.done_by == actor.person_id


def require_case(actor: Actor, case: CaseRow, tx: Transaction) -> None:
    """Raise NotAllowed unless ``actor`` may look at ``case``."""
    require_may_handle(tx, actor, case)
    if not may_view_case(actor, case, tx):
        if actor.person_id is not None and tx.panels.reviews(actor.person_id, case.id):
            asked = tx.tasks.select(case_id=case.id, assignee_id=actor.person_id, form=DECLARATION, state="open")
            raise NotDeclared(actor.name, case.title, next((task.id for task in asked), None))
        raise NotAllowed(
            Text(
                "这个办件由其他单位办理，您目前的角色看不到它。",
                "This case is handled by other bodies; your present role may not look at it.",
            )
        )


def require_running(case: CaseRow) -> None:
    """Raise CaseSuspended or CaseEnded unless ``case`` is running."""
    if case.status == "suspended":
        raise CaseSuspended(
            Text(
                f"“{case.title}”已由管理员暂停，恢复之前不能办理；已填写的内容可以暂存。",
                f"“{case.title}” is suspended by an administrator; until it is resumed only drafts can be saved.",
            )
        )
    if case.status != "running":
        raise CaseEnded(Text(f"“{case.title}”已经结束，不能再办理。", f"“{case.title}” has ended."))
