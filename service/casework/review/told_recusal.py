"""The message to a reviewer that says whether they are recused from an applicant."""

from __future__ import annotations

from collections.abc import Collection

from service.casework.step.post import leading, letter_rows, put
from service.casework.step.step import Step
from service.domain.text import Text
from service.store.models import PanelRow

_NAMED = 3
"""So many applicants are named; of more the message says how many there are."""


def tell_decided(
    step: Step, panel: PanelRow, person: int, bodies: Collection[int], reason: str, *, recused: bool
) -> None:
    """Tell ``person`` whether they are recused from ``bodies``, why, and what follows; it always goes, as what they act by."""
    known = step.tx.people.bodies_by_id(bodies)
    names = [known[body].name for body in dict.fromkeys(bodies)]
    shown = "、".join(names[:_NAMED])
    about = Text(
        f"{shown}等{len(names)}家" if len(names) > _NAMED else shown,
        f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more" if len(names) > _NAMED else ", ".join(names),
    )
    if recused:
        subject = Text(f"决定回避：{about.zh}", f"Recused: {about.en}")
        follows = Text(
            "您不再参加其评审，其材料、评分和讨论不再向您开放，也不能就其投票；其他申报组织的评审不受影响。",
            "You no longer review it: its file, scores and discussion are closed to you, nor may you vote on it. "
            "Your review of other applicants is not touched.",
        )
    else:
        subject = Text(f"决定不予回避：{about.zh}", f"Not recused: {about.en}")
        follows = Text("您继续参加其评审。", "You go on reviewing it.")
    text = Text(
        f"您是否回避{about.zh}的评审，已有决定：{'回避' if recused else '不予回避'}。\n理由：{reason}\n{follows.zh}",
        f"It is decided whether you are recused from the review of {about.en}: {'you are' if recused else 'you are not'}."
        f"\nReason: {reason}\n{follows.en}",
    )
    ident = "-".join([str(panel.id), f"{step.now:%Y%m%dT%H%M%S}", "recused" if recused else "kept", str(min(bodies))])
    rows = letter_rows(
        [step.tx.people.person(person)],
        step.case.id,
        f"recusal:{ident}",
        subject,
        leading(text, "/appointments#ties"),
        step.now,
    )
    step.pending.work += put(step.desk, step.tx, rows, step.now)
