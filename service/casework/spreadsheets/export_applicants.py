"""Applicants of a round taken out as a list that can be read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_summary import outcome_name
from service.casework.spreadsheets.applicant_columns import GIVEN, KIND, columns_and_uploads, fields_of
from service.casework.spreadsheets.export_access import note_export, round_overseen
from service.casework.subjects.individuals import INDIVIDUAL, ORGANISATION
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_below
from service.domain.calendar import local_date
from service.domain.errors import Invalid
from service.domain.forms.masking import masked
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow, CaseRow

_LIST = Text("申报名单", "applicants")


@guarded("applicants.export")
def export_applicants(desk: Desk, actor: Actor, round_id: int) -> tuple[tuple[Column, ...], list[list[object]]]:
    """Return a round's applicants with the state of each, under headings that can be imported again.

    The code of an individual is masked except for the office; those the actor is recused from are left out. The
    export is recorded.

    Raises:
        NotAllowed: the actor does not oversee the round's jurisdiction.
    """
    with desk.store.read() as tx:
        case, package = round_overseen(desk, tx, actor, round_id, _LIST)
        info = application_below(package, case.process)
        if info is None:
            raise Invalid(Text(f"“{case.title}”之下没有单位申报。", f"Nobody applies below “{case.title}”."))
        form = desk.packages.form(package, info.start_form) if info.start_form else None
        settings, today = {"param": case.parameters}, local_date(desk.clock.now())
        columns, _ = columns_and_uploads(package, info, form, settings, today)
        children = [c for c in tx.cases.children(round_id, info.key) if not is_recused(actor, c)]
        bodies = tx.people.bodies_by_id({c.subject_id for c in children if c.subject_id is not None})
        office = actor.in_office(case.jurisdiction)
        found = [
            _row(tx, package, info, columns, child, bodies.get(child.subject_id or 0), office=office)
            for child in children
        ]
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, _LIST, len(found))
    return (*columns, *GIVEN), found


def _row(
    tx: Transaction,
    package: Package,
    info: ProcessInfo,
    columns: Sequence[Column],
    case: CaseRow,
    body: BodyRow | None,
    *,
    office: bool,
) -> list[object]:
    forms = tx.forms.of_case(case.id, info.start_form) if info.start_form else []
    data: Mapping[str, Any] = forms[-1].data if forms else {}
    code = body.key if body else ""
    private = body is not None and body.kind == INDIVIDUAL and not office
    cells = [_shown(column, data.get(column.id)) for column in fields_of(columns)]
    state = {"running": "办理中", "suspended": "已暂停"}.get(case.status, "已结束")
    head: list[object] = [body.name if body else case.title, masked(code) if private else code]
    if KIND in columns:
        head.append(dict(KIND.choices).get(body.kind if body else ORGANISATION))
    return [*head, *cells, case.number, state, outcome_name(package, case), local_date(case.started_at)]


def _shown(column: Column, value: object) -> object:
    if column.kind is CellKind.CHOICE:
        return dict(column.choices).get(str(value), value)
    return value
