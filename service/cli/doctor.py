"""``laurel doctor``: all that an installation needs, looked at."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence

import click

from service.casework.access.actor import SYSTEM
from service.casework.health.checks import CheckResult, Colour, Finding, run_checks
from service.casework.soundness.nightly import note_anew
from service.casework.soundness.prove import Soundness, prove
from service.cli.tools import Tools, pass_tools, words_of
from service.domain.errors import LaurelError
from service.domain.text import Text


def look_deep(tools: Tools) -> list[CheckResult]:
    """Return a line for each part, and one for each fault; how far it is shows on a terminal."""
    try:
        found = prove(tools.desk(), SYSTEM, _show)
    except (LaurelError, OSError) as error:
        return [_refused(error)]
    return [line for proof in found for line in _lines(proof)]


def note_search_anew(tools: Tools) -> list[CheckResult]:
    """Note anew what everything is searched by while no server of this installation runs."""
    try:
        with tools.stopped():
            note_anew(tools.desk(), SYSTEM)
    except (LaurelError, OSError) as error:
        return [_refused(error)]
    what = Text("检索表", "Search table")
    return [_result("search", what, Colour.GREEN, Text("已重建", "noted anew"))]


def _result(name: str, label: Text, colour: Colour, sentence: Text) -> CheckResult:
    return CheckResult(name, label, Finding(colour, sentence))


def _refused(error: LaurelError | OSError) -> CheckResult:
    message = error.message if isinstance(error, LaurelError) else Text(str(error), str(error))
    return _result("database", Text("数据库", "Database"), Colour.RED, message)


def _show(what: Text, count: int) -> None:
    if sys.stderr.isatty():
        click.echo(f"\r\x1b[K{what.zh} / {what.en}：{count}\r", nl=False, err=True)  # what is told next stands over it


def _lines(proof: Soundness) -> Iterator[CheckResult]:
    seen = Text(f"核对{proof.looked_at}项，", f"{proof.looked_at} looked at, ") if proof.looked_at else Text("", "")
    found = Text(f"{seen.zh}{proof.count}处不符", f"{seen.en}{proof.count} at fault")
    yield _result(proof.name, proof.what, Colour.RED if proof.count else Colour.GREEN, found)
    for said in proof.underway:
        yield _result(proof.name, proof.what, Colour.GREEN, said)
    for fault in proof.faults:
        yield _result(proof.name, fault.what, Colour.RED, fault.found)


_SIGNS = {Colour.GREY: "–", Colour.GREEN: "✓", Colour.YELLOW: "!", Colour.RED: "✗"}


@click.command("doctor")
@click.option("--deep", is_flag=True, help="Only compare every case and file with what is stored of it.")
@click.option("--reindex", is_flag=True, help="Only note anew what is searched by; the server must be stopped.")
@click.option("--wait", is_flag=True, help="Wait for a PostgreSQL that does not answer yet.")
@click.option("--json", "as_json", is_flag=True, help="Print {ok, checks: [{name, what, ok, colour, found, remedy}]}.")
@pass_tools
def doctor(
    tools: Tools,
    deep: bool,
    reindex: bool,
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
        (reindex, note_search_anew),
    ]
    chosen = [look for wanted, look in ways if wanted]
    if len(chosen) > 1:
        raise click.UsageError("--deep、--reindex 请分别运行 / run one after the other")
    if wait:
        tools.wait_for_database()
    away = tools.wait_for_database(0)
    results = (chosen[0] if chosen else diagnose)(tools) if away is None else [_away(away)]
    fine = all(result.ok for result in results)
    if as_json:
        rows = [_as_json(result) for result in results]
        click.echo(json.dumps({"ok": fine, "checks": rows}, ensure_ascii=False, indent=2))
    else:
        for result in results:
            click.echo(_line(result))
    sys.exit(0 if fine else 1)


def diagnose(tools: Tools) -> Sequence[CheckResult]:
    """Return every check; a database that cannot be opened is the only one told then."""
    try:
        return run_checks(tools.desk(), SYSTEM)
    except (LaurelError, OSError) as error:
        message = words_of(error) if isinstance(error, LaurelError) else Text(str(error), str(error))
        return [_database_red(message)]


def _away(why: Text) -> CheckResult:
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
    said = {"what": result.label.zh, "found": finding.sentence.zh, "remedy": finding.remedy.zh}
    return {"name": result.name, "ok": result.ok, "colour": finding.colour.name.lower(), **said}


def _line(result: CheckResult) -> str:
    finding = result.finding
    zh, en = (f"；{finding.remedy.zh}", f"; {finding.remedy.en}") if finding.remedy.zh else ("", "")
    label = f"{result.label.zh} / {result.label.en}"
    return f"{_SIGNS[finding.colour]} {label}：{finding.sentence.zh}{zh} / {finding.sentence.en}{en}"
