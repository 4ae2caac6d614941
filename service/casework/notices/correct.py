"""Correct a running notice: a slip keeps its dates, a correction of substance restarts the period."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

import orjson

from service.casework.access.actor import APPLICANT_KINDS, BUILT_IN, Actor, Seat
from service.casework.access.book.acting import describe_current_act
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.step.messages import receive_case_message
from service.casework.step.save import save_step
from service.casework.step.settle import settle_instance
from service.casework.step.step import Step, open_step
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.values.bounds import Length, Name, Reason, Spread, VersionHash
from service.sdk import NoticeDraft
from service.sdk.messages import NOTICE_CORRECTED
from service.store.models import NoticeRow

TO_ASK = "to_ask"
"""The part of the content that says whom to ask, as its files do: lines as set on the day of posting."""


def notice_content(draft: NoticeDraft) -> dict[str, Any]:
    """Return what the public sees of ``draft``, as JSON; raises Invalid for a notice without title or length."""
    endless = draft.working_days is None and draft.calendar_days is None
    if not draft.title.strip() or (endless and not draft.announcement):
        raise Invalid(Text("公示须有标题和期限。", "A notice needs a title and a period."))
    files = to_json_value(list(draft.files))
    changes = {"announcement": draft.announcement, "issuer": draft.issuer.strip(), "files": files}
    return {key: value for key, value in changes.items() if value} | {
        "title": draft.title,
        "text": draft.text,
        "entries": to_json_value(list(draft.entries)),
        "media": list(draft.media),
        "objections": draft.objections,
    }


def hash_notice_content(content: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a notice's content in canonical JSON."""
    return hashlib.sha256(orjson.dumps(content, option=orjson.OPT_SORT_KEYS)).hexdigest()


SPEAKING_KINDS = frozenset({"authority"}) | APPLICANT_KINDS
"""Kinds of bodies that post notices in their own name; everything else is posted by the office."""

BY_ITS_PUBLISHER = Text(
    "公示由发布单位或者办公室更正、收回。",
    "A notice is corrected or recalled by the body that posted it, or by the office.",
)


def signed_by(actor: Actor, jurisdiction: str) -> dict[str, Any]:
    """Return the issuer named on a notice that ``actor`` has posted; nothing when the office posts it."""
    local_seats = (s for s in actor.seats if s.serves(jurisdiction) and s.role not in BUILT_IN)
    seat = next((s for s in local_seats if s.body_kind in SPEAKING_KINDS), None)
    return {} if seat is None else {"issuer": seat.body_name, "issuer_body": seat.body_id}


def may_correct_notice(actor: Actor, row: NoticeRow) -> bool:
    """Return whether ``actor`` may correct or recall the notice: its own body's, any as the office or administrator."""
    issuer = (row.content or {}).get("issuer_body")
    return GUARDS["notice.correct"].admits(actor) and any(
        _may_sign(seat, issuer) for seat in _list_serving_seats(actor, row)
    )


def _may_sign(seat: Seat, issuer: object) -> bool:
    is_issuer = seat.in_office or (seat.role not in BUILT_IN and seat.body_id == issuer)
    return is_issuer or seat.administers


def require_publisher(actor: Actor, row: NoticeRow) -> None:
    """Raise NotAllowed unless ``actor`` may act for the body that posted the notice."""
    if not may_correct_notice(actor, row):
        raise NotAllowed(BY_ITS_PUBLISHER)


def _list_serving_seats(actor: Actor, row: NoticeRow) -> tuple[Seat, ...]:
    return tuple(s for s in actor.seats if s.serves(row.jurisdiction))


@dataclass(frozen=True, slots=True)
class NoticeCorrection:
    """What is corrected and why; ``of_substance`` restarts the window. ``entries`` None leaves the table as it is.

    ``seen`` is the fingerprint of the notice that was read: one that was corrected since is not corrected by it.
    """

    title: Name
    text: Annotated[str, Length(1, 100_000)]
    reason: Reason
    of_substance: bool
    seen: VersionHash
    entries: Sequence[Mapping[str, Any]] | None = None


@guarded("notice.correct")
def correct_notice(desk: Desk, actor: Actor, notice_id: int, correction: Spread[NoticeCorrection]) -> None:
    """Correct a running notice; the text as first posted stays on record with its fingerprint.

    Raises:
        NotAllowed: another body posted it.
        Invalid: no reason, or nothing changed.
        Conflict: the notice is over or was corrected since it was read, or its diagram cannot restart it.
    """
    with desk.store.write() as tx:
        row = tx.notices.get(notice_id)
        step = open_step(desk, tx, row.case_id, actor)
        row = tx.notices.lock(notice_id)
        step.notices()
        _require_correctable(step, row, correction)
        content = _build_content(row, correction)
        if content == row.content:
            raise Invalid(Text("公示内容没有变化，无需更正。", "Nothing in the notice has changed."))
        describe_current_act(
            f"{step.case.title}：更正“{row.title}”", place=row.jurisdiction, reason=correction.reason.strip()
        )
        correction_note = {
            "reason": correction.reason.strip(),
            "by": actor.name,
            "at": step.now.isoformat(),
            "of_substance": correction.of_substance,
        }
        if correction.of_substance:
            _restart_notice(step, row, {**correction_note, "content": content})
        else:
            before = {"content": row.content, "fingerprint": row.fingerprint}
            tx.notices.change(
                row.id,
                title=content["title"],
                content=content,
                fingerprint=hash_notice_content(content),
                correction={**correction_note, "before": before},
            )
            step.audit(
                "notice",
                f"更正公示“{row.title}”的文字（期限不变）：{correction.reason.strip()}",
                row.element,
                {"notice": row.id},
            )
        settle_instance(step)
        save_step(step)


def _require_correctable(step: Step, row: NoticeRow, correction: Spread[NoticeCorrection]) -> None:
    require_publisher(step.actor, row)
    if not correction.reason.strip():
        raise Invalid(Text("请写明更正原因。", "Say why it is corrected."))
    if row.state != "running":
        raise Conflict(Text(f"“{row.title}”已不在公示期内，不能更正。", f"“{row.title}” is no longer running."))
    if correction.seen != row.fingerprint:
        raise Conflict(
            Text(
                f"“{row.title}”在您打开之后已经更正过，请看现在的文本，再决定怎样更正。",
                f"“{row.title}” was corrected since you opened it: read what it says now, then correct it.",
            )
        )


def _build_content(row: NoticeRow, correction: NoticeCorrection) -> dict[str, Any]:
    changed: dict[str, Any] = {"title": correction.title.strip() or row.title, "text": correction.text}
    if correction.entries is not None:
        changed["entries"] = list(correction.entries)
    return {**row.content, **changed}


def _restart_notice(step: Step, row: NoticeRow, correction_note: Mapping[str, Any]) -> None:
    step.tx.notices.change(row.id, state="corrected", closed_at=step.now, correction=dict(correction_note))
    step.audit(
        "notice",
        f"公示“{row.title}”内容有实质更正，重新计算公示期：{correction_note['reason']}",
        row.element,
        {"notice": row.id},
    )
    if not receive_case_message(step, f"corrected:{row.id}", NOTICE_CORRECTED, {"notice": row.id}):
        raise Conflict(
            Text(
                "流程图没有为这份公示画出“更正后重新公示”的路径，只能作文字更正。",
                "The diagram draws no way to post this notice anew: only its wording can be corrected.",
            )
        )
