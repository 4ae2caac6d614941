"""``laurel audit``: the signed heads of the log, and the book of acts handed on."""

from __future__ import annotations

import json
from datetime import datetime

import click

from service.casework.access.actor import ADMINISTRATOR, SYSTEM
from service.casework.audit.heads import read_heads, sign_now
from service.casework.queries.proof.book import act_as_json, book_after
from service.cli.tools import Tools, pass_tools
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store.rows import ActRow

_FACILITY, _NOTICE, _WARNING = 13, 5, 4
"""RFC 5424 §6.2.1: log audit; what is normal but significant, and what was refused."""


@click.group("audit")
def audit() -> None:
    """Sign how far the records have come, list the signed heads, and export the book of acts."""


@audit.command("sign")
@pass_tools
def sign(tools: Tools) -> None:
    """Sign now how far every chain has come, without waiting for the day, and print it for keeping."""
    desk = tools.desk()
    if desk.premises.anchors is None:
        raise Invalid(Text("没有设置库外目录（LAUREL_ANCHORS）。", "No folder outside is set (LAUREL_ANCHORS)."))
    signed = sign_now(desk, SYSTEM)
    click.echo(signed.line if signed else "没有新的记录 / nothing moved since the last head")


@audit.command("heads")
@pass_tools
def heads(tools: Tools) -> None:
    """List the signed heads outside with their digests, to be compared with those that were mailed."""
    folder = tools.desk().premises.anchors
    for signed in read_heads(folder)[0] if folder is not None else ():
        click.echo(f"{signed.head.at.isoformat(timespec='seconds')} {signed.head.digest}")


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
