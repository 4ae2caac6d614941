"""``laurel rehearse``: a season played beside the real ones, on a copy."""

from __future__ import annotations

import logging
import shutil

import click

from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import LaurelError
from service.store.transfer import copy_without_cases


@click.command("rehearse")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535))
@click.option("--anew", is_flag=True, help="Throw the last rehearsal away and copy packages and people again.")
@click.option("--prepare", is_flag=True, help="Only copy; do not serve.")
@pass_tools
def rehearse(tools: Tools, port: int, anew: bool, prepare: bool) -> None:
    """Rehearse a season beside the real ones: own database and files, no mail; administrators move the clock.

    The first time, packages, settings, people, experts and past awards are copied; no case and no draft is.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    try:
        place = tools.rehearsal(port)
        if anew:
            with place.stopped():
                shutil.rmtree(place.settings.data)
        _prepare(tools, place)
        if not prepare:
            place.serve()
    except LaurelError as error:
        refuse(error)


def _prepare(tools: Tools, place: Tools) -> None:
    """Copy what a season begins with, unless a rehearsal is there already."""
    if (place.settings.data / "laurel.db").exists():
        return
    tools.desk()
    place.desk().store.close()
    counts = copy_without_cases(tools.settings.database, place.settings.database)
    told = "、".join(str(counts[table]) for table in ("definition", "person", "expert", "award_record"))
    click.echo(f"演练环境已准备（流程版本、人员、专家、往届获奖：{told}）。 / The rehearsal is prepared.")
