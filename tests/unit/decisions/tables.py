"""Builds decision models for tests out of a few words."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from service.domain.decisions import DecisionTable, read_tables

_MODEL = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" name="m" namespace="urn:m">{}</definitions>'


def model_of(content: str) -> bytes:
    """Wrap elements into a model."""
    return _MODEL.format(content).encode()


def table_of(
    rules: Sequence[Sequence[str]],
    *,
    inputs: Sequence[str] = ("years", "penalty"),
    hit_policy: str = "UNIQUE",
    attributes: str = "",
    output_values: str = "",
    allowed: str = "",
    default: str = "",
    notes: Sequence[str] = (),
) -> DecisionTable:
    """Return a table with the given input expressions and one output ``result``; a rule is its cells, then notes."""
    columns = "".join(
        f"<input><inputExpression><text>{escape(text)}</text></inputExpression>"
        + (f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else "")
        + "</input>"
        for text in inputs
    )
    output = '<output name="result">'
    output += f"<outputValues><text>{escape(output_values)}</text></outputValues>" if output_values else ""
    output += f"<defaultOutputEntry><text>{escape(default)}</text></defaultOutputEntry>" if default else ""
    names = "".join(f'<annotation name="{note}"/>' for note in notes)
    rows = "".join(_rule(place, rule, len(inputs)) for place, rule in enumerate(rules, 1))
    body = (
        f'<decisionTable hitPolicy="{hit_policy}" {attributes}>{columns}{output}</output>{names}{rows}</decisionTable>'
    )
    return read_tables(model_of(f'<decision id="d" name="eligibility">{body}</decision>'))["eligibility"]


def _rule(place: int, cells: Sequence[str], width: int) -> str:
    tags = ["inputEntry"] * width + ["outputEntry"] + ["annotationEntry"] * (len(cells) - width - 1)
    entries = "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in zip(tags, cells, strict=True))
    return f'<rule id="r{place}">{entries}</rule>'
