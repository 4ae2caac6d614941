"""``laurel serve``, ``laurel work`` and ``laurel demo``: processes that go on until they are told to stop."""

from __future__ import annotations

import logging
import subprocess
import sys

import click

from service.cli.tools import Tools, pass_tools
from service.domain.running.lanes import LANES
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


@click.command("demo")
@click.option("--prepare", is_flag=True, help="Only prepare the seasons; do not serve.")
@pass_tools
def demo(tools: Tools, prepare: bool) -> None:
    """Prepare a fictional season in every city, once, and serve them on this machine only (needs LAUREL_DEMO=1)."""
    begin_log(tools.settings.log, logging.WARNING)
    if not tools.settings.demo:
        raise BadSetting(
            Text(
                "演示须先设置 LAUREL_DEMO=1（make demo 会代为设置）。",
                "Set LAUREL_DEMO=1 first, as make demo does.",
            )
        )
    if prepare:
        tools.prepare_demo()
        return
    if not tools.demo_is_prepared():
        click.echo("正在准备演示数据，首次需要片刻…… / preparing the seasons …")
        # In a process of its own, which takes the memory that this needs with it when it ends.
        done = subprocess.run([sys.executable, "-m", "service.app", "demo", "--prepare"], check=False)
        if done.returncode:
            sys.exit(done.returncode)
    tools.serve()
