"""Uploads attached to forms: stored at once, bound to the case when submitted, dropped where they never are."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import IO, Any
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_first, require_open, require_task, require_task_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.received_files import checked_kind, note_fault
from service.casework.tasks.own_space import count_upload_bytes, require_upload_quota
from service.domain.errors import NotAllowed
from service.domain.files.uploads import FILE_KEYS, check_name, uploads_in
from service.domain.forms import UploadRules
from service.domain.proof.audit_chain import ERASED
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import UploadRow, WorkItemRow

UNCLAIMED = "unclaimed"
"""Kind of the work item that removes what was uploaded and not submitted."""

_KEPT = timedelta(days=30)
"""How long a file of somebody signed in waits for its form that belongs to no task; no sign-in, with what it typed, lasts as long."""


@dataclass(frozen=True, slots=True)
class Attached:
    """A stored file as forms name it; ``doubt`` is what is to be told of one that nobody will be able to look at."""

    id: str
    name: str
    size: int
    doubt: Text | None = None


@guarded("upload.add")
def attach_upload(
    desk: Desk, actor: Actor, task_id: int | None, field: str, filename: str, stream: IO[bytes], rules: UploadRules
) -> Attached:
    """Store a file for ``field`` of a task's form (or of a start form: ``task_id`` None).

    The content goes to disk before the row is written; a row without content cannot exist.

    Raises:
        UploadRefused: wrong kind, too large, empty or a dangerous name.
        OwnSpaceUsedUp: too many bytes, by the person within a day or in the case.
        StorageFull: the disk has no room.
    """
    content = stream.read(rules.max_bytes + 1)
    kind = checked_kind(actor, desk, "upload.add", filename, content, rules)
    name = check_name(filename)
    require_form_open(actor, desk, task_id)
    require_upload_quota(desk, actor.person_id, task_id, len(content))
    ident, now = str(uuid4()), desk.clock.now()
    sha256, size, stamp = put_unclaimed(desk, content) if task_id is None else (*desk.store.files.put(content), "")
    with desk.store.write() as tx:
        if task_id is None:
            tx.work.enqueue_many([unclaimed_work(ident, stamp, now + _KEPT)], now)
        count_upload_bytes(tx, actor.person_id, size, now)
        tx.uploads.add(
            UploadRow(
                id=ident,
                task_id=task_id,
                field=field,
                name=name,
                kind=kind.media_type,
                size=size,
                sha256=sha256,
                person_id=actor.person_id,
                at=now,
            )
        )
    return Attached(ident, name, size, note_fault(desk, sha256, kind, content))


def copy_uploads(desk: Desk, person_id: int | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return form values in which each file that the person uploaded is a copy of its own; the content is stored once."""

    def copy_value(tx: Transaction, value: Any) -> Any:
        if isinstance(value, Mapping):
            if not value.keys() >= FILE_KEYS:
                return {key: copy_value(tx, part) for key, part in value.items()}
            row, now = tx.uploads.find(id=str(value["id"])), desk.clock.now()
            if row is None or row.person_id != person_id:
                return value
            ident = str(uuid4())
            tx.work.enqueue_many([unclaimed_work(ident, "", now + _KEPT)], now)
            tx.uploads.add(replace(row, id=ident, case_id=None, task_id=None, at=now))
            return {**value, "id": ident}
        return [copy_value(tx, item) for item in value] if isinstance(value, list) else value

    if not uploads_in(values):
        return dict(values)
    with desk.store.write() as tx:
        return {key: copy_value(tx, value) for key, value in values.items()}


def require_form_open(actor: Actor, desk: Desk, task_id: int | None) -> None:
    """Raise unless the person may fill in the form of a task now; None is a form that belongs to no task."""
    if task_id is None:
        return
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        require_task(actor, task)
        require_task_case(actor, task, tx)
        require_first(actor, task)
        require_open(task)


@guarded("upload.remove")
def remove_upload(desk: Desk, actor: Actor, upload_id: str) -> None:
    """Take a file the person attached out of a form that is not submitted yet; raises NotAllowed for others' files."""
    with desk.store.write() as tx:
        row = tx.uploads.get(upload_id)
        if row.person_id != actor.person_id or row.case_id is not None:
            raise NotAllowed(
                Text(
                    "只能移除本人上传且尚未提交的附件。",
                    "Only your own files that are not submitted yet can be removed.",
                )
            )
        tx.uploads.remove(upload_id, desk.clock.now())


def unclaimed_work(upload: str, stamp: str, due_at: datetime) -> NewWork:
    """Return the work item that removes an upload unless its form was submitted; ``stamp`` is that of its content."""
    return NewWork(UNCLAIMED, None, _build_effect_key(upload), {"upload": upload, "stamp": stamp}, due_at)


def put_unclaimed(desk: Desk, content: bytes) -> tuple[str, int, str]:
    """Store content of an upload that belongs to no task; returns its SHA-256, its size and the stamp it is dropped by.

    The stamp is "" where somebody else stored the same content before: then it is never dropped. Where only uploads
    that were not submitted did, the newest of them drops it.
    """
    files, sha256 = desk.store.files, hashlib.sha256(content).hexdigest()
    file_stamp = files.stamp(sha256)
    with desk.store.read() as tx:
        waiting = (
            [
                tx.work.find(effect_key=_build_effect_key(ident))
                for ident in tx.uploads.pick("id", sha256=sha256, case_id=None, task_id=None)
            ]
            if file_stamp
            else []
        )
    ours = not file_stamp or file_stamp in {str(item.payload["stamp"]) for item in waiting if item is not None}
    _, size = files.put(content)
    return sha256, size, files.stamp(sha256) if ours else ""


def drop_unclaimed(desk: Desk, item: WorkItemRow) -> None:
    """Remove an upload that nobody submitted, and its content where nothing else has the same.

    First the row, for good: from then on nobody submits it, and whoever submitted it meanwhile keeps it.
    """
    now, ident, stamp = desk.clock.now(), str(item.payload["upload"]), str(item.payload["stamp"])
    with desk.store.write() as tx:
        tx.uploads.erase_unclaimed(ident, ERASED, now)
    with desk.store.write() as tx:
        _drop_content(desk, tx, ident, stamp)
        tx.work.finish(item, now)


def drop_withdrawn(desk: Desk, upload: str) -> None:
    """Remove the content of an upload that was taken out of a form at once: it counts no longer, so it must be gone."""
    with desk.store.write() as tx:
        item = tx.work.find(effect_key=_build_effect_key(upload))
        if item is not None:
            _drop_content(desk, tx, upload, str(item.payload["stamp"]))


def _drop_content(desk: Desk, tx: Transaction, ident: str, stamp: str) -> None:
    row = tx.uploads.get(ident)
    gone = row.case_id is None and row.task_id is None and row.removed_at is not None
    if gone and stamp and not tx.uploads.shares_content(ident, row.sha256) and desk.store.files.drop(row.sha256, stamp):
        pdfs = tx.shown_files.forget({row.sha256})
        for pdf in pdfs - tx.erasures.still_needed(pdfs):
            desk.store.files.drop(pdf, desk.store.files.stamp(pdf))


def _build_effect_key(upload: str) -> str:
    return f"{UNCLAIMED}:{upload}"
