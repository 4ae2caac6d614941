"""Which scenario notices when something that cites a clause says something else.

``python -m tests.scenarios.content_mutants yining/quality_award`` makes every change of ``tests.mutants`` that
is not on record yet, plays the scenarios that could notice, who noticed last time first, until one does, and writes who
noticed what into ``tests/data/mutants/content`` after each. What nobody notices is listed as open, with what was changed.

``note`` tries nothing and only brings the record up to what there is; ``all`` tries everything again, ``open`` what is
open; ids of mutants, or the beginning of such, limit it to these.
``apart`` leaves out those that are tried together (documents, required fields, recipients: neutral), ``together`` the rest;
what nobody has tried yet stands on record as untried.

``limit=5`` plays at most five scenarios for each (three without): what is open then may still be noticed by another;
``limit=0`` plays all that could notice.

A setting is noticed as well where a play of the choice that the mutant puts in force, not setting it, comes out as it
says with the mutant and not without (``tests.scenarios.choice_plays``).

What can make no difference, whatever happens, is written
by hand into the record under ``alike`` with its reason; only ``all`` tries it, and takes it out if somebody notices.
"""

from __future__ import annotations

import gc
import json
import signal
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import handlers
from service.casework.simulate import play, read_scenario
from service.casework.simulate.stage import stage
from service.casework.simulate.stage.stage import empty_store
from service.catalog import Package
from service.domain.errors import LaurelError
from service.sdk import operations
from tests.mutants import Mutant, MutatedPiece, changed, content_mutants
from tests.mutants.witness import Witness, candidates, concerns, witness_of
from tests.scenarios.choice_plays import WITHOUT, plays_of, turned
from tests.scenarios.mutants import PROJECT, package_of, scenarios
from tests.scenarios.playing import only_played
from tests.support.passing import CALENDARS

KEPT = PROJECT / "tests" / "data" / "mutants" / "content"
APART, TOGETHER = "apart", "together"
LIMIT = 3
SECONDS = 30
"""Of processor time that a play may take: a mutant may send it round for ever."""
NEVER_ENDS = "does not end"


@dataclass(frozen=True, slots=True)
class Noticed:
    """The scenario that fails with a mutant, and where: its expectations and steps as ``Played.unmet`` names them."""

    by: str
    at: tuple[str, ...]


class _Endless(Exception):
    pass


@contextmanager
def _bounded() -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise _Endless

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def notices(package: Package, group: Sequence[Mutant], season: Witness) -> Noticed | None:
    """Return where ``season`` fails with the mutants of ``group``; None where it passes all the same."""
    tried = changed(package, group)
    try:
        with _bounded():
            result = only_played(tried, season.scenario, to_first_unmet=True)
    except LaurelError as error:
        return Noticed(season.name, (error.message.zh[:80],))
    except _Endless:
        return Noticed(season.name, (NEVER_ENDS,))
    finally:
        if tried.version != package.version:
            stage.ENGINE.forget(tried.version)
    return None if result.passed else Noticed(season.name, tuple(u.where for u in result.unmet[:4]))


def notices_choice(package: Package, mutant: Mutant, by: str = "") -> Noticed | None:
    """Return the play of a choice that the mutant turns around (``by``, where given); None where there is none."""
    if mutant.piece is not MutatedPiece.PARAMETER:
        return None
    tried = changed(package, [mutant])
    value = tried.award.parameters[mutant.parameter].values[-1].value
    for one in plays_of(package, mutant.parameter, value):
        if by in ("", one.name) and turned(one, package, tried, mutant.parameter):
            return Noticed(f"{WITHOUT}{one.name}", (f"{mutant.parameter} = {value}",))
    return None


def sifted(package: Package, group: Sequence[Mutant], season: Witness) -> Iterator[tuple[Mutant, Noticed]]:
    """Yield those of ``group`` that ``season`` notices: all are tried at once, then halves of what it notices."""
    found = notices(package, group, season) if group else None
    if found is None:
        return
    if len(group) == 1:
        yield group[0], found
        return
    middle = len(group) // 2
    yield from sifted(package, group[:middle], season)
    yield from sifted(package, group[middle:], season)


def seasons(package: Package) -> list[Witness]:
    """Return the scenarios of a package that pass, the quickest first; one that fails anyway notices nothing."""
    found = []
    for path in scenarios(package).values():
        season = season_of(package, path)
        if season is None:
            print(f"{path.stem}: FAILS", flush=True)
        else:
            found.append(season)
    return sorted(found, key=lambda season: season.cost)


def season_of(package: Package, path: Path) -> Witness | None:
    """Return a scenario with what it goes through; None where it fails anyway."""
    begun, scenario = time.process_time(), read_scenario(path.read_bytes(), path.name)
    with empty_store() as store:
        result = play(store, package, scenario, CALENDARS, operations())
        if not result.passed:
            return None
        seconds = time.process_time() - begun
        return witness_of(package, store, result, path.stem, path.read_text("utf-8"), seconds)


def kept(key: str) -> dict[str, Noticed]:
    """Return who notices each mutant of an award, as last written."""
    return {ident: Noticed(row[0], tuple(row[1:])) for ident, row in _record(key)["noticed"].items()}


def still_open(key: str) -> dict[str, str]:
    """Return the mutants that nobody was found to notice, with what was changed; nothing may be added to them."""
    return dict(_record(key)["open"])


def _record(key: str) -> dict[str, Any]:
    path = KEPT / f"{key.replace('/', '-')}.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8")) if path.exists() else {}
    return {"noticed": {}, "open": {}, "untried": [], "alike": {}, **found}


