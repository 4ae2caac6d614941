"""Bodies that the settings of an award list, by the names that their jurisdiction gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from service.catalog.jurisdiction import Jurisdiction
from service.catalog.parameters import Parameter
from service.domain.text import Text


def with_bodies(parameters: Mapping[str, Parameter], jurisdiction: Jurisdiction) -> Mapping[str, Parameter]:
    """Return the parameters, those whose values are lists of bodies of ``jurisdiction`` with what these are called."""
    names = {body.id: body.text for body in jurisdiction.bodies}
    return MappingProxyType({ident: _with(one, names) for ident, one in parameters.items()})


def _with(parameter: Parameter, names: Mapping[str, Text]) -> Parameter:
    lists = (dated.value for dated in parameter.values if isinstance(dated.value, tuple))
    listed = {item for each in lists for item in each if isinstance(item, str)}
    known = {ident: names[ident] for ident in sorted(listed & names.keys())}
    return replace(parameter, bodies=MappingProxyType(known)) if known else parameter
