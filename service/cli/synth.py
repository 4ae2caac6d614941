"""``laurel synth``: fill an empty installation with fictional load."""

from __future__ import annotations

from pathlib import Path

import click

from service.cli.play_file import calendars_of_play, package_of, read_scenario_file
from service.cli.tools import Tools, pass_tools
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store import CaseFilter

_NAMED = Text(
    "它们由数据库复制，不在记录中：laurel doctor --deep 和每夜核对会把它们列为被改动过，属于正常。",
    "The database copied them, and no event tells of them: laurel doctor --deep and the nightly comparison"
    " name them as changed by others, which is as it should be.",
)


@click.command("synth")
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--cases", required=True, type=click.IntRange(1, 5_000_000), help="How many cases to make.")
@click.option("--seed", default=1, show_default=True, help="The same seed makes the same names in the same order.")
@click.option("--without-past", is_flag=True, help="Copy tasks and what waits, but no history, forms and documents.")
@pass_tools
def synth(tools: Tools, scenario: Path, cases: int, seed: int, without_past: bool) -> None:
    """Play SCENARIO in an installation without cases, then copy its cases until there are so many: load to measure.

    The copies can be listed, searched, watched and opened; nobody can go on with them. The database writes them, not the
    program, so laurel doctor --deep and the nightly comparison name them as changed by others.
    """
    from service.casework.simulate.playing.synth import make_load
    from service.casework.simulate.stage.stage import open_stage
    from service.sdk import operations

    store = tools.desk().store
    with store.read() as tx:
        if tx.cases.search(CaseFilter(), limit=1):
            raise Conflict(
                Text(
                    "这里已经有办件，不能再放入虚构数据。请用 LAUREL_DATA 指定一个空的数据目录。",
                    "There are cases here already: fictional ones would mix with them. Name an empty folder in LAUREL_DATA.",
                )
            )
    stage = open_stage(store, package_of(scenario), read_scenario_file(scenario), calendars_of_play(), operations())
    made = make_load(
        stage, cases, seed, lambda n: click.echo(f"\r{n} / {cases}", nl=False, err=True), past=not without_past
    )
    click.echo(f"\n已生成 {made} 件虚构办件。 / {made} fictional cases were made.")
    click.echo(f"! {_NAMED.zh} / {_NAMED.en}")
