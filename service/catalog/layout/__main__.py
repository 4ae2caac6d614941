"""Lay out diagrams, in place: ``python -m service.catalog.layout FILE...``."""

from __future__ import annotations

from pathlib import Path

import click

from service.catalog.jurisdiction import Jurisdiction, read_jurisdiction
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import has_drawing, without_drawing
from service.catalog.layout.lanes import lane_names
from service.catalog.source.fields import read_fields
from service.catalog.source.formatting import format_diagram
from service.domain.errors import LaurelError


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--bare", is_flag=True, help="Leave the drawing out where it is the one that the layout makes.")
def main(files: tuple[Path, ...], bare: bool) -> None:
    """Rewrite each of FILES with a fresh drawing, and with the pool and lanes that it lacks; everything else is kept."""
    failed = False
    for path in files:
        try:
            roles, pool = lane_names(_find_jurisdiction(path))
            content = path.read_bytes()
            if not (bare and has_drawing(content)):
                content = layout_diagram(content, str(path), roles, pool)
            path.write_bytes(without_drawing(format_diagram(content, str(path)), str(path)) if bare else content)
        except LaurelError as error:
            failed = True
            click.echo(f"{path}: {error.message.zh} {error.message.en}", err=True)
    if failed:
        raise SystemExit(1)


def _find_jurisdiction(path: Path) -> Jurisdiction | None:
    for folder in path.resolve().parents[:3]:
        file = folder / "jurisdiction.yaml"
        if file.is_file():
            return read_jurisdiction(read_fields(file.read_bytes(), str(file), lambda _: None), folder.name)
    return None


if __name__ == "__main__":
    main()
