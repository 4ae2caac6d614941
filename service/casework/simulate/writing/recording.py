"""A scenario that is being recorded: a live stage, what can be done on it now, and each act kept as a step."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.actor import Actor
from service.casework.ballots.box import OPEN, Box
from service.casework.simulate.expecting.records import due_day
from service.casework.simulate.playing.play import play_move
from service.casework.simulate.scenarios.scenario import Scenario, read_scenario
from service.casework.simulate.scenarios.scenario_text import ScenarioDraft, scenario_text
from service.casework.simulate.seasons.season_record import every_case
from service.casework.simulate.stage.named_on_stage import find_row, fresh_nick, nick_of, who_does
from service.casework.simulate.stage.stage import PlayState, Workshop, empty_store, open_stage
from service.casework.step.submission import FormInvalid
from service.catalog import Package
from service.catalog.award import PUBLIC
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.domain.calendar import CHINA, WorkingCalendar
from service.domain.errors import LaurelError
from service.domain.forms import InputType
from service.domain.text import Text
from service.sdk import Operation
from service.store import Transaction
from service.store.models import CaseRow, TaskRow

BALLOT = "ballot"
SAMPLE = "file:样例.pdf"
"""What stands for a file that the recording person need not have."""


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A task that somebody could do now; ``who`` is the word by which a step names the person."""

    id: int
    case: str
    element: str
    title: str
    kind: str
    who: str
    who_name: Text
    due: str | None
    fellows: int


@dataclass(frozen=True, slots=True)
class WaitingBallot:
    """An open ballot: who stands on its papers, and how many members there are on the roll."""

    case: str
    title: str
    candidates: tuple[tuple[str, str], ...]
    size: int


@dataclass(frozen=True, slots=True)
class Startable:
    """A kind of case that ``who`` may start, below case ``parent`` ("" for none)."""

    process: str
    name: Text
    who: str
    who_name: Text
    parent: str


