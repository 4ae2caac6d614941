"""What becomes of a season when one element that cites a clause is taken out of its diagram.

``python -m tests.scenarios.mutants urumqi/quality_award`` takes out every such element of an award (of a real city, or
of one below ``tests/data``) in turn, plays the scenarios that pass it, the one that noticed last time first and then the
quickest, until one notices, and writes who noticed what into ``tests/data/mutants`` after each. What nobody notices is
listed and makes the command fail. Names of processes or elements after the award limit it to those; the word ``open``
to those that nobody has noticed yet.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import Played, read_scenario
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package, load_catalog
from service.catalog.coverage.coverage import coverage
from service.domain.errors import LaurelError
from tests.mutants import CitingElement, citing_elements, without
from tests.mutants.citing_elements import passed_at
from tests.scenarios.playing import played_through
from tests.support.bundled import bundled
from tests.support.tree import lay_out

PROJECT = Path(__file__).parents[2]
KEPT = PROJECT / "tests" / "data" / "mutants"
"""One file per award: ``noticed``, "process/element" → the scenario that fails without the element; ``open``, the rest.

Under ``alike`` stands by hand, with its reason, what a shared diagram draws for other cities and this one never comes to.
"""
BY_COVERAGE = "coverage"
"""Stands for a scenario where no scenario passes the element but a clause is left without any place."""


def seen_elsewhere(key: str) -> set[str]:
    """Return the elements of shared diagrams whose loss a real city's season notices, for an award only the tests have.

    A shared piece is proved with the cities; an award of the tests need not tell all of it again.
    """
    if _place(key) == PROJECT:
        return set()
    cities = (path.parent for path in (PROJECT / "processes").glob("*/*/award.yaml"))
    noticed = (ident for city in cities for ident in kept(f"{city.parent.name}/{city.name}"))
    return {ident for ident in noticed if ident.startswith("shared_")}


@cache
def package_of(key: str) -> Package:
    """Return the package of an award, of a real city or of one that only the tests have; read once in a process."""
    place = _place(key)
    if place == PROJECT:
        return bundled().package(key)
    with tempfile.TemporaryDirectory() as root:
        return load_catalog(lay_out(Path(root), place)).package(key)


def scenarios(package: Package) -> dict[str, Path]:
    """Return the package's scenarios by name."""
    folder = _place(package.key) / "processes" / package.key / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def _place(key: str) -> Path:
    """Return the folder whose ``processes`` hold an award."""
    return next(p for p in (PROJECT, *(PROJECT / "tests" / "data").iterdir()) if (p / "processes" / key).is_dir())


def notices(package: Package, mark: CitingElement, scenario: Path) -> bool:
    """Return whether ``scenario`` fails without the element, or the diagram cannot be played at all without it."""
    try:
        result, _ = played(without(package, mark), scenario)
    except LaurelError:
        return True
    return not result.passed


def names(package: Package, mark: CitingElement, scenario: Path) -> bool:
    """Return whether ``scenario`` fails for certain without the element: it acts there, or expects it by its id.

    Only an element whose id no other diagram of the package uses is meant without doubt.
    """
    if sum(mark.element in diagram.elements for diagram in package.processes.values()) != 1:
        return False
    read = read_scenario(scenario.read_bytes(), scenario.name)
    acts = any(
        m.verb in ("complete", "each", "confirm") and m.value == mark.element and "refused" not in m.keys
        for m in read.moves
    )
    rows = [*read.expect, *(m.value for m in read.moves if m.verb == "expect")]
    return acts or any(
        mark.element in (row.get("reached"), row.get("task"), row.get("waiting"), row.get("timer"))
        and not row.get("no")
        and row.get("times") != 0
        for row in rows
    )


def uncovers(package: Package, mark: CitingElement) -> bool:
    """Return whether a clause is carried out nowhere any more without the element."""
    try:
        return len(coverage(without(package, mark)).uncovered) > len(coverage(package).uncovered)
    except LaurelError:
        return True


