"""The laurel command line, put together from its commands."""

from __future__ import annotations

import click

from service.cli.administrator import administrator
from service.cli.check import check
from service.cli.coverage import show_coverage
from service.cli.deploy import deploy
from service.cli.doctor import doctor
from service.cli.simulate import simulate
from service.cli.window import window


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def laurel() -> None:
    """Laurel 桂冠: government quality awards as executable BPMN."""


for command in (administrator, check, show_coverage, window, deploy, simulate, doctor):
    laurel.add_command(command)
