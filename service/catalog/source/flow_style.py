"""What is put into YAML files in place: rows on one line, and keys in their usual order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.domain.text import Text


def flow_row(values: Mapping[str, Any]) -> CommentedMap:
    """Return a mapping that is written on one line."""
    row = CommentedMap(values)
    row.fa.set_flow_style()
    return row


def flow_list(items: Sequence[Any]) -> CommentedSeq:
    """Return a list that is written on one line."""
    row = CommentedSeq(items)
    row.fa.set_flow_style()
    return row


def put_key(row: Any, key: str, value: Any, order: Sequence[str]) -> None:
    """Set a key; a new one takes its place in the usual order."""
    if key in row:
        row[key] = value
    else:
        later = set(order[order.index(key) + 1 :]) if key in order else set()
        row.insert(next((n for n, other in enumerate(row) if other in later), len(row)), key, value)


def choices_entry(choices: Sequence[str], labels: Mapping[str, Text]) -> dict[str, Any]:
    """Return how a parameter says what may be chosen, and what each of it is called; empty where nothing is."""
    named = CommentedMap({word: flow_row({"zh": text.zh, "en": text.en}) for word, text in labels.items()})
    return ({"choices": flow_list(choices)} if choices else {}) | ({"labels": named} if labels else {})


def same_day(day: date) -> date:
    """Return the same day as another object: YAML would write one object twice as an anchor."""
    return date(day.year, day.month, day.day)


def to_flow_lists(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``values`` with its lists written on one line, and what stands deeper than two levels too."""
    return {key: _to_flow_style(value, 0) for key, value in values.items()}


def _to_flow_style(value: Any, depth: int) -> Any:
    if isinstance(value, list | tuple):
        return flow_list([_to_flow_style(item, depth + 1) for item in value])
    if isinstance(value, Mapping):
        inner = {key: _to_flow_style(item, depth + 1) for key, item in value.items()}
        return flow_row(inner) if depth else inner
    return value
