"""Applicants of a round as a list: its columns, the list taken out, and a filled one brought in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import uuid4

from service.casework.access.actor import Actor
from service.casework.access.case_access import is_recused
from service.casework.access.guards import guarded
from service.casework.cases.begin import list_own_answers
from service.casework.cases.start import Starter, require_start, start_case
from service.casework.desk.desk import Desk
from service.casework.lists import Table
from service.casework.reading.case_summary import outcome_name
from service.casework.spreadsheets.export_access import applied_below, note_export, round_overseen
from service.casework.step.decide import reporting_undecided
from service.casework.subjects.case_subjects import (
    INDIVIDUAL,
    KINDS,
    ORGANISATION,
    applicant_problem,
    takes_individuals,
)
from service.catalog import Package, ProcessInfo
from service.domain.calendar import local_date
from service.domain.errors import LaurelError, NotAllowed
from service.domain.forms import Form
from service.domain.forms.limits import options_of
from service.domain.forms.masking import masked
from service.domain.forms.model import FormNode, Group, Input, InputType
from service.domain.spreadsheets.import_report import (
    ImportReport,
    LineOutcome,
    LineReport,
    lines_of,
    name_unread,
    refused,
    report_of,
)
from service.domain.spreadsheets.lists import CellKind, Column, Line, read_value, unread_columns
from service.domain.text import Text
from service.office.sheets import cell_text
from service.store import Transaction
from service.store.models import BodyRow, CaseRow, UploadRow

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


def columns_and_uploads(
    package: Package, info: ProcessInfo, form: Form | None, outside: Mapping[str, Any], today: date
) -> tuple[tuple[Column, ...], tuple[str, ...]]:
    """Return the columns, and the keys of the start form's uploads, which a table cannot hold.

    ``outside`` are the names from outside that the form reads: what may be chosen can depend on the city's settings.
    """
    schema = package.form(info.start_form) if info.start_form else {"components": []}
    parts = list(_iterate_components(schema["components"]))
    offered = {n.key: _list_options(n, outside, today) for n in _iterate_inputs(form.nodes)} if form else {}
    columns = tuple(_build_column(c, offered) for c in parts if c.get("type") in _SIMPLE and c.get("key"))
    uploads = tuple(str(c["key"]) for c in parts if c.get("type") in ("upload", "filepicker") and c.get("key"))
    who = (NAME, CODE, KIND) if takes_individuals(info) else (NAME, CODE)
    return (*who, *columns), uploads


def fields_of(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that stand for fields of the start form."""
    return [column for column in columns if not column.id.startswith("_")]


def _iterate_inputs(nodes: Sequence[FormNode]) -> Iterator[Input]:
    for node in nodes:
        if isinstance(node, Input):
            yield node
        elif isinstance(node, Group):
            yield from _iterate_inputs(node.children)


def _list_options(node: Input, outside: Mapping[str, Any], today: date) -> tuple[tuple[str, str], ...]:
    if node.type not in (InputType.RADIO, InputType.SELECT):
        return ()
    return tuple((option.value, option.label.zh) for option in options_of(node, outside, today))


def _iterate_components(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    for component in components:
        yield component
        yield from _iterate_components(component.get("components", ()))


def _build_column(component: Mapping[str, Any], offered: Mapping[str, tuple[tuple[str, str], ...]]) -> Column:
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
    """Return a round's applicants with the state of each, under headings that can be imported again.

    The code of an individual is masked except for the office; those the actor is recused from are left out. The
    export is recorded.

    Raises:
        NotAllowed: the actor does not oversee the round's jurisdiction.
    """
    with desk.store.read() as tx:
        case, package = round_overseen(desk, tx, actor, round_id, _LIST)
        info = applied_below(package, case)
        form = desk.packages.form(package, info.start_form) if info.start_form else None
        settings, today = {"param": case.parameters}, local_date(desk.clock.now())
        columns, _ = columns_and_uploads(package, info, form, settings, today)
        children = [c for c in tx.cases.select(parent_id=round_id, process=info.key) if not is_recused(actor, c)]
        bodies = tx.bodies.by_id({c.subject_id for c in children if c.subject_id is not None})
        office = actor.in_office(case.jurisdiction)
        export_rows = [
            _build_row(tx, package, info, columns, child, bodies.get(child.subject_id or 0), office=office)
            for child in children
        ]
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, _LIST, len(export_rows))
    return Table("申报名单", (*columns, *GIVEN), export_rows)


