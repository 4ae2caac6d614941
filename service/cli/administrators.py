"""``laurel administrators``: the three administrators, and links by which each opens their own account."""

from __future__ import annotations

import click

from service.casework.access.actor import SYSTEM
from service.casework.people.office_links import end_office, offer_offices, part_offices
from service.cli.tools import Tools, pass_tools

_OFFICES = ("system", "security", "audit")


@click.command("administrators")
@click.option("--office", "again", multiple=True, type=click.Choice(_OFFICES), help="A link though somebody holds it.")
@click.option("--end", "ending", metavar="LOGIN", help="Take the administrator's office from LOGIN, and print no link.")
@pass_tools
def administrators(tools: Tools, again: tuple[str, ...], ending: str | None) -> None:
    """Print who holds the three offices, and for each that nobody holds a link that opens its account once.

    Whoever was administrator of everything becomes system administrator, unless LAUREL_SEPARATION is one.
    """
    desk = tools.desk()
    if ending is not None:
        click.echo(f"收回 {end_office(desk, SYSTEM, ending)} 项 / offices ended")
        return
    if tools.settings.separation == "one":
        click.echo("LAUREL_SEPARATION=one：三员由一人兼任 / one person holds all three offices")
        return
    for name in part_offices(desk, SYSTEM):
        click.echo(f"“{name}”改任系统管理员 / {name} is system administrator from now on")
    for office in offer_offices(desk, SYSTEM, tools.settings.public_url, [f"{one}_administrator" for one in again]):
        held = "、".join(office.holders) or "—"
        click.echo(f"{office.title.zh} / {office.title.en}：{held}")
        if office.link:
            click.echo(
                f"  一次性链接，7 天内由本人打开 / opens once, within 7 days, for its holder alone: {office.link}"
            )
