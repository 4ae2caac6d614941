"""The row of the conditions that a clause with a bar draws, with the field of the form that it reads."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.bar_conditions import (
    BAR_QUESTIONS,
    bar_row,
    drawn_since,
    since_of,
    with_field,
)
from service.catalog.clause_kinds.barred_winners import barred_winners
from service.catalog.new_city.score_pieces import by_category
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.table_sheets.sheet import TableSheet, TableSheetRow, read_sheet
from service.catalog.table_sheets.write import write_sheet
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

BAN_ROW = "no_ban_running"
"""The row of the conditions by which nobody may apply while a bar on record runs."""
_RUNNING = (
    'count(register.sanctions[item.effect = "ban" and item.jurisdiction = "PLACE" and date(item.from_day) <= reference_date'
    " and (item.last_day = null or date(item.last_day) >= reference_date)]) = 0"
)
_BAN_CELLS = {
    "met": _RUNNING,
    "condition": '"不在不得申报的期限内"',
    "finding": '"不在不得申报的期限内"',
    "failure": '"被撤销奖励，仍在不得申报的期限内，不得申报"',
    "decided_by": '"machine"',
    "supplied_by": '"office"',
    "evidence": "[register.sanctions]",
}


def condition_row(
    filled: Files, package: Package, clause: str, parameter: str, answers: Mapping[str, Any], unit: Unit, tier: str = ""
) -> dict[str, bytes]:
    """Return the table of conditions with the row of a bar, and the form with the field that it reads where it counts back.

    ``tier`` is the one whose winners are barred, "" for all.
    A row that reads the parameter already cites the clause; a bar that counts from something else has one of its own.
    """
    path = _table_of_conditions(package)
    sheet = _sheet(filled, path)
    there = _reading(sheet, parameter)
    if there is not None:
        _demand_same_since(sheet.rows[there].id, parameter, answers)
        return _citing(filled[path], path, sheet, there, clause)
    tiers = [(one.id, one.text.zh) for one in package.award.tiers]
    event = since_of(answers) == "event"
    form, chosen = name_of_application(package), by_category(package)
    whom = barred_winners(answers, tiers, since_of(answers), tier, form, chosen=chosen)
    row, cells = bar_row(package.jurisdiction.id, parameter, clause, answers, unit, whom)
    drawn = {path: _with_row(filled[path], path, sheet, row, cells)}
    if event:
        form = form_of_application(package)
        drawn[form] = with_field(filled[form], parameter, str(answers["what"]).strip())
    return drawn


def with_condition_row(
    filled: Files, package: Package, row: TableSheetRow, cells: Mapping[str, str]
) -> dict[str, bytes]:
    """Return the table of conditions with ``row`` more, which holds for everybody; raises Invalid where there is none."""
    path = _table_of_conditions(package)
    return {path: _with_row(filled[path], path, _sheet(filled, path), row, cells)}


def _reading(sheet: TableSheet, parameter: str) -> int | None:
    """Return which row reads the parameter, None where none does."""
    asked = re.compile(rf"param\.{re.escape(parameter)}\b")
    found = (n for n, row in enumerate(sheet.rows) if any(map(asked.search, (*row.inputs, *row.outputs))))
    return next(found, None)


def _demand_same_since(row: str, parameter: str, answers: Mapping[str, Any]) -> None:
    """Raise Invalid where the row counts the parameter from something else than what was answered."""
    counts = drawn_since([row], parameter)
    if counts and answers.get("since") and answers["since"] != counts:
        titles = dict(BAR_QUESTIONS[0].options)
        raise Invalid(
            Text(
                f"这个参数已经用在“{titles[counts].zh}”的一行里，不能同时从别的时候算：请把“参数”空着，新建一个。",
                f"The parameter counts already {titles[counts].en}, and not from something else besides: leave the parameter "
                "empty, so that one of its own is made.",
            )
        )


def row_of_bans(filled: Files, package: Package, clause: str) -> dict[str, bytes]:
    """Return the table of conditions by which the bar of a revocation is kept to: a row more, or the one there cites ``clause``.

    One row holds for the bars of all grounds: each stands on record with its last day.
    """
    path = _table_of_conditions(package)
    return table_with_bans(filled[path], path, package.jurisdiction.id, clause)


def table_with_bans(content: bytes, path: str, place: str, clause: str) -> dict[str, bytes]:
    """Return the table of conditions ``content`` of ``place`` with that row, citing ``clause``; nothing where it does already."""
    sheet = _sheet({path: content}, path)
    names = [column.name for column in sheet.outputs]
    cells = [dict(zip(names, row.outputs, strict=True)) for row in sheet.rows]
    there = next((n for n, said in enumerate(cells) if _keeps_to_bans(said["met"])), None)
    if there is None:
        new = TableSheetRow(BAN_ROW, "", "撤销奖励后不得申报的期限", (), ())
        said = {**_BAN_CELLS, "met": _RUNNING.replace("PLACE", place), "clauses": f'"{clause}"'}
        return {path: _with_row(content, path, sheet, new, said)}
    return _citing(content, path, sheet, there, clause)


def _citing(content: bytes, path: str, sheet: TableSheet, there: int, clause: str) -> dict[str, bytes]:
    """Return the table where the row ``there`` cites the clause too; nothing where it does already."""
    names = [column.name for column in sheet.outputs]
    said = dict(zip(names, sheet.rows[there].outputs, strict=True))
    cited = said.get("clauses", "").strip('"').split()
    if clause in cited or "clauses" not in names:
        return {}
    said["clauses"] = f'"{" ".join([*cited, clause])}"'
    rows = list(sheet.rows)
    rows[there] = replace(rows[there], outputs=tuple(said[name] for name in names))
    return {path: write_sheet(content, path, replace(sheet, rows=tuple(rows)))}


def _keeps_to_bans(met: str) -> bool:
    return "register.sanctions" in met and '"ban"' in met


def _sheet(filled: Files, path: str) -> TableSheet:
    sheet = read_sheet(filled[path], path)
    if "met" not in {column.name for column in sheet.outputs}:
        raise _no_table()
    return sheet


def _with_row(content: bytes, path: str, sheet: TableSheet, row: TableSheetRow, cells: Mapping[str, str]) -> bytes:
    """Return the table with a row more that holds for everybody."""
    outputs = tuple(cells.get(column.name, "null") for column in sheet.outputs)
    row = replace(row, inputs=tuple("-" for _ in sheet.inputs), outputs=outputs)
    return write_sheet(content, path, replace(sheet, rows=(*sheet.rows, row)))


def names_reference_date(package: Package) -> bool:
    """Tell whether a place says itself on which day its conditions are reckoned; else it is that of the application."""
    calls = (e.operation for d in package.diagrams.values() for e in d.elements.values() if e.operation)
    return any(call.operation == "eligibility.examine" and "reference_date" in call.parameters for call in calls)


def own_elements(package: Package) -> Iterator[tuple[str, Element]]:
    """Yield the elements of the diagrams that are the award's own, each with its file."""
    for path, diagram in package.diagrams.items():
        if path.startswith(f"processes/{package.key}/"):
            for element in diagram.elements.values():
                yield path, element


def name_of_application(package: Package) -> str:
    """Return what the form that an application starts with is called where its answers are read, "" where there is none."""
    apply = package.award.processes.get("application")
    return (apply.start_form or "") if apply is not None else ""


def form_of_application(package: Package) -> str:
    """Return the file of the form that an application starts with; raises Invalid where there is none."""
    path = package.parts.forms.get(name_of_application(package))
    if path is None:
        raise Invalid(
            Text(
                "没有找到申报表（申报这一类办件的启动表单），请先画好申报，再回来。",
                "There is no form of an application: draw how one applies first.",
            )
        )
    return path


def _table_of_conditions(package: Package) -> str:
    examined = (
        e.operation for _, e in own_elements(package) if e.operation and e.operation.operation == "eligibility.examine"
    )
    for call in examined:
        table = package.tables.get(call.parameters.get("table", "").strip('"'))
        if table is not None:
            return table.file
    raise _no_table()


def _no_table() -> Invalid:
    return Invalid(
        Text(
            "没有找到审查申报条件的决策表，请先画“审查条件”并建表，再回来。",
            "No table of conditions is examined: draw the examination with its table first.",
        )
    )
