"""Decision tables: decided by their hit policy, row by row, or checked without data."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from service.domain.decisions.columns import (
    Cell,
    HitPolicy,
    InputColumn,
    RowResult,
    Table,
    TableResult,
    TableRule,
    code_of,
    get_test_code,
)
from service.domain.decisions.errors import HitPolicyViolated, NothingMatches, NoValue, TableProblem, UndeclaredValue
from service.domain.decisions.hit_policy import apply_hit_policy
from service.domain.feel import Explanation, UnaryTests
from service.domain.feel.limits import Meter
from service.domain.feel.null_paths import names_null
from service.domain.feel.scope import Scope
from service.domain.feel.show import show
from service.domain.feel.values import Value


@dataclass(frozen=True, slots=True)
class _Finding:
    """How one cell stands."""

    verdict: bool | None
    unknown: tuple[str, ...]
    text: str


def row_results(
    table: Table,
    scope: Mapping[str, object],
    context: object,
    *,
    failing: bool = True,
    asked: Collection[str] | None = None,
) -> tuple[RowResult, ...]:
    """Return how every row of ``table`` stands for the facts in ``scope``; those that certainly fail if ``failing``.

    Only the outputs ``asked`` for are worked out, without it all of them.
    """
    values = [column.expression.get().explain(scope, context) for column in table.inputs]
    places = [n for n, output in enumerate(table.outputs) if asked is None or output.name in asked]
    found = (_row(table, rule, values, scope, context, failing, places) for rule in table.rules)
    return tuple(row for row in found if row is not None)


def _row(
    table: Table,
    rule: TableRule,
    values: list[Explanation],
    scope: Mapping[str, object],
    context: object,
    failing: bool,
    places: Sequence[int],
) -> RowResult | None:
    findings = []
    for column, cell, value in zip(table.inputs, rule.inputs, values, strict=False):
        if not cell.get().matches_everything:
            findings.append(_finding(column, cell, value, scope, context))
            if findings[-1].verdict is False and not failing:
                return None
    verdict, deciding = _verdict(findings)
    explained = {
        table.outputs[n].name: (table.outputs[n], rule.outputs[n].get().explain(scope, context))
        for n in places
        if n < len(rule.outputs)
    }
    outputs = {name: output.type.fitted(found.value) for name, (output, found) in explained.items()}
    output_unknown = {name: found.unknown for name, (_, found) in explained.items() if found.unknown}
    unknown = dict.fromkeys(path for finding in deciding for path in finding.unknown)
    texts = tuple(finding.text for finding in deciding)
    open_facts = tuple(unknown) if verdict is None else ()
    return RowResult(rule.id, verdict, open_facts, outputs, rule.annotations, texts, output_unknown)


def _verdict(findings: list[_Finding]) -> tuple[bool | None, list[_Finding]]:
    """Combine the cells of a row: one that certainly fails outweighs the open ones."""
    failing = [finding for finding in findings if finding.verdict is False]
    open_ones = [finding for finding in findings if finding.verdict is None]
    if failing:
        return False, failing
    return (None, open_ones) if open_ones else (True, findings)


def _finding(
    column: InputColumn, cell: Cell[UnaryTests], value: Explanation, scope: Mapping[str, object], context: object
) -> _Finding:
    named = column.expression.text
    found = cell.get().explain(column.type.fitted(value.value), scope, context, name=named)
    unknown = [path for path in found.unknown if path != named]
    if value.value is not None or named in found.unknown:
        unknown = [*(value.unknown or ((named,) if named in found.unknown else ())), *unknown]
    verdict = found.value if isinstance(found.value, bool) and not unknown else None
    if verdict is None and not unknown:
        unknown = [named]  # neither missing nor comparable: somebody has to look at it
    return _Finding(verdict, tuple(unknown), f"{named} {cell.text}")


@dataclass(frozen=True, slots=True)
class DecisionTable(Table):
    """A compiled table; it has no state and may be shared."""

    def evaluate(self, scope: Mapping[str, object], context: object = None) -> Value:
        """Return what the table decides: one output's value, a context of several outputs, or a list of either.

        Raises HitPolicyViolated where rules match that may not match together, NothingMatches where none does and the
        table does not say what holds then, FeelSyntaxError for a cell that does not parse, FeelLimitExceeded when
        the budget is used up.
        """
        result = self.decide(scope, context)
        if result.violations:
            raise HitPolicyViolated(result.violations[0])
        if not result.matched and not self.may_match_nothing:
            run = Scope(scope, None, Meter(context))
            values = {c.label or c.expression.text: show(code_of(c.expression)(run), run.meter) for c in self.inputs}
            raise NothingMatches(self.name, values)
        return result.value

    def decide(self, scope: Mapping[str, object], context: object = None) -> TableResult:
        """Like ``evaluate``, with the rules that matched; without any, or with a violation, which is reported, the value is null."""
        return self.run(Scope(scope, None, Meter(context)))

    def run(self, scope: Scope) -> TableResult:
        """Decide within a running evaluation."""
        values = [column.type.fitted(code_of(column.expression)(scope)) for column in self.inputs]
        matched = [rule for rule in self.rules if _is_rule_matched(rule, values, scope)]
        return apply_hit_policy(self, matched, scope)

    def evaluate_rows(self, scope: Mapping[str, object], context: object = None) -> tuple[RowResult, ...]:
        """Say of every row whether it matches, does not, or cannot be told because facts are missing.

        Raises like ``evaluate``.
        """
        return row_results(self, scope, context)

    def applying_rows(
        self, scope: Mapping[str, object], context: object = None, asked: Collection[str] | None = None
    ) -> tuple[RowResult, ...]:
        """Return of these rows those that match or cannot be told; only the outputs ``asked`` for are worked out."""
        return row_results(self, scope, context, failing=False, asked=asked)

    def require_declared(self, scope: Mapping[str, object], context: object = None) -> None:
        """Raise UndeclaredValue for the first column whose value is none of those that it declares; null may be unknown."""
        run = Scope(scope, None, Meter(context))
        for column in self.inputs:
            value = column.type.fitted(code_of(column.expression)(run))
            if (
                column.allowed is not None
                and value is not None
                and get_test_code(column.allowed)(value, run) is not True
            ):
                raise UndeclaredValue(
                    self.name, column.label or column.expression.text, show(value, run.meter), column.allowed.text
                )

    def require_values(self, scope: Mapping[str, object], context: object = None) -> None:
        """Raise NoValue where it depends on a column without a value which rows match; a row for null lets it have none."""
        run = Scope(scope, None, Meter(context))
        values = [column.type.fitted(code_of(column.expression)(run)) for column in self.inputs]
        empty = {
            place: names
            for place, (column, value) in enumerate(zip(self.inputs, values, strict=True))
            if not self.lets_be_null(place) and (names := _without_value(column, value, scope, context))
        }
        if not empty:
            return
        for rule in self.rules:
            places = [place for place in range(len(values)) if place not in empty]
            if not all(get_test_code(rule.inputs[place])(values[place], run) is True for place in places):
                continue
            open_ones = [place for place in empty if not rule.inputs[place].get().matches_everything]
            if open_ones:
                column = self.inputs[open_ones[0]]
                raise NoValue(self.name, column.label or column.expression.text, empty[open_ones[0]])
            if self.hit_policy in (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY):
                return

    def require_decided(self, scope: Mapping[str, object], context: object = None) -> None:
        """Raise NoValue where what a matching row gives, or whether a row matches, was decided by something without a value."""
        matched = self.decide(scope, context).matched
        run = Scope(scope, None, Meter(context))
        values = [column.type.fitted(code_of(column.expression)(run)) for column in self.inputs]
        for rule in self.rules:
            tests = list(zip(self.inputs, rule.inputs, values, strict=False))
            for column, cell, value in tests:
                others = (other for other in tests if other[1] is not cell)
                if value is not None and all(get_test_code(each)(seen, run) is not False for _, each, seen in others):
                    self._require_values(
                        column.label or column.expression.text, cell.get().undecided(value, scope, context)
                    )
            if rule.id in matched:
                for output, output_cell in zip(self.outputs, rule.outputs, strict=False):
                    self._require_values(output.label or output.name, output_cell.get().undecided(scope, context))
                if self.hit_policy in (HitPolicy.FIRST, HitPolicy.UNIQUE, HitPolicy.ANY):
                    return

    def _require_values(self, column: str, names: Sequence[str]) -> None:
        if names:
            raise NoValue(self.name, column, names)

    def lets_be_null(self, place: int) -> bool:
        """Return whether a cell of the input column at ``place``, or its formula, speaks of null."""
        cells = [rule.inputs[place].compiled for rule in self.rules]
        nodes = [self.inputs[place].expression.compiled, *cells]
        return any(names_null(each.node) for each in nodes if each is not None)

    def problems(self) -> list[TableProblem]:
        """Check without data: cells, overlaps and unreachable rules."""
        from service.domain.decisions.checks import problems_of  # who only decides does without

        return problems_of(self)

    def gap(self, *, named: bool = False) -> str | None:
        """Describe a case that no rule decides, as far as that is certain without data; None where there is none.

        With ``named`` every value is there and every text is one that the table names.
        """
        from service.domain.decisions.coverage import gap_of  # who only decides does without

        return gap_of(self, named=named)


def _without_value(column: InputColumn, value: Value, scope: Mapping[str, object], context: object) -> tuple[str, ...]:
    """Return what a column lacks: names that decided its formula although they are null, the formula that came to null."""
    formula = column.expression.get()
    if names := formula.undecided(scope, context):
        return names
    is_setting = bool(formula.paths) and all(path[0] == "param" for path in formula.paths)
    is_intended = is_setting or "get value" in formula.functions
    return (formula.text,) if value is None and not is_intended else ()


def _is_rule_matched(rule: TableRule, values: list[Value], scope: Scope) -> bool:
    tests = zip(rule.inputs, values, strict=False)
    return all(get_test_code(cell)(value, scope) is True for cell, value in tests)
