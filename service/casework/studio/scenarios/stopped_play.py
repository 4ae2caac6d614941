"""Where a play of a scenario that went wrong stopped: a task nobody does, a day nobody confirms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from service.casework.simulate.playing.scenario_result import ScenarioResult
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.seasons.season_record import Lasting
from service.catalog import Package


def stopped_for(package: Package, scenario: Scenario, result: ScenarioResult) -> tuple[str, ...]:
    """Return the names of the tasks at which cases wait at the end of a play that went wrong, and that the scenario never does."""
    if result.passed or result.record is None:
        return ()
    done = {move.value for move in scenario.moves if move.verb in ("complete", "each")}
    waiting = dict.fromkeys(one for end in result.record.ends.values() for one in end.open_tasks if one not in done)
    tasks = {e.id: e.name or e.id for d in package.diagrams.values() for e in d.elements.values() if e.form}
    return tuple(tasks[one] for one in waiting if one in tasks)


@dataclass(frozen=True, slots=True)
class UnsettledDay:
    """A day that came while it rested on the holidays of a ``year`` that are not published: ``name`` is the element's."""

    name: str
    year: int


def unsettled_days(result: ScenarioResult) -> tuple[UnsettledDay, ...]:
    """Return the days at which cases wait at the end of a play that went wrong, until somebody confirms them."""
    if result.passed or result.record is None:
        return ()
    waiting = {(nick, one) for nick, end in result.record.ends.items() for one in end.open_tasks}
    found = (
        UnsettledDay(span.label, (span.last - timedelta(days=1)).year)  # due as the day after begins
        for span in result.record.spans
        if span.lasting is Lasting.TIMER and span.last is not None and (span.case, span.element) in waiting
    )
    return tuple(dict.fromkeys(found))
