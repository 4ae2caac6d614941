"""``laurel backup`` and ``laurel restore``: an installation put into one file while it runs, and brought back."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from service.backups.make import make_backup
from service.backups.restore import restore_backup as bring_back
from service.casework.due.hold import SKIPPED
from service.cli.resume import note_recovery
from service.cli.tools import Tools, pass_tools
from service.domain.wording.cause_words import cause_words


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--plain", is_flag=True, help="Encrypt nothing, and leave the data keys out.")
@pass_tools
def backup(tools: Tools, file: Path, plain: bool) -> None:
    """Write database and files to FILE, while servers go on; encrypted by LAUREL_BACKUP_COMMAND, with the data keys.

    The keys of ballots are never in it: see deploy/README.md.
    """
    with exit_on_failure():
        click.echo(make_backup(tools.settings, file, plain=plain))


@click.command("restore")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--saved", metavar="TIME", help="The time that PostgreSQL restored, such as 2026-03-02T04:00; without FILE."
)
@click.option("--cause", help="With --saved: what was restored, and why; goes on record in every case.")
@click.option("--skip", default=SKIPPED, show_default=True, help="How many numbers each series leaves out.")
@click.option("--yes", is_flag=True, help="Do not ask, as in a script.")
@pass_tools
def restore(tools: Tools, file: Path | None, saved: str | None, cause: str | None, skip: int, yes: bool) -> None:
    """Bring the backup in FILE, a .tar.gz that was decrypted (-: standard input), back into an empty place.

    Where PostgreSQL recovered the database to an earlier time by its own log, --saved and --cause note that instead and
    put the installation on hold, as a restore does itself. Servers and workers must be stopped.
    """
    if file is None and saved and cause:
        note_recovery(tools, saved, cause, skip, yes=yes)
        return
    if file is None or saved:
        raise click.UsageError("请写备份文件，或者 --saved 和 --cause / give FILE, or --saved with --cause")
    with exit_on_failure():
        click.echo(bring_back(tools.settings, file))


@contextmanager
def exit_on_failure() -> Iterator[None]:
    """Leave with a sentence, exit code 1, where disk or database refuse."""
    try:
        yield
    except (OSError, sqlite3.Error) as error:
        cause, place = cause_words(error), getattr(error, "filename", None)
        named = f"（{place}）" if place else ""
        raise SystemExit(
            f"没有完成：{cause.zh}{named}。请核对磁盘空间、权限和数据库。 / Not done: {cause.en}."
        ) from None
