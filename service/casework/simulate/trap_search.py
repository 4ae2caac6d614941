"""A bounded search for traps: scenarios and their variants are played until the time is up; each trap keeps its shortest play."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

from service.casework.simulate.empty_store import empty_store
from service.casework.simulate.follower import Follower
from service.casework.simulate.play import play
from service.casework.simulate.scenario import Move, Scenario
from service.casework.simulate.scenario_text import ScenarioDraft
from service.casework.simulate.season_record import season_record
from service.casework.simulate.stage import PlayState, Workshop
from service.casework.simulate.traps import Trap, TrapKind, stopped_cases, traps_on, votes_that_cannot_pass
from service.casework.simulate.variants import Variant, Variation, variants_of
from service.catalog import Package
from service.domain.calendar import CHINA, WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.sdk import Operation

_ASKING = (Variation.NONE, Variation.FACT, Variation.FACTS)
"""Variants in which other conditions may be found than in the scenario itself."""
_RESULTS = ("met", "not_met")
AFTERWARDS = timedelta(days=500)
"""So long nobody does anything after a variant ends."""


@dataclass(frozen=True, slots=True)
class FoundTrap:
    """A trap with the shortest play that shows it; ``until`` is when it is certain."""

    trap: Trap
    scenario: Scenario
    what: Text
    until: str = ""


@dataclass(frozen=True, slots=True)
class RowPlay:
    """A row of a table of conditions that came to ``result`` for a case, with the shortest play that shows it."""

    table: str
    row: str
    result: str
    case: str
    scenario: Scenario
    what: Text


@dataclass(frozen=True, slots=True)
class TrapReport:
    """What a search came to; ``whole`` says that everything was tried before the time was up."""

    traps: tuple[FoundTrap, ...]
    rows: tuple[RowPlay, ...]
    plays: int
    seconds: float
    whole: bool


@dataclass(slots=True)
class TrapSearch:
    """The search over the scenarios of one package; ``now`` measures it, ``beat`` hears of each play and may stop it."""

    package: Package
    calendars: Mapping[str, WorkingCalendar]
    operations: Mapping[str, Operation]
    workshop: Workshop
    now: Callable[[], float]
    beat: Callable[[int, int, Text], None]
    found: dict[tuple[str, str, str], FoundTrap] = field(default_factory=dict)
    visited: dict[tuple[str, str], tuple[Scenario, str]] = field(default_factory=dict)
    rows: dict[tuple[str, str, str], RowPlay] = field(default_factory=dict)
    plays: int = 0

    def run(self, scenarios: Iterable[Scenario], seconds: float) -> TrapReport:
        """Search for ``seconds`` at most: first the scenarios as they are, then their variants, the shortest first.

        Two facts at a time are told last, while a row of conditions has not come to both results.
        """
        began = self.now()
        plain = sorted(scenarios, key=lambda s: len(s.moves))
        as_they_are = [_as_it_is(scenario) for scenario in plain]
        whole = self._play_all(as_they_are, 0, began + seconds)
        whole = whole and self._play_all(self._varied(plain), len(plain), began + seconds)
        if whole or self.plays >= len(plain):  # before every scenario was played nothing can be said to be left out
            self._never(plain)
            self._never_a_row()
        ordered = sorted(self.found.values(), key=lambda f: (list(TrapKind).index(f.trap.kind), len(f.scenario.moves)))
        return TrapReport(tuple(ordered), tuple(self.rows.values()), self.plays, self.now() - began, whole)

    def _varied(self, plain: Sequence[Scenario]) -> list[Variant]:
        """Return what is tried beyond the scenarios as they are; for many long ones this alone takes its time."""
        varied: dict[Hashable, Variant] = {}
        for number, scenario in enumerate(plain):
            self.beat(number, len(plain), Text(f"{scenario.title}：各种变化", f"{scenario.title}: its variants"))
            for variant in variants_of(self.package, scenario):
                varied.setdefault(variant.key, variant)
        return sorted(varied.values(), key=lambda v: (v.change is Variation.FACTS, len(v.scenario.moves)))

    def _play_all(self, work: Sequence[Variant], before: int, end: float) -> bool:
        """Play one after the other, the first whatever the time; returns whether all of them were played in time."""
        for number, variant in enumerate(work):
            if number + before and self.now() > end:
                return False
            if variant.rows and self._are_known(variant.rows):
                continue
            title = f"{variant.scenario.title}：{variant.what.zh}"
            self.beat(before + number, before + len(work), Text(title, variant.what.en))
            self._play(variant)
        return True

    def _play(self, variant: Variant) -> None:
        follower = _Looking(variant, self._tables)
        self.plays += 1
        with empty_store() as store:
            try:
                play(
                    store, self.package, variant.scenario, self.calendars, self.operations, follower=follower,
                    workshop=self.workshop,
                )  # fmt: skip
            except LaurelError:
                return  # a variant that cannot be played shows nothing
        for trap, until in follower.traps:
            self._keep(trap, variant, until)
        for (table, row, result), (steps, case) in follower.rows.items():
            known = self.rows.get((table, row, result))
            if known is None or len(known.scenario.moves) > steps:
                short = replace(variant.scenario, moves=variant.scenario.moves[:steps])
                self.rows[table, row, result] = RowPlay(table, row, result, case, short, variant.what)
        for place, case in follower.visited.items():
            before = self.visited.get(place)
            if before is None or len(before[0].moves) > len(variant.scenario.moves):
                self.visited[place] = variant.scenario, case

    def _keep(self, trap: Trap, variant: Variant, until: str) -> None:
        before = self.found.get(trap.key)
        if before is None or len(before.scenario.moves) > len(variant.scenario.moves):
            self.found[trap.key] = FoundTrap(trap, variant.scenario, variant.what, until)

    @property
    def _tables(self) -> dict[str, str]:
        """Return the table of conditions that each row stands in."""
        tables = (table for table in self.package.tables.values() if table.is_eligibility)
        return {row.id: table.id for table in tables for row in table.rows}

    def _are_known(self, rows: Iterable[str]) -> bool:
        """Tell whether each of these rows was met in one play and not met in another."""
        tables = self._tables
        return all((tables[row], row, result) in self.rows for row in rows for result in _RESULTS)

    def _never_a_row(self) -> None:
        """Note the rows of tables of conditions that were never asked, though others of their table were."""
        for table in self.package.tables.values():
            asked = [play for (ident, _, _), play in self.rows.items() if ident == table.id]
            if not table.is_eligibility or not asked:
                continue
            near = min(asked, key=lambda play: len(play.scenario.moves))
            for row in table.rows:
                if any(play.row == row.id for play in asked):
                    continue
                name = row.description or row.id
                trap = Trap(
                    TrapKind.NEVER, table.id, row.id, name, near.case, table.clauses(row),
                    Text(
                        f"{self.plays} 次推演用到这张表，条件“{name}”一次也没有轮到判断。",
                        f"{self.plays} plays asked this table, its row “{name}” was never asked.",
                    ),
                    {"case": near.case, "finding": row.id, "no": True},
                )  # fmt: skip
                self.found.setdefault(trap.key, FoundTrap(trap, near.scenario, near.what))

    def _never(self, scenarios: list[Scenario]) -> None:
        """Note what carries out a clause and is never come to; the play that comes nearest shows it."""
        if not scenarios:
            return
        for diagram in self.package.diagrams.values():
            for element in diagram.elements.values():
                if not element.clauses or (diagram.process_id, element.id) in self.visited:
                    continue
                before = [flow.source for flow in diagram.flows.values() if flow.target == element.id]
                near = [self.visited[diagram.process_id, s] for s in before if (diagram.process_id, s) in self.visited]
                if not near:
                    continue  # what comes before it is not come to either: that is where to look
                scenario, case = min(near, key=lambda pair: len(pair[0].moves))
                name = element.name or element.id
                clauses = tuple(c for c in element.clauses if not c.startswith("slot:"))
                trap = Trap(
                    TrapKind.NEVER, diagram.process_id, element.id, name, case, clauses,
                    Text(
                        f"{self.plays} 次推演到过它的前一步，却没有一次走到“{name}”。",
                        f"{self.plays} plays came to the step before, none to “{name}”.",
                    ),
                )  # fmt: skip
                self.found.setdefault(trap.key, FoundTrap(trap, scenario, Text("照原情景", "as the scenario has it")))


class _Looking(Follower):
    """Looks for traps at the end of a play, lets time pass, and looks again."""

    def __init__(self, variant: Variant, tables: Mapping[str, str]) -> None:
        self._variant, self._tables, self._steps = variant, tables, 0
        self.rows: dict[tuple[str, str, str], tuple[int, str]] = {}
        self.traps: list[tuple[Trap, str]] = []
        self.visited: dict[tuple[str, str], str] = {}

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:  # noqa: ARG002  a refusal counts too
        """Note which conditions were found after so many steps, where the variant may change them."""
        self._steps += 1
        if self._variant.change in _ASKING:
            self._found(stage)

    def _found(self, stage: PlayState) -> None:
        with stage.desk.store.read() as tx:
            for nick, ident in stage.cases.items():
                for finding in tx.findings.current(ident):
                    table = self._tables.get(finding.ground)
                    if table is not None:
                        self.rows.setdefault((table, finding.ground, finding.result), (self._steps, nick))

    def ended(self, stage: PlayState) -> None:
        """Look now, and after nobody did anything for long."""
        self.traps += [(trap, "") for trap in traps_on(stage)]
        if self._variant.change is Variation.IN_FAVOUR:
            self.traps += [(trap, "") for trap in votes_that_cannot_pass(stage)]
        stage.advance(stage.clock.now() + AFTERWARDS)
        until = stage.clock.now().astimezone(CHINA).strftime("%Y-%m-%d")
        self.traps += [(trap, until) for trap in (*traps_on(stage), *stopped_cases(stage))]
        for passage in season_record(stage).passages:
            self.visited.setdefault((passage.process, passage.element), passage.case)


def _as_it_is(scenario: Scenario) -> Variant:
    kept = tuple(m for m in scenario.moves if m.verb != "expect" and not m.keys.get("refused"))
    return Variant(
        Variation.NONE, replace(scenario, moves=kept, expect=()), Variation.NONE.value, ("NONE", scenario.file)
    )


def kept_scenario(found: FoundTrap) -> ScenarioDraft:
    """Return the play that shows a trap as a scenario that expects it: it fails as soon as the trap is gone."""
    scenario = found.scenario
    steps = [_row(move) for move in scenario.moves]
    if found.until:
        steps.append({"until": found.until})
    return ScenarioDraft(
        title=f"隐患：{found.trap.kind.text.zh}（{found.trap.name or found.trap.element}）",
        start=scenario.start.date(),
        organisations={nick: dict(held or {}) for nick, held in scenario.organisations.items()},
        parameters=dict(scenario.parameters),
        steps=steps,
        expect=_expected(found.trap),
    )


def _row(move: Move) -> dict[str, Any]:
    return {key: value for key, value in move.keys.items() if key != "proves"}


def kept_row(play: RowPlay, name: str) -> ScenarioDraft:
    """Return the play that shows a row of a table as a scenario that expects it."""
    return ScenarioDraft(
        title=f"条件“{name}”：{play.what.zh}"[:200],
        start=play.scenario.start.date(),
        organisations={nick: dict(held or {}) for nick, held in play.scenario.organisations.items()},
        parameters=dict(play.scenario.parameters),
        steps=[_row(move) for move in play.scenario.moves],
        expect=[{"case": play.case, "finding": play.row, "result": play.result}],
    )


def _expected(trap: Trap) -> list[dict[str, Any]]:
    if trap.expect:
        return [dict(trap.expect)]
    if trap.kind is TrapKind.SILENCE:
        return [{"case": trap.case, "waiting": trap.element}]
    if trap.kind is TrapKind.STOPS:
        return [{"case": trap.case, "status": "running"}]
    if trap.kind is TrapKind.NEVER and trap.case:
        return [{"case": trap.case, "reached": trap.element, "no": True}]
    return []
