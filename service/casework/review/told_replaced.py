"""The message to a reviewer whom the office replaced on a panel."""

from __future__ import annotations

from service.casework.step.post import leading, letter_rows, put
from service.casework.step.step import Step
from service.domain.text import Text
from service.store.models import PanelRow


def tell_replaced(step: Step, panel: PanelRow, person: int, reason: str) -> None:
    """Tell ``person`` that the office replaced them on ``panel``, why, and what follows; it always goes.

    Of a panel that serves a group they leave every application: of each comes a message of its own.
    """
    about = step.case.title
    text = Text(
        f"办公室已更换评审专家，您不再参加“{about}”的评审。\n理由：{reason}\n您未提交的评审事项已撤下；没有另行通知的，其他申报组织的评审不受影响。",
        f"The office replaced you: you no longer review “{about}”.\nReason: {reason}\nWhat you had not submitted is taken"
        " off your list. Your review of applicants of which no such message comes is not touched.",
    )
    rows = letter_rows(
        [step.tx.people.person(person)],
        step.case.id,
        f"replaced:{panel.id}:{person}",
        Text(f"不再参加评审：{about}", f"No longer a reviewer: {about}"),
        leading(text, "/appointments"),
        step.now,
    )
    step.pending.work += put(step.desk, step.tx, rows, step.now)
