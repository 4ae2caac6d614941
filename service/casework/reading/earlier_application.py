"""What an organisation submitted in an earlier case of the same kind and round, for the one that it begins anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.access.secrets import TRADE
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.casework.reading.submissions import uploads_in
from service.domain.forms import Form, InputType
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, FormResultRow, UploadRow

_MOST = 20
"""So many ended cases of one organisation are looked through, newest first."""


@dataclass(frozen=True, slots=True)
class EarlierAnswers:
    """What was submitted, at ``at``, in a form of case ``case_id``, which has ended; ``outcome`` says how.

    ``values`` are without the statements that everybody must confirm: those are made anew. ``files`` are those of the
    case that stand in it.
    """

    case_id: int
    title: str
    outcome: str
    ended_at: datetime | None
    at: datetime
    values: Mapping[str, Any]
    files: tuple[str, ...]


def earlier_answers(
    desk: Desk, tx: Transaction, actor: Actor, parent: CaseRow, process: str, form: str, body_id: int
) -> EarlierAnswers | None:
    """Return what ``body_id`` last submitted in ``form``, in a case of kind ``process`` below ``parent`` that has ended.

    Only what the body submitted itself, and in a case of its own that the actor may look at; None where there is none.
    """
    package = desk.packages.get(parent.definition, tx)
    if not package.has_form(form):
        return None
    made_anew = _statements(desk.packages.form(package, form))
    for case, row in _submitted(tx, actor, parent, process, form, body_id):
        return EarlierAnswers(
            case_id=case.id,
            title=case.title,
            outcome=outcome_name(desk.packages.get(case.definition, tx), case),
            ended_at=case.ended_at,
            at=row.at,
            values=_without(row.data, made_anew),
            files=tuple(dict.fromkeys(uploads_in(row.data))),
        )
    return None


def _submitted(
    tx: Transaction, actor: Actor, parent: CaseRow, process: str, form: str, body_id: int
) -> Iterator[tuple[CaseRow, FormResultRow]]:
    """Yield the ended cases in which the body submitted the form, newest first, each with its last submission."""
    chosen = CaseFilter([parent.jurisdiction], process, body_id, ended=True)
    for case in tx.cases.search(chosen, limit=_MOST):
        if case.parent_id == parent.id and case.subject_id == body_id and may_view_case(actor, case, tx):
            own = [row for row in tx.forms.of_case(case.id, form) if row.body_id == body_id]
            if own:
                yield case, own[-1]


def _statements(form: Form) -> frozenset[str]:
    """Return the paths of boxes that must be ticked, as a declaration is."""
    return frozenset(f.path for f in form.fields() if f.type is InputType.CHECKBOX and f.required)


def _without(values: Mapping[str, Any], paths: Collection[str], above: str = "") -> dict[str, Any]:
    return {
        name: _without(value, paths, f"{above}{name}.") if isinstance(value, Mapping) else value
        for name, value in values.items()
        if f"{above}{name}" not in paths
    }


def may_be_used_again(row: UploadRow) -> bool:
    """Return whether a file can be handed in once more: it is there, nobody set it aside."""
    return row.removed_at is None and row.erased_at is None and row.secret in (None, TRADE)


def with_files(value: Any, files: Mapping[str, str | None]) -> Any:
    """Return form values with each of ``files`` as the one in its place, and without those that have none."""
    if isinstance(value, Mapping):
        ident = _file(value)
        if ident in files:
            return {**value, "id": files[ident]}
        return {name: with_files(inner, files) for name, inner in value.items()}
    if isinstance(value, list):
        return [with_files(one, files) for one in value if files.get(_file(one), "") is not None]
    return value


def _file(value: object) -> str:
    """Return the id of a file as form values hold it, "" for anything else."""
    return str(value["id"]) if isinstance(value, Mapping) and value.keys() >= {"id", "name", "size"} else ""
