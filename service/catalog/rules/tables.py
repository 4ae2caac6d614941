"""Decision tables: one per file, every cell compiles, grounds say what people read."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.award import ProcessInfo
from service.catalog.feel import FUNCTIONS, compiled, compiled_tests, find_constant_value
from service.catalog.problems import Problem, Severity, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.formulas import JUDGED, Formula, judge_formula, judge_path
from service.catalog.rules.registry import Extent, check
from service.catalog.rules.scopes import Names, record_scope
from service.catalog.source.newest import by_file, of_newest
from service.catalog.tables.tables import ATTRIBUTES, TableDescription, TableRow, read_table
from service.domain.decisions import DecisionModelError, read_tables
from service.domain.feel import Expression, FeelSyntaxError, UnaryTests
from service.domain.text import Text

_DECIDED_BY = {"machine", "attested", "department"}
_POLICIES = {"UNIQUE", "ANY", "PRIORITY", "FIRST", "COLLECT", "RULE ORDER", "OUTPUT ORDER"}
_AGGREGATIONS = {"SUM", "COUNT", "MIN", "MAX"}
_GROUND_COLUMNS = ("met", "finding", "failure", "clauses", "decided_by")


def tables_of(checked: Checked) -> Iterator[TableDescription]:
    """Yield every table of the package once."""
    yield from {id(table): table for table in checked.package.tables.values()}.values()


@check(Extent.PIECES, "several_decisions")
def check_single_decision(checked: Checked) -> Iterator[Problem]:
    """A file holds one decision."""
    for table in tables_of(checked):
        if table.decisions != 1:
            yield build_error_problem(
                table.file, table.id, "several_decisions",
                f"文件含有 {table.decisions} 个决策。", f"The file holds {table.decisions} decisions.",
                Text("每个决策各存一个文件。", "Keep one decision per file."),
            )  # fmt: skip


@check(Extent.PIECES, "import_ignored")
def nothing_imported(checked: Checked) -> Iterator[Problem]:
    """A file imports nothing: what it names with an import is not read."""
    for table in tables_of(checked):
        for name, line in table.imports:
            yield Problem(
                table.file, table.id, "import_ignored",
                Text(f"引入的“{name}”不会读取。", f"The import of “{name}” is not read."),
                Text("把用到的内容写进本文件，或改读办件的记录，并删去 <import>。",
                     "Write what is used into this file, or read it from the case's records, and delete the <import>."),
                Severity.WARNING, line=line,
            )  # fmt: skip


@check(Extent.PIECES, "table_attribute")
def check_attributes(checked: Checked) -> Iterator[Problem]:
    """The attributes of a file are spelt as the standard spells them."""
    for table in tables_of(checked):
        for element, name, line in table.strange_attributes:
            yield Problem(
                table.file, table.id, "table_attribute",
                Text(f"{element} 没有属性“{name}”。", f"{element} has no attribute “{name}”."),
                did_you_mean(name, ATTRIBUTES), line=line,
            )  # fmt: skip


@check(Extent.PIECES, "hit_policy")
def check_hit_policy(checked: Checked) -> Iterator[Problem]:
    """The hit policy is one of the standard's; an eligibility table collects its grounds."""
    for table in tables_of(checked):
        if table.hit_policy not in _POLICIES:
            yield build_error_problem(
                table.file, table.id, "hit_policy", f"没有命中策略“{table.hit_policy}”。", f"There is no hit policy “{table.hit_policy}”.",
                did_you_mean(table.hit_policy, _POLICIES),
            )  # fmt: skip
        if table.is_eligibility and (table.hit_policy not in ("COLLECT", "RULE ORDER") or table.aggregation):
            yield build_error_problem(
                table.file, table.id, "hit_policy", "条件表的命中策略应为 COLLECT 或 RULE ORDER，不带汇总。",
                "An eligibility table has hit policy COLLECT or RULE ORDER, without aggregation.",
                Text("改为 COLLECT。", "Use COLLECT."),
            )  # fmt: skip
        elif table.aggregation and (table.hit_policy != "COLLECT" or table.aggregation not in _AGGREGATIONS):
            yield build_error_problem(
                table.file, table.id, "hit_policy",
                f"命中策略 {table.hit_policy} 不会按“{table.aggregation}”汇总。", f"Hit policy {table.hit_policy} does not aggregate by “{table.aggregation}”.",
                Text("命中策略改为 COLLECT，汇总写 SUM、COUNT、MIN 或 MAX；不汇总的，删去 aggregation。",
                     "Use COLLECT with SUM, COUNT, MIN or MAX; delete aggregation where nothing is aggregated."),
            )  # fmt: skip


