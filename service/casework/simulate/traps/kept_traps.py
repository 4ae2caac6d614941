"""A trap, or a row of a table of conditions, as a scenario that is kept: it says what was found, and is red once that is gone."""

from __future__ import annotations

from typing import Any

from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.scenarios.scenario_text import ScenarioDraft
from service.casework.simulate.traps.found_traps import FoundTrap, RowPlay
from service.casework.simulate.traps.traps import Trap, TrapKind


def kept_scenario(found: FoundTrap, article: str = "") -> ScenarioDraft:
    """Return the play that shows a trap as a scenario that expects it: it fails as soon as the trap is gone.

    Its title names the step, and the ``article`` where there is one.
    """
    place = "，".join(word for word in (found.trap.name, article) if word)
    title = f"隐患：{found.trap.kind.text.zh}（{place}）" if place else f"隐患：{found.trap.kind.text.zh}"
    steps = _rows(found.scenario)
    if found.until:
        steps.append({"until": found.until})
    return _draft(found.scenario, title, steps, _expected(found.trap))


def kept_row(play: RowPlay, name: str) -> ScenarioDraft:
    """Return the play that shows a row of a table as a scenario that expects it."""
    expect = [{"case": play.case, "finding": play.row, "result": play.result}]
    return _draft(play.scenario, f"条件“{name}”：{play.what.zh}", _rows(play.scenario), expect)


def _draft(scenario: Scenario, title: str, steps: list[dict[str, Any]], expect: list[dict[str, Any]]) -> ScenarioDraft:
    return ScenarioDraft(
        title=title[:200],
        start=scenario.start.date(),
        organisations={nick: dict(held or {}) for nick, held in scenario.organisations.items()},
        parameters=dict(scenario.parameters),
        steps=steps,
        expect=expect,
        years=scenario.years,
    )


def _rows(scenario: Scenario) -> list[dict[str, Any]]:
    """Return the steps as a file says them: when each is done, where that is later than the step before."""
    rows, before = [], None
    for move in scenario.moves:
        row = {key: value for key, value in move.keys.items() if key not in ("proves", "at", "every")}
        rows.append(row if move.at is None or move.at == before else {"at": move.at, **row})
        before = move.at or before
    return rows


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