def alike(key: str) -> dict[str, str]:
    """Return the mutants that can make no difference, with the reason."""
    return dict(_record(key)["alike"])


def untried(key: str) -> set[str]:
    """Return the mutants that nobody has tried yet; nothing may be added to them."""
    return set(_record(key)["untried"])


@dataclass(slots=True)
class _Record:
    """What is known of the mutants of an award, written after each."""

    key: str
    every: Mapping[str, Mutant]
    noticed: dict[str, Noticed]
    unnoticed: dict[str, Mutant]
    alike: dict[str, str]

    def take(self, ident: str, found: Noticed | None) -> None:
        self.noticed.pop(ident, None)
        self.unnoticed.pop(ident, None)
        if found:
            self.noticed[ident] = found
            self.alike.pop(ident, None)
        elif ident not in self.alike:
            self.unnoticed[ident] = self.every[ident]
        self.keep()

    def keep(self) -> None:
        """Write the record, a line for each mutant, so that two people's changes do not meet."""
        found = [f"{_text(i)}: {_text([by.by, *by.at])}" for i, by in sorted(self.noticed.items())]
        rest = [
            f"{_text(i)}: {_text(' '.join(m.clauses) + '：' + m.told.zh)}" for i, m in sorted(self.unnoticed.items())
        ]
        KEPT.mkdir(parents=True, exist_ok=True)
        path = KEPT / f"{self.key.replace('/', '-')}.json"
        tried = self.noticed.keys() | self.unnoticed.keys() | self.alike.keys()
        left = ",\n".join(_text(i) for i in sorted(self.every.keys() - tried))
        same = [f"{_text(i)}: {_text(why)}" for i, why in sorted(self.alike.items())]
        parts = (
            f'"open": {{\n{_lines(rest)}}},\n"untried": [\n{left}\n],\n'
            f'"alike": {{\n{_lines(same)}}},\n"noticed": {{\n{_lines(found)}}}'
        )
        path.write_text(f"{{\n{parts}\n}}\n", "utf-8")


def _sift(package: Package, todo: Sequence[Mutant], every: Sequence[Witness], record: _Record) -> None:
    """Try neutral mutants together, scenario by scenario, with all that could notice them."""
    left = {mutant.id: mutant for mutant in todo}
    for season in every:
        group = [mutant for mutant in left.values() if concerns(mutant, season)]
        for sort in {(m.piece, m.target.endswith(".bpmn")) for m in group}:
            alike = [m for m in group if (m.piece, m.target.endswith(".bpmn")) == sort]
            for mutant, found in sifted(package, alike, season):
                del left[mutant.id]
                record.take(mutant.id, found)
        print(f"{season.name}: {len(left)} of {len(todo)} neutral ones left of {len(group)}", flush=True)
    for ident in left:
        record.take(ident, None)


def _try_each(package: Package, todo: Sequence[Mutant], every: Sequence[Witness], record: _Record, limit: int) -> None:
    """Try mutants one by one with the likeliest scenarios, at most ``limit`` of them."""
    for number, mutant in enumerate(todo, 1):
        likely, before = candidates(package, mutant, every), record.noticed.get(mutant.id)
        likely.sort(key=lambda s: before is None or s.name != before.by)
        found = next((by for s in likely[: limit or None] if (by := notices(package, [mutant], s))), None)
        found = found or notices_choice(package, mutant)
        print(f"{number}/{len(todo)} {mutant.id}: {found or f'NOBODY of {len(likely)}'}", flush=True)
        record.take(mutant.id, found)


def _lines(rows: Sequence[str]) -> str:
    return ",\n".join(rows) + "\n" if rows else ""


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def main(key: str, words: list[str]) -> int:
    """Try the mutants of award ``key`` that ``words`` mean; returns how many nobody notices."""
    handlers.load()
    package = package_of(key)
    limit = next((int(w.removeprefix("limit=")) for w in words if w.startswith("limit=")), LIMIT)
    every, known, before = content_mutants(package), kept(key), still_open(key)
    same = {ident: why for ident, why in alike(key).items() if ident in every}
    noticed = {ident: by for ident, by in known.items() if ident in every and ident not in same}
    unnoticed = {ident: every[ident] for ident in before if ident in every and ident not in same}
    asked = [w for w in words if not w.startswith("limit=") and w not in (APART, TOGETHER)]
    todo = _meant(asked, every, {*noticed, *unnoticed, *same}, set(unnoticed))
    todo = [
        i for i in todo if (APART not in words or not every[i].neutral) and (TOGETHER not in words or every[i].neutral)
    ]
    record = _Record(key, every, noticed, unnoticed, same)
    if todo:
        played_by = seasons(package)
        gc.collect()
        gc.freeze()  # nobody need look through diagrams and forms for garbage
        _sift(package, [every[i] for i in todo if every[i].neutral], played_by, record)
        _try_each(package, [every[i] for i in todo if not every[i].neutral], played_by, record, limit)
    record.keep()
    print("\n".join(f"nobody notices: {ident}: {mutant.told.zh}" for ident, mutant in sorted(unnoticed.items())))
    return len(unnoticed)


def _meant(words: list[str], every: Mapping[str, Mutant], on_record: set[str], unnoticed: set[str]) -> list[str]:
    if "note" in words:
        return []
    if not words:
        return [ident for ident in every if ident not in on_record]
    if "all" in words:
        return list(every)
    return [
        i for i in every if ("open" in words and i in unnoticed) or any(i.startswith(w) for w in words if w != "open")
    ]


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], sys.argv[2:]) else 0)