def played(package: Package, scenario: Path) -> tuple[Played, frozenset[str]]:
    """Play the scenario at ``scenario``; returns what came of it, and "process/element" of all it went through."""
    with empty_store() as store:
        return played_through(store, package, read_scenario(scenario.read_bytes(), scenario.name))


def kept(key: str) -> dict[str, str]:
    """Return who notices the loss of each element of an award, as last written."""
    return dict(_record(key)["noticed"])


def still_open(key: str) -> set[str]:
    """Return the elements whose loss nobody was found to notice yet; nothing may be added to them."""
    return set(_record(key)["open"])


def alike(key: str) -> dict[str, str]:
    """Return the elements without which nothing changes in this award, with the reason."""
    return dict(_record(key).get("alike", {}))


def _record(key: str) -> dict[str, Any]:
    path = KEPT / f"{key.replace('/', '-')}.json"
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {"noticed": {}, "open": []}
    return found


OPEN = "open"


def main(key: str, only: list[str]) -> int:
    """Take out citing elements of award ``key``, all or those in ``only``; returns how many nobody notices."""
    handlers.load()
    package = package_of(key)
    files, meant = scenarios(package), set(only)
    if OPEN in meant:
        meant |= still_open(key)
    spared = seen_elsewhere(key)
    todo = [
        m for m in citing_elements(package) if {str(m), m.process, m.element} & meant or not (meant or str(m) in spared)
    ]
    passing = _passing(package, files)
    lost = []
    for number, mark in enumerate(todo, 1):
        who = _who_notices(package, mark, kept(key).get(str(mark)), passing, files)
        print(f"{number}/{len(todo)} {mark}: {who or 'NOBODY'}", flush=True)
        _keep(package, mark, who)
        if who is None:
            lost.append(mark)
    print("\n".join(f"nobody notices: {m.file} {m.element}" for m in lost))
    return len(lost)


def _keep(package: Package, mark: CitingElement, who: str | None) -> None:
    """Write who notices the loss of ``mark``, and drop what is no longer drawn."""
    drawn = {str(m) for m in citing_elements(package)}
    known = {name: by for name, by in kept(package.key).items() if name in drawn and name != str(mark)}
    same = {
        name: why for name, why in alike(package.key).items() if name in drawn and (who is None or name != str(mark))
    }
    if who is not None:
        known[str(mark)] = who
    KEPT.mkdir(exist_ok=True)
    left = drawn - set(known) - set(same) - seen_elsewhere(package.key)
    record = {"noticed": dict(sorted(known.items())), "open": sorted(left), **({"alike": same} if same else {})}
    path = KEPT / f"{package.key.replace('/', '-')}.json"
    path.write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n")


def _passing(package: Package, files: Mapping[str, Path]) -> dict[str, frozenset[str]]:
    """Return what each scenario goes through, the quickest first; one that fails anyway notices nothing."""
    found: list[tuple[float, str, frozenset[str]]] = []
    for name, path in files.items():
        begun = time.process_time()
        result, seen = played(package, path)
        print(f"{name}: {'passes' if result.passed else 'FAILS'}", flush=True)
        if result.passed:
            found.append((time.process_time() - begun, name, seen))
    return {name: seen for _, name, seen in sorted(found, key=lambda one: one[:2])}


def _who_notices(
    package: Package,
    mark: CitingElement,
    known: str | None,
    passing: Mapping[str, frozenset[str]],
    files: Mapping[str, Path],
) -> str | None:
    candidates = [name for name, seen in passing.items() if passed_at(package, mark) in seen]
    sure = [name for name in candidates if names(package, mark, files[name])]
    if sure:
        return known if known in sure else sure[0]
    candidates.sort(key=lambda name: (name != known, mark.element not in files[name].read_text()))
    for name in candidates:
        if notices(package, mark, files[name]):
            return name
    return BY_COVERAGE if uncovers(package, mark) else None


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
