"""``laurel adopt``: after files or keys were moved on purpose."""

from __future__ import annotations

import click

from service.casework.desk.belonging import adopt
from service.cli.asking import confirm
from service.cli.tools import Tools, pass_tools
from service.domain.text import Text

_REPLACED = Text("文件存放处或密钥目录确已更换？", "Were the files or the keys really replaced?")


@click.command("adopt")
@click.option("--yes", is_flag=True, help="Do not ask, as in a script.")
@click.option("--other-keys", is_flag=True, help="Take keys by which another installation works already, too.")
@pass_tools
def adopt_here(tools: Tools, yes: bool, other_keys: bool) -> None:
    """Let the files and ballot keys of this place belong to the database, after they were replaced on purpose.

    Servers and workers must be stopped.
    """
    confirm(_REPLACED, yes=yes)
    with tools.stopped():
        adopt(tools.desk(), other_keys=other_keys)
    click.echo("已登记。请在每台机器上启动服务。 / Done: start the services of every machine.")
