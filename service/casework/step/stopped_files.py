"""Files that touch state secrets go out of circulation, and whoever the case is about is asked for others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.access.secrets import STATE
from service.casework.desk.desk import Desk
from service.casework.step.post import add_page_link, letter_rows, list_role_holders, put
from service.casework.step.step import Step
from service.domain.files.uploads import uploads_in
from service.domain.forms import Form
from service.domain.text import Text
from service.domain.values.value_at import value_at
from service.store import NewWork, Transaction
from service.store.models import START_FORM, CaseRow, UploadRow

STOPPED = "stopped"
"""What the history of a case calls it."""


def is_stopping(form: Form, data: Mapping[str, Any]) -> bool:
    """Return whether ``data`` of ``form`` finds state secrets in the application."""
    return any(f.stops_files and value_at(data, f.path.split(".")) == f.stops_files for f in form.fields())


def stop_files_of_subject(step: Step) -> None:
    """Take the application's files as they stand now out of circulation; those a reader stopped before are the named ones."""
    newest = {
        (row.form, row.body_id): row.data
        for row in step.tx.forms.of_case(step.case.id)
        if row.element == START_FORM or row.body_id == step.case.subject_id
    }
    standing = step.tx.uploads.select(id=sorted(ident for data in newest.values() for ident in uploads_in(data)))
    if standing and all(row.secret != STATE for row in standing):
        step.pending.work += stop_files(step.desk, step.tx, step.case, standing)
        step.audit(STOPPED, describe_stopped(standing), data={"uploads": [row.id for row in standing]})


def stop_files(desk: Desk, tx: Transaction, case: CaseRow, uploads: Sequence[UploadRow]) -> list[NewWork]:
    """Take files out of circulation; returns the work of asking the applicant for others and telling the office."""
    now, package = desk.clock.now(), desk.packages.get(case.definition, tx)
    tx.uploads.mark_secret([row.id for row in uploads], STATE)
    subject = tx.people.people_of(case.subject_id, now) if case.subject_id is not None else []
    text = Text(
        f"“{case.title}”：{describe_stopped(uploads)}，任何人都不能再打开。请申报组织更换为不涉密的材料。",
        f"“{case.title}”: files touch state secrets and are out of circulation. The applicant has to send others.",
    )
    title = Text(f"请更换涉密附件：{case.title}", f"Files to be replaced: {case.title}")
    key = f"stopped:{case.id}:{uploads[0].id}"
    asked = add_page_link(text, "\n".join(f"/uploads/{row.id}/replace" for row in uploads))
    office = list_role_holders(tx, package, case, "office", now)
    rows = letter_rows(subject, case.id, key, title, asked, now)
    rows += letter_rows(office, case.id, f"{key}:office", title, add_page_link(text, f"/cases/{case.id}"), now)
    return put(desk, tx, rows, now)


def describe_stopped(uploads: Sequence[UploadRow]) -> str:
    """Return the words of the history: the names of the files, nothing of what they hold."""
    return f"附件{'、'.join(f'“{row.name}”' for row in uploads)}涉及国家秘密，停止流转"
