"""Faults that a package had before there was a rule against them: they are told, and hold up no other change of it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from service.catalog.problems import Problem, Severity
from service.catalog.rules.forms import unlabelled
from service.catalog.tree import Files

_LATER: Mapping[str, Callable[[str, Mapping[str, Any]], Iterator[Problem]]] = {"unlabelled": unlabelled}
"""Rules about one form that came after packages were published which break them, each with what it finds in a form."""


def told_alone(problems: Iterable[Problem], before: Files, now: Files) -> tuple[Problem, ...]:
    """Return ``problems``, errors first, where a fault that stood in the files ``before`` already is a warning.

    ``now`` are the files as they are; a fault that came with a change is as it was.
    """
    found = [
        replace(one, severity=Severity.WARNING) if one.rule in _LATER and _stood(one, before, now) else one
        for one in problems
    ]
    return tuple(sorted(found, key=lambda one: one.severity is not Severity.ERROR))


def _stood(problem: Problem, before: Files, now: Files) -> bool:
    content = before.get(problem.file)
    if content is None:
        return False
    if content == now.get(problem.file):
        return True
    try:
        schema = json.loads(content)
    except ValueError:
        return False
    told = _LATER[problem.rule](problem.file, schema) if isinstance(schema, dict) else ()
    return any((one.element, one.message) == (problem.element, problem.message) for one in told)
