"""Evaluate rows one by one as met, not met or open, for eligibility tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from service.domain.decisions.columns import Cell, InputColumn, RowResult, Table, TableRule
from service.domain.feel import Explanation, UnaryTests


@dataclass(frozen=True, slots=True)
class _Finding:
    """How one cell stands."""

    verdict: bool | None
    unknown: tuple[str, ...]
    text: str


def row_results(
    table: Table, scope: Mapping[str, object], context: object, *, failing: bool = True
) -> tuple[RowResult, ...]:
    """Return how every row of ``table`` stands for the facts in ``scope``; those that certainly fail if ``failing``."""
    values = [column.expression.get().explain(scope, context) for column in table.inputs]
    found = (_row(table, rule, values, scope, context, failing) for rule in table.rules)
    return tuple(row for row in found if row is not None)


def _row(
    table: Table,
    rule: TableRule,
    values: list[Explanation],
    scope: Mapping[str, object],
    context: object,
    failing: bool,
) -> RowResult | None:
    findings = [
        _finding(column, cell, value, scope, context)
        for column, cell, value in zip(table.inputs, rule.inputs, values, strict=False)
        if not cell.get().matches_everything
    ]
    verdict, deciding = _verdict(findings)
    if verdict is False and not failing:
        return None
    explained = {
        output.name: (output, cell.get().explain(scope, context))
        for output, cell in zip(table.outputs, rule.outputs, strict=False)
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
