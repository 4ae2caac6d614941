"""Sign beside a task (同意, 不同意): by the last signature after, what was submitted goes through."""

from __future__ import annotations

from collections.abc import Collection
from typing import Annotated

from service.casework.access.actor import SYSTEM, Actor, acting
from service.casework.access.case_access import DoneByYou, require_may_handle, require_open, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.signs import SIGN_STATE_WORDS
from service.casework.step.end_signs import drop_ask
from service.casework.step.history import append_case_event, build_task_citation
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.tasks.ask_sign import MOST_WORDS
from service.casework.tasks.complete import complete_task
from service.casework.tasks.signers import may_sign, only_advises
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.signatures import AFTER, AGREED, CLOSED, OPEN, REFUSED, evaluate_signatures
from service.domain.text import Text
from service.domain.values.bounds import Length
from service.store import Transaction
from service.store.models import SignAskRow, SignRow, TaskRow


@guarded("task.sign")
def give_sign(
    desk: Desk, actor: Actor, sign_id: int, agree: bool, words: Annotated[str, Length(0, MOST_WORDS)] = ""
) -> bool:
    """Agree or disagree, with words; returns whether what was submitted went through by it.

    Raises:
        NotAllowed: somebody else is asked, or the actor may not look at the case any more.
        Invalid: too many words, or none to say why not.
        Conflict: signed already, withdrawn, or the task is over.
    """
    opinion = words.strip()
    if not agree and not opinion:
        raise Invalid(Text("不同意的，请写明理由。", "Say why you disagree."))
    if len(opinion) > MOST_WORDS:
        raise Invalid(
            Text(
                f"意见有{len(opinion)}个字，最多{MOST_WORDS}个字，请缩短。",
                f"{len(opinion)} characters: at most {MOST_WORDS}, make it shorter.",
            )
        )
    with desk.store.write() as tx:
        unlocked_sign = tx.signs.get(sign_id)
        if unlocked_sign.person_id != actor.person_id:
            raise NotAllowed(Text("这一项请的是他人会签。", "Somebody else is asked to sign this."))
        case = tx.cases.lock(unlocked_sign.case_id)
        sign, ask = tx.signs.get(sign_id), tx.sign_asks.get(unlocked_sign.ask_id)
        task = tx.tasks.get(ask.task_id)
        require_may_handle(tx, actor, case)
        _require_awaited(sign, task)
        require_running(case)
        bodies = bodies_of(desk, tx, ask, task)
        if not may_sign(tx, actor, bodies, case):
            raise NotAllowed(
                Text(
                    "您目前的角色看不到这个办件，不能再会签，请告知请您会签的人。",
                    "Your present role may not look at this case any more: tell who asked you.",
                )
            )
        word = AGREED if agree else REFUSED
        tx.signs.change(sign.id, state=word, words=opinion, at=desk.clock.now())
        text = f"{actor.name}会签“{task.title}”：{SIGN_STATE_WORDS[word].zh}"
        append_case_event(desk, tx, case.id, actor, "signed", text, task.element, build_task_citation(task))
        states = [_get_counted_state(desk, tx, other_sign, bodies) for other_sign in tx.signs.select(ask_id=ask.id)]
        agreed = evaluate_signatures(ask.mode, ask.needed, states)
        if agreed is not None:
            _close_ask(desk, tx, task, ask, agreed=agreed)
    if agreed and ask.kind == AFTER:
        return _go_through(desk, ask, task)
    return False


def bodies_of(desk: Desk, tx: Transaction, ask: SignAskRow, task: TaskRow) -> frozenset[int]:
    """Return the bodies whose people may sign as colleagues: those in which who asked holds the task's role."""
    asker = acting(tx, ask.person_id, desk.clock.now())
    return frozenset(
        seat.body_id
        for seat in asker.seats
        if seat.role == task.role and seat.serves(task.jurisdiction) and task.body_id in (None, seat.body_id)
    )


def _get_counted_state(desk: Desk, tx: Transaction, sign: SignRow, bodies: Collection[int]) -> str:
    """Return what counts of an answer: that of another body's people is an opinion and refuses nothing."""
    if sign.state != REFUSED or not only_advises(acting(tx, sign.person_id, desk.clock.now()), bodies):
        return sign.state
    return AGREED


