"""Columns of the list of applicants: name, code, and the simple fields of the city's start form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.subjects.individuals import KINDS, takes_individuals
from service.catalog import Package, ProcessInfo
from service.domain.forms import Form
from service.domain.forms.limits import options_of
from service.domain.forms.model import FormNode, Group, Input, InputType
from service.domain.spreadsheets.lists import CellKind, Column
from service.domain.text import Text

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
    parts = list(_flat(schema["components"]))
    offered = {n.key: _offered(n, outside, today) for n in _inputs(form.nodes)} if form else {}
    columns = tuple(_column(c, offered) for c in parts if c.get("type") in _SIMPLE and c.get("key"))
    uploads = tuple(str(c["key"]) for c in parts if c.get("type") in ("upload", "filepicker") and c.get("key"))
    who = (NAME, CODE, KIND) if takes_individuals(info) else (NAME, CODE)
    return (*who, *columns), uploads


def fields_of(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that stand for fields of the start form."""
    return [column for column in columns if not column.id.startswith("_")]


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
