"""``laurel simulate``: play a scenario with the same casework, store and handlers as the web, under a virtual clock."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.casework.simulate import Played
from service.cli.play_file import play_file, unknowns_in
from service.cli.simulate_all import play_all, scenarios_below
from service.domain.errors import Invalid
from service.domain.text import Text

if TYPE_CHECKING:
    from service.casework.simulate.playing.unknowns import Unknown


@click.command("simulate")
@click.argument("scenario", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print passed, timeline and unmet as JSON (one scenario only).")
def simulate(scenario: Path, as_json: bool) -> None:
    """Play SCENARIO (a file below an award's scenarios folder) and say what was not as expected.

    Where it failed, it also says which formulas read a name that was not there. A folder plays every scenario
    below it, one line each.
    """
    if scenario.is_dir():
        sys.exit(0 if _all(scenario, as_json) else 1)
    played = play_file(scenario)
    unknowns = () if played.passed else unknowns_in(scenario)
    report = as_dict(played, unknowns)
    click.echo(json.dumps(report, ensure_ascii=False, indent=2) if as_json else _story(played, unknowns))
    sys.exit(0 if played.passed else 1)


def _all(folder: Path, as_json: bool) -> bool:
    """Print how each scenario below ``folder`` went; returns whether all passed."""
    if as_json:
        raise Invalid(Text("--json 只用于单个剧本，请给出一个文件。", "--json is for one scenario: give a file."))
    scenarios, failed = scenarios_below(folder), 0
    for number, outcome in enumerate(play_all(scenarios), 1):
        failed += bool(outcome.unmet)
        place = outcome.scenario.relative_to(folder.resolve())
        click.echo(f"{'✗' if outcome.unmet else '✓'} {number}/{len(scenarios)} {place}")
        for line in outcome.unmet:
            click.echo(f"    未达到：{line}")
    click.echo(f"{len(scenarios)}个剧本，未通过{failed}个 / {len(scenarios)} scenarios, {failed} failed")
    return failed == 0


def as_dict(played: Played, unknowns: Sequence[Unknown] = ()) -> dict[str, object]:
    """Return ``{passed, timeline: [{at, case, element, what, clauses}], unmet: [{where, message}], unknown: [{element, expression, names}]}``.

    ``unknown`` is empty where the scenario passed.
    """
    return {
        "passed": played.passed,
        "timeline": [
            {"at": h.at, "case": h.case, "element": h.element, "what": h.what, "clauses": list(h.clauses)}
            for h in played.timeline
        ],
        "unmet": [{"where": u.where, "message": u.message.zh} for u in played.unmet],
        "unknown": [{"element": u.element, "expression": u.expression, "names": list(u.names)} for u in unknowns],
    }


def _story(played: Played, unknowns: Sequence[Unknown]) -> str:
    lines = [f"{h.at[:16].replace('T', ' ')}  {h.case}  {h.what}" for h in played.timeline]
    lines += [f"未达到：{u.where} {u.message.zh}" for u in played.unmet]
    lines += [f"读到未知 / unknown: {'、'.join(u.names)} ← {u.element or '?'}：{u.expression}" for u in unknowns]
    return "\n".join([played.scenario.title, *lines, "通过 / passed" if played.passed else "未通过 / failed"])
