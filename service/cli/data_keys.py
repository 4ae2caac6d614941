"""``laurel data-keys``: the keys under which personal data are encrypted in the database."""

from __future__ import annotations

import sys

import click

from service.casework.access.actor import SYSTEM
from service.casework.soundness.seal_columns import demand_known_keys, left_plain, seal_columns
from service.cli.tools import Tools, pass_tools


@click.group("data-keys")
def data_keys() -> None:
    """Encrypt columns of personal data, and change the key under which they are."""


@data_keys.command("show")
@pass_tools
def show(tools: Tools) -> None:
    """Print where the data keys are, their ids, and how many rows are not under the newest one yet."""
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
    click.echo(f"{sum(left.values())} 行尚未用最新的密钥加密 / rows not under the newest key")


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
    click.echo(f"已加密 {sum(counts.values())} 行 / rows were encrypted")
    click.echo(
        f"请现在把 {file} 复制一份，与数据库和备份分开保管：没有它，办件和个人信息都读不出来；然后重启各进程。"
        f" / Copy {file} now and keep it apart from database and backups: without it neither cases nor personal data can be"
        " read. Then restart the processes."
    )


def _tell(table: str, rows: int) -> None:
    click.echo(f"  {table}: {rows}", err=not sys.stdout.isatty())