def _build_row(
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
    cells = [_cell_words(column, data.get(column.id)) for column in fields_of(columns)]
    state = {"running": "办理中", "suspended": "已暂停"}.get(case.status, "已结束")
    head: list[object] = [body.name if body else case.title, masked(code) if private else code]
    if KIND in columns:
        head.append(dict(KIND.choices).get(body.kind if body else ORGANISATION))
    return [*head, *cells, case.number, state, outcome_name(package, case), local_date(case.started_at)]


def _cell_words(column: Column, value: object) -> object:
    if column.kind is CellKind.CHOICE:
        return dict(column.choices).get(str(value), value)
    return value


@dataclass(frozen=True, slots=True)
class CounterReceipt:
    """A stored file that stands for the counter's receipt of every line; ``kind`` is its media type."""

    name: str
    kind: str
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class _Round:
    """Where applications go: the round, its package, the kind of case and its start form."""

    case: CaseRow
    package: Package
    info: ProcessInfo
    form: Form | None
    columns: tuple[Column, ...]
    uploads: tuple[str, ...]


@guarded("applicants.import")
def columns_of(desk: Desk, actor: Actor, round_id: int) -> tuple[Column, ...]:
    """Return the columns of a round's list: who, by which code, and the simple fields of the city's start form."""
    with desk.store.read() as tx:
        return _get_round(desk, tx, actor, round_id).columns


@guarded("applicants.import")
def import_applicants(
    desk: Desk,
    actor: Actor,
    round_id: int,
    rows: Sequence[Sequence[str]],
    receipt_id: str | None = None,
    *,
    commit: bool = False,
) -> ImportReport:
    """Start an application for every line, as the office does for one received on paper.

    Each line is one unit of work. An organisation that has a live application in the round is left as it is, so the
    same list may be imported again. ``receipt_id`` is a file the actor has uploaded, not bound to a case: a copy of it is
    attached wherever the start form asks for one.

    Raises:
        NotAllowed: the office of another city.
        Invalid: the headings are not there.
    """
    with desk.store.read() as tx:
        place = _get_round(desk, tx, actor, round_id)
        receipt = _get_receipt(tx, actor, receipt_id) if receipt_id else None
    lines = lines_of(rows, (*GIVEN, *place.columns))
    seen: dict[str, int] = {}
    reports = []
    for line in lines:
        first = seen.setdefault(line.text(CODE.id), line.number)
        reports.append(_take_line(desk, actor, place, line, first, receipt, commit=commit))
    return report_of(reports, done=commit, unread=unread_columns(rows, place.columns))


def _get_round(desk: Desk, tx: Transaction, actor: Actor, round_id: int) -> _Round:
    case = tx.cases.get(round_id)
    if not actor.in_office(case.jurisdiction):
        raise NotAllowed(Text("申报组织由本市办公室导入。", "Applicants are imported by the city's own office."))
    package = desk.packages.get(case.definition, tx)
    info = applied_below(package, case)
    form = desk.packages.form(package, info.start_form) if info.start_form else None
    settings, today = {"param": case.parameters}, local_date(desk.clock.now())
    columns, uploads = columns_and_uploads(package, info, form, settings, today)
    return _Round(case, package, info, form, columns, uploads)


def _get_receipt(tx: Transaction, actor: Actor, upload_id: str) -> CounterReceipt:
    row = tx.uploads.get(upload_id)
    if row.person_id != actor.person_id or row.case_id is not None or row.removed_at is not None:
        raise NotAllowed(
            Text(
                "这个收件凭据不是由您上传的，或者已经用于其他办件，请重新上传。",
                "This receipt was not uploaded by you, or belongs to a case already: upload it again.",
            )
        )
    return CounterReceipt(row.name, row.kind, row.sha256, row.size)


def _take_line(
    desk: Desk, actor: Actor, place: _Round, line: Line, first: int, receipt: CounterReceipt | None, *, commit: bool
) -> LineReport:
    name, code = line.text(NAME.id), line.text(CODE.id)
    if line.mistakes:
        return refused(line, name)
    if first != line.number:
        words = Text(f"代码与第{first}行相同。", f"The code is that of line {first}.")
        return LineReport(line.number, name, LineOutcome.REFUSED, words, field=CODE.title)
    try:
        return _start_application(desk, actor, place, line, code, receipt, commit=commit)
    except LaurelError as refusal:
        return LineReport(line.number, name, LineOutcome.REFUSED, refusal.message)


def _start_application(
    desk: Desk, actor: Actor, place: _Round, line: Line, code: str, receipt: CounterReceipt | None, *, commit: bool
) -> LineReport:
    name = line.text(NAME.id)
    with reporting_undecided(desk), desk.store.read() as tx:
        body = tx.bodies.find(jurisdiction="*", key=code)
        kind = _kind(line) if line.values.get(KIND.id) else None
        individuals, today = takes_individuals(place.info), local_date(desk.clock.now())
        problem = applicant_problem(body, name, code, kind, today, individuals=individuals)
        entered = _find_entered(tx, place, body) if body else None
        recorded = _read_entered(tx, place, entered, body) if entered else {}
        if problem is None and entered is None:
            subject = body.id if body else None
            require_start(desk, tx, place.package, place.info, tx.cases.get(place.case.id), subject, Starter("office"))
    if problem is not None:
        return LineReport(line.number, name, LineOutcome.REFUSED, problem, field=CODE.title)
    if entered is not None:
        known = LineReport(line.number, name, LineOutcome.KNOWN, _describe_entered(entered))
        return name_unread(known, (*fields_of(place.columns), *GIVEN), line.values, recorded)
    attached = _as_upload("0", receipt) if receipt is not None and _wants_receipt(desk, place, line) else None
    wrong = _form_mistake(desk, place, _build_submission(place, line, attached))
    if wrong is not None:
        return replace(wrong, line=line.number, name=name)
    if commit:
        _enter_application(desk, actor, place, line, code, receipt)
    return LineReport(line.number, name, LineOutcome.TAKEN, _describe_application(body, _kind(line), code))


def _find_entered(tx: Transaction, place: _Round, body: BodyRow) -> CaseRow | None:
    """Return the body's application in the round: the live one, or one that has ended."""
    entered = tx.cases.select(parent_id=place.case.id, process=place.info.key, subject_id=body.id)
    return min(entered, key=lambda row: row.status == "ended", default=None)


def _read_entered(tx: Transaction, place: _Round, entered: CaseRow, body: BodyRow | None) -> dict[str, object]:
    """Return what a line would hold, by column, that says of an application what its export does."""
    cells = _build_row(tx, place.package, place.info, place.columns, entered, body, office=True)
    texts = (cell if isinstance(cell, str) else cell_text(cell) for cell in cells)
    return {c.id: read_value(c, text) for c, text in zip((*place.columns, *GIVEN), texts, strict=True)}


def _describe_entered(row: CaseRow) -> Text:
    known = Text(f"本届已有申报“{row.title}”{row.number or ''}", f"applies in this round already: {row.title}")
    if row.status != "ended":
        return known
    return Text(
        f"{known.zh}，已经办结；再次申报的，请单独发起。", f"{known.en}, which has ended: start another by itself."
    )


def _describe_application(body: BodyRow | None, kind: str, code: str) -> Text:
    if body is not None:
        return Text("发起申报", "an application")
    if kind == INDIVIDUAL:
        masked_code = masked(code)
        return Text(
            f"登记个人（身份号码{masked_code}）并发起申报",
            f"a new individual (number {masked_code}) and their application",
        )
    return Text("登记组织并发起申报", "a new organisation and its application")


def _kind(line: Line) -> str:
    return str(line.values.get(KIND.id) or ORGANISATION)


def _form_mistake(desk: Desk, place: _Round, submission: Mapping[str, Any]) -> LineReport | None:
    """Return the first thing the start form refuses, so that the preview shows what the import would."""
    if place.form is None:
        return None
    today = local_date(desk.clock.now())
    checked = place.form.check(submission, today=today, stored={"param": place.case.parameters})
    errors = [*list_own_answers(place.form, submission), *checked.errors]
    if not errors:
        return None
    key = errors[0].path.split(".")[0]
    words = "；".join(e.text.zh for e in errors)
    english = "; ".join(e.text.en for e in errors)
    if key in place.uploads:
        words += "（表格中不能放附件：请在导入时一并附上柜台收件凭据的扫描件。）"
        english += " (A list holds no files: send the scan of the counter's receipt along with it.)"
    return LineReport(0, "", LineOutcome.REFUSED, Text(words, english), field=errors[0].label)


def _build_submission(place: _Round, line: Line, upload: dict[str, object] | None) -> dict[str, Any]:
    """Return the start form as a browser would send it."""
    values: dict[str, Any] = {}
    for column in fields_of(place.columns):
        cell_value = line.values.get(column.id)
        if cell_value is not None:
            values[column.id] = cell_value.isoformat() if hasattr(cell_value, "isoformat") else cell_value
    if upload is not None:
        values.update({key: [upload] for key in place.uploads})
    return values


def _as_upload(ident: str, receipt: CounterReceipt) -> dict[str, object]:
    return {"id": ident, "name": receipt.name, "size": receipt.size}


def _enter_application(
    desk: Desk, actor: Actor, place: _Round, line: Line, code: str, receipt: CounterReceipt | None
) -> None:
    upload = None
    with desk.store.write() as tx:
        existing_body = tx.bodies.find(jurisdiction="*", key=code)
        place_id, name = place.package.jurisdiction.id, line.text(NAME.id)
        body = (
            existing_body.id
            if existing_body
            else tx.bodies.upsert("*", code, kind=_kind(line), name=name, registered_in=place_id)
        )
        if receipt is not None and place.uploads and _wants_receipt(desk, place, line):
            ident = str(uuid4())
            _add_receipt(desk, tx, actor, ident, place.uploads[0], receipt)
            upload = _as_upload(ident, receipt)
    submission = _build_submission(place, line, upload)
    start_case(desk, actor, place.package.key, place.info.key, place.case.id, submission, on_behalf_of=body)


def _wants_receipt(desk: Desk, place: _Round, line: Line) -> bool:
    """Tell whether the form asks for a file on this line: without one it complains of it."""
    if place.form is None:
        return False
    today = local_date(desk.clock.now())
    checked = place.form.check(
        _build_submission(place, line, None), today=today, stored={"param": place.case.parameters}
    )
    return any(e.path.split(".")[0] in place.uploads for e in checked.errors)


def _add_receipt(desk: Desk, tx: Transaction, actor: Actor, ident: str, field: str, receipt: CounterReceipt) -> None:
    tx.uploads.add(
        UploadRow(
            id=ident,
            field=field,
            name=receipt.name,
            kind=receipt.kind,
            size=receipt.size,
            sha256=receipt.sha256,
            person_id=actor.person_id,
            at=desk.clock.now(),
        )
    )
