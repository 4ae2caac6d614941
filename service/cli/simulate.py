"""``laurel simulate``: play a scenario with the same casework, store and handlers as the web, under a virtual clock."""

from __future__ import annotations

import gc
import json
import sys
import tempfile
from pathlib import Path

import click

from service.casework.simulate import Played, play, read_scenario
from service.catalog import Package, load_package
from service.catalog.calendars import bundled_calendars, load_calendars
from service.cli.tools import refuse
from service.domain.errors import Invalid, LaurelError
from service.domain.text import Text
from service.sdk import operations
from service.store import Store


@click.command("simulate")
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print passed, timeline and unmet as JSON.")
def simulate(scenario: Path, as_json: bool) -> None:
    """Play SCENARIO (a file below an award's scenarios folder) and say what was not as expected."""
    try:
        played = play_file(scenario)
    except LaurelError as error:
        refuse(error)
    click.echo(json.dumps(as_dict(played), ensure_ascii=False, indent=2) if as_json else _story(played))
    sys.exit(0 if played.passed else 1)


def play_file(scenario: Path) -> Played:
    """Play a scenario file on a database of its own; raises Invalid when it lies in no award's folder."""
    package = package_of(scenario)
    gc.freeze()  # diagrams and forms stay until the end: nobody need look through them for garbage
    with tempfile.TemporaryDirectory(prefix="laurel-simulate-") as folder:
        store = Store("sqlite://", Path(folder) / "files", durable=False)
        store.create_tables()
        try:
            found = read_scenario(scenario.read_bytes(), scenario.name)
            return play(store, package, found, load_calendars(bundled_calendars()), operations())
        finally:
            store.close()


def package_of(scenario: Path) -> Package:
    """Return the package in whose folder the scenario lies."""
    here = scenario.resolve()
    for folder in here.parents:
        if (folder / "award.yaml").is_file():
            return load_package(folder.parents[2], folder.parent.name, folder.name)
    raise Invalid(
        Text(
            f"{scenario} 不在任何奖项的文件夹下，请放到 processes/<辖区>/<奖项>/scenarios/ 中。",
            f"{scenario} lies in no award's folder: put it under processes/<jurisdiction>/<award>/scenarios/.",
        )
    )


def as_dict(played: Played) -> dict[str, object]:
    """Return ``{passed, timeline: [{at, case, element, what, clauses}], unmet: [{where, message}]}``."""
    return {
        "passed": played.passed,
        "timeline": [
            {"at": h.at, "case": h.case, "element": h.element, "what": h.what, "clauses": list(h.clauses)}
            for h in played.timeline
        ],
        "unmet": [{"where": u.where, "message": u.message.zh} for u in played.unmet],
    }


def _story(played: Played) -> str:
    lines = [f"{h.at[:16].replace('T', ' ')}  {h.case}  {h.what}" for h in played.timeline]
    lines += [f"未达到：{u.where} {u.message.zh}" for u in played.unmet]
    return "\n".join([played.scenario.title, *lines, "通过 / passed" if played.passed else "未通过 / failed"])
