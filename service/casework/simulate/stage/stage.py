"""The state of a scenario being played: its desk, virtual clock, people, and cases by nickname."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from service.casework.access.actor import SYSTEM
from service.casework.assemble import desk_over
from service.casework.ballots.box import OPEN
from service.casework.definitions.publish import publish_package
from service.casework.desk.clock import VirtualClock
from service.casework.desk.desk import Desk
from service.casework.desk.packages import Compiled
from service.casework.due.run_item import run_item
from service.casework.queries.cases.view_action import view_action
from service.casework.simulate.scenarios.scenario import (
    Move,
    Scenario,
    ScenarioMistake,
    no_parameter,
    parse_instant,
    with_values,
)
from service.casework.simulate.stage.cast import Cast
from service.catalog import Package
from service.catalog.feel import FUNCTIONS
from service.catalog.settings.settings import why_of_another_kind
from service.domain.calendar import CHINA, WorkingCalendar, add_working_days, local_date
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine import Engine
from service.sdk import Operation
from service.store import NEVER, Store
from service.store.models import TaskRow


@contextmanager
def empty_store() -> Iterator[Store]:
    """Give an empty database in memory; the keys of its ballots lie in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="laurel-play-") as folder:
        store = Store("sqlite://", Path(folder) / "files", durable=False)
        store.create_tables()
        try:
            yield store
        finally:
            store.close()


OWNER = "simulation"
_LONGEST_WAIT = timedelta(days=400)
"""So long a step of a plan waits for what it does; after that it never comes."""


@dataclass(frozen=True, slots=True)
class Workshop:
    """What the scenarios played in one process share: diagrams, forms and tables are read once."""

    engine: Engine = field(default_factory=lambda: Engine(FUNCTIONS))
    compiled: Compiled = field(default_factory=Compiled)


_SHARED = Workshop()
ENGINE = _SHARED.engine
"""The engine of all stages that were given no workshop of their own."""


@dataclass(slots=True)
class PlayState:
    """A scenario being played; ``codes`` are those on the receipts of objections, by nickname."""

    desk: Desk
    clock: VirtualClock
    package: Package
    scenario: Scenario
    cast: Cast
    cases: dict[str, int] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)

    def case(self, nick: str | None) -> int:
        """Return the case called ``nick``; raises ScenarioMistake."""
        case_id = self.cases.get(str(nick))
        if case_id is None:
            nicks = "、".join(self.cases) or "无"
            raise ScenarioMistake(
                Text(f"没有办件“{nick}”，已有：{nicks}。", f"There is no case “{nick}”; known: {nicks}.")
            )
        return case_id

    def name(self, nick: str, ident: int) -> None:
        """Call case ``ident`` by ``nick``."""
        self.cases[nick] = ident

    def open_tasks(self, nick: str | None) -> list[TaskRow]:
        """Return the open tasks of a case."""
        with self.desk.store.read() as tx:
            return tx.tasks.open_of_case(self.case(nick))

    def advance(self, moment: datetime) -> None:
        """Advance the clock to ``moment``, from one due item to the next, each run at its own time."""
        self.drain()
        while (due := self.next_due()) is not None and due <= moment:
            self.clock.move_to(due)
            self._run_due()
        self.clock.move_to(moment)

    def pass_time(self, move: Move) -> None:
        """Let time pass until a step begins; ``until`` is a step that only lets time pass."""
        if move.at is not None:
            self.advance(move.at)
        if "after" in move.keys:
            self._wait_for(move)
        if move.verb == "until":
            self.advance(parse_instant(move.value, time(9)))

    def _wait_for(self, move: Move) -> None:
        """Let time pass until what ``move`` does waits for somebody, and then ``after`` working days, or until it is due."""
        longest = self.clock.now() + _LONGEST_WAIT
        while not (waiting := self.waiting_for(move)) and (due := self.next_due()) is not None and due < longest:
            self.advance(due)
        calendar, now = self.desk.calendar(self.package.jurisdiction.calendar), self.clock.now()
        if move.keys["after"] == "due":
            limits = [task.due_at for task in waiting if isinstance(task, TaskRow) and task.due_at < NEVER]
            day = local_date(min(limits) - timedelta(seconds=1)) if limits else local_date(now)
        else:  # what comes to somebody on a rest day is taken up on the next working day
            day = add_working_days(calendar, local_date(now) - timedelta(days=1), 1)
            day = add_working_days(calendar, day, int(move.keys["after"]))
        self.advance(max(now, datetime.combine(day, time(9), CHINA)))

    def waiting_for(self, move: Move) -> Sequence[object]:
        """Return the tasks, the ballot or the state of the case that let somebody take the step ``move``."""
        if move.verb in ("complete", "each"):
            return [task for task in self.open_tasks(move.case) if task.element == move.value]
        if move.verb == "vote":
            with self.desk.store.read() as tx:
                return [b for b in tx.ballots.select(case_id=self.case(move.case)) if b.state == OPEN]
        if move.verb == "action":
            page = view_action(self.desk, self.cast.actor(move.who or "office"), self.case(move.case), str(move.value))
            return [page] if page.refusal is None else []
        return [move]

    def drain(self) -> None:
        """Run what is due now, in due order, until nothing is."""
        due = self.next_due()
        if due is not None and due <= self.clock.now():
            self._run_due()

    def next_due(self) -> datetime | None:
        """Return when something next falls due by itself."""
        with self.desk.store.read() as tx:
            return tx.work.next_due()

    def _run_due(self) -> None:
        while (item := self.desk.store.claim(self.clock.now(), OWNER)) is not None:
            run_item(self.desk, SYSTEM, item)


