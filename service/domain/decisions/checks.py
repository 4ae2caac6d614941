"""Static checks of a decision table, independent of data."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.decisions.columns import Aggregation, Cell, HitPolicy, Output, Table, TableRule
from service.domain.decisions.coverage import RowCoverage
from service.domain.decisions.errors import TableProblem
from service.domain.feel import Expression, UnaryTests
from service.domain.feel.nodes import ListLiteral, Literal
from service.domain.text import Text

_AnyCell = Cell[Expression] | Cell[UnaryTests]


def problems_of(table: Table) -> list[TableProblem]:
    """Return all problems, those of the table first, then row by row."""
    problems = [*_table_problems(table), *_column_problems(table)]
    for rule in table.rules:
        problems.extend(_rule_problems(table, rule))
    if not any(cell.compiled is None for cell in _all_cells(table)):
        problems.extend(_iterate_overlaps(table))
    return problems


def _all_cells(table: Table) -> Iterator[_AnyCell]:
    yield from (column.expression for column in table.inputs)
    yield from table.cells()


def _table_problems(table: Table) -> Iterator[TableProblem]:
    if not table.outputs:
        yield TableProblem(None, Text("决策表没有输出列，请添加。", "The table has no output column; add one."))
    if table.aggregation is not Aggregation.LIST and len(table.outputs) > 1:
        yield TableProblem(
            None, Text("汇总（求和、计数等）只能有一个输出列。", "An aggregation works on one output column only.")
        )
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not any(o.allowed for o in table.outputs):
        yield TableProblem(
            None,
            Text(
                "按优先级的命中策略要求列出输出列的取值顺序。",
                "This hit policy needs the output values in their order.",
            ),
        )


def _column_problems(table: Table) -> Iterator[TableProblem]:
    for column in table.inputs:
        yield from _cell_problems(column.expression, column.label, None)
        if column.allowed is not None:
            yield from _cell_problems(column.allowed, column.label, None)
    for output in table.outputs:
        for cell in (output.allowed, output.default):
            if cell is not None:
                yield from _cell_problems(cell, output.label, None)


def _rule_problems(table: Table, rule: TableRule) -> Iterator[TableProblem]:
    if len(rule.inputs) != len(table.inputs) or len(rule.outputs) != len(table.outputs):
        yield TableProblem(
            rule.id,
            Text("这一行的单元格数与列数不符，请补全。", "This row has not as many cells as the table has columns."),
        )
    for column, test in zip(table.inputs, rule.inputs, strict=False):
        yield from _cell_problems(test, column.label, rule.id)
    for output, cell in zip(table.outputs, rule.outputs, strict=False):
        yield from _cell_problems(cell, output.label, rule.id)
        yield from _check_undeclared(output, cell, rule.id)


def _check_undeclared(output: Output, cell: Cell[Expression], rule_id: str) -> Iterator[TableProblem]:
    """Tell a written result that is none of those which its column lists."""
    node = cell.compiled.node if cell.compiled is not None else None
    listed = (
        output.allowed.compiled.node if output.allowed is not None and output.allowed.compiled is not None else None
    )
    if not isinstance(node, Literal) or node.value is None or not isinstance(listed, ListLiteral):
        return
    values = [part.value for part in listed.elements if isinstance(part, Literal)]
    if len(values) == len(listed.elements) and node.value not in values:
        yield TableProblem(
            rule_id,
            Text(
                f"“{output.label}”列的结果“{cell.text}”不在它列出的值里：{output.allowed.text if output.allowed else ''}。",
                f"The result “{cell.text}” is none of those that column “{output.label}” lists.",
            ),
        )


def _cell_problems(cell: _AnyCell, column: str, rule_id: str | None) -> Iterator[TableProblem]:
    if cell.error is not None:
        message = cell.error.message
        yield TableProblem(rule_id, Text(f"“{column}”列：{message.zh}", f"Column “{column}”: {message.en}"))
    if cell.compiled is None:
        return
    for text in cell.compiled.problems:
        yield TableProblem(rule_id, Text(f"“{column}”列：{text.zh}", f"Column “{column}”: {text.en}"))


def _iterate_overlaps(table: Table) -> Iterator[TableProblem]:
    coverage = RowCoverage(table)
    for place, rule in enumerate(table.rules):
        if coverage.is_impossible(place):
            yield TableProblem(
                rule.id,
                Text("这一行的条件互相矛盾或超出取值范围，永远不会符合。", "No value can ever satisfy this row."),
            )
        elif table.hit_policy in (HitPolicy.UNIQUE, HitPolicy.ANY):
            yield from _iterate_clashes(table, coverage, place)
        elif table.hit_policy is HitPolicy.FIRST:
            yield from _iterate_hidden_rows(table, coverage, place)


def _iterate_clashes(table: Table, coverage: RowCoverage, place: int) -> Iterator[TableProblem]:
    agree = table.hit_policy is HitPolicy.ANY
    for earlier in range(place):
        if agree and not _give_other(table.rules[earlier], table.rules[place]):
            continue
        witness = coverage.common_case(earlier, place)
        if witness is not None and agree:
            yield TableProblem(
                table.rules[place].id,
                Text(
                    f"与第 {earlier + 1} 行重叠：当 {witness} 时两行同时符合，结果却不同，本表就没有结果。",
                    f"Overlaps with row {earlier + 1}: both match when {witness} with different results, so there is none.",
                ),
            )
            return
        if witness is not None:
            yield TableProblem(
                table.rules[place].id,
                Text(
                    f"与第 {earlier + 1} 行重叠：当 {witness} 时两行同时符合，而本表只允许一行符合。",
                    f"Overlaps with row {earlier + 1}: both match when {witness}, but only one row may match.",
                ),
            )
            return


def _give_other(first: TableRule, other: TableRule) -> bool:
    """Say whether two rows certainly give different results: written values that differ."""
    pairs = zip(first.outputs, other.outputs, strict=False)
    nodes = [tuple(cell.compiled.node if cell.compiled else None for cell in pair) for pair in pairs]
    return any(
        isinstance(left, Literal) and isinstance(right, Literal) and left.value != right.value for left, right in nodes
    )


def _iterate_hidden_rows(table: Table, coverage: RowCoverage, place: int) -> Iterator[TableProblem]:
    for earlier in range(place):
        if coverage.covers(earlier, place):
            yield TableProblem(
                table.rules[place].id,
                Text(
                    f"永远轮不到：凡符合这一行的，都先符合第 {earlier + 1} 行。请调整顺序或条件。",
                    f"Is never reached: whatever matches it matches row {earlier + 1} first. Reorder or change the rows.",
                ),
            )
            return
