"""``laurel audit``: the signed heads of the log, the book of acts handed on, archives of rounds verified."""

from __future__ import annotations

import json
import sys
import zipfile
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, cast

import click

from service.casework.access.actor import ADMINISTRATOR, SYSTEM
from service.casework.audit.heads import read_heads, sign_now
from service.casework.desk.desk import Desk
from service.casework.queries.proof.book import act_as_json, book_after
from service.cli.tools import Tools, exit_with_refusal, pass_tools
from service.domain.audit.archive_check import ArchiveReport, check_archive
from service.domain.errors import Invalid
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.models import ActRow

_FACILITY, _NOTICE, _WARNING = 13, 5, 4
"""RFC 5424 §6.2.1: log audit; what is normal but significant, and what was refused."""


@click.group("audit")
def audit() -> None:
    """Sign how far the records have come, list the signed heads, export the book of acts, verify an archive."""


@audit.command("sign")
@pass_tools
def sign(tools: Tools) -> None:
    """Sign now how far every chain has come, without waiting for the day, and print it for keeping."""
    desk = tools.desk()
    _require_folder(desk)
    signed = sign_now(desk, SYSTEM)
    click.echo(signed.line if signed else "没有新的记录 / nothing moved since the last head")


@audit.command("heads")
@pass_tools
def heads(tools: Tools) -> None:
    """List the signed heads outside with their digests, to be compared with those that were mailed."""
    signed_heads = read_heads(_require_folder(tools.desk()))[0]
    for signed in signed_heads:
        click.echo(f"{signed.head.at.isoformat(timespec='seconds')} {signed.head.digest}")
    if not signed_heads:
        click.echo("还没有签过：laurel audit sign / nothing was signed so far: laurel audit sign", err=True)


def _require_folder(desk: Desk) -> Path:
    if desk.premises.anchors is None:
        raise Invalid(Text("没有设置库外目录（LAUREL_ANCHORS）。", "No folder outside is set (LAUREL_ANCHORS)."))
    return desk.premises.anchors


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
                _format_syslog(row)
                if form == "syslog"
                else json.dumps(_to_collector_entry(row), ensure_ascii=False, default=datetime.isoformat)
            )
        after = rows[-1].id


@audit.command("verify")
@click.argument("file", type=click.Path(path_type=Path, exists=True))
@click.option("--seal", default="", help="The fingerprint on record, which the archive must bear.")
@click.option(
    "--key", default="", help="The installation's public key as the signed heads name it, which must have signed."
)
def verify(file: Path, seal: str, key: str) -> None:
    """Look whether FILE, the archive of a round (.zip or folder), is as it was sealed. Needs no database.

    Every file that was changed, is missing or was added is named.
    """
    try:
        report = _check_archive_file(file, seal, key)
    except (zipfile.BadZipFile, OSError) as error:
        exit_with_refusal(
            Invalid(Text(f"{file} 读不出（{cause_words(error).zh}）。", f"{file} cannot be read ({error})."))
        )
    for fault in report.faults:
        click.echo(f"✗ {fault.path}：{fault.what.zh} / {fault.what.en}")
    if report.faults:
        sys.exit(1)
    click.echo(
        f"✓ {report.cases} 件、{report.files} 个文件与封存时一致，封存指纹 {report.seal}，签名公钥 {report.key}"
        " / as it was sealed and signed"
    )
    if not (seal and key):
        click.echo(
            "请再用 --seal 核对办理记录中的封存指纹，用 --key 核对库外记录头中的公钥（key）：整份另做并另签的，只有这样才能发现。"
            " / Compare the fingerprint with the one on record (--seal) and the key with that of the heads outside (--key):"
            " an archive made and signed anew as a whole is found by them alone."
        )


def _check_archive_file(file: Path, seal: str, key: str) -> ArchiveReport:
    if file.is_dir():
        names = [p.relative_to(file).as_posix() for p in file.rglob("*") if p.is_file()]
        return check_archive(names, lambda name: (file / name).open("rb"), seal, key)
    with zipfile.ZipFile(file) as packed:
        names = [name for name in packed.namelist() if not name.endswith("/")]
        return check_archive(names, lambda name: cast(BinaryIO, packed.open(name)), seal, key)


def _to_collector_entry(row: ActRow) -> dict[str, object]:
    """Return an entry as collectors know it: the kind of act is its chain to them."""
    return {"chain" if name == "kind" else name: value for name, value in act_as_json(row).items()}


def _format_syslog(row: ActRow) -> str:
    """Return an entry as RFC 5424 has it; what is known of it stands as structured data."""
    severity = _NOTICE if row.outcome == "done" else _WARNING
    fields = {
        key: value
        for key, value in _to_collector_entry(row).items()
        if key not in ("at", "data", "id") and value is not None
    }
    data = " ".join(f'{key}="{_escape_value(str(value))}"' for key, value in fields.items())
    words = " ".join(f"{row.actor} {row.action} {row.about}".split())
    stamp = row.at.isoformat(timespec="milliseconds")
    return f"<{_FACILITY * 8 + severity}>1 {stamp} - laurel - {row.action} [act@32473 {data}] \ufeff{words}"


def _escape_value(value: str) -> str:
    """Escape what RFC 5424 §6.3.3 says of a value of structured data; a line stays one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("]", "\\]")
    return " ".join(escaped.splitlines())
