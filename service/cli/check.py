"""``laurel check``: what is wrong with process packages."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
import orjson

from service.casework.check_package import check_whole
from service.casework.functions import FUNCTIONS
from service.catalog import Law, Package, Problem, Severity, errors_of, remarks_of
from service.catalog.check import Checker, check_path
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import LaurelError
from service.engine import Engine


@click.command("check")
@click.argument("path", required=False, type=click.Path(exists=True, path_type=Path))
@click.option(
    "--json",
    "as_json",
    is_flag=True,
    help="Print {problems: [{file, element, rule, message, …}]}, and remarks likewise where a law has some.",
)
@pass_tools
def check(tools: Tools, path: Path | None, as_json: bool) -> None:
    """Check the packages below PATH: everything, a jurisdiction, an award or one file. Exit code 1 for errors."""
    laws: dict[str, Law] = {}
    try:
        problems = check_path(path or tools.root, checker=_noting(laws, whole_checker()))
    except LaurelError as error:
        refuse(error)
    remarks = remarks_of(law for file, law in laws.items() if path is None or path.is_dir() or _same(path, file))
    click.echo(as_text(problems, remarks) if not as_json else orjson.dumps(as_json_value(problems, remarks)).decode())
    sys.exit(1 if errors_of(problems) else 0)


def whole_checker() -> Checker:
    """Return a checker that asks the catalog, the engine and the form compiler."""
    engine = Engine(FUNCTIONS)
    return lambda package: check_whole(engine, package)


def _noting(laws: dict[str, Law], checker: Checker) -> Checker:
    """Return ``checker``, noting the law of every package it sees."""

    def check_one(package: Package) -> Iterable[Problem]:
        laws[package.law.file] = package.law
        return checker(package)

    return check_one


def _same(path: Path, file: str) -> bool:
    return path.resolve().as_posix().endswith(f"/{file}")


def as_json_value(
    problems: tuple[Problem, ...], remarks: tuple[Problem, ...] = ()
) -> dict[str, list[dict[str, object]]]:
    """Return problems for programs. The shape is stable; sentences are in Chinese.

    Remarks on the regulation's own text have the same shape, under a key ``remarks`` of their own, which is
    left out when there are none.
    """
    found = {"problems": [_row(p) for p in problems]}
    return {**found, "remarks": [_row(p) for p in remarks]} if remarks else found


def _row(p: Problem) -> dict[str, object]:
    return {
        "file": p.file,
        "element": p.element,
        "rule": p.rule,
        "message": p.message.zh,
        "remedy": p.remedy.zh,
        "severity": p.severity.value,
    }


def as_text(problems: tuple[Problem, ...], remarks: tuple[Problem, ...] = ()) -> str:
    """Return problems and remarks for people, grouped by file; remarks are not counted."""
    lines = []
    shown = (*remarks, *problems)
    for file in dict.fromkeys(p.file for p in shown):
        lines.append(file)
        lines.extend(_lines(p) for p in shown if p.file == file)
    wrong = len(errors_of(problems))
    rest = len(problems) - wrong
    return "\n".join([*lines, f"{wrong} 个错误，{rest} 个提醒 / {wrong} errors, {rest} warnings"])


def _lines(p: Problem) -> str:
    mark = {Severity.ERROR: "✗", Severity.REMARK: "※"}.get(p.severity, "·")
    place = p.element + (f"（第 {p.line} 行）" if p.line else "")
    return f"  {mark} {place} [{p.rule}] {p.message.zh} {p.remedy.zh}\n      {p.message.en} {p.remedy.en}"