def _require_awaited(sign: SignRow, task: TaskRow) -> None:
    if sign.state in (AGREED, REFUSED):
        raise DoneByYou(
            Text(
                f"您已会签“{task.title}”（{SIGN_STATE_WORDS[sign.state].zh}），这一次没有生效，也不需要再签。",
                f"You have signed “{task.title}” already ({SIGN_STATE_WORDS[sign.state].en}); this second time changed nothing.",
            )
        )
    if sign.state != OPEN:
        raise Conflict(
            Text(
                f"“{task.title}”的会签已撤回或已有结果，您不用再签。",
                f"The request to sign “{task.title}” was withdrawn or is settled: you need not sign.",
            )
        )
    require_open(task)


def _close_ask(desk: Desk, tx: Transaction, task: TaskRow, ask: SignAskRow, *, agreed: bool) -> None:
    drop_ask(desk, tx, task, ask, "agreed" if agreed else "refused")
    tx.tasks.step(task.id, task.version, signs_open=CLOSED)
    differing = agreed and any(sign.state == REFUSED for sign in tx.signs.select(ask_id=ask.id))
    result = "已签齐，有不同意见" if differing else _RESULT[agreed].zh
    append_case_event(desk, tx, task.case_id, SYSTEM, "signed", f"“{task.title}”会签结果：{result}", task.element)
    if agreed and ask.kind == AFTER:
        return
    if differing:
        zh, en = (
            "意见已齐，有不同意见，列在待办页面；是否采纳由您决定，请在期限内提交",
            "All have answered and not all agree: their words stand on the task. Decide what you take up, and submit it in time",
        )
    elif agreed:
        zh, en = "会签已同意，请在期限内提交", "Those you asked agree: submit it in time"
    else:
        zh, en = (
            "会签未获同意，意见列在待办页面，请修改后提交或者再请会签",
            "Not all agree: their words stand on the task; change it and submit, or ask again",
        )
    message = Text(f"{zh}：“{task.title}”（{task.subject}）。", f"{en}: “{task.title}” ({task.subject}).")
    _send_result(desk, tx, task, ask, add_page_link(message, f"/tasks/{task.id}"))


def _go_through(desk: Desk, ask: SignAskRow, task: TaskRow) -> bool:
    """Submit what was kept, as it was compared and as who submitted it; where that is refused by now they are told why and do it by hand."""
    with desk.store.read() as tx:
        assert ask.sent_by is not None
        holder = acting(tx, ask.sent_by, desk.clock.now())
    try:
        complete_task(desk, holder, task.id, None, ask.data or {})
    except LaurelError as error:
        with desk.store.write() as tx:
            why = f"“{task.title}”会签已齐，但未能提交：{error.message.zh}"
            append_case_event(desk, tx, task.case_id, SYSTEM, "signed", why, task.element)
            en = (
                f"“{task.title}” is signed, but could not be submitted: {error.message.en} Open it and submit it again."
            )
            _send_result(
                desk, tx, task, ask, add_page_link(Text(f"{why}请打开待办核对后再提交。", en), f"/tasks/{task.id}")
            )
        return False
    with desk.store.write() as tx:
        zh = f"“{task.title}”（{task.subject}）会签已齐，您提交的内容已生效。"
        en = f"“{task.title}” ({task.subject}) is signed: what you submitted has taken effect."
        _send_result(desk, tx, task, ask, Text(zh, en))
    return True


def _send_result(desk: Desk, tx: Transaction, task: TaskRow, ask: SignAskRow, message: Text) -> None:
    """Tell who does the task, or asked."""
    now = desk.clock.now()
    person = tx.people.get(ask.sent_by or task.assignee_id or ask.person_id)
    subject = Text(f"会签结果：{task.title}", f"Signed or not: {task.title}")
    rows = letter_rows([person], task.case_id, f"sign-done:{ask.id}", subject, message, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


_RESULT = {True: Text("同意", "agreed"), False: Text("未获同意", "not agreed")}
