"""``laurel doctor``: all that an installation needs, looked at."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence

import click

from service.casework.access.actor import SYSTEM
from service.casework.health.checks import CheckResult, Colour, Finding, run_checks
from service.casework.soundness.data_keys import FILES, count_stale, require_available_keys
from service.casework.soundness.data_keys import rotate_keys as rotate
from service.casework.soundness.nightly import rebuild_search_table
from service.casework.soundness.prove import Soundness, prove
from service.cli.tools import Tools, pass_tools, words_of
from service.domain.errors import LaurelError
from service.domain.text import Text

_KEYS = Text("数据密钥", "Data keys")


def look_deep(tools: Tools) -> list[CheckResult]:
    """Return a line for each part, and one for each fault; how far it is shows on a terminal."""
    try:
        proofs = prove(tools.desk(), SYSTEM, _show_progress)
    except (LaurelError, OSError) as error:
        return [_build_refusal(error)]
    return [line for proof in proofs for line in _iterate_results(proof)]


def rebuild_search_index(tools: Tools) -> list[CheckResult]:
    """Note anew what everything is searched by while no server of this installation runs."""
    try:
        with tools.stopped():
            rebuild_search_table(tools.desk(), SYSTEM)
    except (LaurelError, OSError) as error:
        return [_build_refusal(error)]
    what = Text("检索表", "Search table")
    return [_build_result("search", what, Colour.GREEN, Text("已重建", "noted anew"))]


def make_tables(tools: Tools) -> list[CheckResult]:
    """Make the tables of the database or bring them up to date, as their owner where the settings name one."""
    tools.desk()
    return [_build_result("tables", Text("数据库的表", "Tables"), Colour.GREEN, Text("已就绪", "up to date"))]


def rotate_keys(tools: Tools) -> list[CheckResult]:
    """Make a new data key, encrypt everything under it and drop the old one; it goes on where it broke off."""
    done = rotate(tools.as_owner().desk(), SYSTEM, lambda table, rows: _show_progress(Text(table, table), rows))
    file, (rows, files) = tools.settings.data_keys, _count_apart(done.counts)
    under = Text(
        f"已用密钥 {done.newest} 加密 {rows} 行、{files} 个文件。请现在把 {file} 复制一份，与数据库和备份分开保管：没有它，办件、个人信息"
        "和附件都读不出来。以前的备份还要用以前的那一份",
        f"{rows} rows and {files} files were encrypted under {done.newest}. Copy {file} now and keep it apart from database and"
        " backups: without it neither cases nor personal data nor files can be read. Plain backups of before need the copy of before",
    )
    dropped = Text(
        f"已删除不再使用的密钥 {'、'.join(done.dropped)}", f"dropped, as nothing uses them: {', '.join(done.dropped)}"
    )
    remainder = Text(
        "仍有内容用原来的密钥，原密钥保留：请再运行一次", "something is still under an old key: run it again"
    )
    return [
        _build_result("data_keys", _KEYS, Colour.GREEN, under),
        _build_result("data_keys", _KEYS, *((Colour.GREEN, dropped) if done.dropped else (Colour.RED, remainder))),
    ]


def show_keys(tools: Tools) -> list[CheckResult]:
    """Say where the data keys are, their ids, and what is not under the newest one."""
    desk = tools.desk()
    require_available_keys(desk, SYSTEM)
    keys = desk.premises.data_keys
    assert keys is not None
    stale = count_stale(desk, SYSTEM)
    tables = "；".join(f"{table}: {count}" for table, count in stale.items())
    rows, files = _count_apart(stale)
    ids = f"{keys.file}：{'、'.join(keys.ids)}（{keys.cipher}）{tables}"
    sentence = Text(
        f"{ids}；{rows} 行、{files} 个文件不在最新的密钥下",
        f"{ids}; {rows} rows and {files} files are not under the newest key",
    )
    return [_build_result("data_keys", _KEYS, Colour.GREEN, sentence)]


def _count_apart(counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many of ``counts`` are rows, and how many files."""
    files = counts.get(FILES, 0)
    return sum(counts.values()) - files, files


def _build_result(name: str, label: Text, colour: Colour, sentence: Text) -> CheckResult:
    return CheckResult(name, label, Finding(colour, sentence))


def _build_refusal(error: LaurelError | OSError) -> CheckResult:
    message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
    return _build_result("database", Text("数据库", "Database"), Colour.RED, message)


def _show_progress(what: Text, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what.zh} / {what.en}：{count}\r", nl=False, err=True)  # what is told next stands over it


