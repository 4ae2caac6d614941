"""Decision tables have types: columns, the conditions of their cells and their results agree."""

from __future__ import annotations

import re
from collections import ChainMap
from collections.abc import Iterator

from service.catalog.feel import compiled, compiled_tests
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.tables import names_of_table, tables_of
from service.catalog.rules.types import FAULTS, infer_once, problem_of, type_scope
from service.catalog.rules.variables import variable_types
from service.catalog.tables.tables import TableDescription, TableInput
from service.domain.feel import FeelSyntaxError, StaticType, TypeScope
from service.domain.feel.inference import suggest_conversion
from service.domain.feel.static_types import UNKNOWN, declared_type, join_types
from service.domain.feel.types import BASIC_TYPES, named_type
from service.domain.text import Text

_TYPES = ("Any", "list", "context", *sorted(BASIC_TYPES.keys() - {"null"}))
_TEXTS = re.compile(r'"(?:[^"\\]|\\.)*"')
_GROUPED = re.compile(r"(?P<sign>[<>=]\s*|\.\.\s*)?(?<![\w,])(?<!\d\.)(?P<number>\d{1,3}(?:,\d{3})+)(?![\d.])")
"""A number as people group its digits, and what makes a condition of it."""
_DECIMAL_COMMA = re.compile(r"(?P<sign>[<>]=?)\s*(?P<whole>\d+),(?P<part>\d+)(?![\d,.])")


@check(Extent.PACKAGE, *FAULTS, "column_type")
def columns_typed(checked: Checked) -> Iterator[Problem]:
    """A column gives what its type says, its cells ask what such a value can answer, results are of their column's type."""
    for table in tables_of(checked):
        scope = table_scope(checked, table)
        yield from _unknown_types(table)
        kinds = []
        for column in table.inputs:
            kind, problems = _judge_column(table, column, scope)
            kinds.append(kind)
            yield from problems
        for row in table.rows:
            for column, kind, cell in zip(table.inputs, kinds, row.inputs, strict=False):
                yield from _check_cell(table, row.id, column, kind, cell, scope)
            for output, cell in zip(table.outputs, row.outputs, strict=False):
                yield from _check_result(checked, table, row.id, output.label or output.name, output.type, cell, scope)
                yield from _check_sum(checked, table, row.id, cell, scope)


def _unknown_types(table: TableDescription) -> Iterator[Problem]:
    """Tell a column whose type is none: its cells would be judged as anything."""
    columns = [(column.id, column.label, column.type) for column in table.inputs]
    columns += [(table.id, column.label or column.name, column.type) for column in table.outputs]
    for place, label, written in columns:
        if written and written not in table.types and named_type(written.rpartition(":")[2]) is None:
            yield build_error_problem(
                table.file, place, "column_type",
                f"“{label}”列的类型“{written}”不认识。", f"Column “{label}” has the unknown type “{written}”.",
                did_you_mean(written, (*_TYPES, *table.types)),
            )  # fmt: skip


def table_scope(checked: Checked, table: TableDescription) -> TypeScope:
    """Return the types of what a table reads: the record, and the variables of the diagrams; neither where both may be meant."""
    scope = type_scope(checked, names_of_table(checked, table), None)
    kinds_by_name: dict[str, list[StaticType]] = {}
    for diagram in checked.package.diagrams.values():
        for name, kind in variable_types(checked, diagram).items():
            kinds_by_name.setdefault(name, []).append(kind)
    types = {
        name: UNKNOWN if scope.get(name, UNKNOWN).is_determined else join_types(kinds)
        for name, kinds in kinds_by_name.items()
    }
    return ChainMap(types, scope)  # type: ignore[arg-type]  # nothing is written


def _judge_column(table: TableDescription, column: TableInput, scope: TypeScope) -> tuple[StaticType, list[Problem]]:
    """Return the type of what a column tests, and what is wrong in its expression."""
    declared = declared_type(named_type(column.type.rpartition(":")[2]), is_stored_as_json=False)
    try:
        inferred = compiled(column.expression or "null").infer(scope)
    except FeelSyntaxError:
        return declared, []  # reported as a formula
    problems = [problem_of(table.file, column.id, Text(column.label, column.label), fault) for fault in inferred.faults]
    if declared.is_determined and not inferred.type.may_be(*declared.kinds) and not inferred.type.is_null:
        problems.append(_build_type_problem(table, column.id, column.label, column.expression, inferred.type, declared))
        return UNKNOWN, problems
    if not declared.is_determined or inferred.type.options or inferred.type.kinds == declared.kinds:
        return inferred.type, problems
    return declared, problems


