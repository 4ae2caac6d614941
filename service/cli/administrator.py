"""``laurel administrator``: the three administrators, links by which each opens their own account, and a first account."""

from __future__ import annotations

import sys

import click

from service.casework.access.actor import ADMINISTRATOR, SYSTEM, SYSTEM_ADMINISTRATOR
from service.casework.people.accounts.accounts import NewAccount, add_first_administrator
from service.casework.people.accounts.office_links import end_office, join_offices, offer_offices, part_offices
from service.cli.tools import Tools, asked, pass_tools
from service.domain.calendar import CHINA
from service.domain.errors import Conflict
from service.domain.text import Text

_OFFICES = ("system", "security", "audit")
_BY_INPUT = Text(
    "请在终端运行，或者把口令作为标准输入的第一行交给它（如 < 口令文件）。",
    "Run it at a terminal, or hand the password over as the first line of standard input (such as < FILE).",
)


@click.command("administrator")
@click.argument("login", required=False)
@click.option("--name", help="The name of LOGIN, as others see it.")
@click.option("--office", "again", multiple=True, type=click.Choice(_OFFICES), help="A link though somebody holds it.")
@click.option("--end", "ending", metavar="LOGIN", help="Take the administrator's office from LOGIN, and print no link.")
@click.option("--join", "joining", metavar="LOGIN", help="Let LOGIN hold all three, where LAUREL_SEPARATION is one.")
@pass_tools
def administrator(
    tools: Tools, login: str | None, name: str | None, again: tuple[str, ...], ending: str | None, joining: str | None
) -> None:
    """Print who holds the three offices, and for each that nobody holds a link that opens its account once.

    A link that was printed before goes on; --office makes another and voids it. Whoever was administrator, of everything
    or of one city, becomes system administrator, unless LAUREL_SEPARATION is one.

    With LOGIN and --name: open that account as system administrator's, of all three offices where LAUREL_SEPARATION is
    one. The password, at least 12 characters, is asked for, or is the first line of standard input; never an argument,
    which every user of the machine could read.
    """
    if (login is None) is not (name is None):
        raise click.UsageError("LOGIN and --name go together.")
    desk = tools.desk()  # before anybody is asked: what is wrong with the database is said first
    if login is not None and name is not None:
        role = ADMINISTRATOR if tools.settings.separation == "one" else SYSTEM_ADMINISTRATOR
        add_first_administrator(desk, SYSTEM, NewAccount(login, name, _ask_password()), role)
        click.echo(f"管理员“{name}”可以登录了。 / {name} can sign in now.")
    elif ending is not None:
        click.echo(f"收回 {end_office(desk, SYSTEM, ending)} 项 / offices ended")
    elif joining is not None:
        _join_offices(tools, joining)
    elif tools.settings.separation == "one":
        click.echo("LAUREL_SEPARATION=one：三员由一人兼任 / one person holds all three offices")
    else:
        _print_offers(tools, again)


def _print_offers(tools: Tools, again: tuple[str, ...]) -> None:
    desk = tools.desk()
    for name in part_offices(desk, SYSTEM):
        click.echo(f"“{name}”改任系统管理员 / {name} is system administrator from now on")
    for office in offer_offices(desk, SYSTEM, tools.settings.public_url, [f"{area}_administrator" for area in again]):
        holders = "、".join(office.holders) or "—"
        click.echo(f"{office.title.zh} / {office.title.en}：{holders}")
        if office.link:
            click.echo(
                f"  一次性链接，7 天内由本人打开 / opens once, within 7 days, for its holder alone: {office.link}"
            )
        elif office.open_until is not None:
            until = office.open_until.astimezone(CHINA)
            key = office.role.partition("_")[0]
            click.echo(
                f"  已发的链接到 {until:%Y-%m-%d %H:%M} 有效，重新发放用 --office {key}"
                f" / the link that was printed opens it until then; --office {key} makes another"
            )


def _join_offices(tools: Tools, login: str) -> None:
    """Let one person hold all three offices; refused where they are to be three people's."""
    if tools.settings.separation != "one":
        raise Conflict(
            Text(
                "三员由三人分任。要由一人兼任，请先设 LAUREL_SEPARATION=one。",
                "The three offices are three people's: set LAUREL_SEPARATION=one first, to give them to one.",
            )
        )
    name = join_offices(tools.desk(), SYSTEM, login)
    click.echo(f"“{name}”兼任三员 / {name} holds all three offices from now on")


def _ask_password() -> str:
    if sys.stdin.isatty():
        return str(click.prompt("口令 / password", hide_input=True, confirmation_prompt="再输入一次 / once more"))
    return asked(_first_line, _BY_INPUT)


def _first_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise click.Abort
    return line.rstrip("\r\n")