def _iterate_results(proof: Soundness) -> Iterator[CheckResult]:
    seen = Text(f"核对{proof.looked_at}项，", f"{proof.looked_at} looked at, ") if proof.looked_at else Text("", "")
    sentence = Text(f"{seen.zh}{proof.count}处不符", f"{seen.en}{proof.count} at fault")
    yield _build_result(proof.name, proof.what, Colour.RED if proof.count else Colour.GREEN, sentence)
    for notice in proof.underway:
        yield _build_result(proof.name, proof.what, Colour.GREEN, notice)
    for fault in proof.faults:
        yield _build_result(proof.name, fault.what, Colour.RED, fault.found)


_SIGNS = {Colour.GREY: "–", Colour.GREEN: "✓", Colour.YELLOW: "!", Colour.RED: "✗"}


@click.command("doctor")
@click.option("--deep", is_flag=True, help="Only compare every case and file with what is stored of it.")
@click.option("--reindex", is_flag=True, help="Only note anew what is searched by; the server must be stopped.")
@click.option("--tables", is_flag=True, help="Only make the tables of the database, or bring them up to date.")
@click.option("--keys", is_flag=True, help="Only say where the data keys are, and what is not under the newest one.")
@click.option(
    "--rotate-keys", "rotating", is_flag=True, help="Only make a new data key and encrypt everything under it."
)
@click.option("--wait", is_flag=True, help="Wait for a PostgreSQL that does not answer yet.")
@click.option("--json", "as_json", is_flag=True, help="Print {ok, checks: [{name, what, ok, colour, found, remedy}]}.")
@pass_tools
def doctor(
    tools: Tools,
    deep: bool,
    reindex: bool,
    tables: bool,
    keys: bool,
    rotating: bool,
    wait: bool,
    as_json: bool,
) -> None:
    """Look at all that an installation needs, and leave with 1 where something is at fault. Runs beside the server.

    A warning (!) does not count as a fault: an old backup, a certificate that ends, a calendar that ends this year.
    What is not set or has not run yet (–) is neither fine nor at fault.
    With --deep every case is loaded and compared with its tasks, timers and messages, every chain and file verified.
    """
    ways = [
        (deep, look_deep),
        (reindex, rebuild_search_index),
        (tables, make_tables),
        (keys, show_keys),
        (rotating, rotate_keys),
    ]
    chosen = [look for wanted, look in ways if wanted]
    if len(chosen) > 1:
        raise click.UsageError(
            "--deep、--reindex、--tables、--keys、--rotate-keys 请分别运行 / run one after the other"
        )
    if wait:
        tools.wait_for_database()
    away = tools.wait_for_database(0)
    results = (chosen[0] if chosen else diagnose)(tools) if away is None else [_build_unreachable(away)]
    fine = all(result.ok for result in results)
    if as_json:
        rows = [_as_json(result) for result in results]
        click.echo(json.dumps({"ok": fine, "checks": rows}, ensure_ascii=False, indent=2))
    else:
        for result in results:
            click.echo(_format_result(result))
    sys.exit(0 if fine else 1)


def diagnose(tools: Tools) -> Sequence[CheckResult]:
    """Return every check; a database that cannot be opened is the only one told then."""
    try:
        return run_checks(tools.desk(), SYSTEM)
    except (LaurelError, OSError) as error:
        message = words_of(error) if isinstance(error, LaurelError) else Text(str(error), str(error))
        return [_database_red(message)]


def _build_unreachable(why: Text) -> CheckResult:
    """Return what is said of a database that lets nobody in: nothing else can be looked at."""
    return _database_red(
        Text(f"{why.zh}，其余的都没有检查", f"{why.en}; nothing else was looked at"),
        Text(
            "请在数据库所在的机器上查看它（systemctl status postgresql）和网络，并核对 LAUREL_DATABASE；已提交的内容不受影响",
            "look at it on its machine (systemctl status postgresql), at the network and at LAUREL_DATABASE; what was submitted is"
            " safe",
        ),
    )


def _database_red(sentence: Text, remedy: Text | None = None) -> CheckResult:
    finding = Finding(Colour.RED, sentence, remedy or Text("", ""))
    return CheckResult("database", Text("数据库", "Database"), finding)


def _as_json(result: CheckResult) -> dict[str, object]:
    finding = result.finding
    row = {"what": result.label.zh, "found": finding.sentence.zh, "remedy": finding.remedy.zh}
    return {"name": result.name, "ok": result.ok, "colour": finding.colour.name.lower(), **row}


def _format_result(result: CheckResult) -> str:
    finding = result.finding
    zh, en = (f"；{finding.remedy.zh}", f"; {finding.remedy.en}") if finding.remedy.zh else ("", "")
    label = f"{result.label.zh} / {result.label.en}"
    return f"{_SIGNS[finding.colour]} {label}：{finding.sentence.zh}{zh} / {finding.sentence.en}{en}"
