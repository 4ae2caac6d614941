"""``laurel rehearse``: a season played beside the real ones, on a copy."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import click

from service.cli.tools import Tools, pass_tools
from service.domain.running.log_lines import begin_log
from service.store.transfer import copy_without_cases, holds_copy


@click.command("rehearse")
@click.option("--port", default=8100, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="Where it answers. Passwords are those of the real installation: name another address only within a closed network.",
)
@click.option("--anew", is_flag=True, help="Throw the last rehearsal away and copy packages and people again.")
@click.option("--prepare", is_flag=True, help="Only copy; do not serve.")
@pass_tools
def rehearse(tools: Tools, port: int, host: str, anew: bool, prepare: bool) -> None:
    """Rehearse a season beside the real ones: own database and files, no mail; administrators move the clock.

    The first time, packages, settings, rules of keeping, people with their deputies and choices, experts and past awards are
    copied; no case and no draft is.
    """
    begin_log(tools.settings.log, logging.WARNING)
    place = tools.rehearsal(port, host)
    _clear(place)
    if anew:
        with place.stopped():
            place.settings.data.rename(_going(place))
        _clear(place)
    _prepare(tools, place)
    if not place.settings.loopback:
        click.echo(
            f"注意：演练环境将在 {host}:{port} 上供其他机器访问，口令与正式环境相同，且不加密传输，只应在封闭网络中使用。"
            f" / Others can reach the rehearsal at {host}:{port}, with the real passwords and unencrypted: closed networks only.",
            err=True,
        )
    if not prepare:
        place.serve()


def _going(place: Tools) -> Path:
    """Return where a rehearsal lies that is thrown away: what a killed process leaves of it nobody takes for one."""
    return place.settings.data.with_name(f"{place.settings.data.name}-thrown-away")


def _clear(place: Tools) -> None:
    if _going(place).exists():
        shutil.rmtree(_going(place))


def _prepare(tools: Tools, place: Tools) -> None:
    """Copy what a season begins with, unless a rehearsal is there already, whole."""
    if (place.settings.data / "laurel.db").exists() and holds_copy(place.settings.database):
        return
    tools.desk()
    place.desk().store.close()
    counts = copy_without_cases(tools.settings.database, place.settings.database, tools.desk().premises.data_keys)
    told = "、".join(str(counts[table]) for table in ("definition", "person", "expert", "award_record"))
    click.echo(f"演练环境已准备（流程版本、人员、专家、往届获奖：{told}）。 / The rehearsal is prepared.")
