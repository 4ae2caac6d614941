"""Ends the signatures asked for beside a task (加签, 会签), and tells who was asked, and who asked, why."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.desk.desk import Desk
from service.casework.step.history import build_task_citation
from service.casework.step.post import letter_rows, put
from service.casework.step.step import Step
from service.domain.signatures import AWAITED, CLOSED, DROPPED, OPEN, SENT, WAITING
from service.domain.text import Text
from service.store import Transaction
from service.store.models import SignAskRow, TaskRow

ENDED = "ended"
"""State of a request whose task was cancelled, begun anew or given to others while people were asked."""

SIGNED_AS = frozenset({"role", "body_id", "form"})
"""Columns of a task on which signatures rest: where one of them changes, those asked for are ended."""

LEFT = Text("办件已离开这一环节", "the case has left this step")
OVER = Text("办件已经结束", "the case has ended")
RENEWED = Text("这一环节重新开始", "the step begins anew")
OTHERS = Text("这一环节改由他人办理", "others do the step now")


def drop_ask(desk: Desk, tx: Transaction, task: TaskRow, ask: SignAskRow, state: str, why: Text | None = None) -> None:
    """End a request in ``state``; who was told and has not signed learns that it is needed no more, and ``why``."""
    now = desk.clock.now()
    recipients = [sign.person_id for sign in tx.signs.select(ask_id=ask.id) if sign.state == OPEN]
    tx.sign_asks.change(ask.id, state=state, ended_at=now)
    tx.signs.change_where({"ask_id": ask.id, "state": (OPEN, WAITING)}, state=DROPPED)
    because = Text(f"：{why.zh}", f": {why.en}") if why else Text("", "")
    zh = f"“{task.title}”（{task.subject}）的会签已不需要{because.zh}，您不用再签。"
    en = f"“{task.title}” ({task.subject}) needs your signature no more{because.en}."
    people = [tx.people.get(each) for each in recipients]
    subject = Text(f"不用再签：{task.title}", f"No need to sign: {task.title}")
    rows = letter_rows(people, task.case_id, f"sign-over:{ask.id}", subject, Text(zh, en), now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


def end_signs(step: Step, task: TaskRow, why: Text) -> None:
    """End what is asked beside an open task that goes on without it: nobody is waited for, what was sent is a draft again."""
    if task.signs_open not in AWAITED:
        return
    ask = step.tx.sign_asks.find("-id", task_id=task.id, state="open")
    if ask is not None:
        _end_ask(step, task, ask, why)
    now = step.tx.tasks.get(task.id)
    step.tx.tasks.step(now.id, now.version, signs_open=CLOSED)


def end_signs_beside(step: Step, cancelled: Collection[int]) -> None:
    """End what is asked beside tasks that are cancelled."""
    why = OVER if step.case.status == "ended" else LEFT
    for ask in step.tx.sign_asks.select(task_id=cancelled, state="open"):
        _end_ask(step, step.tx.tasks.get(ask.task_id), ask, why)


def _end_ask(step: Step, task: TaskRow, ask: SignAskRow, why: Text) -> None:
    drop_ask(step.desk, step.tx, task, ask, ENDED, why)
    step.audit("signed", f"“{task.title}”的会签终止：{why.zh}", task.element, build_task_citation(task))
    sent = task.signs_open == SENT
    zh = f"您请人会签的“{task.title}”（{task.subject}），会签已经终止：{why.zh}。"
    en = f"What you asked others to sign, “{task.title}” ({task.subject}), is ended: {why.en}."
    if sent:
        zh, en = f"{zh}已提交待签的内容没有生效。", f"{en} What was submitted has not taken effect."
    asker = step.tx.people.get(ask.sent_by or ask.person_id)
    if asker.id != step.actor.person_id:
        key, subject = f"sign-done:{ask.id}", Text(f"会签终止：{task.title}", f"Signing has ended: {task.title}")
        rows = letter_rows([asker], task.case_id, key, subject, Text(zh, en), step.now)
        step.tx.work.enqueue_many(put(step.desk, step.tx, rows, step.now), step.now)
