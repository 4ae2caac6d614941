"""A scenario that fails only at what it expects, with the results that came instead of those it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.playing.scenario_result import How, ResultLine, ScenarioResult
from service.casework.simulate.scenarios.write_over import written_over
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class ExpectedResult:
    """What a scenario expects and what came instead: at step ``number``, or as expectation ``number`` at its end.

    ``proves`` are the clauses that the expectation claims to prove.
    """

    number: int
    at_end: bool
    before: Text
    after: Text
    proves: tuple[str, ...]


def with_results(
    text: str, result: ScenarioResult, say: Callable[[Mapping[str, Any]], Text]
) -> tuple[str, tuple[ExpectedResult, ...]]:
    """Return a scenario with the results that a play came to, and which these are, told by ``say``.

    Nothing changes where a step could not be done, something broke, or an expectation cannot be named by what came.
    """
    steps = [line for line in result.lines if line.how is How.UNMET]
    at_end = [line for line in result.expected if line.how is How.UNMET]
    if result.stopped_by or result.incidents or not all(map(_exchanged, (*steps, *at_end))):
        return text, ()
    if len({line.number for line in steps}) < len(steps):  # a step that is repeated expects something else each time
        return text, ()
    document, found = load_yaml(text), []
    for line in steps:
        step = document["steps"][line.number - 1]
        found.append(_outcome(line, line.instead or {}, at_end=False, say=say))
        step["expect"] = written_over(step["expect"], line.instead)
    for line in at_end:
        rows = document["expect"]
        found.append(_outcome(line, line.instead or {}, at_end=True, say=say))
        rows[line.number - 1] = written_over(rows[line.number - 1], line.instead)
    return (dump_yaml(document) if found else text), tuple(found)


def _exchanged(line: ResultLine) -> bool:
    return line.verb == "expect" and line.instead is not None


def _outcome(
    line: ResultLine, after: Mapping[str, Any], *, at_end: bool, say: Callable[[Mapping[str, Any]], Text]
) -> ExpectedResult:
    return ExpectedResult(line.number, at_end, line.words, say(after), line.proves)
