"""Try a decision table while it is edited: what is wrong with it, and which rows match on a record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Annotated, Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.pieces.tables import opened_table
from service.casework.studio.pieces.trial_records import TrialRecord, trial_record
from service.catalog.feel import FUNCTIONS
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.tried import shown_value
from service.catalog.formula_help.words import Words, words_at
from service.catalog.formula_names.names import FormulaName, by_name
from service.catalog.problems import Severity
from service.catalog.rules.formulas import JUDGED
from service.catalog.table_sheets.sheet import TableSheet
from service.catalog.table_sheets.write import write_sheet
from service.domain.decisions import DecisionTable, RowResult, read_dmn
from service.domain.errors import LaurelError
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text
from service.domain.values.bounds import Named, Path, TrialFacts

TOLD_BY_TRIAL = (*JUDGED, "table", "table_gap")
"""Rules of the check that a trial tells as one types: formulas of cells, rows that overlap or are never reached, gaps."""
_MOST_FACTS = 80


@dataclass(frozen=True, slots=True)
class TableFault:
    """Something wrong with a table: in the cell at ``row`` and ``column`` (ids), a whole row, or the table."""

    row: str
    column: str
    message: Text
    severity: Severity = Severity.ERROR


@dataclass(frozen=True, slots=True)
class TriedRow:
    """How a row stands on the record: ``matched`` None where it is open; its results as FEEL.

    ``unknown`` are the facts that leave it open, or what it finds of a ground (the result ``met``).
    """

    id: str
    matched: bool | None
    unknown: tuple[str, ...]
    outputs: Mapping[str, str]
    decided_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FactChoice:
    """A text that a field offers, and how people read it there."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class TableFact:
    """A fact that the table reads: its path, what it means, its value on the record as FEEL, and its FEEL type.

    ``choices`` are the texts that the field of a form offers, with their words.
    """

    path: str
    label: Text
    value: str
    type: str = "Any"
    choices: tuple[FactChoice, ...] = ()


@dataclass(frozen=True, slots=True)
class TriedTable:
    """What is wrong with a table; and, where all cells compile, how it comes out on the record called ``record``."""

    faults: tuple[TableFault, ...]
    record: Text
    facts: tuple[TableFact, ...] = ()
    inputs: Mapping[str, str] | None = None
    rows: tuple[TriedRow, ...] = ()
    result: str = ""
    refused: Text | None = None


