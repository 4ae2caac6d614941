"""``laurel check``: what is wrong with process packages."""

from __future__ import annotations

import sys
from pathlib import Path

import click
import orjson

from service.casework.check_package import check_whole
from service.casework.functions import FUNCTIONS
from service.catalog import Problem, errors_of
from service.catalog.check import Checker, check_path
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import LaurelError
from service.engine import Engine


@click.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print {problems: [{file, element, rule, message, …}]}.")
@pass_tools
def check(tools: Tools, path: Path | None, as_json: bool) -> None:
    """Check the packages below PATH: everything, a jurisdiction, an award or one file. Exit code 1 for errors."""
    try:
        problems = check_path(path or tools.root, checker=whole_checker())
    except LaurelError as error:
        refuse(error)
    click.echo(as_text(problems) if not as_json else orjson.dumps(as_json_value(problems)).decode())
    sys.exit(1 if errors_of(problems) else 0)


def whole_checker() -> Checker:
    """Return a checker that asks the catalog, the engine and the form compiler."""
    engine = Engine(FUNCTIONS)
    return lambda package: check_whole(engine, package)


def as_json_value(problems: tuple[Problem, ...]) -> dict[str, list[dict[str, object]]]:
    """Return problems for programs. The shape is stable; sentences are in Chinese."""
    return {
        "problems": [
            {
                "file": p.file,
                "element": p.element,
                "rule": p.rule,
                "message": p.message.zh,
                "remedy": p.remedy.zh,
                "severity": p.severity.value,
            }
            for p in problems
        ]
    }


def as_text(problems: tuple[Problem, ...]) -> str:
    """Return problems for people, grouped by file."""
    lines = []
    for file in dict.fromkeys(p.file for p in problems):
        lines.append(file)
        lines.extend(_lines(p) for p in problems if p.file == file)
    wrong = len(errors_of(problems))
    rest = len(problems) - wrong
    return "\n".join([*lines, f"{wrong} 个错误，{rest} 个提醒 / {wrong} errors, {rest} warnings"])


def _lines(p: Problem) -> str:
    mark = "✗" if p.severity.value == "error" else "·"
    place = p.element + (f"（第 {p.line} 行）" if p.line else "")
    return f"  {mark} {place} [{p.rule}] {p.message.zh} {p.remedy.zh}\n      {p.message.en} {p.remedy.en}"
