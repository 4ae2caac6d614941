"""Scenarios that were chosen or prove other clauses, and would fail once an assistant's proposal is written: played before anything is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic

from service.casework.desk.desk import Desk
from service.casework.simulate.playing.play import play
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.scenarios.play_scenarios import ScenarioFile, scenario_files, workshop_of
from service.catalog import Package
from service.catalog.scenarios.proofs import proved
from service.domain.errors import LaurelError
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class FailingProof:
    """A scenario that passes now and would not: the articles it proves, and the first thing that would not hold."""

    path: str
    title: str
    articles: tuple[str, ...]
    unmet: Text


@dataclass(frozen=True, slots=True)
class OtherProofs:
    """What became of the chosen scenario and those that prove other clauses: how many were ``played``, and ``left``.

    Those in ``fail`` would fail once the proposal is written; those in ``red`` failed before it, too, and show nothing.
    """

    fail: tuple[FailingProof, ...] = ()
    red: tuple[FailingProof, ...] = ()
    played: int = 0
    left: int = 0


def other_proofs(
    desk: Desk,
    before: tuple[Package, Mapping[str, bytes]],
    after: tuple[Package, Mapping[str, bytes]],
    clause: str,
    first: Sequence[str],
    longest_s: float,
    before_each: Callable[[], None],
) -> OtherProofs:
    """Play the scenarios ``first``, and those of ``after`` (package, filled files) that prove other clauses than ``clause``.

    Those named come first, the chosen one and those that are touched: a season may end otherwise though it proves nothing. One
    that fails is played under ``before`` too: what failed already is not the proposal's doing. After ``longest_s`` seconds no
    further one is begun; ``before_each`` may end it by an exception. None is begun where ``longest_s`` is 0.
    """
    if not longest_s:
        return OtherProofs()
    begun, found, red = monotonic(), list[FailingProof](), list[FailingProof]()
    package, files = after
    known = scenario_files(files, package.key)
    waiting = [file for file in known if file.path in first or set(clauses_proved(file)) - {clause}]
    waiting.sort(key=lambda file: first.index(file.path) if file.path in first else len(first))
    played = 0
    for file in waiting:
        if monotonic() - begun > longest_s:
            break
        before_each()
        played += 1
        unmet = first_unmet(desk, package, file)
        if unmet is None:
            continue
        old = next((one for one in scenario_files(before[1], before[0].key) if one.path == file.path), None)
        if old is None:
            continue
        law = package.law
        cited = dict.fromkeys(law.article(one) for one in clauses_proved(file) if one != clause and one in law.clauses)
        kept = found if first_unmet(desk, before[0], old) is None else red
        kept.append(FailingProof(file.path, file.title, tuple(cited), unmet))
    return OtherProofs(tuple(found), tuple(red), played, len(waiting) - played)


def clauses_proved(file: ScenarioFile) -> Iterator[str]:
    """Yield the clauses that a scenario proves, by its steps and its expectations."""
    if file.scenario is None:
        return
    for move in file.scenario.moves:
        yield from proved(move.keys)
        if move.verb == "expect" and isinstance(move.value, Mapping):
            yield from proved(move.value)
    for row in file.scenario.expect:
        yield from proved(row)


def first_unmet(desk: Desk, package: Package, file: ScenarioFile) -> Text | None:
    """Return the first thing that does not hold in a season, None where it passes."""
    if file.scenario is None:
        return file.trouble
    try:
        with empty_store() as store:
            played = play(store, package, file.scenario, desk.calendars, desk.operations, workshop=workshop_of(package))
    except LaurelError as stopped:
        return stopped.message
    return played.unmet[0].message if played.unmet else None
