"""Values for required fields of a form that nobody gave: what a fictional season may say there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from service.casework.simulate.scenarios.form_shapes import SAMPLE
from service.domain.forms import FieldError, Form
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows

_FILE = "file:"
_MOST_WORDS = 400


def with_guesses(form: Form, given: Mapping[str, Any], errors: Iterable[FieldError], today: date) -> dict[str, Any]:
    """Return ``given`` with a value at each path of ``errors`` where nothing stands; what stands is never changed."""
    values = _copied(given)
    for error in errors:
        way = error.path.split(".")
        node = _at(form.nodes, [part for part in way if not part.isdecimal()])
        guess = _guess(node, today) if isinstance(node, Input) else None
        if guess is not None:
            _put(values, way, guess)
    return dict(values)


def _at(nodes: Iterable[FormNode], way: list[str]) -> FormNode | None:
    for node in nodes:
        if isinstance(node, Group) and not node.path:
            found = _at(node.children, way)
            if found is not None:
                return found
        elif isinstance(node, Group | Rows) and way and node.path == way[0]:
            return _at(node.children, way[1:]) if way[1:] else node
        elif isinstance(node, Input) and [node.key] == way:
            return node
    return None


def _guess(node: Input, today: date) -> Any:
    made = _GUESSES.get(node.type)
    return made(node, today) if made else None


def _number(node: Input, _today: date) -> Any:
    least = node.minimum if isinstance(node.minimum, Decimal) else Decimal(1)
    return int(least) if least == int(least) else float(least)


def _words(node: Input, _today: date) -> str | None:
    if node.fits is not None:  # a number of a certificate, a telephone: nobody can guess it
        return None
    words = node.label.zh or node.key
    least = node.min_length if isinstance(node.min_length, int) else 0
    return (words * (least // len(words) + 1))[:_MOST_WORDS] if least > len(words) else words


def _first(node: Input, _today: date) -> str | None:
    return node.options[0].value if isinstance(node.options, tuple) and node.options else None


def _first_alone(node: Input, today: date) -> list[str] | None:
    first = _first(node, today)
    return None if first is None else [first]


_GUESSES: Mapping[InputType, Callable[[Input, date], Any]] = {
    InputType.TEXTFIELD: _words,
    InputType.TEXTAREA: _words,
    InputType.NUMBER: _number,
    InputType.DATE: lambda _node, today: today.isoformat(),
    InputType.TIME: lambda _node, _today: "09:00",
    InputType.DATETIME: lambda _node, today: f"{today.isoformat()}T09:00:00+08:00",
    InputType.CHECKBOX: lambda _node, _today: True,
    InputType.RADIO: _first,
    InputType.SELECT: _first,
    InputType.CHECKLIST: _first_alone,
    InputType.TAGLIST: _first_alone,
    InputType.UPLOAD: lambda _node, _today: f"{_FILE}{SAMPLE}",
}


def _put(values: Any, way: list[str], guess: Any) -> None:
    held = values
    for part, after in pairwise(way):
        if isinstance(held, list):
            if int(part) >= len(held):
                return
            held = held[int(part)]
        elif isinstance(held, dict):
            if after.isdecimal() and part not in held:
                return
            held = held.setdefault(part, {})
    if isinstance(held, dict) and held.get(way[-1]) in (None, "", False, []):
        held[way[-1]] = guess


def _copied(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copied(held) for key, held in value.items()}
    return [_copied(held) for held in value] if isinstance(value, list) else value
