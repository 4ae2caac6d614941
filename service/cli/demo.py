"""``laurel demo``: fictional seasons on this machine."""

from __future__ import annotations

import logging
import subprocess
import sys

import click

from service.cli.tools import Tools, pass_tools
from service.domain.running.log_lines import begin_log
from service.domain.text import Text
from service.settings import BadSetting


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
