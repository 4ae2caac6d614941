"""Parameters that name scoring editions, and those whose edition has no score sheet."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.feel import compiled
from service.catalog.package import Package
from service.catalog.parameters import Parameter, Unit
from service.catalog.scoring import file_of
from service.domain.errors import Invalid, NotFound
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text

OPENING = "review.open"
NAMED = "scoring_edition"
"""A parameter whose name, or name in the vocabulary, holds this word names editions wherever it is read."""
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
        for path in _paths(element.operation.parameters.get("edition", ""))
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
    return all(_ID.fullmatch(one) for one in named) and any(file_of(one) in package.parts.scoring for one in named)


def why_no_edition(package: Package, named: str) -> Text | None:
    """Return what is wrong with a named edition, None where there is a sheet for it."""
    try:
        package.edition(named)
    except (NotFound, Invalid) as wrong:
        return wrong.message
    return None


def editions_in(value: Any) -> Iterator[str]:
    """Yield the editions that a value names; “none” names none."""
    if isinstance(value, Mapping):
        for own in value.values():
            yield from editions_in(own)
    elif isinstance(value, list | tuple):
        for own in value:
            yield from editions_in(own)
    elif isinstance(value, str) and value and value != "none":
        yield value


def _paths(text: str) -> Iterator[tuple[str, ...]]:
    try:
        yield from compiled(text).paths
    except FeelSyntaxError:
        return  # reported as a formula