@guarded("draft.view")
def try_table(
    desk: Desk, actor: Actor, draft: int, path: Path, sheet: Annotated[TableSheet, Named("table")], facts: TrialFacts
) -> TriedTable:
    """Try ``sheet``, which need not be saved, on the sample with ``facts`` (FEEL by path) over it.

    Raises Invalid where the sheet cannot be written, or a fact is no FEEL.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    table = _compiled(tree, path, sheet)
    words = words_at(tree.package, path, "", "cell")
    record = trial_record(desk, tree, facts)
    cells = tuple(cell_faults(sheet, words))
    read = _facts(table, words.names, record.values)
    if any(fault.severity is Severity.ERROR and _unreadable(table) for fault in cells):
        return TriedTable(cells, record.title, read)
    try:
        return _tried(table, cells, record, read)
    except LaurelError as refusal:
        return TriedTable(cells, record.title, read, refused=refusal.message)


def cell_faults(sheet: TableSheet, words: Words) -> Iterator[TableFault]:
    """Yield what is wrong with each cell and each column by itself."""
    for column in sheet.inputs:
        yield from _judged("", column.id, column.expression, words, tests=False)
    for row in sheet.rows:
        for column, text in zip(sheet.inputs, row.inputs, strict=True):
            yield from _judged(row.id, column.id, text, words, tests=True)
        for column, text in zip(sheet.outputs, row.outputs, strict=True):
            if text.strip() not in ("", "-"):
                yield from _judged(row.id, column.id, text, words, tests=False)


def _judged(row: str, column: str, text: str, words: Words, *, tests: bool) -> Iterator[TableFault]:
    faults: tuple[Fault, ...]
    try:
        faults = faults_of(text, compile_text(text, tests=tests), words)
    except FeelSyntaxError as mistake:
        faults = (syntax_fault(text, mistake),)
    for fault in faults:
        said = Text(f"{fault.message.zh}{fault.remedy.zh}", f"{fault.message.en} {fault.remedy.en}".strip())
        yield TableFault(row, column, said, fault.severity)


def _compiled(tree: DraftTree, path: str, sheet: TableSheet) -> DecisionTable:
    opened_table(tree, path)
    content = write_sheet(tree.opened(path) or b"", path, sheet)
    return next(iter(read_dmn(content, functions=FUNCTIONS).tables.values()))


def _unreadable(table: DecisionTable) -> bool:
    columns = [column.expression for column in table.inputs]
    return any(cell.compiled is None for cell in (*columns, *table.cells()))


def _tried(
    table: DecisionTable, cells: tuple[TableFault, ...], record: TrialRecord, read: tuple[TableFact, ...]
) -> TriedTable:
    table.demand_bearable(record.values, record.trial)
    rows = table.evaluate_rows(record.values, record.trial)
    result = table.decide(record.values, record.trial)
    values = {
        column.id: shown_value(column.expression.get().evaluate(record.values, record.trial)) for column in table.inputs
    }
    broken = tuple(TableFault("", "", violation) for violation in result.violations)
    return TriedTable(
        (*cells, *_whole(table, cells), *broken),
        record.title,
        read,
        values,
        tuple(_row(row) for row in rows),
        shown_value(result.value),
    )


def _whole(table: DecisionTable, cells: tuple[TableFault, ...]) -> Iterator[TableFault]:
    """Yield overlaps, rows that are never reached, and cases that no row decides."""
    told = {fault.row for fault in cells}
    for problem in table.problems():
        if problem.rule_id is None or problem.rule_id not in told:
            yield TableFault(problem.rule_id or "", "", problem.message)
    if (gap := table.gap()) is not None:
        said = Text(f"有空缺：当 {gap} 时没有一行符合。", f"There is a gap: no row matches when {gap}.")
        yield TableFault("", "", said, Severity.WARNING)


def _row(row: RowResult) -> TriedRow:
    outputs = {name: shown_value(value) for name, value in row.outputs.items()}
    unknown = row.unknown if row.matched is not True else row.output_unknown.get("met", ())
    return TriedRow(row.rule_id, row.matched, unknown, outputs, row.decided_by)


def _facts(table: DecisionTable, names: tuple[FormulaName, ...], values: Mapping[str, Any]) -> tuple[TableFact, ...]:
    """Return the facts that the cells read, those of the columns first; settings are no facts of a case."""
    cells = [*(column.expression for column in table.inputs), *table.cells()]
    paths = {path: None for cell in cells if cell.compiled is not None for path in sorted(cell.compiled.paths)}
    found = []
    for path in paths:
        name, value = _looked_up(path, names, values)
        if path[0] != "param":
            found.append(TableFact(".".join(path), name.label, shown_value(value), name.type, _choices(name)))
    return tuple(found[:_MOST_FACTS])


def _choices(name: FormulaName) -> tuple[FactChoice, ...]:
    return tuple(FactChoice(value, label) for value, label in name.choices if name.type == "string")


def _looked_up(
    path: tuple[str, ...], names: tuple[FormulaName, ...], values: Mapping[str, Any]
) -> tuple[FormulaName, Any]:
    found, inside = FormulaName(path[-1]), by_name(names)
    value: Any = values
    for part in path:
        name = inside.get(part)
        found, inside = (name, by_name(name.entries)) if name else (replace(found, type="Any"), {})
        value = value.get(part) if isinstance(value, Mapping) else None
    return found, value