def _check_cell(
    table: TableDescription, row: str, column: TableInput, kind: StaticType, cell: str, scope: TypeScope
) -> Iterator[Problem]:
    try:
        inferred = compiled_tests(cell or "-").infer(kind, scope, name=column.expression)
    except FeelSyntaxError:
        return  # reported as a formula
    for fault in inferred.faults:
        yield problem_of(table.file, row, Text(column.label, column.label), fault)


def _check_result(
    checked: Checked, table: TableDescription, row: str, label: str, type_: str, cell: str, scope: TypeScope
) -> Iterator[Problem]:
    declared = declared_type(named_type(type_.rpartition(":")[2]), is_stored_as_json=False)
    try:
        inferred = infer_once(checked, table.file, cell if cell and cell != "-" else "null", scope)
    except FeelSyntaxError:
        return  # reported as a formula
    for fault in inferred.faults:
        yield problem_of(table.file, row, Text(label, label), fault)
    if declared.is_determined and not inferred.type.may_be(*declared.kinds) and not inferred.type.is_null:
        yield _build_type_problem(table, row, label, cell, inferred.type, declared)


def _check_sum(checked: Checked, table: TableDescription, row: str, cell: str, scope: TypeScope) -> Iterator[Problem]:
    """Tell a result that cannot be added up by a table that does."""
    if table.hit_policy == "COLLECT" and table.aggregation == "SUM":
        yield from _check_result(checked, table, row, "SUM", "number", cell, scope)


def _build_type_problem(
    table: TableDescription, place: str, label: str, text: str, kind: StaticType, declared: StaticType
) -> Problem:
    actual, expected = kind.words(), declared.words()
    return build_error_problem(
        table.file, place, "column_type",
        f"“{label}”列是{expected.zh}，“{text}”是{actual.zh}，总是得空值。",
        f"Column “{label}” is a {expected.en}, but “{text}” is a {actual.en}: it always comes to null.",
        suggest_conversion(text, kind, declared) or Text("改写表达式，或者改这一列的类型（typeRef）。", "Change the expression or the column's typeRef."),
    )  # fmt: skip


@check(Extent.PIECES, "grouped_digits")
def digits_ungrouped(checked: Checked) -> Iterator[Problem]:
    """A number in the condition of a cell stands without commas: a comma means “or”."""
    for table in tables_of(checked):
        for row in table.rows:
            for cell in row.inputs:
                for match in _GROUPED.finditer(_TEXTS.sub("", cell)):
                    number, plain = match["number"], match["number"].replace(",", "")
                    sure = bool(match["sign"]) or ",0" in number
                    yield (build_error_problem if sure else build_warning_problem)(
                        table.file, row.id, "grouped_digits",
                        f"“{number}”里的逗号是“或者”。", f"The comma in “{number}” means “or”.",
                        Text(f"要写 {plain}" + ("。" if sure else "；真是两个值的，逗号后面空一格。"),
                             f"Write {plain}" + ("." if sure else "; for two values put a blank behind the comma.")),
                    )  # fmt: skip
                yield from _decimal_commas(table, row.id, cell)


def _decimal_commas(table: TableDescription, row: str, cell: str) -> Iterator[Problem]:
    """Tell a comma in which a decimal point was meant; behind “>=” a second, greater value would change nothing."""
    for match in _DECIMAL_COMMA.finditer(_TEXTS.sub("", cell)):
        whole, part = match["whole"], match["part"]
        if _GROUPED.fullmatch(f"{whole},{part}"):
            continue
        idle = (int(part) > int(whole)) == match["sign"].startswith(">")
        yield (build_error_problem if idle else build_warning_problem)(
            table.file, row, "grouped_digits",
            f"“{whole},{part}”里的逗号是“或者”。", f"The comma in “{whole},{part}” means “or”.",
            Text(f"小数写 {whole}.{part}；真是两个值的，逗号后面空一格。",
                 f"Write the decimal {whole}.{part}; for two values put a blank behind the comma."),
        )  # fmt: skip


@check(Extent.PIECES, "output_twice", "other_language")
def tables_readable(checked: Checked) -> Iterator[Problem]:
    """Outputs have different names, and every expression is FEEL."""
    for table in tables_of(checked):
        names = [output.name for output in table.outputs]
        for name in dict.fromkeys(name for name in names if names.count(name) > 1):
            yield build_error_problem(
                table.file, table.id, "output_twice",
                f"有几个结果列都叫“{name}”，只会留下最后一个。", f"Several outputs are called “{name}”: only the last is kept.",
                Text("各取不同的名称（name）。", "Give each a name of its own."),
            )  # fmt: skip
        for language, line in table.languages:
            yield Problem(
                table.file, table.id, "other_language",
                Text(f"表达式的语言写的是“{language}”，这里只认 FEEL。", f"An expression is said to be “{language}”; only FEEL is read."),
                Text("改写成 FEEL，并删去 expressionLanguage。", "Write it in FEEL and delete expressionLanguage."), line=line,
            )  # fmt: skip