def open_stage(
    store: Store,
    package: Package,
    scenario: Scenario,
    calendars: Mapping[str, WorkingCalendar],
    operations: Mapping[str, Operation],
    functions: FunctionSet = FUNCTIONS,
    workshop: Workshop | None = None,
) -> PlayState:
    """Return a stage over the empty ``store``, with ``package`` published and its bodies and organisations in place.

    What is compiled is shared between the stages of a ``workshop`` (of the process, where none is given), unless
    expressions call other ``functions`` than the usual ones.
    """
    clock = VirtualClock(scenario.start)
    package = with_parameters(package, scenario)
    layer = package.jurisdiction.calendar
    calendars_by_layer = (
        {**calendars, layer: calendars[layer].with_years(*scenario.years)} if scenario.years else calendars
    )
    shop = workshop or _SHARED
    engine, compiled = (shop.engine, shop.compiled) if functions is FUNCTIONS else (None, None)
    desk = desk_over(
        store, calendars_by_layer, operations, clock=clock, engine=engine, compiled=compiled, functions=functions
    )
    with store.write() as tx:
        publish_package(tx, package, clock.now(), SYSTEM.name)
    desk.packages.remember(package)
    return PlayState(desk, clock, package, scenario, Cast(desk, package, scenario))


def with_parameters(package: Package, scenario: Scenario) -> Package:
    """Return ``package`` with the values a scenario sets.

    A scenario played again gets the package of its last play, and with it what was worked out of that.
    Raises ScenarioMistake for a parameter that is not there, and for a value of another kind than it has.
    """
    for name, value in scenario.parameters.items():
        parameter = package.award.parameters.get(name)
        wrong = why_of_another_kind(parameter, value) if parameter else no_parameter(package, name)
        if wrong is not None:
            raise ScenarioMistake(Text(f"{scenario.file}：{wrong.zh}", f"{scenario.file}: {wrong.en}"))
    return package.derived("played with", _LastPlayed).of(package, scenario.parameters)


class _LastPlayed:
    """A package with the values that the newest play of it set, and with its proofs as they are known now."""

    def __init__(self) -> None:
        self._newest: tuple[str, Package] | None = None

    def of(self, package: Package, values: Mapping[str, Any]) -> Package:
        """Return ``package`` with these values."""
        newest, values_text = self._newest, repr(sorted(values.items()))
        if newest is None or newest[0] != values_text or newest[1].proving is not package.proving:
            newest = self._newest = values_text, with_values(package, values)
        return newest[1]


class Follower:
    """Hears of every step of a play; this one does nothing, others override what they need.

    An exception that is no LaurelError ends the play: that is how one is cancelled.
    """

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """``move`` was played, or could not be: ``unmet`` says why."""

    def expected(self, stage: PlayState, number: int, row: Mapping[str, Any], unmet: Sequence[Text]) -> None:
        """Expectation ``number`` (from 1) at the end was looked at."""

    def ended(self, stage: PlayState) -> None:
        """All steps and expectations are over, the stage still stands."""
