"""``laurel administrator``: open the first account of an installation."""

from __future__ import annotations

import click

from service.casework.access.actor import SYSTEM
from service.casework.people.accounts import NewAccount
from service.casework.people.first_administrator import add_first_administrator
from service.cli.tools import Tools, pass_tools


@click.command("administrator")
@click.argument("login")
@click.option("--name", required=True, help="The person's name, as others see it.")
@click.password_option(help="Asked for when not given; at least 10 characters.")
@pass_tools
def administrator(tools: Tools, login: str, name: str, password: str) -> None:
    """Open an account LOGIN that administers every jurisdiction."""
    add_first_administrator(tools.desk(), SYSTEM, NewAccount(login, name, password))
    click.echo(f"管理员“{name}”可以登录了。 / {name} can sign in now.")
