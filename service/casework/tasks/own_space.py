"""How much one person may upload within a day, and how much the files of one case may take up."""

from __future__ import annotations

from datetime import datetime, timedelta

from service.casework.desk.desk import Desk
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Transaction

_BYTES = "own_bytes"
_DAY, _FORGET = timedelta(days=1), timedelta(days=2)
_MEGABYTE = 1024 * 1024


class OwnSpaceUsedUp(LaurelError):
    """A person sent as much as one may within a day, or a case holds as much as one may."""

    code = "own_space_used_up"


def require_upload_quota(desk: Desk, person_id: int | None, task_id: int | None, size: int) -> None:
    """Raise OwnSpaceUsedUp where ``size`` more bytes are too many for the person's day or for the case of the task."""
    now, space = desk.clock.now(), desk.own_space
    with desk.store.read() as tx:
        sent = tx.attempts.total("bytes", origin=_format_person_mark(person_id), kind=_BYTES, at__gt=now - _DAY)
        case = tx.tasks.get(task_id).case_id if task_id is not None else None
        used_bytes = tx.uploads.total("size", case_id=case, removed_at=None) if case is not None else 0
    if sent + size > space.of_day:
        most = space.of_day // _MEGABYTE
        raise OwnSpaceUsedUp(
            Text(
                f"每人一天内最多上传 {most} MB，这个文件没有接收。请明天再传；确有需要的，请管理员调整 LAUREL_PERSON_MEGABYTES。",
                f"One person may upload {most} MB within a day, so this file was not taken. Try tomorrow, or ask the"
                " administrator for more (LAUREL_PERSON_MEGABYTES).",
            )
        )
    if used_bytes + size > space.of_case:
        most = space.of_case // _MEGABYTE
        raise OwnSpaceUsedUp(
            Text(
                f"本件的附件合计最多 {most} MB，这个文件没有接收。请移除用不到的附件，或者压缩后再传；确有需要的，请管理员调整"
                " LAUREL_CASE_MEGABYTES。",
                f"All files of a case may take up {most} MB, so this one was not taken. Remove what is not needed, make it"
                " smaller, or ask the administrator for more (LAUREL_CASE_MEGABYTES).",
            )
        )


def count_upload_bytes(tx: Transaction, person_id: int | None, size: int, at: datetime) -> None:
    """Count what a person sent."""
    tx.attempts.note(_BYTES, _format_person_mark(person_id), at, at - _FORGET, size)


def _format_person_mark(person_id: int | None) -> str:
    return f"person {person_id}"
