"""Ask others to sign beside a task (加签, 会签), before it is submitted or after; and withdraw that."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor, acting
from service.casework.access.case_access import (
    AwaitsSignatures,
    is_free,
    named_for,
    require_running,
    require_task_case,
    seat_for,
)
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.signs import KINDS, MODES, last_day
from service.casework.step.end_signs import drop_ask
from service.casework.step.fill import in_words
from service.casework.step.history import RECEIVER, append_case_event, build_task_citation
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.tasks.claim import get_actor_task
from service.casework.tasks.note_passed_on import SIGN_REQUESTED, note_passed_on
from service.casework.tasks.overtaken import require_task_unchanged, require_unchanged
from service.casework.tasks.signers import only_advises, require_signer
from service.domain.calendar import local_date
from service.domain.calendar.clock import format_full_day
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.signatures import ALL, AWAITED, BEFORE, CLOSED, FIRST, OPEN, SHARE, WAITING
from service.domain.text import Text
from service.store import Transaction
from service.store.models import SignAskRow, TaskRow

MOST_PEOPLE = 20
MOST_WORDS = 500


@guarded("task.ask_sign")
def ask_sign(
    desk: Desk,
    actor: Actor,
    task_id: int,
    version: int | None,
    people: Sequence[int],
    kind: str = BEFORE,
    mode: str = ALL,
    needed: int | None = None,
    words: str = "",
) -> int:
    """Ask ``people`` to sign beside task ``task_id``, which the actor claims by it. Returns the number of the request.

    ``kind`` says whether they sign before it is submitted, or after: what is submitted is then kept, and goes through
    when they have signed. ``mode``: all must agree, ``needed`` of them, or the first to answer decides. People of other
    bodies say an opinion before it is submitted, which decides nothing: the text names who decides.

    Raises:
        NotAllowed: not the actor's to do, a vote, or for one person alone.
        Invalid: nobody or too many, somebody who may not sign, a number that cannot be reached.
        Conflict: done or changed meanwhile, suspended, or signatures are asked for already.
    """
    now, signer_ids = desk.clock.now(), list(dict.fromkeys(people))
    needed = _get_needed_count(mode, needed, len(signer_ids))
    _require_readable(kind, signer_ids, words)
    with desk.store.write() as tx:
        task, _ = get_actor_task(tx, actor, task_id, version)
        require_task_unchanged(tx, actor, task)
        case = tx.cases.lock(task.case_id)
        require_running(case)
        _require_common(task)
        signers = [require_signer(tx, actor, task, case, each, now) for each in signer_ids]
        _require_opinion(actor, task, signers, kind, mode)
        row = SignAskRow(
            case_id=case.id,
            task_id=task.id,
            kind=kind,
            mode=mode,
            needed=needed,
            person_id=actor.signed_in_id,
            words=words.strip(),
            at=now,
        )
        number = tx.signs.ask(row, signer_ids, OPEN if kind == BEFORE else WAITING)
        tx.tasks.step(task.id, task.version, signs_open=kind, assignee_id=actor.signed_in_id)
        _record_request(desk, tx, named_for(actor, task), task, row, signers)
        note_passed_on(tx, actor, task, SIGN_REQUESTED, row.words, now)
        if kind == BEFORE:
            tell_signers(desk, tx, task, row, number, actor.name)
    return number


@guarded("task.ask_sign")
def withdraw_sign(desk: Desk, actor: Actor, task_id: int) -> None:
    """Withdraw what is asked beside a task: it waits for nobody any more, what was submitted is a draft again.

    Raises:
        NotAllowed: the actor has neither asked nor does the task, holds its role no more, or is recused.
        Conflict: the task is over, or nothing is asked.
    """
    with desk.store.write() as tx:
        task, ask = _get_awaited_request(desk, tx, actor, task_id)
        drop_ask(desk, tx, task, ask, "withdrawn")
        tx.tasks.step(task.id, task.version, signs_open=CLOSED)
        text = f"{named_for(actor, task).name}撤回“{task.title}”的会签"
        append_case_event(
            desk, tx, task.case_id, named_for(actor, task), "signed", text, task.element, build_task_citation(task)
        )


@guarded("task.ask_sign")
def remind_signers(desk: Desk, actor: Actor, task_id: int) -> tuple[str, ...]:
    """Remind those whose signature task ``task_id`` waits for, once a day. Returns their names.

    Raises:
        NotAllowed: the actor has neither asked nor does the task, holds its role no more, or is recused.
        Conflict: the task is over, nothing is asked, nobody signs yet, or they were told today.
    """
    with desk.store.write() as tx:
        task, ask = _get_awaited_request(desk, tx, actor, task_id)
        names = tell_signers(desk, tx, task, ask, ask.id, actor.name, again=True)
        text = f"{named_for(actor, task).name}催请{'、'.join(names)}会签“{task.title}”"
        append_case_event(
            desk, tx, task.case_id, named_for(actor, task), "reminded", text, task.element, build_task_citation(task)
        )
        return names


def _get_awaited_request(desk: Desk, tx: Transaction, actor: Actor, task_id: int) -> tuple[TaskRow, SignAskRow]:
    """Return the task and what is asked beside it, for who may change that; locks its case."""
    case = tx.cases.lock(tx.tasks.get(task_id).case_id)
    task = tx.tasks.get(task_id)
    ask = tx.sign_asks.find("-id", task_id=task_id, state="open")
    theirs = is_free(actor, task) or (ask is not None and ask.person_id == actor.person_id)
    if seat_for(actor, task) is None or not (theirs or _is_deserted(desk, tx, task)):
        raise NotAllowed(
            Text(
                "只有请人会签的人和正在办理的人可以催请、撤回会签。",
                "Only who asked for signatures, or does the task, reminds of them or withdraws that.",
            )
        )
    require_task_case(actor, task, tx)
    require_unchanged(tx, actor, task)
    if ask is None:
        raise Conflict(Text("没有正在等待的会签。", "No signature is awaited."))
    require_running(case)
    return task, ask


def _is_deserted(desk: Desk, tx: Transaction, task: TaskRow) -> bool:
    """Return whether who has claimed ``task`` may not do it any more: their colleagues go on with it."""
    return task.assignee_id is not None and seat_for(acting(tx, task.assignee_id, desk.clock.now()), task) is None


def tell_signers(
    desk: Desk, tx: Transaction, task: TaskRow, ask: SignAskRow, number: int, who: str, *, again: bool = False
) -> tuple[str, ...]:
    """Tell those who are asked what to do, by when and where. Returns their names.

    Raises Conflict where they are told ``again`` on a day on which they were told, or nobody is to sign yet.
    """
    now = desk.clock.now()
    people = [tx.people.get(sign.person_id) for sign in tx.signs.select(ask_id=number) if sign.state == OPEN]
    explanation, until = f"说明：{ask.words.rstrip('。')}。" if ask.words else "", last_day(task)
    by, by_en = (f"于{in_words(until)}前（含当日）", f" by {format_full_day(until).en}") if until else ("", "")
    zh = f"{who}请您会签“{task.title}”（{task.subject}）。{explanation}请{by}在“待办—会签”中打开，选择同意或者不同意。"
    en = f"{who} asks you to sign “{task.title}” ({task.subject}). {ask.words} Open it under Tasks, To sign, and agree or disagree{by_en}."
    subject = Text(f"请会签：{task.title}", f"Please sign: {task.title}")
    text = add_page_link(Text(zh, en), "/tasks/asked")
    today = local_date(now)
    rows = letter_rows(
        people, task.case_id, f"sign:{number}:{today}" if again else f"sign:{number}", subject, text, now
    )
    told = local_date(ask.sent_at or ask.at) == today or any(tx.mail.find(effect_key=row.effect_key) for row in rows)
    if again and (told or not rows):
        raise Conflict(Text("今天已经告知对方，请明天再催。", "They were told today: remind them tomorrow."))
    tx.work.enqueue_many(put(desk, tx, rows, now), now)
    return tuple(person.name for person in people)


def _record_request(
    desk: Desk, tx: Transaction, actor: Actor, task: TaskRow, row: SignAskRow, signers: Sequence[Actor]
) -> None:
    names = "、".join(signer.name for signer in signers)
    how = f"{KINDS[row.kind].zh}，{MODES[row.mode].zh}" + (f"{row.needed}人" if row.mode == SHARE else "")
    text = f"{actor.name}请{names}会签“{task.title}”（{how}）"
    claimed = {} if task.assignee_id == actor.person_id else {RECEIVER: actor.person_id}
    append_case_event(
        desk, tx, task.case_id, actor, "signed", text, task.element, {**build_task_citation(task), **claimed}
    )


def _require_opinion(actor: Actor, task: TaskRow, signers: Sequence[Actor], kind: str, mode: str) -> None:
    """Raise Invalid where somebody of another body is asked for more than an opinion before submission."""
    seat = seat_for(actor, task)
    outside = [signer.name for signer in signers if only_advises(signer, {seat.body_id} if seat else set())]
    if outside and (kind != BEFORE or mode != ALL):
        names, english = "、".join(outside), ", ".join(outside)
        raise Invalid(
            Text(
                f"{names}不是本单位人员，只能在提交前征求意见：请选“先签”和“全体”；对方不同意也不影响您提交。",
                f"{english}: of another body, to be asked only for an opinion before you submit. Choose “before” and “all”; "
                "their disagreement does not stop you.",
            )
        )


def _get_needed_count(mode: str, needed: int | None, people: int) -> int:
    if mode not in MODES:
        raise Invalid(Text(f"没有“{mode}”这一种会签方式。", f"There is no way of signing called “{mode}”."))
    if mode == SHARE:
        if needed is None or not 1 <= needed <= people:
            raise Invalid(
                Text(
                    f"“达到人数”须填1到{people}之间的人数（您选了{people}人）。",
                    f"Say how many must agree, from 1 to {people}: you chose {people}.",
                )
            )
        return needed
    return 1 if mode == FIRST else people


def _require_readable(kind: str, people: Sequence[int], words: str) -> None:
    if kind not in KINDS:
        raise Invalid(Text(f"会签只有先签、后签两种，没有“{kind}”。", f"People sign before or after, not “{kind}”."))
    if not people:
        raise Invalid(Text("请选择请谁会签。", "Choose who is to sign."))
    if len(people) > MOST_PEOPLE:
        raise Invalid(
            Text(
                f"选了{len(people)}人，一次最多{MOST_PEOPLE}人。",
                f"{len(people)} people: at most {MOST_PEOPLE} at once.",
            )
        )
    if len(words.strip()) > MOST_WORDS:
        raise Invalid(
            Text(
                f"说明有{len(words.strip())}个字，最多{MOST_WORDS}个字，请缩短。",
                f"{len(words.strip())} characters: at most {MOST_WORDS}, make it shorter.",
            )
        )


def _require_common(task: TaskRow) -> None:
    """Raise unless others may sign beside ``task``, and nobody is asked to now."""
    if task.personal or task.kind != "form":
        raise NotAllowed(
            Text(
                f"“{task.title}”须由本人独立完成，不能请他人会签。",
                f"“{task.title}” is for one person to do alone: nobody else signs it.",
            )
        )
    if task.signs_open in AWAITED:
        raise AwaitsSignatures(
            Text(
                f"“{task.title}”正在会签，签齐或者撤回之后才能再请人签。",
                f"“{task.title}” is being signed: ask again when that is over or withdrawn.",
            )
        )
