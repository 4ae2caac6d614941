"""``laurel season``: seal a finished round, publish its bundle, and say by which key bundles are signed."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

import click

from service.casework.access.actor import SYSTEM
from service.casework.desk.desk import Desk
from service.casework.records.signed_heads import SECRET
from service.casework.sealing.publish import publish_season
from service.casework.sealing.seal import seal_season
from service.casework.sealing.view import open_season, view_seasons
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import Invalid
from service.domain.proof.signing import public_key
from service.domain.text import Text
from service.domain.wording.cause_words import cause_words

_CHUNK = 1 << 20
_BEFORE = Text("，已封存过，没有再封（再封用 --again）", "sealed before; --again seals anew")


@click.group("season")
def season() -> None:
    """Seal finished rounds for everybody to verify."""


@season.command("seal")
@click.argument("round_id", metavar="ROUND", type=click.IntRange(1, 2**62))
@click.option(
    "--to", "target", type=click.Path(path_type=Path, dir_okay=False), help="Write the bundle to this file, too."
)
@click.option("--again", is_flag=True, help="Seal it once more though it is sealed, as after something was published.")
@pass_tools
def seal(tools: Tools, round_id: int, target: Path | None, again: bool) -> None:
    """Seal the finished round number ROUND; nobody outside sees the bundle before it is published.

    A round that is sealed is not sealed a second time without --again: its newest bundle is named, and written --to a file.
    """
    desk = tools.desk()
    before = view_seasons(desk, SYSTEM, round_id).seasons
    ident = before[0].id if before and not again else seal_season(desk, SYSTEM, round_id)
    row, content = open_season(desk, SYSTEM, ident)
    content.close()
    if target is not None:
        _write(desk, ident, target)
    told = _BEFORE if before and not again else Text("", "sealed")
    click.echo(f"封存 {ident}“{row.title}”{told.zh}，内容摘要 {row.content}，公钥 {row.key} / {told.en}")


@season.command("publish")
@click.argument("ident", metavar="SEASON", type=click.IntRange(1, 2**62))
@pass_tools
def publish(tools: Tools, ident: int) -> None:
    """Publish the sealed season number SEASON on the portal; it stays public."""
    desk = tools.desk()
    publish_season(desk, SYSTEM, ident)
    click.echo(f"封存 {ident} 已公布：/seasons/{ident}.zip / published")


@season.command("key")
@pass_tools
def key(tools: Tools) -> None:
    """Print the public key that bundles and anchors are signed with, for printing it elsewhere."""
    desk = tools.desk()
    click.echo(public_key(desk.ballot_keys.secret(SECRET), desk.premises.signature))


def _write(desk: Desk, ident: int, target: Path) -> None:
    """Write the bundle beside ``target``, which takes its name once it is whole."""
    _, content = open_season(desk, SYSTEM, ident)
    part = target.with_name(f"{target.name}.part")
    try:
        with content, part.open("wb") as written:
            while piece := content.read(_CHUNK):
                written.write(piece)
            written.flush()
            os.fsync(written.fileno())
        part.rename(target)
    except OSError as error:
        with suppress(OSError):
            part.unlink()
        told = Text(
            f"封存 {ident} 已完成，但不能写入 {target}（{cause_words(error).zh}）。处理后再运行一次，不带 --again：写出的是同一份，不会再封；也可从网页下载。",
            f"Season {ident} is sealed, but {target} cannot be written ({error.strerror}). Mend that and run this once more,"
            " without --again: the same bundle is written and nothing is sealed anew. The pages hand it out, too.",
        )
        refuse(Invalid(told))
