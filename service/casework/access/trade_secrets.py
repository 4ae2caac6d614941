"""Trade secrets in submitted files: who may open them; every access is recorded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.domain.forms import Form
from service.domain.forms.model import TRADE_SECRET
from service.store import Transaction
from service.store.models import CaseRow, UploadRow

TRADE = TRADE_SECRET
"""Marks an upload, and the field of a form that takes it, which holds a trade secret of the case's organisation."""


def secret_files(form: Form, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the files in ``data`` that the form takes as trade secrets."""
    paths = [field.path for field in form.fields() if field.secret == TRADE]
    return [ident for path in paths for ident in _ids(data, path.replace("[]", "").split("."))]


def is_own(actor: Actor, case: CaseRow, row: UploadRow) -> bool:
    """Return whether ``actor`` handed the file in, or it is about the organisation that ``actor`` acts for."""
    return row.person_id == actor.person_id or case.subject_id in actor.body_ids


def may_open_secret(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` works on the case: the office, a body that takes part, somebody with a task of their own."""
    if actor.in_office(case.jurisdiction):
        return True
    if any(b.id in actor.body_ids for bodies in tx.cases.parties(case.id).values() for b in bodies):
        return True
    return any(t.assignee_id == actor.person_id for t in tx.tasks.of_case(case.id) if t.assignee_id is not None)


def _ids(value: object, path: list[str]) -> list[str]:
    if isinstance(value, list):
        return [ident for item in value for ident in _ids(item, path)]
    if not isinstance(value, Mapping):
        return []
    return _ids(value.get(path[0]), path[1:]) if path else [str(value["id"])]
