"""Recall a running notice that should not have been posted; the diagram returns to where its list is made."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.book.acting import tell
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.notices.publisher import demand_publisher
from service.casework.step.messages import receive
from service.casework.step.save import save_step
from service.casework.step.settle import settle
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.values.bounds import Reason
from service.sdk.messages import NOTICE_RECALLED
from service.store.models import NoticeRow


@guarded("notice.recall")
def recall_notice(desk: Desk, actor: Actor, notice_id: int, reason: Reason) -> None:
    """Take a running notice back, say why in public, and tell its diagram.

    Raises:
        NotAllowed: another body posted it.
        Invalid: no reason is given.
        Conflict: the notice is over, or its diagram has no way back.
    """
    with desk.store.write() as tx:
        row = tx.notices.get(notice_id)
        step = open_step(desk, tx, row.case_id, actor)
        row = tx.notices.lock(notice_id)
        step.notices()
        demand_publisher(actor, row)
        if not reason.strip():
            raise Invalid(
                Text("请写明收回的原因，原因会在门户上公布。", "Say why it is recalled; the reason is made public.")
            )
        if row.state != "running":
            raise Conflict(
                Text(
                    f"“{row.title}”已不在公示期内，不能收回。",
                    f"“{row.title}” is no longer running and cannot be recalled.",
                )
            )
        tell(f"{step.case.title}：收回“{row.title}”", place=row.jurisdiction, reason=reason.strip())
        mark_recalled(step, row, reason)
        if not receive(step, f"recalled:{row.id}", NOTICE_RECALLED, {"notice": row.id}):
            raise Conflict(
                Text(
                    "流程图没有为这份公示画出“收回”的路径，只能更正。",
                    "The diagram draws no way back for this notice: it can only be corrected.",
                )
            )
        settle(step)
        save_step(step)


def mark_recalled(step: Step, row: NoticeRow, reason: str) -> None:
    """Write down that a running notice was taken back, by whom, when and why; nothing for one that is over."""
    if row.state != "running":
        return
    kept = {"reason": reason.strip(), "by": step.actor.name, "at": step.now.isoformat(), "recalled": True}
    step.tx.notices.update(row.id, state="recalled", closed_at=step.now, correction=kept)
    step.audit("notice", f"收回公示“{row.title}”：{reason.strip()}", row.element, {"notice": row.id})
