"""Parameters that name scoring editions, and those whose edition has no score sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.feel import compiled
from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter, Unit
from service.catalog.parameters.units import is_number
from service.catalog.scoring.scoring import file_of
from service.domain.errors import Invalid, NotFound
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text

OPENING = "review.open"
NAMED = "scoring_edition"
"""A parameter whose name, or name in the vocabulary, holds this word names editions wherever it is read."""
_CUT_OFF, _BONUS = "cut_off_score", "encouraged_group_bonus_points"
_ID = re.compile(r"[a-z0-9][a-z0-9._@-]*")
_UNITS = (Unit.TEXT, Unit.LIST, Unit.TABLE)


def edition_parameters(package: Package) -> frozenset[str]:
    """Return the parameters whose values name editions.

    They do so by their name, because a stage of review is opened with them, or because a value names a sheet there is.
    """
    read = {
        path[1]
        for diagram in package.diagrams.values()
        for element in diagram.elements.values()
        if element.operation is not None and element.operation.operation == OPENING
        for path in _iterate_paths(element.operation.parameters.get("edition", ""))
        if len(path) > 1 and path[0] == "param"
    }
    return frozenset(
        ident
        for ident, parameter in package.award.parameters.items()
        if parameter.unit in _UNITS
        and (ident in read or NAMED in ident or NAMED in parameter.key or _names_a_sheet(package, parameter))
    )


def _names_a_sheet(package: Package, parameter: Parameter) -> bool:
    """Tell whether a parameter holds ids alone, and one of them is that of a sheet."""
    named = [edition for dated in parameter.values for edition in editions_in(dated.value)]
    return all(_ID.fullmatch(name) for name in named) and any(file_of(name) in package.parts.scoring for name in named)


def why_no_edition(package: Package, named: str) -> Text | None:
    """Return what is wrong with a named edition, None where there is a sheet for it."""
    try:
        package.edition(named)
    except (NotFound, Invalid) as wrong:
        return wrong.message
    return None


FULL_MARKS = "full_marks"
"""What a fraction is a share of that serves as a threshold of points."""


def why_beyond_marks(package: Package, parameter: Parameter, value: Any) -> Text | None:
    """Return why nobody could reach ``value`` points, which one needs to go on: no score sheet gives so many."""
    if (parameter.key or parameter.id) != _CUT_OFF or not is_number(value):
        return None
    parameters = package.award.parameters
    named = {
        e
        for ident in edition_parameters(package)
        for dated in parameters[ident].values
        for e in editions_in(dated.value)
    }
    full_marks = [package.edition(each).points for each in named if why_no_edition(package, each) is None]
    more = [
        dated.value
        for p in parameters.values()
        if (p.key or p.id) == _BONUS
        for dated in p.values
        if is_number(dated.value)
    ]
    most = max(full_marks, default=0) + max(more, default=0)
    if not full_marks or value <= most:
        return None
    name = parameter.text
    return Text(
        f"“{name.zh}”设为{value}分，评分表满分只有{most}分，没有组织能够入围，评审的条款落空。请填写不超过{most}的分数。",
        f"With “{name.en}” at {value} nobody goes on: the score sheets give {most} points at most. Enter no more than that.",
    )


def editions_in(value: Any) -> Iterator[str]:
    """Yield the editions that a value names; “none” names none."""
    if isinstance(value, Mapping):
        for inner in value.values():
            yield from editions_in(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from editions_in(inner)
    elif isinstance(value, str) and value and value != "none":
        yield value


def _iterate_paths(text: str) -> Iterator[tuple[str, ...]]:
    try:
        yield from compiled(text).paths
    except FeelSyntaxError:
        return  # reported as a formula
