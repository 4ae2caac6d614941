"""``laurel audit``: verify every chain of records, and hand the book of acts on."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from itertools import chain
from pathlib import Path

import click

from service.casework.access.actor import ADMINISTRATOR, SYSTEM
from service.casework.desk.desk import Desk
from service.casework.digests.accept_state import accept_state
from service.casework.digests.before import record_before, record_beside
from service.casework.people.seals.row_seals import seal_rows
from service.casework.queries.proof.book import act_as_json, book_after
from service.casework.queries.proof.verify_chains import verify_chains
from service.casework.soundness.acting_objects import own_objects
from service.casework.soundness.anchors import anchored, set_anchor
from service.casework.soundness.digests import digests
from service.casework.soundness.fault import Underway, Unsound
from service.casework.soundness.mailed import mail_anchors, mailed_in
from service.casework.soundness.newest import newest
from service.casework.soundness.running_ballots import running_ballots
from service.casework.soundness.seal_columns import data_keys
from service.casework.soundness.stamps import stamp_anchors, stamps_as_told
from service.cli.tools import Tools, pass_tools
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.store.rows import ActRow

_FACILITY, _NOTICE, _WARNING = 13, 5, 4
"""RFC 5424 §6.2.1: log audit; what is normal but significant, and what was refused."""

_SAY_EACH = 100_000
_DECIDING = Text("定案数据", "Data that decide")
_ONLY_HERE = (
    "! 没有设置 LAUREL_ANCHORS：锚定只在本库中，整库被替换时无从对照 / "
    "LAUREL_ANCHORS is not set: anchors lie in this database alone, and a database replaced as a whole cannot be told"
)


class NoAuthority(LaurelError):
    """No timestamp authority is set."""

    code = "no_authority"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "没有设置时间戳机构（LAUREL_TIMESTAMPS、LAUREL_TIMESTAMPS_CERTIFICATES）。",
                "No timestamp authority is set (LAUREL_TIMESTAMPS, LAUREL_TIMESTAMPS_CERTIFICATES).",
            )
        )


class NoRecipients(LaurelError):
    """Nobody is set to whom anchors are mailed."""

    code = "no_recipients"

    def __init__(self) -> None:
        super().__init__(
            Text("没有设置锚定的收件人（LAUREL_ANCHORS_MAIL）。", "Nobody gets anchors by mail (LAUREL_ANCHORS_MAIL).")
        )


class Progress:
    """Says on standard error how far a verification has come, each time 100,000 more were looked at."""

    def __init__(self) -> None:
        self._seen = 0

    def __call__(self, entries: int) -> None:
        """Count ``entries`` more."""
        before, self._seen = self._seen, self._seen + entries
        if before // _SAY_EACH != self._seen // _SAY_EACH:
            click.echo(f"… {self._seen:,}", err=True)


@click.group("audit")
def audit() -> None:
    """Verify the records of cases and the book of acts, and export the book."""


@audit.command("verify")
@click.option(
    "--mailed", multiple=True, type=click.Path(path_type=Path, dir_okay=False), help="Anchors that somebody was mailed."
)
@pass_tools
def verify(tools: Tools, mailed: tuple[Path, ...]) -> None:
    """Recompute every chain, compare it with the anchors, the data that decide and running ballots; leave with 1 where something was changed.

    Each file of --mailed, as LAUREL_ANCHORS_MAIL sends them, is compared too.
    """
    desk = tools.desk()
    _demand_data_keys(desk)
    report = verify_chains(desk, SYSTEM, Progress())
    for name, said in zip(report.broken, report.wrong, strict=True):
        click.echo(f"✗ {name} {said.zh} / {said.en}")
    wrong = [*anchored(desk, newest(desk)), *stamps_as_told(desk)]
    wrong += dict.fromkeys(found for file in mailed for found in mailed_in(desk, file))
    for found in wrong:
        click.echo(f"✗ {found.zh} / {found.en}")
    for one in chain(own_objects(desk), digests(desk), running_ballots(desk)):
        if isinstance(one, Unsound):
            wrong.append(Text(f"{one.what.zh}：{one.found.zh}", f"{one.what.en}: {one.found.en}"))
            click.echo(f"✗ {wrong[-1].zh} / {wrong[-1].en}")
        elif isinstance(one, Underway):
            click.echo(f"! {_DECIDING.zh}：{one.said.zh} / {_DECIDING.en}: {one.said.en}")
    if desk.premises.anchors is None:
        click.echo(_ONLY_HERE)
    broken = len(report.broken)
    click.echo(f"{report.count} 条记录链，{broken} 条不符 / {report.count} chains, {broken} broken")
    if broken or wrong:
        sys.exit(1)


def _demand_data_keys(desk: Desk) -> None:
    """Leave with 1 where something encrypted cannot be read: it would seem to be changed."""
    faults = [found for found in data_keys(desk) if isinstance(found, Unsound)]
    for one in faults:
        click.echo(f"✗ {one.found.zh} / {one.found.en}")
    if faults:
        sys.exit(1)


@audit.command("record-rows")
@pass_tools
def record_rows(tools: Tools) -> None:
    """Enter digests of data that are in no record yet: after a backup of before digests was restored, or when their key was lost."""
    _demand_data_keys(tools.desk())
    count = record_before(tools.desk(), SYSTEM, again=True)
    seal_rows(tools.desk(), SYSTEM, again=True)
    click.echo(f"已记下 {count} 行 / {counted(count, 'row')} recorded")


@audit.command("begin-seals")
@pass_tools
def begin_seals(tools: Tools) -> None:
    """Say that no process of an older program runs any more: from now on accounts, roles, work and choices must bear seals."""
    _demand_data_keys(tools.desk())
    count = seal_rows(tools.desk(), SYSTEM)
    record_beside(tools.desk(), SYSTEM)
    click.echo(
        f"补封 {count} 行，此后没有印记的不予承认 / {counted(count, 'row')} sealed; from now on what has no seal counts for nothing"
    )


@audit.command("accept-state")
@click.argument("case", type=int)
@click.option("--reason", required=True, help="Why the stored state may be taken as it stands; goes on record.")
@pass_tools
def accept(tools: Tools, case: int, reason: str) -> None:
    """Take the stored state and row of a case as its own, after somebody changed it beside the program and it was put right."""
    accept_state(tools.desk(), SYSTEM, case, reason)
    click.echo(f"办件 {case} 按存储的现状继续，已记入办理记录 / case {case} goes on as it is stored; it is on record")


@audit.command("anchor")
@pass_tools
def anchor(tools: Tools) -> None:
    """Sign now how far every chain has come, without waiting for the hour, and print it for keeping."""
    signed = set_anchor(tools.desk(), SYSTEM, now=True)
    click.echo(signed.line if signed else "没有新的记录 / nothing moved since the last anchor")


@audit.command("stamp")
@pass_tools
def stamp(tools: Tools) -> None:
    """Show the authority of LAUREL_TIMESTAMPS the anchors that have no timestamp yet, and say what came of it."""
    desk = tools.desk()
    if desk.premises.timestamps is None:
        raise NoAuthority
    count = stamp_anchors(desk, SYSTEM)
    click.echo(f"已取得 {count} 个时间戳 / {counted(count, 'timestamp')} obtained")


@audit.command("mail")
@pass_tools
def mail(tools: Tools) -> None:
    """Mail the anchors now to those of LAUREL_ANCHORS_MAIL who were not sent them yet, and say what came of it."""
    desk = tools.desk()
    if desk.premises.anchors_mail is None:
        raise NoRecipients
    count = mail_anchors(desk, SYSTEM, now=True)
    click.echo(f"已发出 {count} 封邮件 / {counted(count, 'mail')} sent")


@audit.command("export")
@click.option("--form", type=click.Choice(["syslog", "json"]), default="syslog", help="RFC 5424 lines, or JSON lines.")
@click.option("--after", type=click.IntRange(0), default=0, help="Only entries after this number.")
@pass_tools
def export(tools: Tools, form: str, after: int) -> None:
    """Write the book of acts to standard output, oldest first; --after goes on where a collector stopped."""
    desk = tools.desk()
    with desk.store.read() as tx:
        if tx.rights.holders(ADMINISTRATOR, desk.clock.now()):
            click.echo("三员由一人兼任 / one person holds all three administrators' offices", err=True)
    while rows := book_after(desk, SYSTEM, after):
        for row in rows:
            click.echo(
                _syslog(row)
                if form == "syslog"
                else json.dumps(_as_told(row), ensure_ascii=False, default=datetime.isoformat)
            )
        after = rows[-1].id


def _as_told(row: ActRow) -> dict[str, object]:
    """Return an entry as collectors know it: the kind of act is its chain to them."""
    return {"chain" if name == "kind" else name: value for name, value in act_as_json(row).items()}


def _syslog(row: ActRow) -> str:
    """Return an entry as RFC 5424 has it; what is known of it stands as structured data."""
    severity = _NOTICE if row.outcome == "done" else _WARNING
    known = {
        key: value for key, value in _as_told(row).items() if key not in ("at", "data", "id") and value is not None
    }
    data = " ".join(f'{key}="{_escaped(str(value))}"' for key, value in known.items())
    words = " ".join(f"{row.actor} {row.action} {row.about}".split())
    stamp = row.at.isoformat(timespec="milliseconds")
    return f"<{_FACILITY * 8 + severity}>1 {stamp} - laurel - {row.action} [act@32473 {data}] \ufeff{words}"


def _escaped(value: str) -> str:
    """Escape what RFC 5424 §6.3.3 says of a value of structured data; a line stays one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    return " ".join(escaped.splitlines())
