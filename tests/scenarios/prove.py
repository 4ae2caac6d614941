"""See the proof of each clause fail when something that cites the clause is not as it was.

``python -m tests.scenarios.prove yining/quality_award`` takes every clause that an expectation proves and that is not on
record yet (or those after the award), makes the changes of what cites it, those first that the proof's own scenario noticed
last time, plays that scenario, and writes into ``tests/data/mutants/proofs`` which proof failed with which change; ``HELD``
means that none did: nothing is known to make it fail.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.stage import stage
from service.catalog import Package, load_catalog
from service.catalog.coverage.coverage import coverage, list_package_citations
from service.catalog.law.proof import Proof
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.source.yaml import YamlList, YamlMap, parse_yaml
from service.domain.errors import LaurelError
from tests.mutants import changed, citing_elements, without
from tests.mutants import content_mutants as content_of
from tests.scenarios import content_mutants, mutants
from tests.scenarios.playing import only_played

VERIFIED = mutants.KEPT / "proofs"
HELD = "HELD"
CHANGES = 12
"""So many plays are tried for a clause before it is listed as held."""
_STEP = re.compile(r"第([0-9]+)步 ")


def _unmet_lines(package: Package, path: Path) -> Iterator[int]:
    """Yield the lines of the expectations, and of the steps to be refused, that are not met in ``package``."""
    root = parse_yaml(path.read_bytes(), path.name)
    assert isinstance(root, YamlMap)
    for unmet in only_played(package, read_scenario(path.read_bytes(), path.name)).unmet:
        step = _STEP.match(unmet.where)
        if unmet.where.startswith("expect "):
            yield _line(root.entries.get("expect"), int(unmet.where.removeprefix("expect ")))
        elif step and (
            unmet.where.endswith(" expect")
            or any(word in unmet.message.zh for word in ("应被拒绝", "拒绝的理由", "应指出"))
        ):
            yield _line(root.entries.get("steps"), int(step[1]))


def _line(rows: object, number: int) -> int:
    item = rows.items[number - 1] if isinstance(rows, YamlList) else None
    return item.line if isinstance(item, YamlMap) else 0


@dataclass(frozen=True, slots=True)
class _Change:
    """Something that cites a clause made otherwise; ``noticed`` is the scenario that failed with it, and ``at`` where."""

    ident: str
    make: Callable[[], Package]
    noticed: str = ""
    at: tuple[str, ...] = ()

    def rank(self, scenario: str, rows: Iterable[str]) -> int:
        """Return what sorts first: what broke one of these expectations, then what broke the scenario it is not known where."""
        if scenario != self.noticed:
            return 3
        return 0 if set(rows) & set(self.at) else 2 if self.at else 1


def _changes(package: Package, clause: str) -> Iterator[_Change]:
    noticed, lost = content_mutants.kept(package.key), mutants.kept(package.key)
    for ident, mutant in content_of(package).items():
        if clause in mutant.clauses:
            seen = noticed.get(ident)
            if seen is None or seen.at != (content_mutants.NEVER_ENDS,):
                found = seen or content_mutants.Noticed("", ())
                yield _Change(ident, partial(changed, package, [mutant]), found.by, found.at)
    citing = {(c.file, c.element) for c in list_package_citations(package) if c.clause == clause}
    for mark in citing_elements(package):
        if (mark.file, mark.element) in citing:
            yield _Change(str(mark), partial(without, package, mark), lost.get(str(mark), ""))


def breaks(package: Package, clause: str, proofs: Sequence[Proof]) -> str | None:
    """Return "scenario ← change" of an expectation that fails when something that cites the clause is changed."""
    files = mutants.scenarios(package)
    places: dict[str, dict[int, str]] = {}
    for proof in proofs:
        places.setdefault(proof.name, {})[proof.line] = _place(files[proof.name], proof.line)
    plays = [(name, change) for change in _changes(package, clause) for name in places]
    plays.sort(key=lambda play: play[1].rank(play[0], places[play[0]].values()))
    for name, change in plays[:CHANGES]:
        with suppress(LaurelError):  # a package that cannot be read or played without it fails no expectation
            found = change.make()
            lines = list(_unmet_lines(found, files[name]))
            stage.ENGINE.forget(found.version)
            if any(line in places[name] for line in lines):
                return f"{name} ← {change.ident}"
    return None


def _place(path: Path, line: int) -> str:
    """Return the expectation at ``line`` as ``Played.unmet`` names it."""
    root = parse_yaml(path.read_bytes(), path.name)
    assert isinstance(root, YamlMap)
    for key, shown in (("steps", "第{}步 expect"), ("expect", "expect {}")):
        rows = root.entries.get(key)
        for number, item in enumerate(rows.items if isinstance(rows, YamlList) else (), 1):
            if isinstance(item, YamlMap) and item.line == line:
                return shown.format(number)
    return ""


def main(key: str, only: set[str]) -> int:
    """Write for each clause which proof fails when what cites it is changed; returns for how many none does."""
    handlers.load()
    catalog = load_catalog(mutants.PROJECT)
    package = with_proofs(catalog.package(key), catalog.tree)
    path = VERIFIED / f"{key.replace('/', '-')}.json"
    record: dict[str, str] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    covered = coverage(package)
    record = {clause: found for clause, found in record.items() if clause in covered.carried_out}
    for clause in covered.carried_out:
        if clause in only if only else clause not in record:
            record[clause] = breaks(package, clause, covered.proofs[clause]) or HELD
            print(f"{clause}: {record[clause]}", flush=True)
            path.parent.mkdir(exist_ok=True)
            path.write_text(json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    return sum(found == HELD for found in record.values())


if __name__ == "__main__":
    print(f"{main(sys.argv[1], {*sys.argv[2:]})} {HELD}")
