"""A scenario whose days follow a longer period: steps that came too early move, and expected days become those that came."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from service.casework.simulate.playing.patience import Patience, Wait, is_of_days
from service.casework.simulate.playing.scenario_result import How, ResultLine, ScenarioResult
from service.casework.simulate.scenarios.write_over import written_over
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.yaml import plain

_DATE_LENGTH = 32
"""No date is written longer: it stands in a text then."""
_WORDS = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True, slots=True)
class ScenarioDay:
    """A day written in a scenario and the one instead: of step ``number``, or of expectation ``number`` at the end."""

    number: int
    at_end: bool
    before: str
    after: str
    clauses: tuple[str, ...]


def with_days(text: str, result: ScenarioResult, patience: Patience) -> tuple[str, tuple[ScenarioDay, ...]]:
    """Return a scenario with the days that a patient play came to, and which these are; all else stays as written.

    What is expected at its end and came later only is waited for by one more step.
    """
    document = load_yaml(text)
    waits = {wait.number: wait for wait in reversed(patience.waits)}
    waited = [*patience.waits, *([patience.end] if patience.end else [])]
    clauses = tuple(dict.fromkeys(clause for wait in waited for clause in wait.clauses))
    found: list[ScenarioDay] = []
    steps = document["steps"]
    for number, node in enumerate(steps, 1):
        before: Any = plain(node)
        lines = [line for line in result.lines if line.number == number]
        if "expect" in before:
            after = {**before, "expect": _as_came(before["expect"], lines)}
        else:
            after = patience.moves[number].named(before) if number in patience.moves else before
        if number in waits:
            after = _waited(after, waits[number])
        found += _days(number, False, before, after, waits[number].clauses if number in waits else clauses)
        steps[number - 1] = written_over(node, after)
    if patience.end:
        until = f"{patience.end.after:%Y-%m-%d %H:%M}"
        found.append(ScenarioDay(len(steps) + 1, False, "", until, patience.end.clauses))
        steps.append({"until": until})
    at_end = {line.number: line for line in result.expected}
    written: list[Any] = [plain(node) for node in document.get("expect") or ()]
    came = [_as_came(row, [at_end[number]]) for number, row in enumerate(written, 1)]
    for number, (node, after) in enumerate(zip(document.get("expect") or (), came, strict=True), 1):
        found += _days(number, True, plain(node), after, clauses)
    words = {_in_words(day.before): _in_words(day.after) for day in found if _in_words(day.before)}
    for number, node in enumerate(document.get("expect") or (), 1):
        after = came[number - 1]
        if at_end[number].how is How.UNMET:
            after = _told(after, words, patience)
        found += _days(number, True, came[number - 1], after, clauses)
        document["expect"][number - 1] = written_over(node, after)
    return (dump_yaml(document) if found else text), tuple(found)


def _waited(row: dict[str, Any], wait: Wait) -> dict[str, Any]:
    """Return a row done when its task was there; what it names of the day that it was to be done on goes along."""
    return {"at": f"{wait.after:%Y-%m-%d %H:%M}", **{key: held for key, held in row.items() if key != "at"}}


def _as_came(row: dict[str, Any], lines: Iterable[ResultLine]) -> dict[str, Any]:
    """Return an expectation with the days that came instead of those it names."""
    came = {one.key: one.found for line in lines if is_of_days(line.deviations) for one in line.deviations}
    return {key: _day(came[key]) if key in came else held for key, held in row.items()}


def _in_words(day: str) -> str:
    """Return a day as letters write it; "" of what is none."""
    try:
        found = date.fromisoformat(day[:10])
    except ValueError:
        return ""
    return f"{found.year}年{found.month}月{found.day}日"


def _told(row: dict[str, Any], words: dict[str, str], patience: Patience) -> dict[str, Any]:
    """Return an expectation of a letter with the days that its text names moved: as they did elsewhere, or by the delay."""

    def later(found: re.Match[str]) -> str:
        try:
            named = date(*map(int, found.groups()))
        except ValueError:  # such as 2月30日: words, not a day
            return found.group()
        if patience.since is None or named < patience.since:
            return found.group()
        return words.get(found.group()) or _in_words((named + patience.delay).isoformat())

    def moved(value: Any) -> Any:
        if isinstance(value, list):
            return [moved(held) for held in value]
        if not isinstance(value, str):
            return value
        return _WORDS.sub(later, value)

    return {key: moved(held) if key in ("contains", "ends") else held for key, held in row.items()}


def _day(found: str) -> Any:
    return plain(load_yaml(f"{found}\n"))


def _days(
    number: int, at_end: bool, before: Any, after: Any, clauses: tuple[str, ...]
) -> Iterable[ScenarioDay]:  # fmt: skip
    if isinstance(before, dict) and isinstance(after, dict):
        for key in after:
            if key == "at" and key not in before:
                yield ScenarioDay(number, at_end, "", str(after[key]), clauses)
            else:
                yield from _days(number, at_end, before[key], after[key], clauses)
    elif isinstance(before, list) and isinstance(after, list):
        for one, other in zip(before, after, strict=True):
            yield from _days(number, at_end, one, other, clauses)
    elif isinstance(before, str) and len(before) > _DATE_LENGTH:
        named = ([day.group() for day in _WORDS.finditer(text)] for text in (before, str(after)))
        pairs = zip(*named, strict=True)
        yield from (ScenarioDay(number, at_end, one, other, clauses) for one, other in pairs if one != other)
    elif str(before) != str(after):
        yield ScenarioDay(number, at_end, str(before), str(after), clauses)
