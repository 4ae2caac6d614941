"""What becomes of a submission whose task waits for signatures: refused, kept until all have signed, or let through."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.case_access import AwaitsSignatures
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.signs import awaited_names, last_day_has_come, sent_reason
from service.casework.step.end_signs import drop_ask
from service.casework.step.history import append_case_event, build_task_citation
from service.casework.step.step import Step
from service.casework.tasks.ask_sign import tell_signers
from service.domain.signatures import AFTER, AWAITED, OPEN, SENT, WAITING
from service.domain.text import Text
from service.store.models import SignAskRow, TaskRow


def find_blocking_request(step: Step, task: TaskRow) -> SignAskRow | None:
    """Return the request for which a submission must be kept, None where it may go through.

    On the last day of the time limit nobody need wait: the submission goes through without, on record.

    Raises:
        AwaitsSignatures: those who sign before have not; or it was submitted already and is being signed.
    """
    if task.signs_open not in AWAITED:
        return None
    ask = step.tx.sign_asks.find("-id", task_id=task.id, state="open")
    if ask is None:
        return None
    if last_day_has_come(task, step.now):
        names = awaited_names(step.tx, ask)
        drop_ask(step.desk, step.tx, task, ask, "passed")
        text = f"“{task.title}”期限的最后一日已到，{step.actor.name}未等{names}会签即提交"
        step.audit("signed", text, task.element, build_task_citation(task))
        return None
    if task.signs_open == AFTER:
        return ask
    names = awaited_names(step.tx, ask)
    if task.signs_open == SENT:
        raise AwaitsSignatures(sent_reason(names))
    raise AwaitsSignatures(
        Text(
            f"“{task.title}”须先会签：还在等{names}签署，尚未提交，填写的内容已保留。可以按“催请会签”提醒对方，或者撤回会签后提交。",
            f"“{task.title}” is to be signed first: {names} have not. Nothing was submitted and what you typed is kept; "
            "remind them, or withdraw the request.",
        )
    )


def keep_for_signers(step: Step, task: TaskRow, ask: SignAskRow, submission: Mapping[str, Any]) -> None:
    """Keep a checked submission until those who sign after have signed, and tell them."""
    tx, actor = step.tx, step.actor
    data = to_json_value(dict(submission))
    tx.sign_asks.change(ask.id, data=data, sent_by=actor.signed_in_id, sent_at=step.now)
    tx.signs.change_where({"ask_id": ask.id, "state": (WAITING,)}, state=OPEN)
    tx.drafts.save(task.id, actor.signed_in_id, data, step.now)
    tx.tasks.step(task.id, task.version, signs_open=SENT, assignee_id=actor.signed_in_id)
    text = f"{actor.name}将“{task.title}”送会签，签齐后生效"
    append_case_event(step.desk, tx, task.case_id, actor, "signed", text, task.element, build_task_citation(task))
    tell_signers(step.desk, tx, task, ask, ask.id, actor.name)
