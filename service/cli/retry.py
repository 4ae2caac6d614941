"""``laurel retry``: try again what failed, one incident or all of its cause, as an administrator does."""

from __future__ import annotations

import sys

import click

from service.casework.desk.desk import Desk
from service.casework.due.retry_alike import retry_alike
from service.casework.due.retry_incident import Retried, retry_incident
from service.casework.interventions.batch import REFUSED, view_batch
from service.cli.intervene import administrator
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import LaurelError

_SAID = {
    Retried.DONE: "✓ 已重试 / tried again",
    Retried.QUEUED: "○ 已重新排队，办成以后异常自行消除 / queued again; its incident closes once it went well",
    Retried.FAILED: "✗ 重试后仍未成功 / failed again",
}


@click.command("retry")
@click.argument("incident", type=int)
@click.option("--as", "login", required=True, metavar="LOGIN", help="The administrator in whose name it is done.")
@click.option("--alike", is_flag=True, help="All open incidents of its cause, case by case in the background.")
@click.option("--batch", is_flag=True, help="INCIDENT is the number that --alike gave: say how far that is.")
@pass_tools
def retry(tools: Tools, incident: int, login: str, alike: bool, batch: bool) -> None:
    """Try again what failed at INCIDENT, whose number the incident desk shows."""
    desk = tools.desk()
    try:
        if batch:
            _tell(desk, login, incident)
        elif alike:
            _begin(desk, login, incident)
        else:
            outcome = retry_incident(desk, administrator(desk, login), incident)
            click.echo(_SAID[outcome])
            if not outcome:
                sys.exit(2)
    except LaurelError as error:
        refuse(error)


def _begin(desk: Desk, login: str, incident: int) -> None:
    begun = retry_alike(desk, administrator(desk, login), incident)
    begins = f"{begun.incidents} 项开始重试 / begin to be tried again"
    click.echo(f"○ {'已在批量重试，没有再发起 / they are being tried again already' if begun.before else begins}")
    if begun.batch is not None:
        click.echo(f"    laurel retry --batch {begun.batch} --as {login}")


def _tell(desk: Desk, login: str, batch: int) -> None:
    """Say how far a batch is, and why each case of it failed that did."""
    actor = administrator(desk, login)
    view = view_batch(desk, actor, batch)
    done = view.total - view.counts.get("waiting", 0)
    click.echo(f"{'✓' if view.over else '○'} {view.title.zh}：{done}/{view.total}")
    after: int | None = 0
    while after is not None:
        page = view_batch(desk, actor, batch, after)
        for one in page.results:
            if one.state == REFUSED and one.why is not None:
                click.echo(f"✗ {one.case_id} {one.title}：{one.why.zh} / {one.why.en}")
        after = page.after
    sys.exit(2 if view.counts.get(REFUSED) else 0)
