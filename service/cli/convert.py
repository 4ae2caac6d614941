"""``laurel convert``: awards of the previous format, rewritten in today's."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path, PurePosixPath

import click

from service.catalog.check import find_root
from service.catalog.convert import convert
from service.catalog.tree import award_keys, read_tree
from service.cli.tools import refuse
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words
from service.domain.wording.counted import counted


@click.command("convert")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def convert_folder(path: Path) -> None:
    """Rewrite the awards below PATH (a folder of processes, a jurisdiction or an award) in today's format.

    Comments and order are kept, and what the files mean; nothing is written where that cannot be.
    """
    root = find_root(path)
    files = read_tree(root)
    inside = PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())
    awards = [key for key in award_keys(files) if PurePosixPath("processes", *key).is_relative_to(inside)]
    if not awards:
        raise NotFound(Text(f"“{path}”中没有奖项的文件夹。", f"There is no folder of an award in “{path}”."))
    written = {name: text for key in awards for name, text in convert(files, *key).items()}
    try:
        _write(root, written)
    except OSError as error:
        refuse(
            Invalid(
                Text(
                    f"{error.filename} 不能写入（{cause_words(error).zh}）。排除原因后再运行一次。",
                    f"{error.filename} cannot be written ({error.strerror}). Remove the cause and run this again.",
                )
            )
        )
    for name in written:
        click.echo(name)
    click.echo(f"改写了 {len(written)} 个文件 / {counted(len(written), 'file')} rewritten")


def _write(root: Path, written: Mapping[str, bytes]) -> None:
    """Write all files beside their places, then put each in its place, in this order: no moment loses anything."""
    made: dict[Path, Path] = {}
    try:
        for name, text in written.items():
            place = (root / name).resolve()
            made[place] = place.with_name(f".{place.name}.new")
            with made[place].open("wb") as file:
                file.write(text)
                os.fsync(file.fileno())
            if place.exists():
                shutil.copymode(place, made[place])
        for place, new in made.items():
            new.replace(place)
    finally:
        for new in made.values():
            new.unlink(missing_ok=True)
