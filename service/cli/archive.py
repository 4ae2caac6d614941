"""``laurel archive``: a finished round as a sealed folder."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from service.casework.access.actor import SYSTEM
from service.casework.archives.gather import gather_case, missing_cases, seal_archive, start_archive
from service.casework.archives.view import open_archive
from service.casework.desk.desk import Desk
from service.casework.retention.view import tidy_database
from service.cli.tools import Tools, exit_with_refusal, pass_tools
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.store.data_keys import lock_folder

_CHUNK = 1 << 20


@click.group("archive")
def archive() -> None:
    """Archive finished rounds, and leave nothing in the database's files of what was erased."""


@archive.command("tidy")
@pass_tools
def tidy(tools: Tools) -> None:
    """Write the database anew, so that its files hold nothing that was erased.

    Stop servers and workers first, on every machine; the command refuses while one is at work and names it.
    """
    with tools.stopped():
        tidy_database(tools.as_owner().desk(), SYSTEM)
    click.echo("✓ 数据库已重写 / the database was written anew")


@archive.command("make")
@click.argument("round_id", metavar="ROUND", type=click.IntRange(1, 2**62))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--purpose", required=True, help="What the archive is for; goes on record.")
@click.option("--full", is_flag=True, help="With personal data and uploaded files.")
@pass_tools
def make(tools: Tools, round_id: int, folder: Path, purpose: str, full: bool) -> None:
    """Gather the finished round number ROUND, seal it and write it to FOLDER. Started again it goes on where it was."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with lock_folder(folder.resolve()):
            desk = tools.desk()
            ident = _gather_archive(desk, round_id, purpose, full=full)
            row, files = open_archive(desk, SYSTEM, ident)
            for count, file in enumerate(files, start=1):
                _write_file(desk, folder, file)
                if count % 100 == 0 or count == len(files):
                    click.echo(f"已写出 {count}/{len(files)} 个文件 / files written", err=True)
            os.sync()  # a loss of power leaves whole what is told to be written
    except BlockingIOError:
        exit_with_refusal(
            Conflict(
                Text(
                    f"另一个命令正在往 {folder} 写归档，请等它结束后再运行。",
                    f"Another command is writing an archive to {folder}: run it again once that is done.",
                )
            )
        )
    except OSError as error:
        exit_with_refusal(
            Invalid(
                Text(
                    f"不能写入 {folder}（{cause_words(error).zh}），换个地方或腾出空间后再运行，会接着做。",
                    f"{folder} cannot be written ({error.strerror}): make room or choose another, and run it again.",
                )
            )
        )
    click.echo(f"归档 {ident} 已写入 {folder}，封存指纹 {row.seal} / sealed")


def _gather_archive(desk: Desk, round_id: int, purpose: str, *, full: bool) -> int:
    """Gather what is not gathered yet, and seal; returns the number of the archive, the newest for this purpose if any."""
    with desk.store.read() as tx:
        archives = [a for a in tx.archives.select("-id", case_id=round_id) if a.full == full]
    begun = next((a for a in archives if a.sealed_at is None or a.purpose == purpose.strip()), None)
    ident = begun.id if begun else start_archive(desk, SYSTEM, round_id, purpose, full=full)
    waiting = missing_cases(desk, ident)
    for count, case in enumerate(waiting, start=1):
        gather_case(desk, ident, case)
        click.echo(f"已归集 {count}/{len(waiting)} 件 / cases gathered", err=True)
    seal_archive(desk, ident)
    return ident


def _write_file(desk: Desk, folder: Path, file: Mapping[str, Any]) -> None:
    """Write a file, unless it is there as it was sealed."""
    target = folder / str(file["path"])
    if target.is_file():
        with target.open("rb") as there:
            if hashlib.file_digest(there, "sha256").hexdigest() == file["sha256"]:
                return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(f"{target.name}.part")
    with desk.store.files.open(str(file["sha256"])) as source, part.open("wb") as written:
        while piece := source.read(_CHUNK):
            written.write(piece)
    part.rename(target)
