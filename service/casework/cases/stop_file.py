"""Take a file that touches state secrets out of circulation: whoever handles the case says so where it is found."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.cases.readable_file import readable_file
from service.casework.desk.desk import Desk
from service.casework.step.history import append_case_event
from service.casework.step.stopped_files import STOPPED, describe_stopped, stop_files
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.store.models import UploadRow


@guarded("upload.stop")
def view_stoppable_file(desk: Desk, actor: Actor, upload_id: str) -> UploadRow:
    """Return a file that ``actor`` may take out of circulation; raises NotFound, NotAllowed, Invalid as `stop_file`."""
    with desk.store.read() as tx:
        row, _ = readable_file(desk, tx, actor, upload_id)
        if row.case_id is None:
            raise Invalid(Text("这个附件还没有提交，不涉及流转。", "This file is not submitted yet."))
        if tx.cases.get(row.case_id).subject_id in actor.body_ids:
            raise NotAllowed(Text("停止流转由办理人员决定。", "Whoever handles the case decides this."))
    return row


@guarded("upload.stop")
def stop_file(desk: Desk, actor: Actor, upload_id: str) -> int:
    """Take a file out of circulation, on record; the applicant is asked for another. Returns the number of the case.

    Raises:
        NotFound, NotAllowed: the file is gone, out of circulation already, not the actor's to read, or their own.
        Invalid: it belongs to no case yet.
    """
    row = view_stoppable_file(desk, actor, upload_id)
    assert row.case_id is not None
    with desk.store.write() as tx:
        case = tx.cases.lock(row.case_id)
        tx.work.enqueue_many(stop_files(desk, tx, case, [row]), desk.clock.now())
        append_case_event(desk, tx, case.id, actor, STOPPED, describe_stopped([row]), None, {"uploads": [row.id]})
    return case.id
