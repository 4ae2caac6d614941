"""``laurel rotate-keys``: the keys under which columns and files are encrypted."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from service.casework.access.actor import SYSTEM
from service.casework.soundness.data_keys import FILES, count_stale, require_known_keys
from service.casework.soundness.data_keys import rotate_keys as rotate
from service.cli.tools import Tools, pass_tools


@click.command("rotate-keys")
@click.option(
    "--show", is_flag=True, help="Only print where the keys are, their ids, and what is not under the newest one."
)
@pass_tools
def rotate_keys(tools: Tools, show: bool) -> None:
    """Make a new data key, encrypt everything under it and drop the old one. Runs beside the server; if it breaks off, run it again."""
    if show:
        _show(tools)
        return
    done = rotate(tools.as_owner().desk(), SYSTEM, _report)
    file = tools.settings.data_keys
    rows, files = _parted(done.counts)
    click.echo(
        f"已用密钥 {done.newest} 加密 {rows} 行、{files} 个文件 / rows and files were encrypted under {done.newest}"
    )
    if done.dropped:
        click.echo(f"已删除不再使用的密钥 {'、'.join(done.dropped)} / keys that nothing uses were dropped")
    else:
        click.echo(
            "仍有内容用原来的密钥，原密钥保留：请再运行一次 / something is still under an old key: run it again",
            err=True,
        )
    click.echo(
        f"请现在把 {file} 复制一份，与数据库和备份分开保管：没有它，办件、个人信息和附件都读不出来。以前的备份还要用以前的那一份。"
        f" / Copy {file} now and keep it apart from database and backups: without it neither cases nor personal data nor files can"
        " be read. Plain backups of before need the copy of before."
    )
    if not done.dropped:
        sys.exit(1)


def _show(tools: Tools) -> None:
    desk = tools.desk()
    require_known_keys(desk, SYSTEM)
    keys = desk.premises.data_keys
    assert keys is not None
    click.echo(f"{keys.file}：{'、'.join(keys.ids)}（{keys.cipher}）")
    stale = count_stale(desk, SYSTEM)
    for table, count in stale.items():
        click.echo(f"  {table}: {count}")
    rows, files = _parted(stale)
    click.echo(f"{rows} 行、{files} 个文件不在最新的密钥下 / rows and files are not under the newest key")


def _parted(counts: Mapping[str, int]) -> tuple[int, int]:
    """Return how many of ``counts`` are rows, and how many files."""
    files = counts.get(FILES, 0)
    return sum(counts.values()) - files, files


def _report(table: str, rows: int) -> None:
    click.echo(f"  {table}: {rows}", err=not sys.stdout.isatty())
