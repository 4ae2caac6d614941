"""``laurel feel``: evaluate an expression on records in a file and explain the result."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import datetime, time
from pathlib import Path
from typing import Any

import click

from service.catalog.calendars.calendars import bundled_calendars
from service.catalog.feel import FUNCTIONS
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.cli.window import get_calendar, read_day
from service.domain.calendar import CHINA
from service.domain.errors import Invalid
from service.domain.feel import Explanation, FeelSyntaxError, compile_expression
from service.domain.text import Text
from service.engine import Environment


@click.command("feel", context_settings={"ignore_unknown_options": True})  # an expression may begin with a minus
@click.argument("expression")
@click.option(
    "--data",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="YAML or JSON with the records that are read, such as {case: {…}, rows: […]}.",
)
@click.option("--on", "day", metavar="DATE", help="The day that counts as today, such as 2025-06-05.")
@click.option("--calendar", "layer", default="cn", show_default=True, help="Calendar layer for workdays and the like.")
def feel(expression: str, data: Path | None, day: str | None, layer: str) -> None:
    """Say what EXPRESSION gives, which unknown values mattered, and why a period ends when it does."""
    try:
        now, calendar = datetime.combine(read_day(day), time(9), CHINA), get_calendar(bundled_calendars(), layer)
        environment = Environment(now, calendar, {})
        compiled = compile_expression(expression, functions=FUNCTIONS)
        explanation = compiled.explain(_load_records(data), environment)
    except FeelSyntaxError as mistake:
        click.echo(f"{mistake.message.zh} / {mistake.message.en}", err=True)
        sys.exit(1)
    click.echo(
        _format_report(explanation, (*compiled.problems, *(window.reason for window in environment.take_windows())))
    )


def _format_report(explanation: Explanation, remarks: tuple[Text, ...]) -> str:
    lines = [_format_value(explanation.value)]
    if explanation.unknown:
        lines.append(f"未知 / unknown: {'、'.join(explanation.unknown)}")
    return "\n".join([*lines, *(f"{remark.zh}\n{remark.en}" for remark in remarks)])


def _format_value(value: object) -> str:
    """Write a value as FEEL would be read, one row of a list to the line."""
    if isinstance(value, list) and any(isinstance(item, Mapping) for item in value):
        return "[\n" + "".join(f"  {_format_item(item)}\n" for item in value) + "]"
    return _format_item(value)


def _format_item(value: object) -> str:
    show = compile_expression("string([x])", functions=FUNCTIONS)
    return str(show.evaluate({"x": value}))[1:-1]


def _load_records(path: Path | None) -> Mapping[str, Any]:
    if path is None:
        return {}
    records = to_plain_value(parse_yaml(path.read_bytes(), path.name))
    if not isinstance(records, dict):
        raise Invalid(
            Text(
                f"{path.name} 应写成 名称: 值，例如 case: {{points: 600}}。",
                f"{path.name} should hold names and values, such as case: {{points: 600}}.",
            )
        )
    return records
