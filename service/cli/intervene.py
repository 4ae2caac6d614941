"""``laurel intervene``: change running cases as an administrator does, tried first."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

import click

from service.casework.access.actor import Actor
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS, InterventionKind, intervention_of
from service.casework.interventions.tried import AlreadyDone
from service.casework.people.factors.sessions import acting_as
from service.cli.tools import Tools, pass_tools, refuse
from service.domain.errors import Invalid, LaurelError, NotFound
from service.domain.text import Text


def _named(kind: InterventionKind) -> str:
    """Return which names a kind takes with --set, those that may be left out in brackets."""
    asked = [f"[{one.name}]" if one.optional else one.name for one in kind.wanted]
    return f"  {kind.id}: {', '.join(asked) or '–'}"


_SETS = "\b\nNames for --set, those that may be left out in brackets:\n" + "\n".join(
    _named(kind) for kind in INTERVENTIONS.values()
)
"""Which names each kind takes, as the help ends."""

_VALUES = (
    "\b\nValues: task, person and ballot are numbers; limit is task:NUMBER, timer:ID or element:ID; day is 2026-06-05;\n"
    "passed is lapse or a day (passed-ID, passed-why-ID for one limit); name is a value on record, message a message.\n"
    "GET /api/v1/cases/CASE/interventions lists what each takes in a case now."
)


@click.command("intervene", epilog=f"{_SETS}\n\n{_VALUES}")
@click.argument("kind", type=click.Choice(sorted(INTERVENTIONS)))
@click.argument("cases", type=int, nargs=-1, required=True)
@click.option("--as", "login", required=True, metavar="LOGIN", help="The administrator in whose name it is done.")
@click.option("--reason", required=True, help="Goes on record and is told to the office.")
@click.option("--public", is_flag=True, help="Those concerned read the reason too.")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    help="What this kind asks for, such as day=2026-06-05; below.",
)
@click.option("--dry-run", is_flag=True, help="Only say what would change, with a mark for --tried.")
@click.option("--tried", "marks", multiple=True, metavar="MARK", help="The mark of the trial, one for each case.")
@pass_tools
def intervene(
    tools: Tools,
    kind: str,
    cases: tuple[int, ...],
    login: str,
    reason: str,
    values: tuple[str, ...],
    dry_run: bool,
    marks: tuple[str, ...],
    public: bool,
) -> None:
    """Do KIND to each of CASES, as it was tried with --dry-run; one refusal does not stop the others."""
    refused = 0
    desk = tools.desk()
    actor = administrator(desk, login)
    _demand_read(cases, marks, dry_run=dry_run)
    given = dict(value.partition("=")[::2] for value in values)
    _demand_known(intervention_of(kind), given)
    for case_id in cases:
        try:
            asked = InterventionAsked(reason, dry=dry_run, public=public)
            tried = next((mark for mark in marks if mark.startswith(f"{case_id}-")), "")
            _show(intervention_of(kind).do_tried(desk, actor, case_id, asked, given, tried))
        except AlreadyDone as done:
            click.echo(f"✓ {case_id}：{done.message.zh} / {done.message.en}")
        except LaurelError as error:
            refused += 1
            click.echo(f"✗ {case_id}：{error.message.zh} / {error.message.en}", err=True)
    sys.exit(2 if refused else 0)


def _demand_read(cases: Sequence[int], marks: Sequence[str], *, dry_run: bool) -> None:
    """End with a sentence where a mark would be passed over: it is of no case named, or nothing is to be done."""
    if dry_run and marks:
        refuse(Invalid(Text("--dry-run 和 --tried 只能写一项。", "Give --dry-run or --tried, not both.")))
    named = [mark.partition("-")[0] for mark in marks]
    strange = [m for m, of in zip(marks, named, strict=True) if of not in map(str, cases) or named.count(of) > 1]
    if strange:
        refuse(
            Invalid(
                Text(
                    f"每个办件只能写一个试算标记，而且要列出它的办件：{'、'.join(strange)}，没有办理。",
                    f"Give one mark for each case, of a case that is named: {', '.join(strange)}; nothing was done.",
                )
            )
        )


def _demand_known(kind: InterventionKind, given: Mapping[str, str]) -> None:
    """End with a sentence where a name is given that the kind does not take: it would be passed over."""
    known = [wanted.name for wanted in kind.wanted]
    strange = [name for name in given if name not in known and not any(name.startswith(f"{one}-") for one in known)]
    if strange:
        takes = ", ".join(known)
        refuse(
            Invalid(
                Text(
                    f"{kind.id} 没有 {'、'.join(strange)}，没有办理；可用的是：{takes or '没有'}。",
                    f"{kind.id} takes no {', '.join(strange)}, and nothing was done; it takes: {takes or 'nothing'}.",
                )
            )
        )


def administrator(desk: Desk, login: str) -> Actor:
    """Return who acts under ``login``, with what they hold; raises NotFound."""
    actor = acting_as(desk, login)
    if actor is None:
        raise NotFound(Text(f"没有账户“{login}”。", f"There is no account {login!r}."))
    return actor


def _show(effect: Effect) -> None:
    click.echo(f"{'○' if effect.dry else '✓'} {effect.case_id} {effect.title}")
    for change in effect.changes:
        before, after = (each.zh if each else "—" for each in (change.before, change.after))
        click.echo(f"    {change.what.zh} {change.name}：{before} → {after}")
    for told in effect.told:
        click.echo(f"    告知 {told.name}：{told.subject}")
    if effect.dry:
        click.echo(f"    --tried {effect.tried}")
