"""``laurel work``: due work on PostgreSQL, beside the servers of the pages."""

from __future__ import annotations

import logging

import click

from service.cli.tools import Tools, pass_tools
from service.domain.running.lanes import LANES
from service.domain.running.log_lines import begin_log
from service.domain.text import Text
from service.settings import BadSetting


@click.command("work")
@click.option("--queues", default=",".join(LANES), show_default=True, help="The lanes to work in.")
@click.option("--threads", default=2, show_default=True, type=click.IntRange(1, 32), help="How many at once.")
@pass_tools
def work(tools: Tools, queues: str, threads: int) -> None:
    """Do due work beside the servers of the pages (PostgreSQL only); any number, on any machines."""
    begin_log(tools.settings.log, logging.WARNING)
    tools.work(lanes_named(queues), threads)


def lanes_named(queues: str) -> tuple[str, ...]:
    """Return the lanes that a list with commas names; raises BadSetting."""
    named = tuple(dict.fromkeys(name.strip() for name in queues.split(",") if name.strip()))
    if not named or set(named) - set(LANES):
        raise BadSetting(
            Text(
                f"--queues 应为 {'、'.join(LANES)} 中的一个或几个，用逗号分开，现为“{queues}”。",
                f"--queues must name one or several of {', '.join(LANES)}, with commas; it is {queues!r}.",
            )
        )
    return named
