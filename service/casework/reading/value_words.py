"""Values of a case in words: names of facts, choices by their labels, days and times as people here write them."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.step.facts import LISTED
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.forms.model import Input, InputType
from service.domain.text import Text

_LONGEST = 200
_TYPED = (InputType.TEXTFIELD, InputType.TEXTAREA)
_NOTHING = Text("—", "—")


def value_in_words(package: Package, value: object, field: Input | None = None) -> Text:
    """Return a value in short: a choice by its label, what was typed as it was, long lists and groups by their size."""
    if value is None or value in ("", [], {}):
        return _NOTHING
    if isinstance(value, Mapping):
        if isinstance(value.get("name"), str):
            return _shorten_to_text(str(value["name"]))
        return Text(f"{len(value)} 项", f"{len(value)} values")
    if isinstance(value, list | tuple):
        if len(value) > LISTED or any(isinstance(entry, list) for entry in value):
            return Text(f"{len(value)} 项", f"{len(value)} items")
        each = [value_in_words(package, entry, field) for entry in value]
        return Text("、".join(entry_text.zh for entry_text in each), ", ".join(entry_text.en for entry_text in each))
    if field is not None and isinstance(field.options, tuple):
        label = next((option.label for option in field.options if option.value == value), None)
        if label is not None:
            return label
    if field is not None and field.type in _TYPED:
        return _shorten_to_text(str(value))
    term = terms_of(package).word(value)
    return Text(_shorten(term.zh), _shorten(term.en))


def _shorten_to_text(text: str) -> Text:
    return Text(_shorten(text), _shorten(text))


def _shorten(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
