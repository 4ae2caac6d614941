"""Who reads what most may not: objectors' identities, trade secrets, notes of offices."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import DESIGNER, OVERSEEING_KINDS, SYSTEM, Actor
from service.casework.access.case_access import is_recused, may_view_case, require_case
from service.casework.subjects.case_subjects import subject_ids
from service.catalog import Package
from service.domain.errors import Invalid, NotAllowed
from service.domain.forms import Form
from service.domain.forms.model import TRADE_SECRET
from service.domain.text import Text
from service.store import Transaction
from service.store.models import CaseRow, UploadRow

IDENTITY = "identity"
"""Marks an uploaded file that reveals the objector."""

STATE = "state_secret"
"""Marks an upload that touches state secrets: it is out of circulation, nobody opens it."""

FORWARDED = "identity_forwarded"
"""The fact by which the office reveals the objector to the investigating body."""


def may_know_objector(actor: Actor, package: Package, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` may see who lodged ``case``; always true for kinds of cases that need an account."""
    if actor is SYSTEM or not package.award.processes[case.process].public:
        return True
    if actor.in_office(case.jurisdiction):
        return True
    forwarded = (case.facts or {}).get(FORWARDED) is True
    return forwarded and any(b.id in actor.body_ids for bodies in tx.cases.parties(case.id).values() for b in bodies)


def without_identity(form: Form, data: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``data`` of ``form`` without its personal fields."""
    personal = {field.path for field in form.fields() if field.personal}
    return {key: value for key, value in data.items() if key not in personal}


def identity_files(form: Form, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the files in ``data`` that reveal the objector."""
    personal = [field.path for field in form.fields() if field.personal]
    files = [item for path in personal for item in data.get(path) or () if isinstance(data.get(path), list)]
    return [str(item["id"]) for item in files if isinstance(item, Mapping) and "id" in item]


TRADE = TRADE_SECRET
"""Marks an upload, and the field of a form that takes it, which holds a trade secret of the case's organisation."""


def secret_files(form: Form, data: Mapping[str, Any]) -> list[str]:
    """Return the ids of the files in ``data`` that the form takes as trade secrets."""
    paths = [field.path for field in form.fields() if field.secret == TRADE]
    return [ident for path in paths for ident in _collect_ids(data, path.replace("[]", "").split("."))]


def is_actors_upload(actor: Actor, case: CaseRow, row: UploadRow) -> bool:
    """Return whether ``actor`` handed the file in, or it is about the organisation that ``actor`` acts for."""
    return row.person_id == actor.person_id or case.subject_id in actor.body_ids


def may_open_secret(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` works on the case: the office, a body that takes part, somebody with a task of their own."""
    if actor.in_office(case.jurisdiction):
        return True
    if any(b.id in actor.body_ids for bodies in tx.cases.parties(case.id).values() for b in bodies):
        return True
    return any(t.assignee_id == actor.person_id for t in tx.tasks.select(case_id=case.id) if t.assignee_id is not None)


def _collect_ids(value: object, path: list[str]) -> list[str]:
    if isinstance(value, list):
        return [ident for item in value for ident in _collect_ids(item, path)]
    if not isinstance(value, Mapping):
        return []
    return _collect_ids(value.get(path[0]), path[1:]) if path else [str(value["id"])]


INSIDE = OVERSEEING_KINDS | {"authority", "department"}
"""Kinds of bodies whose people handle cases."""


MOST = 2000
"""Most characters of a note."""


def require_length(text: str, most: int = MOST) -> None:
    """Raise Invalid for a note of more than ``most`` characters."""
    if len(text) > most:
        raise Invalid(
            Text(
                f"内容有{len(text)}个字，最多{most}个字，请缩短。",
                f"{len(text)} characters: at most {most}, make it shorter.",
            )
        )


def works_inside(actor: Actor, case: CaseRow) -> bool:
    """Return whether ``actor`` sits in a body that handles cases there, and in none that the case is about."""
    if is_recused(actor, case) or actor.body_ids & set(subject_ids(case)):
        return False
    return any(
        seat.serves(case.jurisdiction) and seat.role != DESIGNER and seat.body_kind in INSIDE for seat in actor.seats
    )


def may_read_notes(actor: Actor, case: CaseRow, tx: Transaction) -> bool:
    """Return whether ``actor`` may read and write notes of ``case``."""
    return works_inside(actor, case) and may_view_case(actor, case, tx)


def require_notes(actor: Actor, case: CaseRow, tx: Transaction) -> None:
    """Raise NotAllowed unless ``actor`` may read and write notes of ``case``."""
    require_case(actor, case, tx)
    if not works_inside(actor, case):
        raise NotAllowed(
            Text(
                "批注只供办理单位内部使用，您目前的角色不能查看或书写。",
                "Notes are for the bodies that handle the case; your present role may not read or write them.",
            )
        )