@check(Extent.PIECES, "row_incomplete", "duplicate_id")
def rows_complete(checked: Checked) -> Iterator[Problem]:
    """Every row fills every column, and row ids are unique."""
    for table in tables_of(checked):
        seen: set[str] = set()
        for row in table.rows:
            if len(row.inputs) != len(table.inputs) or len(row.outputs) != len(table.outputs):
                yield build_error_problem(
                    table.file, row.id, "row_incomplete", "此行的格数与列数不同。", "This row has not as many cells as there are columns.",
                    Text("补齐各格，任意值写“-”。", "Fill in every cell; write “-” for any value."),
                )  # fmt: skip
            if row.id in seen:
                yield build_error_problem(
                    table.file, row.id, "duplicate_id", f"行编号“{row.id}”重复。", f"Row id “{row.id}” stands twice.",
                    Text("改成不同的编号。", "Give it another id."),
                )  # fmt: skip
            seen.add(row.id)


@check(Extent.PIECES, "output_empty")
def results_written(checked: Checked) -> Iterator[Problem]:
    """A row says what it gives; one that gives nothing says null. Grounds are judged by themselves."""
    for table in tables_of(checked):
        for row in table.rows if not table.is_eligibility else ():
            for output, cell in zip(table.outputs, row.outputs, strict=False):
                if cell in ("", "-"):
                    yield build_error_problem(
                        table.file, row.id, "output_empty",
                        f"“{output.label or output.name}”列没有写结果：符合这一行的得空值。",
                        f"Column “{output.label or output.name}” holds no result: whoever matches this row gets null.",
                        Text("写上结果；有意留空的写 null。", "Write the result; null where nothing is meant."),
                    )  # fmt: skip


@check(Extent.PACKAGE, *JUDGED)
def cells_hold(checked: Checked) -> Iterator[Problem]:
    """Every cell compiles and reads the record."""
    for table in tables_of(checked):
        seen = names_of_table(checked, table)
        for column in table.inputs:
            yield from judge_formula(
                Formula(table.file, column.id, "column", column.expression, seen, column=column.label)
            )
        for row in table.rows:
            yield from _judge_row(table, row, seen)


def names_of_table(checked: Checked, table: TableDescription) -> Names:
    """Return what the cells of ``table`` may read: the record, and the variables of the diagrams."""
    names = checked.for_now(names_of_table, lambda: _names_of_tables(checked))
    elsewhere = record_scope(checked, _kinds_that_use(checked, table)).elsewhere
    return Names(names.known, names.parts, elsewhere).plus(names.known - frozenset(checked.package.forms))


def _names_of_tables(checked: Checked) -> Names:
    names = record_scope(checked, checked.package.award.processes.values()).plus(["reference_date"])
    for diagram in checked.package.diagrams.values():
        names = names.plus(diagram.variables)
    return names


def _kinds_that_use(checked: Checked, table: TableDescription) -> list[ProcessInfo]:
    """Return the kinds of case in which ``table`` is evaluated."""
    kinds: dict[str, ProcessInfo] = {}
    for diagram, element in checked.elements():
        argument = element.operation.parameters.get("table", "null") if element.operation else "null"
        if table.id in (element.decision, find_constant_value(argument)):
            kinds |= {kind.key: kind for kind in checked.kinds.get(diagram.process_id, ())}
    return list(kinds.values())


