"""``laurel administrator``: open the first account of an installation."""

from __future__ import annotations

import sys

import click

from service.casework.access.actor import ADMINISTRATOR, SYSTEM, SYSTEM_ADMINISTRATOR
from service.casework.people.accounts.accounts import NewAccount
from service.casework.people.accounts.first_administrator import add_first_administrator
from service.cli.asking import asked
from service.cli.tools import Tools, pass_tools
from service.domain.text import Text

_BY_INPUT = Text(
    "请在终端运行，或者把口令作为标准输入的第一行交给它（如 < 口令文件）。",
    "Run it at a terminal, or hand the password over as the first line of standard input (such as < FILE).",
)


@click.command("administrator")
@click.argument("login")
@click.option("--name", required=True, help="The person's name, as others see it.")
@pass_tools
def administrator(tools: Tools, login: str, name: str) -> None:
    """Open an account LOGIN that administers every jurisdiction: the system administrator's, unless LAUREL_SEPARATION is one.

    The password, at least 12 characters, is asked for, or is the first line of standard input; never an argument, which
    every user of the machine could read.
    """
    desk = tools.desk()  # before anybody is asked: what is wrong with the database is said first
    role = ADMINISTRATOR if tools.settings.separation == "one" else SYSTEM_ADMINISTRATOR
    add_first_administrator(desk, SYSTEM, NewAccount(login, name, _password()), role)
    click.echo(f"管理员“{name}”可以登录了。 / {name} can sign in now.")


def _password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("口令 / password", hide_input=True, confirmation_prompt="再输入一次 / once more"))
    return asked(_first_line, _BY_INPUT)


def _first_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return line.rstrip("\r\n")
