"""Applicants of a round as a list: its columns, and the list taken out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.reading.case_summary import outcome_name
from service.casework.spreadsheets.export_access import note_export, round_overseen
from service.casework.subjects.case_subjects import INDIVIDUAL, KINDS, ORGANISATION, takes_individuals
from service.catalog import Package, ProcessInfo
from service.catalog.applications import application_below
from service.domain.calendar import local_date
from service.domain.errors import Invalid
from service.domain.forms import Form
from service.domain.forms.limits import options_of
from service.domain.forms.masking import masked
from service.domain.forms.model import FormNode, Group, Input, InputType
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text
from service.store import Transaction
from service.store.models import BodyRow, CaseRow

NAME = Column("_name", Text("申报组织", "Applicant"), needed=True, longest=200, aliases=("组织名称", "申报人"))
CODE = Column(
    "_code", Text("统一社会信用代码", "Credit code"), needed=True, kind=CellKind.CODE, longest=40,
    hint=Text("18位，按代码识别是否同一组织；个人填写公民身份号码。", "18 signs that tell who this is; of individuals the identity number."),
)  # fmt: skip
KIND = Column("_kind", Text("主体类型", "Kind"), kind=CellKind.CHOICE, choices=KINDS)
"""Kind of applicant; offered where individuals may apply, an organisation where it is empty."""
GIVEN = (
    Column("_number", Text("申报编号", "Number"), given=True),
    Column("_state", Text("办理状态", "State"), given=True),
    Column("_outcome", Text("结果", "Outcome"), given=True),
    Column("_started", Text("登记日期", "Entered on"), given=True),
)
_SIMPLE = {
    "textfield": CellKind.TEXT, "textarea": CellKind.TEXT, "number": CellKind.NUMBER, "datetime": CellKind.DAY,
    "radio": CellKind.CHOICE, "select": CellKind.CHOICE, "checkbox": CellKind.YES,
}  # fmt: skip


def _columns(
    package: Package, info: ProcessInfo, form: Form | None, outside: Mapping[str, Any], today: date
) -> tuple[Column, ...]:
    """Return the columns: who, by which code, and the simple fields of the city's start form.

    ``outside`` are the names from outside that the form reads: what may be chosen can depend on the city's settings.
    """
    schema = package.form(info.start_form) if info.start_form else {"components": []}
    parts = list(_flat(schema["components"]))
    offered = {n.key: _offered(n, outside, today) for n in _inputs(form.nodes)} if form else {}
    columns = tuple(_column(c, offered) for c in parts if c.get("type") in _SIMPLE and c.get("key"))
    who = (NAME, CODE, KIND) if takes_individuals(info) else (NAME, CODE)
    return (*who, *columns)


def _inputs(nodes: Sequence[FormNode]) -> Iterator[Input]:
    for node in nodes:
        if isinstance(node, Input):
            yield node
        elif isinstance(node, Group):
            yield from _inputs(node.children)


def _offered(node: Input, outside: Mapping[str, Any], today: date) -> tuple[tuple[str, str], ...]:
    if node.type not in (InputType.RADIO, InputType.SELECT):
        return ()
    return tuple((option.value, option.label.zh) for option in options_of(node, outside, today))


def _flat(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _flat(component.get("components", ()))


def _column(component: Mapping[str, Any], offered: Mapping[str, tuple[tuple[str, str], ...]]) -> Column:
    key = str(component["key"])
    label = str(component.get("label") or component.get("dateLabel") or key)
    english = str((component.get("properties") or {}).get("label_en") or key)
    conditional = bool((component.get("conditional") or {}).get("hide"))
    return Column(
        key,
        Text(label, english),
        needed=bool((component.get("validate") or {}).get("required")) and not conditional,
        kind=_SIMPLE[str(component["type"])],
        choices=offered.get(key, ()),
        whole=False,
        lines=component["type"] == "textarea",
    )


_LIST = Text("申报名单", "applicants")


@guarded("applicants.export")
def export_applicants(desk: Desk, actor: Actor, round_id: int) -> Table:
    """Return a round's applicants with the state of each.

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
        columns = _columns(package, info, form, settings, today)
        children = [c for c in tx.cases.select(parent_id=round_id, process=info.key) if not is_recused(actor, c)]
        bodies = tx.bodies.by_id({c.subject_id for c in children if c.subject_id is not None})
        office = actor.in_office(case.jurisdiction)
        found = [
            _row(tx, package, info, columns, child, bodies.get(child.subject_id or 0), office=office)
            for child in children
        ]
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, _LIST, len(found))
    return Table("申报名单", (*columns, *GIVEN), found)


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
    cells = [_cell_words(column, data.get(column.id)) for column in columns if not column.id.startswith("_")]
    state = {"running": "办理中", "suspended": "已暂停"}.get(case.status, "已结束")
    head: list[object] = [body.name if body else case.title, masked(code) if private else code]
    if KIND in columns:
        head.append(dict(KIND.choices).get(body.kind if body else ORGANISATION))
    return [*head, *cells, case.number, state, outcome_name(package, case), local_date(case.started_at)]


def _cell_words(column: Column, value: object) -> object:
    if column.kind is CellKind.CHOICE:
        return dict(column.choices).get(str(value), value)
    return value