def _judge_row(table: TableDescription, row: TableRow, names: Names) -> Iterator[Problem]:
    for column, cell in zip(table.inputs, row.inputs, strict=False):
        yield from _judge_test(table.file, row.id, column.label, cell, names)
    for output, cell in zip(table.outputs, row.outputs, strict=False):
        if cell and cell != "-":
            yield from judge_formula(
                Formula(table.file, row.id, "column", cell, names, column=output.label or output.name)
            )


_OF_CONSTANT = Text(
    "这一列看的是一个不变的值（{value}），写在这里的条件不起作用，这一行会成为未知。",
    "The column looks at a value that never changes ({value}): a condition here does nothing, and the row becomes unknown.",
)
_REMEDY_OF_CONSTANT = Text(
    "此格写“-”；条件写进结果列的公式（条件表为“是否符合”），或者先让这一列看要判断的值。",
    "Write “-” here; put the condition into the formula of a result (“met” in an eligibility table), or let the column look at "
    "the value that is judged.",
)


def judge_constant_column(expression: str, cell: str) -> tuple[Text, Text] | None:
    """Return what is wrong with a condition in a column that looks at a constant, with the remedy; None where it always holds."""
    value = find_constant_value(expression)
    if value is None or cell in ("", "-"):
        return None
    try:
        tests = compiled_tests(cell)
    except FeelSyntaxError:
        return None
    if not tests.names and tests.matches(value, {}):
        return None
    return Text(_OF_CONSTANT.zh.format(value=expression), _OF_CONSTANT.en.format(value=expression)), _REMEDY_OF_CONSTANT


@check(Extent.PIECES, "constant_column")
def conditions_look_at_values(checked: Checked) -> Iterator[Problem]:
    """A condition stands in a column that looks at a value of the case, not at a constant."""
    for table in tables_of(checked):
        for row in table.rows:
            for column, cell in zip(table.inputs, row.inputs, strict=False):
                if fault := judge_constant_column(column.expression, cell):
                    message, remedy = fault
                    yield build_error_problem(
                        table.file,
                        row.id,
                        "constant_column",
                        f"{column.label}：{message.zh}",
                        f"{column.label}: {message.en}",
                        remedy,
                    )


def _judge_test(file: str, place: str, what: str, cell: str, names: Names) -> Iterator[Problem]:
    try:
        tests = compiled_tests(cell or "-")
    except FeelSyntaxError as mistake:
        yield build_error_problem(
            file, place, "feel_syntax", f"{what}：{mistake.message.zh}", f"{what}: {mistake.message.en}",
            Text("改正此格。", "Correct this cell."),
        )  # fmt: skip
        return
    for problem in tests.reads.problems:
        yield build_error_problem(
            file, place, "feel_call", f"{what}：{problem.zh}", f"{what}: {problem.en}",
            Text("参见手册的函数表。", "See the table of functions in the manual."),
        )  # fmt: skip
    for path in sorted(tests.paths):
        yield from judge_path(file, place, Text(what, what), path, names)


@check(Extent.PIECES, "ground_incomplete", "decided_by", "unknown_role")
def grounds_speak(checked: Checked) -> Iterator[Problem]:
    """A ground says who decides, what people read either way, and which clause it rests on."""
    for table in tables_of(checked):
        if not table.is_eligibility:
            continue
        for row in table.rows:
            for column in _GROUND_COLUMNS:
                if table.output(row, column) in ("", "-"):
                    yield build_error_problem(
                        table.file, row.id, "ground_incomplete", f"条件缺少“{column}”。", f"The ground lacks “{column}”.",
                        Text("补上此格。", "Fill in this cell."),
                    )  # fmt: skip
            yield from _check_decider(table, row)
            yield from _check_supplier(checked, table, row)


def _check_decider(table: TableDescription, row: TableRow) -> Iterator[Problem]:
    word = _read_word(table.output(row, "decided_by"))
    if word is not None and word not in _DECIDED_BY:
        yield build_error_problem(
            table.file, row.id, "decided_by", f"decided_by 不能是“{word}”。", f"decided_by cannot be “{word}”.",
            did_you_mean(word, _DECIDED_BY),
        )  # fmt: skip


