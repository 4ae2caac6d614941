"""``laurel serve``: pages, API and due work."""

from __future__ import annotations

import logging

import click

from service.cli.tools import Tools, pass_tools
from service.domain.running.log_lines import begin_log
from service.domain.text import Text
from service.settings import BadSetting


@click.command("serve")
@click.option(
    "--with-work/--without-work",
    default=None,
    help="PostgreSQL only: do due work in this process, or never; without either, in the lanes that have no worker.",
)
@click.option("--processes", default=1, show_default=True, type=click.IntRange(1, 64), help="PostgreSQL only.")
@pass_tools
def serve(tools: Tools, with_work: bool | None, processes: int) -> None:
    """Serve pages and API; one process also does due work (timers, messages, documents, mail) where no worker does."""
    begin_log(tools.settings.log, logging.INFO)
    if processes == 1:
        tools.serve(with_work)
    elif with_work:
        raise BadSetting(
            Text(
                "--processes 大于 1 时请另行启动 laurel work，不要用 --with-work。",
                "With --processes beyond 1 start laurel work beside it, without --with-work.",
            )
        )
    else:
        tools.serve_processes(processes)
