"""A scenario that fails only at what it expects, with the results that came instead of those it names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.simulate.playing.scenario_result import How, ResultLine, ScenarioResult
from service.casework.simulate.scenarios.write_over import written_over
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.yaml import plain
from service.domain.text import Text

_SAYS = "contains"


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
    for line in (*steps, *at_end):
        held = document["expect"] if line in at_end else document["steps"][line.number - 1]
        key = line.number - 1 if line in at_end else "expect"
        before, after = _differing(plain(held[key]), line.instead or {})
        found.append(ExpectedResult(line.number, line in at_end, say(before), say(after), line.proves))
        held[key] = written_over(held[key], line.instead)
    return (dump_yaml(document) if found else text), tuple(found)


def _differing(before: Any, after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return two expectations without the parts of a letter that both name."""
    told, tells = _texts(before), _texts(after)
    if not told or not tells:
        return dict(before), dict(after)
    one, other = [part for part in told if part not in tells], [part for part in tells if part not in told]
    return _saying(before, one), _saying(after, other)


def _texts(row: Mapping[str, Any]) -> list[str]:
    said = row.get(_SAYS)
    return list(said) if isinstance(said, list) else []


def _saying(row: Mapping[str, Any], parts: list[str]) -> dict[str, Any]:
    return {key: parts if key == _SAYS else held for key, held in row.items() if key != _SAYS or parts}


def _exchanged(line: ResultLine) -> bool:
    return line.verb == "expect" and line.instead is not None