def _check_supplier(checked: Checked, table: TableDescription, row: TableRow) -> Iterator[Problem]:
    city = checked.package.jurisdiction
    word = _read_word(table.output(row, "supplied_by"))
    if word and city.bind(word) not in city.roles:
        yield build_warning_problem(
            table.file, row.id, "unknown_role", f"supplied_by 中没有角色“{word}”。", f"supplied_by names “{word}”, which is no role.",
            did_you_mean(word, city.roles),
        )  # fmt: skip


def _read_word(cell: str) -> str | None:
    try:
        value = compiled(cell).evaluate({}) if cell and cell != "-" else None
    except FeelSyntaxError:
        return None
    return value if isinstance(value, str) else None


@check(Extent.PIECES, "table")
def rows_agree(checked: Checked) -> Iterator[Problem]:
    """Rows neither contradict each other nor hide one another, as the hit policy asks."""
    for table in tables_of(checked):
        yield from _all_disagreeing(table.content, table.file)


@of_newest(by_file)
def _all_disagreeing(content: bytes, file: str) -> tuple[Problem, ...]:
    return tuple(_check_agreement(read_table(content, file)))


def _check_agreement(table: TableDescription) -> Iterator[Problem]:
    if not _can_compile(table):
        return
    try:
        decision_tables = read_tables(table.content, functions=FUNCTIONS).values()
    except DecisionModelError as mistake:
        yield Problem(table.file, table.id, "table", mistake.message, Text("改正决策表。", "Correct the table."))
        return
    for problem in (problem for decided in decision_tables for problem in decided.problems()):
        remedy = Text("改正该行，或换命中策略。", "Correct the row or change the hit policy.")
        yield Problem(table.file, problem.rule_id or table.id, "table", problem.message, remedy)


@check(Extent.PIECES, "table_gap")
def every_case_decided(checked: Checked) -> Iterator[Problem]:
    """Some row decides every case of named values, unless the table collects; a gap that is meant is a last row."""
    for table in tables_of(checked):
        if not table.rows:
            yield build_warning_problem(
                table.file, table.id, "table_gap", "这张表一行也没有，结果总是空的。", "This table has no row: it never decides anything.",
                Text("添上各行。", "Add its rows."),
            )  # fmt: skip
            continue
        yield from _all_gaps(table.content, table.file)


@of_newest(by_file)
def _all_gaps(content: bytes, file: str) -> tuple[Problem, ...]:
    return tuple(_check_gaps(read_table(content, file)))


def _check_gaps(table: TableDescription) -> Iterator[Problem]:
    try:
        decision_tables = read_tables(table.content, functions=FUNCTIONS).values() if table.decisions == 1 else ()
    except (DecisionModelError, FeelSyntaxError):
        return
    for gap in filter(None, (decided.gap(named=True) for decided in decision_tables)):
        yield build_warning_problem(
            table.file, table.id, "table_gap", f"有空缺：当 {gap} 时没有一行符合，办件会停在这里。",
            f"There is a gap: no row matches when {gap}, and the case stops there.",
            Text("为这种情况补一行；有意留空的，命中策略选 FIRST，最后加一行，条件都写“-”，结果写 null。",
                 "Add a row for it; where it is meant, use hit policy FIRST and a last row of “-” with the result null."),
        )  # fmt: skip


def _can_compile(table: TableDescription) -> bool:
    tests = {cell or "-" for row in table.rows for cell in row.inputs}
    results = {cell for row in table.rows for cell in row.outputs if cell and cell != "-"}
    try:
        cells: list[Expression | UnaryTests] = [compiled_tests(cell) for cell in tests]
        cells += [compiled(text) for text in results.union(column.expression for column in table.inputs)]
    except FeelSyntaxError:
        return False
    return not any(cell.problems for cell in cells)
