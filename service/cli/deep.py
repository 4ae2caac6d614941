"""``laurel doctor --deep``: every case, chain, effect, file and sum, with what is wrong by name."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from service.casework.access.actor import SYSTEM
from service.casework.health.checks import CheckResult, Colour, Finding
from service.casework.soundness.nightly import note_anew
from service.casework.soundness.prove import Soundness, prove
from service.cli.tools import Tools
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
