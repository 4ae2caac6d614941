"""``laurel convert``: awards of the previous format, rewritten in today's."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

import click

from service.catalog.check import find_root
from service.catalog.convert import convert
from service.catalog.tree import award_keys, read_tree
from service.cli.tools import refuse
from service.domain.errors import LaurelError


@click.command("convert")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def convert_folder(path: Path) -> None:
    """Rewrite the awards below PATH (a folder of processes, a jurisdiction or an award) in today's format.

    Comments and order are kept, and what the files mean; nothing is written where that cannot be.
    """
    try:
        root = find_root(path)
        files = read_tree(root)
        inside = PurePosixPath(path.resolve().relative_to(root.resolve()).as_posix())
        awards = [key for key in award_keys(files) if PurePosixPath("processes", *key).is_relative_to(inside)]
        written = {name: text for key in awards for name, text in convert(files, *key).items()}
    except LaurelError as error:
        refuse(error)
    for name, text in written.items():
        (root / name).write_bytes(text)
        click.echo(name)
    click.echo(f"改写了 {len(written)} 个文件 / {len(written)} files rewritten")
