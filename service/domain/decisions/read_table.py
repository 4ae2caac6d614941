"""Reads decision tables."""

from __future__ import annotations

from service.domain.decisions.cells import Compilation
from service.domain.decisions.columns import Aggregation, HitPolicy, InputColumn, Output, TableRule
from service.domain.decisions.errors import DecisionModelError
from service.domain.decisions.read_types import TypeReader
from service.domain.decisions.table import DecisionTable
from service.domain.decisions.tags import Tag, child, children, text_in
from service.domain.feel.lexer import tidy
from service.domain.text import Text

DESCRIPTION = "description"
"""The annotation under which the description of a rule is kept, where dmn-js writes its notes."""


def read_table(tag: Tag, name: str, compile_: Compilation, types: TypeReader) -> DecisionTable:
    """Read a ``decisionTable`` element; raise DecisionModelError for a hit policy the standard does not know."""
    notes = [tidy(note.get("name", "")) for note in children(tag, "annotation")]
    return DecisionTable(
        tag.get("id", ""),
        name,
        _hit_policy(tag, name),
        tuple(_input(part, compile_, types) for part in children(tag, "input")),
        tuple(_output(part, name, compile_, types) for part in children(tag, "output")),
        tuple(_rule(part, place, notes, compile_) for place, part in enumerate(children(tag, "rule"), 1)),
        Aggregation(tag.get("aggregation", "")) if tag.get("aggregation", "") in _AGGREGATIONS else Aggregation.LIST,
    )


_AGGREGATIONS = frozenset(aggregation.value for aggregation in Aggregation)


def _hit_policy(tag: Tag, name: str) -> HitPolicy:
    value = tag.get("hitPolicy", "UNIQUE")
    try:
        return HitPolicy(value)
    except ValueError:
        raise DecisionModelError(
            Text(
                f"决策表“{name}”的命中策略“{value}”不在标准之内，请改用 UNIQUE、FIRST、COLLECT 等。",
                f"Table “{name}” has an unknown hit policy “{value}”; use UNIQUE, FIRST, COLLECT or another standard one.",
            )
        ) from None


def _input(tag: Tag, compile_: Compilation, types: TypeReader) -> InputColumn:
    expression, allowed = child(tag, "inputExpression"), child(tag, "inputValues")
    text, values = text_in(expression) or "null", text_in(allowed)
    return InputColumn(
        tag.get("id", ""),
        tidy(tag.get("label", "")) or text,
        compile_.expression(text),
        compile_.tests(values) if values else None,
        types.named(expression.get("typeRef") if expression is not None else None),
    )


def _output(tag: Tag, name: str, compile_: Compilation, types: TypeReader) -> Output:
    allowed, default = text_in(child(tag, "outputValues")), text_in(child(tag, "defaultOutputEntry"))
    label = tidy(tag.get("label", "")) or tidy(tag.get("name", "")) or name
    return Output(
        tag.get("id", ""),
        tidy(tag.get("name", "")) or label,
        label,
        compile_.expression(f"[{allowed}]") if allowed else None,
        compile_.expression(default) if default else None,
        types.named(tag.get("typeRef")),
    )


def _rule(tag: Tag, place: int, notes: list[str], compile_: Compilation) -> TableRule:
    annotations = {}
    for number, entry in enumerate(children(tag, "annotationEntry")):
        name = notes[number] if number < len(notes) and notes[number] else str(number + 1)
        annotations[name] = text_in(entry)
    description = child(tag, "description")
    if description is not None and (description.text or "").strip():
        annotations[DESCRIPTION] = description.text.strip()
    return TableRule(
        tag.get("id") or str(place),
        tuple(compile_.tests(text_in(entry)) for entry in children(tag, "inputEntry")),
        tuple(compile_.expression(text_in(entry) or "null") for entry in children(tag, "outputEntry")),
        annotations,
    )