class Recording:
    """A live stage and the steps that led there; not for two threads at once."""

    def __init__(
        self,
        package: Package,
        draft: ScenarioDraft,
        calendars: Mapping[str, WorkingCalendar],
        operations: Mapping[str, Operation],
        workshop: Workshop,
    ) -> None:
        self.package, self.draft, self._terms = package, draft, ScenarioTerms(package)
        self._around = calendars, operations, workshop
        self._stack = ExitStack()
        self.stage = self._open_stage()

    def close(self) -> None:
        """Let the stage go."""
        self._stack.close()

    def act(self, row: Mapping[str, Any]) -> None:
        """Play a step and keep it; raises LaurelError, and keeps nothing, where it cannot be played."""
        number = len(self.draft.steps)
        self.draft.steps.append(dict(row))
        try:
            play_move(self.stage, self.scenario().moves[-1])
        except LaurelError:
            del self.draft.steps[number:]
            raise

    def fill(self, row: Mapping[str, Any], form: str | None) -> None:
        """Play a step that fills ``form``; files that the form demands and nobody gave are sample files."""
        try:
            self.act(row)
        except FormInvalid as invalid:
            files = self._missing_files(str(form), invalid)
            if not files:
                raise
            self.act({**row, "with": _with_files(row.get("with") or {}, files)})

    def undo(self) -> None:
        """Take the last step back: the others are played anew."""
        del self.draft.steps[-1:]
        self._stack.close()
        self._stack = ExitStack()
        self.stage = self._open_stage()
        self.play_again()

    def play_again(self) -> int:
        """Play the steps kept so far on the empty stage; returns how many could be played."""
        for number, move in enumerate(self.scenario().moves):
            try:
                play_move(self.stage, move)
            except LaurelError:
                return number
        return len(self.draft.steps)

    def scenario(self) -> Scenario:
        """Return the scenario as it stands."""
        return read_scenario(scenario_text(self.draft), "recorded")

    def script(self) -> str:
        """Return the steps so far as a scenario file says them."""
        return scenario_text(self.draft).decode()

    @property
    def now(self) -> datetime:
        """The time on the stage, in Asia/Shanghai."""
        return self.stage.clock.now().astimezone(CHINA)

    def tasks(self) -> tuple[WaitingTask, ...]:
        """Return what waits for people, in the order of the cases; ballots apart."""
        with self.stage.desk.store.read() as tx:
            open_tasks = [(case, task) for case in every_case(tx) for task in tx.tasks.open_of_case(case.id)]
            return tuple(
                self._build_waiting_task(tx, case, task, open_tasks) for case, task in open_tasks if task.kind != BALLOT
            )

    def ballots(self) -> tuple[WaitingBallot, ...]:
        """Return the open ballots."""
        with self.stage.desk.store.read() as tx:
            return tuple(
                WaitingBallot(
                    self.nick(case), row.title, tuple(self.candidates(Box(row))), len(tx.rolls.select(ballot_id=row.id))
                )
                for case in every_case(tx)
                for row in tx.ballots.select(case_id=case.id)
                if row.state == OPEN
            )

    def startable(self) -> tuple[Startable, ...]:
        """Return the kinds of cases that somebody of the scenario may start now, as far as roles say."""
        with self.stage.desk.store.read() as tx:
            cases = [case for case in every_case(tx) if case.status == "running"]
        kinds: list[Startable] = []
        for info in self.package.award.processes.values():
            parents = [""] if info.parent is None else [self.nick(c) for c in cases if c.process == info.parent]
            for parent in parents:
                kinds += [
                    Startable(info.key, info.text, who, name, parent)
                    for who, name in self._iterate_starters(info.started_by)
                ]
        return tuple(kinds)

    def nick(self, case: CaseRow) -> str:
        """Return the nickname of a case; one that a diagram started is given its name by a step of its own."""
        case_nick = nick_of(self.stage, case.id)
        return case_nick if case_nick is not None else self._name_case(case)

    def fresh_nick(self, wanted: str) -> str:
        """Return a nickname that no case has yet."""
        return fresh_nick(self.stage, wanted)

    def actor(self, who: str) -> Actor:
        """Return the person called ``who``."""
        return self.stage.cast.actor(who)

    def candidates(self, box: Box) -> Iterator[tuple[str, str]]:
        """Yield the word by which a vote names each question, and its name as printed."""
        nicks = {str(ident): nick for nick, ident in self.stage.cases.items()}
        tiers = {question.tier for question in box.questions}
        for question in box.questions:
            nick = nicks.get(question.candidate, question.candidate)
            name = box.names.get(question.candidate, nick)
            yield (f"{nick}/{question.tier}" if len(tiers) > 1 else nick), name

    def _open_stage(self) -> PlayState:
        calendars, operations, workshop = self._around
        store = self._stack.enter_context(empty_store())
        return open_stage(store, self.package, self.scenario(), calendars, operations, workshop=workshop)

    def _name_case(self, case: CaseRow) -> str:
        """Name a case that a diagram started, where a step can say which it is; else call it by number."""
        if case.parent_id is None:
            return f"{case.process}#{case.id}"
        with self.stage.desk.store.read() as tx:
            above = tx.cases.get(case.parent_id)
        parent = self.nick(above)
        row = find_row(self.stage, case, parent) if parent in self.stage.cases else None
        if row is None:
            return f"{case.process}#{case.id}"
        self.act(row)
        return str(row["name"])

    def _build_waiting_task(
        self, tx: Transaction, case: CaseRow, task: TaskRow, open_tasks: list[tuple[CaseRow, TaskRow]]
    ) -> WaitingTask:
        who = self.who(tx, task)
        alike = sum(c.id == case.id and t.element == task.element and t.id != task.id for c, t in open_tasks)
        due = due_day(task)
        return WaitingTask(
            task.id, self.known(case), task.element, task.title, task.kind, who, self.name_of(who), due, alike
        )

    def known(self, case: CaseRow) -> str:
        """Return the nickname of a case, its title where it has none."""
        return nick_of(self.stage, case.id) or f"{case.title}"

    def who(self, tx: Transaction, task: TaskRow) -> str:
        """Return the word by which a step names who does ``task``."""
        return who_does(self.stage, tx, task)

    def name_of(self, who: str) -> Text:
        """Return what the person called ``who`` is called in words."""
        if who in self.stage.cast.organisations:
            name = str((self.draft.organisations.get(who) or {}).get("name", who))
            return Text(name, name)
        return self._terms.word(who)

    def _iterate_starters(self, roles: tuple[str, ...]) -> Iterator[tuple[str, Text]]:
        for role in roles:
            role_info = self.package.jurisdiction.roles.get(role)
            if role_info is not None and role_info.subject:
                yield from ((nick, self.name_of(nick)) for nick in self.draft.organisations)
            elif role != PUBLIC:
                yield role, self.name_of(role)

    def _missing_files(self, name: str, invalid: FormInvalid) -> list[str]:
        """Return the paths of the files among what a refusal asks for."""
        form = self.stage.desk.packages.form(self.package, name)
        uploads = {info.path for info in form.fields() if info.type is InputType.UPLOAD}
        return [error.path for error in invalid.errors if _remove_row_numbers(error.path) in uploads]


def _remove_row_numbers(path: str) -> str:
    """Return a path with the numbers of rows taken out, as a form describes its fields: ``staff[].photo``."""
    parts: list[str] = []
    for part in path.split("."):
        if part.isdecimal() and parts:
            parts[-1] += "[]"
        else:
            parts.append(part)
    return ".".join(parts)


def _with_files(form_values: Mapping[str, Any], paths: list[str]) -> dict[str, Any]:
    """Return form values with a sample file at each of ``paths``."""
    values: Any = _copy_value(form_values)
    for path in paths:
        node: Any = values
        *way, last = path.split(".")
        for part in way:
            node = node[int(part)] if isinstance(node, list) else node.setdefault(part, {})
        node[last] = SAMPLE
    return dict(values)


def _copy_value(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _copy_value(inner) for key, inner in value.items()}
    return [_copy_value(inner) for inner in value] if isinstance(value, list) else value
