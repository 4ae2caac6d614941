"""Bodies and tiers that the settings of an award list, by the names that their jurisdiction and the award give them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from service.catalog.jurisdiction import Jurisdiction
from service.catalog.parameters.parameters import Parameter
from service.domain.text import Text


def with_bodies(
    parameters: Mapping[str, Parameter], jurisdiction: Jurisdiction, tiers: Mapping[str, Text]
) -> Mapping[str, Parameter]:
    """Return the parameters, those whose values list bodies of ``jurisdiction`` or ``tiers`` with what these are called."""
    names = {**tiers, **{body.id: body.text for body in jurisdiction.bodies}}
    return MappingProxyType({ident: _with(one, names) for ident, one in parameters.items()})


_NAMING = ("tier", "unit")
"""The entries of a row that say of which tier or body it speaks."""


def _with(parameter: Parameter, names: Mapping[str, Text]) -> Parameter:
    lists = (dated.value for dated in parameter.values if isinstance(dated.value, tuple))
    items = [item for each in lists for item in each]
    named = (row.get(key) for row in items if isinstance(row, Mapping) for key in _NAMING)
    listed = {item for item in (*items, *named) if isinstance(item, str)}
    known = {ident: names[ident] for ident in sorted(listed & names.keys())}
    return replace(parameter, bodies=MappingProxyType(known)) if known else parameter
