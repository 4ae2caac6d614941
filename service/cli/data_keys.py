"""``laurel data-keys``: the keys under which personal data are encrypted in the database, and files where they lie."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from service.casework.access.actor import SYSTEM
from service.casework.soundness.seal_columns import FILES, demand_known_keys, left_plain, seal_columns
from service.cli.tools import Tools, pass_tools


@click.group("data-keys")
def data_keys() -> None:
    """Encrypt columns of personal data and files, and change the key under which they are."""


@data_keys.command("show")
@pass_tools
def show(tools: Tools) -> None:
    """Print where the data keys are, their ids, and how many rows and files are not under the newest one yet."""
    desk = tools.desk()
    held = desk.premises.data_keys
    ids = held.ids if held else ()
    click.echo(f"{tools.settings.data_keys}：{'、'.join(ids) or '—'}（{tools.settings.cipher}）")
    demand_known_keys(desk, SYSTEM)
    if not ids:
        click.echo(
            "个人信息尚未加密，请运行 laurel data-keys seal / nothing is encrypted yet: run laurel data-keys seal"
        )
        return
    left = left_plain(desk, SYSTEM)
    for table, count in left.items():
        click.echo(f"  {table}: {count}")
    rows, files = _parted(left)
    click.echo(f"{rows} 行、{files} 个文件尚未用最新的密钥加密 / rows and files not under the newest key")


@data_keys.command("seal")
@pass_tools
def seal(tools: Tools) -> None:
    """Encrypt what stands plain or under an older key; makes the first key. Runs beside the server and may be repeated."""
    _seal(tools, anew=False)


@data_keys.command("rotate")
@pass_tools
def rotate(tools: Tools) -> None:
    """Make a new key and encrypt everything under it; if it breaks off, `laurel data-keys seal` goes on."""
    _seal(tools, anew=True)


def _seal(tools: Tools, *, anew: bool) -> None:
    counts = seal_columns(tools.desk(), SYSTEM, _tell, anew=anew)
    file = tools.settings.data_keys
    rows, files = _parted(counts)
    click.echo(f"已加密 {rows} 行、{files} 个文件 / rows and files were encrypted")
    click.echo(
        f"请现在把 {file} 复制一份，与数据库和备份分开保管：没有它，办件、个人信息和附件都读不出来；然后重启各进程。"
        f" / Copy {file} now and keep it apart from database and backups: without it neither cases nor personal data nor files can"
        " be read. Then restart the processes."
    )


def _parted(counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many of ``counts`` are rows, and how many files."""
    files = counts.get(FILES, 0)
    return sum(counts.values()) - files, files


def _tell(table: str, rows: int) -> None:
    click.echo(f"  {table}: {rows}", err=not sys.stdout.isatty())
