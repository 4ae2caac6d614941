"""A bounded search for traps: scenarios and their variants are played until the time is up; each trap keeps its shortest play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.stage import Workshop
from service.casework.simulate.traps.every_way import EveryWay
from service.casework.simulate.traps.found_traps import FoundTrap, RowPlay, TrapReport
from service.casework.simulate.traps.never_applied import never_asked, never_come_to
from service.casework.simulate.traps.shorten import shortened, timed
from service.casework.simulate.traps.trap_looks import Looking
from service.casework.simulate.traps.traps import Trap, TrapKind
from service.casework.simulate.traps.variants import Variant, Variation, variants_of
from service.catalog import Package
from service.domain.calendar import WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation

_RESULTS = ("met", "not_met")
_GROUPED = (TrapKind.SILENCE, TrapKind.NEVER, TrapKind.UNUSED)
"""Kinds that no play of few acts shows better: what waits for somebody, and what no play comes to."""
_LEAST = 3
"""Every way of so many acts is tried even where all that was found is known to be shortest."""
_FIRST, _MIXED = 0.35, 0.55
"""Shares of the time after which the scenarios played so far are varied, and after which the others are played."""
_PLAIN, _VARYING, _SHORTENING = 0.65, 0.75, 0.85
"""Shares of the time after which no scenario is played as it is any more, none is varied, and no play is shortened."""


@dataclass(slots=True)
class TrapSearch:
    """The search over the scenarios of one package; ``now`` measures it, ``beat`` hears of each play and may stop it.

    Every way of at most ``reach`` acts is tried at the end, as far as the time allows and what was found asks for. Scenarios are varied as ``tries`` says.
    """

    package: Package
    calendars: Mapping[str, WorkingCalendar]
    operations: Mapping[str, Operation]
    workshop: Workshop
    now: Callable[[], float]
    beat: Callable[[int, int, Text], None]
    reach: int = 0
    tries: Collection[Variation] = tuple(Variation)
    found: dict[tuple[str, str, str], FoundTrap] = field(default_factory=dict)
    changes: dict[tuple[str, str, str], Variation] = field(default_factory=dict)
    visited: dict[tuple[str, str], tuple[Scenario, str]] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], RowPlay] = field(default_factory=dict)
    stuck: set[str] = field(default_factory=set)
    meant: set[tuple[str, str, str]] = field(default_factory=set)
    plays: int = 0
    _lasting: set[tuple[str, str]] = field(default_factory=set)
    """Cases that the scenario itself expects to go on at its end."""

    def run(self, scenarios: Iterable[Scenario], seconds: float) -> TrapReport:
        """Search for ``seconds`` at most: first the scenarios as they are, then their variants, the shortest first.

        Where there are many scenarios, those played so far are varied before the others are played: a short search looks
        at less, but at other choices too. Two facts at a time are told last, while a row of conditions has not come to
        both results. What was found is then shortened, and every way of few acts is tried.
        """
        began = self.now()
        plain = sorted(scenarios, key=lambda s: len(s.moves))
        as_they_are = [_as_it_is(scenario) for scenario in plain]
        self._lasting = {
            (s.file, str(row.get("case"))) for s in plain for row in s.expect if row.get("status") == "running"
        }
        played = self._play_all(as_they_are, 0, began + seconds * _FIRST)
        known: dict[Hashable, Variant] = {}
        varied, tried = self._varied(plain[:played], known), 0
        if played < len(plain):
            tried = self._play_all(varied, len(plain), began + seconds * _MIXED)
            first = played
            played += self._play_all(as_they_are[first:], first, began + seconds * _PLAIN)
            varied = _mixed([*varied[tried:], *self._varied(plain[first:played], known)])
        tried += self._play_all(varied, len(plain), began + seconds * _VARYING)
        whole = (played, tried) == (len(plain), len(known))
        self._shorten(began + seconds * _SHORTENING)
        acts = self._try_every_way([one.scenario for one in as_they_are], began + seconds)
        if played == len(plain):  # before every scenario was played nothing can be said to be left out
            self._keep_never(never_come_to(self.package, self.visited, self.plays))
            self._keep_never(never_asked(self.package, self.rows.values(), self.plays))
        ordered = sorted(self.found.values(), key=lambda f: (list(TrapKind).index(f.trap.kind), f.size))
        return TrapReport(
            tuple(ordered), tuple(self.rows.values()), self.plays, self.now() - began, whole, max(acts, 0),
            (played, len(plain)), (tried, len(known)),
        )  # fmt: skip

    def _varied(self, plain: Sequence[Scenario], known: dict[Hashable, Variant]) -> list[Variant]:
        """Return what is tried beyond the scenarios as they are and not ``known`` yet; for many long ones this alone takes its time."""
        before = len(known)
        for number, scenario in enumerate(plain):
            self.beat(number, len(plain), Text(f"{scenario.title}：各种变化", f"{scenario.title}: its variants"))
            for variant in variants_of(self.package, scenario):
                if variant.change in self.tries:
                    known.setdefault(variant.key, variant)
        return _mixed(list(known.values())[before:])

    def _play_all(self, work: Sequence[Variant], before: int, end: float) -> int:
        """Play one after the other, the first whatever the time; returns how many were played, or known, in time."""
        for number, variant in enumerate(work):
            if number + before and self.now() > end:
                return number
            if variant.rows and self._are_known(variant.rows):
                continue
            title = f"{variant.scenario.title}：{variant.what.zh}"
            self.beat(before + number, before + len(work), Text(title, variant.what.en))
            looking = self._play(variant)
            if looking is not None:
                self._note(variant, looking)
                if looking.stuck:
                    self.stuck.add(variant.scenario.file)
        return len(work)

    def _play(self, variant: Variant, *, past_refusals: bool = False) -> Looking | None:
        """Play a variant to its end; None where it cannot be played, which shows nothing."""
        looking = Looking(variant, self._tables, stuck=variant.scenario.file in self.stuck)
        self.plays += 1
        with empty_store() as store:
            try:
                play(
                    store, self.package, variant.scenario, self.calendars, self.operations, follower=looking,
                    workshop=self.workshop, past_refusals=past_refusals,
                )  # fmt: skip
            except LaurelError:
                return None
        return looking

    def _note(self, variant: Variant, looking: Looking) -> None:
        for trap, until in looking.traps:
            self._keep(FoundTrap(trap, variant.scenario, variant.what, until), variant.change)
        for (table, row, result), (steps, case) in looking.rows.items():
            known = self.rows.get((table, row, result))
            if known is None or len(known.scenario.moves) > steps:
                short = replace(variant.scenario, moves=variant.scenario.moves[:steps])
                self.rows[table, row, result] = RowPlay(table, row, result, case, short, variant.what)
        self._visit(looking.visited, variant.scenario)

    def _visit(self, visited: Mapping[tuple[str, str], str], scenario: Scenario) -> None:
        for place, case in visited.items():
            before = self.visited.get(place)
            if before is None or len(before[0].moves) > len(scenario.moves):
                self.visited[place] = scenario, case

    def _keep(self, found: FoundTrap, change: Variation) -> None:
        key = found.trap.key
        if found.trap.kind is TrapKind.STOPS and (found.scenario.file, found.trap.case) in self._lasting:
            self.meant.add(key)  # it goes on, as the scenario says: a title kept without an end
            self.found.pop(key, None)
        if key in self.meant:
            return
        before = self.found.get(key)
        if before is None or before.size > found.size:
            self.found[key], self.changes[key] = found, change

    def _shorten(self, end: float) -> None:
        """Leave out of each play what the trap does not need."""
        for key, found in list(self.found.items()):
            if found.trap.kind in _GROUPED or self.now() > end:
                continue
            self.beat(self.plays, self.plays, Text(f"缩短“{found.trap.name}”的经过", f"Shortening “{found.trap.name}”"))
            change = self.changes[key]

            def shows(scenario: Scenario, found: FoundTrap = found, change: Variation = change) -> FoundTrap | None:
                looking = self._play(Variant(change, scenario, found.what, ()), past_refusals=True)
                seen = [one for one in looking.traps if one[0].key == found.trap.key] if looking else []
                if looking is None or not seen:
                    return None
                trap, until = seen[0]
                return FoundTrap(trap, replace(scenario, moves=tuple(looking.done)), found.what, until)

            self.found[key] = shortened(found, shows, lambda: self.now() > end)

    def _try_every_way(self, scenarios: Sequence[Scenario], end: float) -> int:
        """Try every way of few acts; returns up to how many acts all were tried."""
        if not self.reach:
            return 0
        ways = EveryWay(self.package, self.calendars, self.operations, self.workshop, frozenset(self.stuck))
        tried = 0
        for acts, seen in ways.tried([timed(scenario) for scenario in scenarios], self.reach, lambda: self.now() > end):
            if seen is None:
                tried = acts
                if acts >= _LEAST and all(one.acts <= acts + 1 for one in self._single()):
                    break
                continue
            self.plays += 1
            self.beat(self.plays, self.plays, Text(f"试办理 {acts} 次的各种走法", f"Trying every way of {acts} acts"))
            for trap, until in seen.traps:
                self._keep(FoundTrap(trap, seen.scenario, seen.what, until), seen.change)
            self._visit(seen.visited, seen.scenario)
        for found in list(self._single()):
            self.found[found.trap.key] = replace(found, shortest=found.acts <= tried + 1)
        return tried

    def _single(self) -> Iterator[FoundTrap]:
        return (found for found in self.found.values() if found.trap.kind not in _GROUPED)

    @property
    def _tables(self) -> dict[str, str]:
        """Return the table of conditions that each row stands in."""
        tables = (table for table in self.package.tables.values() if table.is_eligibility)
        return {row.id: table.id for table in tables for row in table.rows}

    def _are_known(self, rows: Iterable[str]) -> bool:
        """Tell whether each of these rows was met in one play and not met in another."""
        tables = self._tables
        return all((tables[row], row, result) in self.rows for row in rows for result in _RESULTS)

    def _keep_never(self, never: Iterable[tuple[Trap, Scenario]]) -> None:
        for trap, near in never:
            self.found.setdefault(trap.key, FoundTrap(trap, near, Variation.NONE.value))


def _mixed(varied: Iterable[Variant]) -> list[Variant]:
    """Return variants so that the first few are one of each kind, the shortest first; two facts at a time come last."""
    ranks: Counter[Variation] = Counter()
    ranked: list[tuple[bool, int, Variant]] = []
    for variant in sorted(varied, key=lambda one: len(one.scenario.moves)):
        ranked.append((variant.change is Variation.FACTS, ranks[variant.change], variant))
        ranks[variant.change] += 1
    return [variant for *_, variant in sorted(ranked, key=lambda one: one[:2])]


def _as_it_is(scenario: Scenario) -> Variant:
    kept = tuple(m for m in scenario.moves if m.verb != "expect" and not m.keys.get("refused"))
    return Variant(
        Variation.NONE, replace(scenario, moves=kept, expect=()), Variation.NONE.value, ("NONE", scenario.file)
    )
