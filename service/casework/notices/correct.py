"""Correct a running notice: a slip keeps its dates, a correction of substance restarts the period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.notices.content import fingerprint
from service.casework.notices.publisher import demand_publisher
from service.casework.step.messages import receive
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Length, Name, Reason, Spread
from service.sdk.messages import NOTICE_CORRECTED
from service.store.models import NoticeRow


@dataclass(frozen=True, slots=True)
class NoticeCorrection:
    """What is corrected and why; ``of_substance`` restarts the window. ``entries`` None leaves the table as it is."""

    title: Name
    text: Annotated[str, Length(1, 100_000)]
    reason: Reason
    of_substance: bool
    entries: Sequence[Mapping[str, Any]] | None = None


@guarded("notice.correct")
def correct_notice(desk: Desk, actor: Actor, notice_id: int, correction: Spread[NoticeCorrection]) -> None:
    """Correct a running notice; the text as first posted stays on record with its fingerprint.

    Raises:
        NotAllowed: another body posted it.
        Invalid: no reason, or nothing changed.
        Conflict: the notice is over, or its diagram cannot restart it.
    """
    with desk.store.write() as tx:
        row = tx.notices.get(notice_id)
        step = open_step(desk, tx, row.case_id, actor)
        row = tx.notices.lock(notice_id)
        step.notices()
        _demand(step, row, correction)
        content = _content(row, correction)
        if content == row.content:
            raise Invalid(Text("公示内容没有变化，无需更正。", "Nothing in the notice has changed."))
        tell(f"{step.case.title}：更正“{row.title}”", place=row.jurisdiction, reason=correction.reason.strip())
        kept = {
            "reason": correction.reason.strip(),
            "by": actor.name,
            "at": step.now.isoformat(),
            "of_substance": correction.of_substance,
        }
        if correction.of_substance:
            _restart(step, row, {**kept, "content": content})
        else:
            before = {"content": row.content, "fingerprint": row.fingerprint}
            tx.notices.update(
                row.id,
                title=content["title"],
                content=content,
                fingerprint=fingerprint(content),
                correction={**kept, "before": before},
            )
            step.audit(
                "notice",
                f"更正公示“{row.title}”的文字（期限不变）：{correction.reason.strip()}",
                row.element,
                {"notice": row.id},
            )
        settle(step)
        save_step(step)


def _demand(step: Step, row: NoticeRow, correction: Spread[NoticeCorrection]) -> None:
    demand_publisher(step.actor, row)
    if not correction.reason.strip():
        raise Invalid(Text("请写明更正原因。", "Say why it is corrected."))
    if row.state != "running":
        raise Conflict(Text(f"“{row.title}”已不在公示期内，不能更正。", f"“{row.title}” is no longer running."))


def _content(row: NoticeRow, correction: NoticeCorrection) -> dict[str, Any]:
    changed: dict[str, Any] = {"title": correction.title.strip() or row.title, "text": correction.text}
    if correction.entries is not None:
        changed["entries"] = list(correction.entries)
    return {**row.content, **changed}


def _restart(step: Step, row: NoticeRow, kept: Mapping[str, Any]) -> None:
    step.tx.notices.update(row.id, state="corrected", closed_at=step.now, correction=dict(kept))
    step.audit(
        "notice", f"公示“{row.title}”内容有实质更正，重新计算公示期：{kept['reason']}", row.element, {"notice": row.id}
    )
    if not receive(step, f"corrected:{row.id}", NOTICE_CORRECTED, {"notice": row.id}):
        raise Conflict(
            Text(
                "流程图没有为这份公示画出“更正后重新公示”的路径，只能作文字更正。",
                "The diagram draws no way to post this notice anew: only its wording can be corrected.",
            )
        )
