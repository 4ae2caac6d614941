"""``laurel retention``: what is due to be erased, tried first, then done in a person's name."""

from __future__ import annotations

from datetime import datetime

import click

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.desk import Desk
from service.casework.people.factors.sessions import acting_as
from service.casework.retention.erase import ask_erasures, try_erasures
from service.casework.retention.view import tidy_database, view_retention
from service.cli.tools import Tools, pass_tools
from service.domain.errors import NotFound
from service.domain.retention import PARTS
from service.domain.text import Text

_AS = click.option("--as", "login", required=True, metavar="LOGIN", help="In whose name it is done.")


@click.group("retention")
def retention() -> None:
    """Show and erase what was kept long enough."""


@retention.command("due")
@_AS
@click.option("--by", type=click.DateTime(["%Y-%m-%d"]), help="Look ahead to this day.")
@pass_tools
def due(tools: Tools, login: str, by: datetime | None) -> None:
    """List the cases in which something is due, and why some have to wait."""
    desk = tools.desk()
    rounds = view_retention(desk, _person(desk, login), by.date() if by else None).rounds
    for one in (case for each in rounds for case in each.cases):
        parts = "、".join(f"{PARTS[part].zh}（{since}起）" for part, since in one.due.items())
        click.echo(f"{'·' if one.refusals else '○'} {one.case.id} {one.case.title}：{parts}")
        for why in one.refusals:
            click.echo(f"    {why.zh} / {why.en}")
    if not rounds:
        click.echo("没有到期的内容 / nothing is due")


@retention.command("erase")
@click.argument("cases", type=click.IntRange(1, 2**62), nargs=-1, required=True)
@_AS
@click.option("--reason", default="", help="Goes on record in each case; write no personal data.")
@click.option("--confirm", is_flag=True, help="Erase for good; without it, it is only tried.")
@pass_tools
def erase(tools: Tools, cases: tuple[int, ...], login: str, reason: str, confirm: bool) -> None:
    """Try, and with --confirm erase, what is due in CASES; the running service does it case by case."""
    desk = tools.desk()
    actor = _person(desk, login)
    if confirm:
        count = ask_erasures(desk, actor, cases, reason)
        click.echo(f"✓ {count} 件已交后台清除 / handed to the service")
        return
    for one in try_erasures(desk, actor, cases):
        if one.found is None:
            click.echo(f"· {one.due.case.id} {one.due.case.title}：{one.due.refusals[0].zh}")
        else:
            rows, files = one.found.rows.total(), len(one.found.files)
            told = f"{rows} 条、{one.found.events} 条办理记录、{files} 个文件"
            click.echo(f"○ {one.due.case.id} {one.due.case.title}：{told} / rows, entries, files")
            for number, title in one.found.above:
                click.echo(f"    上级办件的文书 {number}“{title}”也将清除 / a document of a case above goes too")


@retention.command("tidy")
@pass_tools
def tidy(tools: Tools) -> None:
    """Write the database anew, so that its files hold nothing that was erased.

    Stop servers and workers first, on every machine; the command refuses while one is at work and names it.
    """
    with tools.stopped():
        tidy_database(tools.as_owner().desk(), SYSTEM)
    click.echo("✓ 数据库已重写 / the database was written anew")


def _person(desk: Desk, login: str) -> Actor:
    actor = acting_as(desk, login)
    if actor is None:
        raise NotFound(Text(f"没有账户“{login}”。", f"There is no account {login!r}."))
    return actor
