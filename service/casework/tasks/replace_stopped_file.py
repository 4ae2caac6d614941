"""Another file in place of one that is out of circulation: the applicant sends it, whatever step the case has reached."""

from __future__ import annotations

from collections.abc import Mapping
from typing import IO, Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_case, require_running
from service.casework.access.guards import guarded
from service.casework.access.secrets import STATE
from service.casework.desk.desk import Desk
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.step.submission import CheckedForm, record
from service.casework.tasks.attach_upload import attach_upload
from service.domain.errors import Conflict, NotAllowed
from service.domain.files.uploads import uploads_in
from service.domain.forms import Form, UploadRules
from service.domain.text import Text
from service.store import Transaction
from service.store.models import FormResultRow, UploadRow


@guarded("upload.replace")
def view_stopped_file(desk: Desk, actor: Actor, upload_id: str) -> tuple[UploadRow, Form]:
    """Return a file that ``actor`` has to replace, and the form in which it stands.

    Raises:
        NotFound, NotAllowed: there is no such file, it is not out of circulation, or not the actor's organisation's.
        Conflict: the case has ended, or another has taken its place.
    """
    with desk.store.read() as tx:
        row = tx.uploads.get(upload_id)
        case = tx.cases.get(row.case_id) if row.case_id is not None else None
        if case is None or row.secret != STATE or case.subject_id not in actor.body_ids:
            raise NotAllowed(
                Text(
                    "只有申报组织可以更换停止流转的附件。",
                    "Only the applicant replaces a file that is out of circulation.",
                )
            )
        require_case(actor, case, tx)
        require_running(case)
        held = _get_form_of(tx, case.id, row.id)
        return row, desk.packages.form(desk.packages.get(case.definition, tx), held.form)


@guarded("upload.replace")
def replace_stopped_file(
    desk: Desk, actor: Actor, upload_id: str, filename: str, stream: IO[bytes], rules: UploadRules
) -> int:
    """Put another file in the place of one that is out of circulation; returns the number of the case.

    Raises as `view_stopped_file`, and as `attach_upload` for a file that is not taken.
    """
    row, _ = view_stopped_file(desk, actor, upload_id)
    assert row.case_id is not None
    fresh = attach_upload(desk, actor, None, row.field, filename, stream, rules)
    with desk.store.write() as tx:
        step = open_step(desk, tx, row.case_id, actor)
        held = _get_form_of(tx, row.case_id, row.id)
        data = _swap(held.data, row.id, {"id": fresh.id, "name": fresh.name, "size": fresh.size})
        submitted = CheckedForm(data, dict(held.choices or {}))
        record(step, held.form, held.element, submitted, task_id=held.task_id, body_id=held.body_id)
        step.audit(
            "replaced", f"停止流转的附件“{row.name}”已更换为“{fresh.name}”", data={"uploads": [row.id, fresh.id]}
        )
        save_step(step)
    return row.case_id


def _get_form_of(tx: Transaction, case_id: int, upload_id: str) -> FormResultRow:
    newest = {(row.form, row.body_id): row for row in tx.forms.of_case(case_id)}
    for row in newest.values():
        if upload_id in uploads_in(row.data):
            return row
    raise Conflict(Text("这个附件已经更换，无须再换。", "Another file has taken its place already."))


def _swap(value: Any, upload_id: str, fresh: Mapping[str, Any]) -> Any:
    if isinstance(value, Mapping):
        if value.get("id") == upload_id and "size" in value:
            return dict(fresh)
        return {key: _swap(part, upload_id, fresh) for key, part in value.items()}
    return [_swap(item, upload_id, fresh) for item in value] if isinstance(value, list) else value
