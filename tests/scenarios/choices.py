"""What every choice of every setting does: it is played, and it switches no clause off that it does not declare.

``python -m tests.scenarios.choices urumqi/quality_award`` looks at each setting that offers words to choose among
(``choices``, ``source: default``) and at each of its other choices, and writes into ``tests/data/choices``:

``played``: which scenario sets it and fails without it; ``unplayed``: the choices that none does.
``asked``: which of these settings each scenario that proves a clause asks for; the others cannot change its course.
``upheld``: what scenarios that ask for the setting still prove when the choice is made, scenario by scenario;
``switched_off``: the clauses, proved otherwise and not declared by the setting (``clauses``, ``touches``), that no
scenario proves any more once the choice is made, though one comes to the expectation;
``undecided``: those whose scenarios all stop before it, since the choice asks for other steps (see ``answers``).

Names of settings after the award limit it to those, and one that offers no words, such as a number, is told; the
word ``played`` leaves the replays out, ``replay`` the question who plays what.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import handlers
from service.casework.simulate import read_scenario
from service.casework.simulate.scenarios.scenario import Scenario
from service.catalog import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.scenarios.proofs import PROVES, proved
from service.catalog.settings.setting_reach import list_declared_clauses, settings_of
from tests.scenarios.answers import answered
from tests.scenarios.choice_plays import plays_of
from tests.scenarios.mutants import PROJECT, package_of, scenarios
from tests.scenarios.playing import only_played
from tests.scenarios.watched import watching

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


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether all was met, the clauses whose every proof was met, and those with a proof that was looked at and was not.

    What is in neither stands after a step that could not be done.
    """

    passed: bool
    held: frozenset[str]
    failed: frozenset[str]


def outcome(package: Package, scenario: Scenario) -> Outcome:
    """Play a scenario."""
    result = only_played(package, scenario)
    unmet = {one.where for one in result.unmet}
    kept: set[str] = set()
    lost: set[str] = set()
    failed: set[str] = set()
    for where, row in _proofs(scenario):
        reached = _reached(scenario, where, unmet)
        held = reached and not any(said == where or (said.startswith(where) and where.endswith(" ")) for said in unmet)
        (kept if held else lost).update(proved(row))
        if reached and not held:
            failed.update(proved(row))
    return Outcome(result.passed, frozenset(kept - lost), frozenset(failed))


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


def with_choice(package: Package, scenario: Scenario, option: Option) -> Scenario:
    """Return the scenario as it would be had the city chosen ``option``, with what is then asked for filled in."""
    return answered(
        replace(scenario, parameters={**scenario.parameters, option.setting.id: option.choice}), str(option), package
    )


def who_plays(package: Package, option: Option) -> str | None:
    """Return the play that sets the choice and does not come out as it says without it, None where there is none."""
    name = option.setting.id
    return next((one.name for one in plays_of(package, name, option.choice) if not one.holds(package, name)), None)


@dataclass(frozen=True, slots=True)
class Proving:
    """The clauses that a scenario proves as it stands, and the settings that it asks for on the way."""

    clauses: frozenset[str]
    asked: frozenset[str]


@dataclass(slots=True)
class Replay:
    """What the scenarios that ask for a setting prove under one of its choices, and the clauses that none does."""

    upheld: dict[str, list[str]]
    switched_off: list[str]
    undecided: list[str]


def replayed(package: Package, option: Option, known: Mapping[str, Scenario], proving: Mapping[str, Proving]) -> Replay:
    """Play under the choice what asks for its setting; what never asks for it, or makes it, proves what it proved.

    Scenarios are taken until every clause is proved, those that prove most of what is missing first.
    """
    name = option.setting.id
    missing = set().union(*(one.clauses for one in proving.values())) - list_declared_clauses(option.setting)
    missing -= set().union(*(p.clauses for n, p in proving.items() if name not in p.asked or _made(known[n], option)))
    left = {n: p.clauses for n, p in proving.items() if name in p.asked and name not in known[n].parameters}
    upheld: dict[str, list[str]] = {}
    failed: set[str] = set()
    stopped = 0
    while left and missing and stopped < STOPS:
        scenario = max(left, key=lambda n: (len(left[n] & missing), n))
        wanted = left.pop(scenario) & missing
        if not wanted:
            break
        came = outcome(package, with_choice(package, known[scenario], option))
        failed |= came.failed
        if wanted & came.held:
            upheld[scenario] = sorted(wanted & came.held)
            missing -= came.held
        elif not wanted & came.failed:
            stopped += 1
    return Replay(upheld, sorted(missing & failed), sorted(missing - failed))


def _made(scenario: Scenario, option: Option) -> bool:
    known = scenario.parameters
    return option.setting.id in known and known[option.setting.id] == option.choice


def record(key: str) -> dict[str, Any]:
    """Return what was written about an award."""
    path = KEPT / f"{key.replace('/', '-')}.json"
    empty = {"played": {}, "unplayed": [], "asked": {}, "upheld": {}, "switched_off": {}, "undecided": {}}
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
STOPS = 5
"""So many scenarios that stop before they prove anything tell that others will."""
FAULTS = ("switched_off", "undecided")
REPLAYED = ("upheld", *FAULTS)


def main(key: str, only: list[str]) -> int:
    """Play and replay the choices of award ``key``; returns how many are not played or switch a clause off."""
    handlers.load()
    package, meant = package_of(key), set(only) - {PLAYED, REPLAY}
    for line in passed_over(package, meant):
        print(line, flush=True)
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
        who = found["played"].get(name) if REPLAY in only else who_plays(package, option)
        found["played"].pop(name, None)
        if who:
            found["played"][name] = who
        if held:
            came = replayed(package, option, known, held)
            for part in REPLAYED:
                found.setdefault(part, {})[name] = getattr(came, part)
        print(
            f"{name}: {who or 'NOBODY PLAYS IT'}",
            *(f"{part} {found.get(part, {}).get(name)}" for part in FAULTS),
            sep="; ",
            flush=True,
        )
        found["unplayed"] = sorted(set(every) - set(found["played"]))
        for part in ("played", *REPLAYED):
            found[part] = {one: said for one, said in found.get(part, {}).items() if one in every}
        _write(key, found)
    return len(found["unplayed"]) + sum(bool(said) for part in FAULTS for said in found[part].values())


def passed_over(package: Package, named: Collection[str]) -> Iterator[str]:
    """Yield a line for each setting that was asked for and has no choice to play, with what to do instead."""
    for name in sorted(set(named) - {option.setting.id for option in options(package)}):
        if name in package.award.parameters:
            yield f"{name}: offers no other words to choose; content_mutants tries its value as it tries any number"
        else:
            yield f"{name}: NO SUCH SETTING of {package.key}"


def _proving(package: Package, known: Mapping[str, Scenario]) -> dict[str, Proving]:
    """Return what each scenario that proves a clause proves as it stands, and asks for."""
    some = {name: scenario for name, scenario in known.items() if any(True for _ in _proofs(scenario))}
    return {name: proving(package, scenario) for name, scenario in some.items()}


def proving(package: Package, scenario: Scenario) -> Proving:
    """Play a scenario as it stands; returns the clauses that it proves and the settings that it asks for."""
    with watching() as asked:
        clauses = outcome(package, scenario).held
    return Proving(clauses, frozenset(asked))


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
