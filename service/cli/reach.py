"""``laurel coverage CITY --scenarios``: coverage of the diagrams' elements by the city's scenarios."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import click
import orjson

from service.casework.simulate import play, read_scenario
from service.casework.simulate.playing.scenario_coverage import DiagramReach, Season, reach, season_of
from service.catalog import Catalog, Package
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.sdk import operations
from service.store import Store


def show_reach(root: Path, catalog: Catalog, jurisdiction: str, as_json: bool) -> bool:
    """Play the scenarios of every award of a jurisdiction, print what they reach, and tell whether that is everything."""
    seasons: list[Season] = []
    diagrams: list[DiagramReach] = []
    for package in catalog.of(jurisdiction):
        folder = root / "processes" / package.key / "scenarios"
        played = [_play(package, path) for path in sorted(folder.glob("*.yaml"))]
        seasons += played
        diagrams += reach(package, played)
    found = as_json_value(jurisdiction, seasons, diagrams)
    click.echo(orjson.dumps(found).decode() if as_json else as_text(seasons, diagrams))
    return all(s.passed for s in seasons) and not any(d.unreached for d in diagrams)


def _play(package: Package, path: Path) -> Season:
    click.echo(f"{package.key} {path.stem} …", err=True)
    with tempfile.TemporaryDirectory(prefix="laurel-reach-") as folder:
        store = Store(f"sqlite:///{folder}/season.db", Path(folder) / "files", durable=False)
        try:
            store.migrate()
            scenario = read_scenario(path.read_bytes(), path.name)
            played = play(store, package, scenario, load_calendars(bundled_calendars()), operations())
            return season_of(path.stem, played, store)
        finally:
            store.close()


def as_json_value(jurisdiction: str, seasons: Sequence[Season], diagrams: Iterable[DiagramReach]) -> dict[str, Any]:
    """Return ``{jurisdiction, scenarios, elements, reached, diagrams}``; the shape is stable.

    ``scenarios``: ``[{scenario, title, passed, expectations, unmet}]``. ``elements`` and ``reached`` are counts.
    ``diagrams``: ``[{package, process, file, name, elements, reached: {element: [scenario]}, unreached: [{element,
    kind, name}]}]``. Only scenarios that pass count, and
    of their cases those of which something is expected: the case itself, the one above, one below.
    """
    rows = list(diagrams)
    return {
        "jurisdiction": jurisdiction,
        "scenarios": [
            {
                "scenario": s.scenario,
                "title": s.title,
                "passed": s.passed,
                "expectations": s.expectations,
                "unmet": list(s.unmet),
            }
            for s in seasons
        ],
        "elements": sum(len(d.reached) + len(d.unreached) for d in rows),
        "reached": sum(len(d.reached) for d in rows),
        "diagrams": [
            {
                "package": d.package,
                "process": d.process,
                "file": d.file,
                "name": d.name,
                "elements": len(d.reached) + len(d.unreached),
                "reached": {element: list(names) for element, names in d.reached.items()},
                "unreached": [{"element": e.id, "kind": e.kind, "name": e.name} for e in d.unreached],
            }
            for d in rows
        ],
    }


def as_text(seasons: Sequence[Season], diagrams: Sequence[DiagramReach]) -> str:
    """Return what is not reached for people, diagram by diagram, and the sum."""
    lines = [f"✗ {s.scenario} {s.title}：{'；'.join(s.unmet)}" for s in seasons if not s.passed]
    lines += [f"· {s.scenario} 没有期望，不作数 / expects nothing" for s in seasons if s.passed and not s.asserts]
    for d in diagrams:
        every = len(d.reached) + len(d.unreached)
        lines.append(f"{d.process} {d.name}（{d.file}）：{len(d.reached)}/{every}")
        lines += [f"    {e.id} {e.kind} {e.name}" for e in d.unreached]
    reached, missed = sum(len(d.reached) for d in diagrams), sum(len(d.unreached) for d in diagrams)
    lines.append(
        f"{len(seasons)} 个情景走到 {reached + missed} 个图元中的 {reached} 个，{missed} 个没有走到 / "
        f"{len(seasons)} scenarios reach {reached} of {reached + missed} elements"
    )
    return "\n".join(lines)
