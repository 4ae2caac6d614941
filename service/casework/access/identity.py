"""Protection of objectors: only the office, and an investigating body the office allows, sees who objected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import SYSTEM, Actor
from service.catalog import Package
from service.domain.forms import Form
from service.store import Transaction
from service.store.models import CaseRow

IDENTITY = "identity"
"""Marks an uploaded file that reveals the objector."""

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
