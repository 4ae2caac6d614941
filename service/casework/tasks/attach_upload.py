"""Uploads attached to forms: checked and stored at once, bound to the case when the form is submitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.access.case_access import demand_open, demand_task, demand_task_case
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.documents.received_files import checked_kind, note_fault
from service.casework.tasks.own_space import demand_own_space, note_own_bytes
from service.domain.errors import NotAllowed
from service.domain.files.uploads import check_name
from service.domain.forms import UploadRules
from service.domain.text import Text
from service.store.models import UploadRow


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
    demand_form_open(actor, desk, task_id)
    demand_own_space(desk, actor.person_id, task_id, len(content))
    sha256, size = desk.store.files.put(content)
    ident, now = str(uuid4()), desk.clock.now()
    with desk.store.write() as tx:
        note_own_bytes(tx, actor.person_id, size, now)
        tx.uploads.insert(
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


def demand_form_open(actor: Actor, desk: Desk, task_id: int | None) -> None:
    """Raise unless the person may fill in the form of a task now; None is a form that belongs to no task."""
    if task_id is None:
        return
    with desk.store.read() as tx:
        task = tx.tasks.get(task_id)
        demand_task(actor, task)
        demand_task_case(actor, task, tx)
        demand_open(task)


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
