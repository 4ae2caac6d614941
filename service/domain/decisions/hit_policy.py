"""Hit policies: from matching rules to one result (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from service.domain.decisions.columns import Aggregation, HitPolicy, Output, Table, TableResult, TableRule, code_of
from service.domain.feel import BUILTINS
from service.domain.feel.calls import invoke_function
from service.domain.feel.compare import is_equal_value
from service.domain.feel.scope import Scope
from service.domain.feel.values import Value, elements
from service.domain.text import Text

_Settle = Callable[[Table, Sequence[TableRule], Scope], TableResult]


def apply_hit_policy(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    """Apply the table's hit policy to the rules that match."""
    if not matched:
        return TableResult(_evaluate_default(table, scope))
    return _POLICIES[table.hit_policy](table, matched, scope)


def evaluate_rule_output(table: Table, rule: TableRule, scope: Scope) -> Value:
    """Return what ``rule`` gives: one value, or a context where the table has several outputs."""
    values = output_values(table, rule, scope)
    return values[table.outputs[0].name] if len(table.outputs) == 1 else values


def output_values(table: Table, rule: TableRule, scope: Scope) -> dict[str, Value]:
    """Return the values of ``rule`` by output name."""
    pairs = zip(table.outputs, rule.outputs, strict=False)
    return {output.name: output.type.fitted(code_of(cell)(scope)) for output, cell in pairs}


def _evaluate_default(table: Table, scope: Scope) -> Value:
    if all(output.default is None for output in table.outputs):
        return [] if table.lists else Decimal(0) if table.aggregation is Aggregation.COUNT else None
    values = {
        output.name: None if output.default is None else code_of(output.default)(scope) for output in table.outputs
    }
    return values[table.outputs[0].name] if len(table.outputs) == 1 else values


def _list_rule_ids(rules: Sequence[TableRule]) -> tuple[str, ...]:
    return tuple(rule.id for rule in rules)


def _apply_unique(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    if len(matched) == 1:
        return TableResult(evaluate_rule_output(table, matched[0], scope), _list_rule_ids(matched))
    rows = [str(table.rules.index(rule) + 1) for rule in matched]
    return TableResult(
        None,
        _list_rule_ids(matched),
        (
            Text(
                f"决策表“{table.name}”要求只有一行符合，但第 {'、'.join(rows)} 行同时符合。请修改条件使其互不重叠。",
                f"Only one rule of table “{table.name}” may match, but rules {', '.join(rows)} do. Keep them apart.",
            ),
        ),
    )


def _apply_any(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    values = [evaluate_rule_output(table, rule, scope) for rule in matched]
    if all(is_equal_value(values[0], value, scope.meter) for value in values[1:]):
        return TableResult(values[0], _list_rule_ids(matched))
    rows = [str(table.rules.index(rule) + 1) for rule in matched]
    return TableResult(
        None,
        _list_rule_ids(matched),
        (
            Text(
                f"决策表“{table.name}”第 {'、'.join(rows)} 行同时符合，但结果不同。请使结果一致或改用其他命中策略。",
                f"Rules {', '.join(rows)} of table “{table.name}” match with different results. Make them agree.",
            ),
        ),
    )


def _apply_first(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    return TableResult(evaluate_rule_output(table, matched[0], scope), (matched[0].id,))


def _apply_priority(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    return _apply_first(table, _rank_rules(table, matched, scope), scope)


def _rule_order(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    return TableResult([evaluate_rule_output(table, rule, scope) for rule in matched], _list_rule_ids(matched))


def _output_order(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    return _rule_order(table, _rank_rules(table, matched, scope), scope)


def _rank_rules(table: Table, matched: Sequence[TableRule], scope: Scope) -> list[TableRule]:
    """Sort by how early each output's value stands in its list of allowed values; the first output weighs most."""
    orders = [_list_allowed_values(output, scope) for output in table.outputs]

    def compute_ranks(rule: TableRule) -> list[int]:
        values = output_values(table, rule, scope).values()
        return [_get_position(value, order, scope) for value, order in zip(values, orders, strict=False)]

    return sorted(matched, key=compute_ranks)


def _list_allowed_values(output: Output, scope: Scope) -> list[Value]:
    return [] if output.allowed is None else elements(code_of(output.allowed)(scope))


def _get_position(value: Value, order: list[Value], scope: Scope) -> int:
    places = (place for place, allowed in enumerate(order) if is_equal_value(value, allowed, scope.meter))
    return next(places, len(order))


def _apply_collect(table: Table, matched: Sequence[TableRule], scope: Scope) -> TableResult:
    values = [evaluate_rule_output(table, rule, scope) for rule in matched]
    function = BUILTINS.get(table.aggregation.value.lower())
    if function is None or table.aggregation is Aggregation.LIST:
        return TableResult(values, _list_rule_ids(matched))
    return TableResult(invoke_function(function, (values,), scope.meter), _list_rule_ids(matched))


_POLICIES: dict[HitPolicy, _Settle] = {
    HitPolicy.UNIQUE: _apply_unique,
    HitPolicy.ANY: _apply_any,
    HitPolicy.FIRST: _apply_first,
    HitPolicy.PRIORITY: _apply_priority,
    HitPolicy.RULE_ORDER: _rule_order,
    HitPolicy.OUTPUT_ORDER: _output_order,
    HitPolicy.COLLECT: _apply_collect,
}
