"""Readers of what somebody types as the value of a parameter, by its unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_attendance, plain_signs
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.ballots.rules import read_quorum
from service.domain.errors import Invalid
from service.domain.values.typed_numbers import exact_number, typed_number


def reader_of(parameter: Parameter) -> Callable[[str], Any]:
    """Return what reads a typed value of ``parameter``: it raises ValueError or YamlMistake for none."""
    if is_attendance(parameter) and parameter.unit is Unit.FRACTION:
        return _attendance
    is_vote = is_attendance(parameter) or (parameter.key or parameter.id) == "vote_threshold"
    return plain_signs if is_vote and parameter.unit is Unit.TEXT else _READERS.get(parameter.unit, read_number)


def read_number(text: str) -> int | float:
    """Read a number, commas between its thousands or not; raises ValueError."""
    found = typed_number(text)
    return int(found) if found == found.to_integral_value() else float(found)


def _boolean(text: str) -> bool:
    return (
        {"true": True, "false": False, "是": True, "否": False}[text]
        if text in ("true", "false", "是", "否")
        else _bad()
    )


def _fraction(text: str) -> str | int | float:
    if "/" not in text:
        return read_number(text)
    exact_number(text)
    return text


def _attendance(text: str) -> str | int | float:
    """Read how many members must take part: a share, more than one (> 1/2), all, or so many of them."""
    said = plain_signs(text)
    if not said.startswith((">", "≥", "all")):
        return _fraction(said)
    try:
        read_quorum(said)
    except Invalid:
        raise ValueError(text) from None
    return said


def _table(text: str) -> Any:
    found = plain(parse_yaml(text.encode(), "table"))
    return found if isinstance(found, dict | list) else _bad()


def _bad() -> Any:
    raise ValueError


_READERS: Mapping[Unit, Callable[[str], Any]] = {
    Unit.BOOLEAN: _boolean,
    Unit.DATE: date.fromisoformat,
    Unit.TEXT: str,
    Unit.CHOICE: str,
    Unit.FRACTION: _fraction,
    Unit.LIST: lambda text: [line.strip() for line in text.splitlines() if line.strip()],
    Unit.TABLE: _table,
}
