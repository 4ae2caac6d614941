"""``laurel program``: the mark of what is installed, to be recorded as ``LAUREL_PROGRAM``."""

from __future__ import annotations

import click

from service.cli.tools import Tools, pass_tools


@click.command("program")
@pass_tools
def program(tools: Tools) -> None:
    """Print the SHA-256 over every file that runs, to be recorded as LAUREL_PROGRAM after an installation or upgrade."""
    click.echo(tools.installed())
