"""Read what the monitor is asked about from the query string, for its pages and the API."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.casework.queries.monitoring.heat import HeatFigure
from service.casework.queries.monitoring.monitor import ChosenDiagram

PERIODS = (30, 90, 365, 3650)
"""Periods to look back over, in days; the last one means everything."""


def read_chosen(values: Mapping[str, str]) -> ChosenDiagram:
    """Return the diagram and version asked for."""
    return ChosenDiagram(
        values.get("package", "")[:130], values.get("process", "")[:120], values.get("version", "")[:80]
    )


def read_named(values: Mapping[str, str]) -> ChosenDiagram:
    """Return the diagram and version that a program names: nothing else is chosen instead of them."""
    return replace(read_chosen(values), exact=True)


def read_figure(values: Mapping[str, str]) -> HeatFigure:
    """Return the figure of heat asked for."""
    first = values.get("first", "")
    age = int(first) if first.isascii() and first.isdigit() and len(first) < 6 else 0
    return HeatFigure(values.get("of", "")[:20], values.get("element", "")[:120], age, read_days(values))


def read_days(values: Mapping[str, str], usual: int = 90) -> int:
    """Return how many days to look back; anything that is no such number is the usual."""
    text = values.get("days", "")
    return max(1, min(int(text), PERIODS[-1])) if text.isascii() and text.isdigit() and len(text) < 6 else usual
