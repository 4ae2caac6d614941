"""Recall a running notice that should not have been posted; the diagram returns to where its list is made."""

from __future__ import annotations

from collections.abc import Sequence

from service.casework.access.actor import Actor
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.notices.correct import require_publisher
from service.casework.reading.results import is_announcement, would_show_objections
from service.casework.step.cut_off import is_cut_off
from service.casework.step.messages import receive_case_message
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
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
        require_publisher(actor, row)
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
        describe_current_act(f"{step.case.title}：收回“{row.title}”", place=row.jurisdiction, reason=reason.strip())
        mark_recalled(step, row, reason)
        if not receive_case_message(step, f"recalled:{row.id}", NOTICE_RECALLED, {"notice": row.id}):
            raise Conflict(
                Text(
                    "流程图没有为这份公示画出“收回”的路径，只能更正。",
                    "The diagram draws no way back for this notice: it can only be corrected.",
                )
            )
        settle_instance(step)
        save_step(step)


def mark_recalled(step: Step, row: NoticeRow, reason: str) -> None:
    """Write down that a running notice was taken back, by whom, when and why; nothing for one that is over."""
    if row.state != "running":
        return
    recall_note = {"reason": reason.strip(), "by": step.actor.name, "at": step.now.isoformat(), "recalled": True}
    step.tx.notices.change(row.id, state="recalled", closed_at=step.now, correction=recall_note)
    step.audit("notice", f"收回公示“{row.title}”：{reason.strip()}", row.element, {"notice": row.id})


def recall_running_notices(step: Step, numbers: Sequence[int], why: Text) -> None:
    """Take running notices back, on record and in public, where the case is cut off; at its own end it leaves them."""
    if is_cut_off(step):
        for number in numbers:
            mark_recalled(step, step.tx.notices.lock(number), why.zh)


def ended_early(row: NoticeRow) -> bool:
    """Return whether a notice was ended before its period was over, for example because the application was withdrawn."""
    return row.state == "closed" and row.closed_at is not None and row.closed_at < row.ends_at


def objections_before(row: NoticeRow, of_case: Sequence[NoticeRow]) -> int:
    """Return how many objections came in against the texts that this notice replaces, among those ``of_case``.

    A correction in substance posts a notice anew, and what was objected before is handled all the same.
    """
    notices_by_id, objection_count, number = {each.id: each for each in of_case}, 0, row.replaces_id
    while number is not None:
        objection_count, number = objection_count + notices_by_id[number].objections, notices_by_id[number].replaces_id
    return objection_count


def end_of(row: NoticeRow, before: int = 0) -> Text:
    """Return in a few words how the notice ended; for one that is running, nothing.

    ``before`` is how many objections came in against what it replaces.
    """
    if row.state == "running":
        return Text("", "")
    received = _format_objection_count(row.objections, before)
    if row.state == "corrected":
        return Text(f"已更正，重新公示{received.zh}", f"corrected and posted anew{received.en}")
    if row.state == "recalled":
        return Text("已收回", "recalled")
    if is_announcement(row.content):
        return Text("已公布", "announced")
    if ended_early(row):
        return Text(f"期满前终止{received.zh}", f"ended before its last day{received.en}")
    if received.zh:
        return Text(f"已结束{received.zh}", f"closed{received.en}")
    if would_show_objections(row):
        return Text("已结束，无异议", "closed, no objection")
    return Text("已结束", "closed")


def _format_objection_count(objections: int, before: int) -> Text:
    if not before:
        return Text(f"，收到异议 {objections} 件", f", {objections} objections") if objections else Text("", "")
    if not objections:
        return Text(f"，更正前收到异议 {before} 件", f", {before} objections before it was corrected")
    both = objections + before
    return Text(
        f"，收到异议共 {both} 件（更正前 {before} 件）", f", {both} objections ({before} before it was corrected)"
    )
