"""Parameters that a scenario is played under and that the law does not allow: such a season shows nothing that may happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.catalog.package import Package
from service.catalog.parameters.parameters import Parameter
from service.catalog.parameters.units import beyond_bound, size_of
from service.catalog.settings.quoted_periods import shorter_than_quoted


def beyond_law(package: Package, values: Mapping[str, Any]) -> Iterator[str]:
    """Yield the parameters of which ``values``, by id, gives one beyond the bounds that the package states or quotes."""
    for ident, value in values.items():
        parameter = package.award.parameters.get(ident)
        if parameter is not None and is_beyond(package, parameter, value):
            yield ident


def is_beyond(package: Package, parameter: Parameter, value: Any) -> bool:
    """Tell whether ``value`` is below the minimum, above the maximum, or beyond the words of the clauses of ``parameter``."""
    return beyond_bound(parameter, value) != "" or shorter_than_quoted(package, parameter, size_of(value)) is not None
