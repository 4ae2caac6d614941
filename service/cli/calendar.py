"""``laurel calendar``: years of the working calendar proposed, taken in, withdrawn and written as files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import click

from service.casework.access.actor import SYSTEM, Actor
from service.casework.desk.desk import Desk
from service.casework.due.correct_days import DaysCorrected, correct_days, view_calendar_moves
from service.casework.people.factors.sessions import acting_as
from service.casework.studio.parameters.calendar_years import list_years, view_year
from service.casework.studio.parameters.decide_year import decide_year
from service.casework.studio.parameters.propose_year import propose_year
from service.casework.studio.parameters.study_calendar import TypedNotice
from service.casework.studio.parameters.withdraw_year import withdraw_year
from service.cli.tools import Tools, pass_tools
from service.domain.errors import NotFound
from service.domain.text import Text

_LOGIN = click.option("--as", "login", required=True, metavar="LOGIN", help="The person in whose name it is done.")


@click.group("calendar")
def calendar() -> None:
    """Years of the working calendar beside the files of processes/calendars: a second person takes them in."""


@calendar.command("list")
@pass_tools
def show_years(tools: Tools) -> None:
    """List every year that was proposed, newest first."""
    for line in list_years(tools.desk(), SYSTEM):
        row = line.row
        click.echo(f"{row.id}\t{row.layer}\t{row.year}\t{row.state}\t{row.working_days}\t{row.author}\t{row.title}")


@calendar.command("propose")
@click.argument("layer")
@click.argument("year", type=int)
@click.argument("notice", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--title", required=True, help="Title of the notice.")
@click.option("--number", default="", help="Its number.")
@click.option("--issued", default="", metavar="DATE", help="The day it was issued.")
@_LOGIN
@pass_tools
def propose(
    tools: Tools, layer: str, year: int, notice: Path, title: str, number: str, issued: str, login: str
) -> None:
    """Propose the YEAR of LAYER as the text of NOTICE has it: a notice, rows of days, or 无 where the layer has none of its own."""

    def work(desk: Desk, person: Actor) -> str:
        typed = TypedNotice(notice.read_text("utf-8"), layer, year, title, number, issued)
        ident = propose_year(desk, person, typed)
        return f"已提出，编号 {ident}，等待另一人核定 / proposed as {ident}: another person takes it in"

    _do(tools, login, work)


@calendar.command("take-in")
@click.argument("ident", type=int)
@click.option("--reason", default="")
@_LOGIN
@pass_tools
def take_in(tools: Tools, ident: int, reason: str, login: str) -> None:
    """Let the program count by year IDENT from now on."""
    _do(tools, login, lambda desk, person: _decided(desk, person, ident, reason, approved=True))


@calendar.command("return")
@click.argument("ident", type=int)
@click.option("--reason", required=True)
@_LOGIN
@pass_tools
def give_back(tools: Tools, ident: int, reason: str, login: str) -> None:
    """Return year IDENT to who proposed it."""
    _do(tools, login, lambda desk, person: _decided(desk, person, ident, reason, approved=False))


@calendar.command("withdraw")
@click.argument("ident", type=int)
@click.option("--reason", required=True)
@_LOGIN
@pass_tools
def withdraw(tools: Tools, ident: int, reason: str, login: str) -> None:
    """Count again as if year IDENT had not been taken in."""

    def work(desk: Desk, person: Actor) -> str:
        withdraw_year(desk, person, ident, reason)
        return "已撤回 / withdrawn"

    _do(tools, login, work)


@calendar.command("moves")
@click.option("--jurisdiction", default="", metavar="PLACE", help="Only the cases of this place.")
@click.option("--as", "login", default="", metavar="LOGIN", help="Who moves them; without, they are only listed.")
@click.option("--reason", default="", help="Why; goes on record in every case and to those concerned.")
@pass_tools
def moves(tools: Tools, jurisdiction: str, login: str, reason: str) -> None:
    """List limits of running cases that the calendars in force would move; --as and --reason move them.

    What would lapse at once is left for a decision in the monitor. May be broken off and run again.
    """
    desk = tools.desk()
    person = acting_as(desk, login) if login else SYSTEM
    if person is None:
        raise NotFound(Text(f"没有帐号“{login}”。", f"There is no account “{login}”."))
    for line in _moves(desk, person, jurisdiction, reason if login else None):
        click.echo(line)


@calendar.command("export")
@click.argument("ident", type=int)
@pass_tools
def export(tools: Tools, ident: int) -> None:
    """Write the file of year IDENT to standard output, as it would stand in processes/calendars."""
    click.echo(view_year(tools.desk(), SYSTEM, ident).content, nl=False)


def _moves(desk: Desk, person: Actor, jurisdiction: str, reason: str | None) -> Iterator[str]:
    """Yield what would move, page by page, and what became of it where a ``reason`` is given."""
    before: int | None = None
    while True:
        view = view_calendar_moves(desk, person, jurisdiction, before)
        for one in view.cases:
            for move in one.moves:
                held = "\t待决定 / held" if move.held else "\t保留 / stays" if move.stays else ""
                words = f"{move.change.name}\t{move.change.old}\t{move.change.new}\t{'、'.join(move.articles)}"
                yield f"{one.case.id}\t{one.case.title}\t{words}{held}"
            if one.problem:
                yield f"{one.case.id}\t{one.case.title}\t{one.problem.zh} / {one.problem.en}"
        if reason is not None and view.cases:
            for done in correct_days(desk, person, [one.case.id for one in view.cases], reason):
                yield f"{done.case_id}\t{_became(done)}"
        before = view.before
        if before is None:
            return


def _became(done: DaysCorrected) -> str:
    if done.refusal:
        return f"✗ {done.refusal.zh} / {done.refusal.en}"
    stays = "".join(f"；{said.zh} / {said.en}" for said in done.stays)
    return f"✓ 已改 {done.moved}，待决定 {done.waiting} / moved {done.moved}, held {done.waiting}{stays}"


def _decided(desk: Desk, person: Actor, ident: int, reason: str, *, approved: bool) -> str:
    decide_year(desk, person, ident, approved, reason)
    return "已载入 / taken in" if approved else "已退回 / returned"


def _do(tools: Tools, login: str, work: Callable[[Desk, Actor], str]) -> None:
    desk = tools.desk()
    person = acting_as(desk, login)
    if person is None:
        raise NotFound(Text(f"没有帐号“{login}”。", f"There is no account “{login}”."))
    click.echo(work(desk, person))
