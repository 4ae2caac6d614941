"""What every choice of every setting does: it is played, and it switches no clause off that it does not declare.

``python -m tests.scenarios.choices urumqi/quality_award`` looks at each setting that offers words to choose among
(``choices``, ``source: default``) and at each of its other choices, and writes into ``tests/data/choices``:

``played``: which scenario sets it and fails without it; ``unplayed``: the choices that none does.
``asked``: which of these settings each scenario that proves a clause asks for; the others cannot change its course.
``upheld``: what scenarios that ask for the setting still prove when the choice is made, scenario by scenario;
``switched_off``: the clauses, proved otherwise and not declared by the setting (``clauses``, ``touches``), that no
scenario proves any more once the choice is made. Both lists of faults may only shrink.

Names of settings after the award limit it to those; the word ``played`` leaves the replays out, ``replay`` the question who plays what.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.scenario import Scenario
from service.catalog import Package
from service.catalog.parameters import Parameter
from service.catalog.proofs import PROVES, proved
from service.catalog.setting_reach import declared, settings_of
from service.sdk import operations
from service.store import Store
from tests.scenarios.mutants import PROJECT, package_of, scenarios
from tests.scenarios.setting_plays import plays_elsewhere
from tests.scenarios.watched import watching
from tests.support.passing import CALENDARS

KEPT = PROJECT / "tests" / "data" / "choices"


@dataclass(frozen=True, slots=True)
class Option:
    """A choice of a setting that is not the one in force."""

    setting: Parameter
    choice: Any

    def __str__(self) -> str:
        return f"{self.setting.id}={self.choice}"


def options(package: Package) -> Iterator[Option]:
    """Yield every choice of every setting but those in force."""
    for setting in settings_of(package):
        usual = setting.values[-1].value
        for choice in setting.choices:
            if choice != usual:
                yield Option(setting, choice)


def read_all(package: Package) -> dict[str, Scenario]:
    """Return the scenarios of an award by name."""
    return {name: read_scenario(path.read_bytes(), path.name) for name, path in scenarios(package).items()}


def outcome(package: Package, scenario: Scenario) -> tuple[bool, frozenset[str]]:
    """Play a scenario; returns whether everything was met, and the clauses whose every proof was met."""
    with tempfile.TemporaryDirectory() as folder:
        store = Store("sqlite://", Path(folder) / "files", durable=False)
        store.create_tables()
        try:
            result = play(store, package, scenario, CALENDARS, operations())
        finally:
            store.close()
    unmet = {one.where for one in result.unmet}
    kept: dict[str, bool] = {}
    for where, row in _proofs(scenario):
        held = not any(said.startswith(where) for said in unmet) and _reached(scenario, where, unmet)
        for clause in proved(row):
            kept[clause] = kept.get(clause, True) and held
    return result.passed, frozenset(clause for clause, held in kept.items() if held)


def _proofs(scenario: Scenario) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for move in scenario.moves:
        if move.verb == "expect" and PROVES in move.value:
            yield f"第{move.number}步 ", move.value
        elif PROVES in move.keys:
            yield f"第{move.number}步 ", move.keys
    for number, row in enumerate(scenario.expect, 1):
        if PROVES in row:
            yield f"expect {number}", row


def _reached(scenario: Scenario, where: str, unmet: set[str]) -> bool:
    """Tell whether the play came as far as ``where``: a step that fails ends it."""
    stopped = [m.number for m in scenario.moves if m.verb != "expect" and f"第{m.number}步 {m.verb} {m.value}" in unmet]
    if not stopped:
        return True
    return not where.startswith("expect") and int(where[1:].partition("步")[0]) < min(stopped)


def with_choice(scenario: Scenario, option: Option) -> Scenario:
    """Return the scenario as it would be had the city chosen ``option``."""
    return replace(scenario, parameters={**scenario.parameters, option.setting.id: option.choice})


def who_plays(package: Package, option: Option, known: Mapping[str, Scenario]) -> str | None:
    """Return the scenario that sets the choice and fails without it, None where there is none."""
    name = option.setting.id
    for ident, scenario in known.items():
        if name in scenario.parameters and scenario.parameters[name] == option.choice:
            rest = {key: value for key, value in scenario.parameters.items() if key != name}
            if not outcome(package, replace(scenario, parameters=rest))[0]:
                return ident
    return plays_elsewhere(package.key, name, option.choice)


@dataclass(frozen=True, slots=True)
class Proving:
    """The clauses that a scenario proves as it stands, and the settings that it asks for on the way."""

    clauses: frozenset[str]
    asked: frozenset[str]


def what_holds(
    package: Package, option: Option, known: Mapping[str, Scenario], proving: Mapping[str, Proving]
) -> tuple[dict[str, list[str]], list[str]]:
    """Return what the scenarios still prove under the choice, and the undeclared clauses that none does.

    What never asks for the setting proves what it proved. The others are taken until every clause is proved, those that
    prove most of what is missing first.
    """
    name = option.setting.id
    missing = set().union(*(one.clauses for one in proving.values())) - declared(option.setting)
    missing -= set().union(*(one.clauses for one in proving.values() if name not in one.asked))
    left = {n: p.clauses for n, p in proving.items() if name in p.asked and name not in known[n].parameters}
    upheld: dict[str, list[str]] = {}
    while left and missing:
        name = max(left, key=lambda n: (len(left[n] & missing), n))
        gained = left.pop(name) & missing
        if not gained:
            break
        gained &= outcome(package, with_choice(known[name], option))[1]
        if gained:
            upheld[name] = sorted(gained)
            missing -= gained
    return upheld, sorted(missing)


def record(key: str) -> dict[str, Any]:
    """Return what was written about an award."""
    path = KEPT / f"{key.replace('/', '-')}.json"
    empty = {"played": {}, "unplayed": [], "asked": {}, "upheld": {}, "switched_off": {}}
    found: dict[str, Any] = json.loads(path.read_text()) if path.exists() else empty
    return found


def _write(key: str, found: Mapping[str, Any]) -> None:
    KEPT.mkdir(exist_ok=True)
    text = json.dumps(found, indent=1, ensure_ascii=False, sort_keys=True)
    (KEPT / f"{key.replace('/', '-')}.json").write_text(_lists_on_one_line(text) + "\n")


def _lists_on_one_line(text: str) -> str:
    lines: list[str] = []
    inside = False
    for line in text.splitlines():
        if inside:
            lines[-1] += line.strip() + ("" if line.strip() in ("]", "],") else " ")
            inside = line.strip() not in ("]", "],")
        else:
            lines.append(line)
            inside = line.endswith("[") and not line.endswith("[]")
    return "\n".join(lines).replace(" ]", "]")


PLAYED, REPLAY = "played", "replay"


def main(key: str, only: list[str]) -> int:
    """Play and replay the choices of award ``key``; returns how many are not played or switch a clause off."""
    handlers.load()
    package, meant = package_of(key), set(only) - {PLAYED, REPLAY}
    known = read_all(package)
    held = {} if PLAYED in only else _proving(package, known)
    found, every = record(key), [str(option) for option in options(package)]
    if held:
        offered = {option.setting.id for option in options(package)}
        found["asked"] = {name: sorted(one.asked & offered) for name, one in held.items()}
    for option in options(package):
        if meant and option.setting.id not in meant:
            continue
        name = str(option)
        who = found["played"].get(name) if REPLAY in only else who_plays(package, option, known)
        found["played"].pop(name, None)
        if who:
            found["played"][name] = who
        if held:
            found["upheld"][name], found["switched_off"][name] = what_holds(package, option, known, held)
        print(
            f"{name}: {who or 'NOBODY PLAYS IT'}; {found['switched_off'].get(name) or 'nothing switched off'}",
            flush=True,
        )
        found["unplayed"] = sorted(set(every) - set(found["played"]))
        for part in ("played", "upheld", "switched_off"):
            found[part] = {one: said for one, said in found[part].items() if one in every}
        _write(key, found)
    return len(found["unplayed"]) + sum(map(bool, found["switched_off"].values()))


def _proving(package: Package, known: Mapping[str, Scenario]) -> dict[str, Proving]:
    """Return what each scenario that proves a clause proves as it stands, and asks for."""
    some = {name: scenario for name, scenario in known.items() if any(True for _ in _proofs(scenario))}
    return {name: proving(package, scenario) for name, scenario in some.items()}


def proving(package: Package, scenario: Scenario) -> Proving:
    """Play a scenario as it stands; returns the clauses that it proves and the settings that it asks for."""
    with watching() as asked:
        clauses = outcome(package, scenario)[1]
    return Proving(clauses, frozenset(asked))


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
