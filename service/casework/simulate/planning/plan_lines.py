"""The lines of a plan, noted while its season is played."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from service.casework.reading.citations import CitedArticle, cite
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.named_on_stage import called_at
from service.casework.simulate.stage.stage import Follower, PlayState
from service.casework.simulate.stage.timeline import clauses_at
from service.catalog import Package
from service.catalog.parameters.parameters import Basis, Parameter, Unit
from service.catalog.scenarios.scenario_terms import terms_of
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import NEVER
from service.store.models import BallotRow, NoticeRow, TaskRow

_PARAMETER = re.compile(r"\bparam\.(\w+)")
_UNITS: Mapping[Unit, Text] = {
    Unit.WORKING_DAYS: Text("个工作日", " working days"),
    Unit.CALENDAR_DAYS: Text("日", " days"),
}
_NOBODY = Text("", "")


class PlanBasis(Enum):
    """By what the days of a line are fixed, in words."""

    LAW = Text("法定", "by law")
    SETTING = Text("本地设定", "local setting")
    ASSUMED = Text("预计", "assumed")


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A step, or the period of a notice (``step`` 0).

    ``limit`` says how many days are counted, and of what; ``days`` are the working days assumed, None where a limit says.
    """

    step: int
    name: Text
    who: Text
    first: date
    last: date
    basis: PlanBasis
    limit: Text
    clauses: tuple[CitedArticle, ...]
    days: int | None = None


class PlanFollower(Follower):
    """Notes each step that takes its time, and at the end the periods of the notices."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.called: date | None = None
        self._lines: list[PlanLine] = []
        self._stages: dict[int, Text] = {}

    @property
    def lines(self) -> tuple[PlanLine, ...]:
        """The lines in order of their days; of steps that are called alike each says in which stage it is done."""
        often = Counter(line.name for line in self._lines)
        named = (self._in_stage(line) if often[line.name] > 1 else line for line in self._lines)
        return tuple(sorted(named, key=lambda line: (line.first, line.step == 0)))

    def _in_stage(self, line: PlanLine) -> PlanLine:
        stage = self._stages.get(line.step)
        if stage is None:
            return line
        return replace(line, name=Text(f"{line.name.zh}（{stage.zh}）", f"{line.name.en} ({stage.en})"))

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Note a step; one that ``every`` repeats for several bodies is one line."""
        if unmet or "after" not in move.keys or (self._lines and self._lines[-1].step == move.number):
            return
        row, today = _done_at(stage, move), local_date(stage.clock.now())
        if row is None and move.verb != "action":  # it was left out
            return
        action = self.package.award.actions.get(str(move.value))
        role = row.role if row else action.roles[0] if action else ""
        role_info = self.package.jurisdiction.roles.get(role)
        days = None if move.keys["after"] == "due" else int(move.keys["after"])
        limits = self._list_limits(move, row) if days is None else []
        if isinstance(row, TaskRow) and row.call_path:
            self._stages[move.number] = terms_of(self.package).word(row.call_path[:2][-1])
        self._lines.append(PlanLine(
            move.number,
            Text("投票表决", "The vote") if move.verb == "vote" else called_at(stage, move),
            role_info.text if role_info else _NOBODY,
            today,
            today,
            _basis_of(limits) if days is None else PlanBasis.ASSUMED,
            _limit_words(limits, today) if days is None else _assumed_words(days),
            self._cite_basis(self._get_clauses(stage, move, row), limits),
            days,
        ))  # fmt: skip

    def ended(self, stage: PlayState) -> None:
        """Note the notices that run for a period; the first that has none is the call for applications."""
        with stage.desk.store.read() as tx:
            rows = [row for case in stage.cases.values() for row in tx.notices.select(case_id=case)]
        for row in sorted(rows, key=lambda row: row.posted_at):
            limits = self._notice_limits(row)
            if limits:
                name = Text(f"公示（{limits[0].text.zh}）", f"Notice ({limits[0].text.en})")
                words = _limit_words(limits, row.first_day)
                clauses = self._cite_basis(row.clauses, limits)
                self._lines.append(
                    PlanLine(0, name, _NOBODY, row.first_day, row.last_day, _basis_of(limits), words, clauses)
                )
            elif self.called is None:
                self.called = local_date(row.posted_at)

    def _cite_basis(self, clauses: Iterable[str], limits: Iterable[Parameter]) -> tuple[CitedArticle, ...]:
        """Cite what fixes the days where something does, else what the step carries out."""
        return cite(self.package, [clause for limit in limits for clause in limit.clauses] or clauses)

    def _get_clauses(self, stage: PlayState, move: Move, row: TaskRow | BallotRow | None) -> Iterable[str]:
        if isinstance(row, TaskRow):
            return tuple(row.clauses)
        if row is not None:
            with stage.desk.store.read() as tx:
                return clauses_at(stage, tx.cases.get(row.case_id), row.element)
        action = self.package.award.actions.get(str(move.value))
        return action.clauses if action else ()

    def _list_limits(self, move: Move, row: TaskRow | BallotRow | None) -> list[Parameter]:
        """Return the parameters that say until when a step is due: the one it names, else those of its formula."""
        if "limit" in move.keys:
            return self._list_periods([str(move.keys["limit"])])
        if not isinstance(row, TaskRow) or row.due_at >= NEVER:
            return []
        return self._list_periods(_PARAMETER.findall(self.package.element(row.process_id, row.element).due))

    def _notice_limits(self, row: NoticeRow) -> list[Parameter]:
        """Return the parameters of the period of a notice, as what drafts it says or the timers beside what posts it."""
        for diagram in self.package.diagrams.values():
            for element in diagram.elements.values():
                expressions = element.operation.parameters if element.operation else {}
                if expressions.get("kind", "").strip('"') != row.kind:
                    continue
                texts = [expressions.get(unit, "") for unit in _UNITS]
                if element.id == row.element:
                    texts += [
                        timer_element.timer.expression
                        for timer_element in diagram.elements.values()
                        if timer_element.timer
                    ]
                limits = self._list_periods(name for text in texts for name in _PARAMETER.findall(text))
                if limits:
                    return limits
        return []

    def _list_periods(self, names: Iterable[str]) -> list[Parameter]:
        parameters = self.package.award.parameters
        return [
            parameters[name] for name in dict.fromkeys(names) if name in parameters and parameters[name].unit in _UNITS
        ]


def _done_at(stage: PlayState, move: Move) -> TaskRow | BallotRow | None:
    """Return the task or the ballot that a step was done at."""
    if move.verb == "action":
        return None
    with stage.desk.store.read() as tx:
        if move.verb == "vote":
            return tx.ballots.select(case_id=stage.case(move.case))[-1]
        done = tx.tasks.select(case_id=stage.case(move.case), element=move.value, done_at=stage.clock.now())
    return done[-1] if done else None


def _basis_of(limits: Iterable[Parameter]) -> PlanBasis:
    return PlanBasis.LAW if any(limit.source is Basis.STATED for limit in limits) else PlanBasis.SETTING


def _limit_words(limits: Sequence[Parameter], day: date) -> Text:
    lines = [(limit.text, limit.value_on(day), _UNITS[limit.unit]) for limit in limits]
    return Text(
        "；".join(f"{name.zh}{value}{unit.zh}" for name, value, unit in lines) or "期限最后一日",
        "; ".join(f"{name.en}: {value}{unit.en}" for name, value, unit in lines) or "the last day of its limit",
    )


def _assumed_words(days: int) -> Text:
    return Text(f"{days}个工作日", f"{days} working days") if days else Text("当日", "the same day")
