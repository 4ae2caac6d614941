"""``laurel check``: the packages below a folder, checked on all processors."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import click
import orjson

from service.casework.definitions.check import check_whole
from service.catalog import Catalog, Package, Problem, Severity, errors_of
from service.catalog.check import Checker, catalog_around, check_path, keys_around
from service.catalog.coverage.coverage import remarks_of, unproved_of
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import Files
from service.cli.tools import Tools, exit_with_refusal, pass_tools
from service.domain.errors import NotFound
from service.domain.text import Text

_SHARED: dict[str, Catalog] = {}
"""The catalog for the processes that are forked: it is there already and need not be sent."""


@contextmanager
def checked_at_once(catalog: Catalog, keys: Iterable[str]) -> Iterator[Mapping[str, Callable[[], tuple[Problem, ...]]]]:
    """Begin to check the packages ``keys`` beside this process; what is yielded gives what is wrong with each, or waits for it.

    It is empty where one processor has to do everything. What a process did not end, because it was killed or had no room,
    is checked here.
    """
    largest_first = sorted(keys, key=lambda key: -len(catalog.package(key).files))
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if not largest_first or processors < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield {}
        return
    _SHARED["catalog"] = catalog
    pool = ProcessPoolExecutor(min(len(largest_first), processors), multiprocessing.get_context("fork"))
    try:
        yield {key: partial(_await_problems, catalog, key, begun) for key, begun in _submit_checks(pool, largest_first)}
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _submit_checks(pool: ProcessPoolExecutor, keys: Iterable[str]) -> Iterator[tuple[str, Future[tuple[Problem, ...]]]]:
    with suppress(BrokenProcessPool, OSError):
        for key in keys:
            yield key, pool.submit(_check_package, key)


def _await_problems(catalog: Catalog, key: str, begun: Future[tuple[Problem, ...]]) -> tuple[Problem, ...]:
    try:
        return begun.result()
    except BrokenProcessPool:
        return check_whole(catalog.package(key))


def _check_package(key: str) -> tuple[Problem, ...]:
    return check_whole(_SHARED["catalog"].package(key))


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
    seen: dict[str, Package] = {}
    where = path or tools.root
    catalog = catalog_around(where)
    with checked_at_once(catalog, keys_around(catalog, where)) as begun:
        problems = check_path(where, _track_packages(seen, _taking_over(catalog, begun)), catalog)
    if not seen and not problems and where.is_dir():
        exit_with_refusal(_build_missing_award(where))
    packages = [p for p in seen.values() if path is None or path.is_dir() or _is_same_file(path, p.law.file)]
    remarks = (*remarks_of(p.law for p in packages), *_check_proofs(catalog.tree, packages))
    click.echo(as_text(problems, remarks) if not as_json else orjson.dumps(as_json_value(problems, remarks)).decode())
    sys.exit(1 if errors_of(problems) else 0)


def _build_missing_award(path: Path) -> NotFound:
    return NotFound(
        Text(
            f"“{path}”之下没有奖项（processes/城市/奖项/award.yaml），什么也没有检查。请核对路径。",
            f"There is no award (processes/CITY/AWARD/award.yaml) below “{path}”: nothing was checked. Look at the path.",
        )
    )


def whole_checker() -> Checker:
    """Return a checker that asks the catalog, the engine and the form compiler."""
    return check_whole


def _check_proofs(tree: Files, packages: Sequence[Package]) -> Iterator[Problem]:
    for city in dict.fromkeys(package.jurisdiction.id for package in packages):
        yield from unproved_of([with_proofs(p, tree) for p in packages if p.jurisdiction.id == city])


def _taking_over(catalog: Catalog, begun: Mapping[str, Callable[[], tuple[Problem, ...]]]) -> Checker:
    """Return a checker that takes over what is found of packages whose check has begun elsewhere."""
    checker = whole_checker()

    def await_check(package: Package) -> Iterable[Problem]:
        has_begun = package.key in begun and package is catalog.package(package.key)
        return begun[package.key]() if has_begun else checker(package)

    return await_check


def _track_packages(seen: dict[str, Package], checker: Checker) -> Checker:
    """Return ``checker``, noting every package it sees."""

    def check_and_track(package: Package) -> Iterable[Problem]:
        seen[package.key] = package
        return checker(package)

    return check_and_track


def _is_same_file(path: Path, file: str) -> bool:
    return path.resolve().as_posix().endswith(f"/{file}")


def as_json_value(
    problems: tuple[Problem, ...], remarks: tuple[Problem, ...] = ()
) -> dict[str, list[dict[str, object]]]:
    """Return problems for programs. The shape is stable; sentences are in Chinese.

    Remarks (on the regulation's own text, and on clauses that nothing proves) have the same shape, under a key
    ``remarks`` of their own, which is left out when there are none.
    """
    report = {"problems": [_to_json_row(p) for p in problems]}
    return {**report, "remarks": [_to_json_row(p) for p in remarks]} if remarks else report


def _to_json_row(p: Problem) -> dict[str, object]:
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
    entries = (*remarks, *problems)
    for file in dict.fromkeys(p.file for p in entries):
        lines.append(file)
        lines.extend(_format_lines(p) for p in entries if p.file == file)
    wrong = len(errors_of(problems))
    rest = len(problems) - wrong
    return "\n".join([*lines, f"{wrong} 个错误，{rest} 个提醒 / {wrong} errors, {rest} warnings"])


def _format_lines(p: Problem) -> str:
    mark = {Severity.ERROR: "✗", Severity.REMARK: "※"}.get(p.severity, "·")
    place = p.element + (f"（第 {p.line} 行）" if p.line else "")
    return f"  {mark} {place} [{p.rule}] {p.message.zh} {p.remedy.zh}\n      {p.message.en} {p.remedy.en}"
