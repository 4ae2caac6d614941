"""Bring files into the stable format, in place: ``python -m service.catalog.format FILE...``."""

from __future__ import annotations

from pathlib import Path

import click

from service.catalog.source.formatting import format_file
from service.domain.errors import LaurelError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def main(files: tuple[Path, ...]) -> None:
    """Rewrite each of FILES in the stable format; what it says is kept, comments too."""
    failed = False
    for path in files:
        try:
            path.write_bytes(format_file(str(path), path.read_bytes()))
        except LaurelError as error:
            failed = True
            click.echo(f"{error.message.zh} / {error.message.en}", err=True)
    if failed:
        raise SystemExit(1)


if __name__ == "__main__":
    main()
