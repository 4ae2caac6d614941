"""Scopes: layers of variables while an expression runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from service.domain.feel.limits import Meter
from service.domain.feel.values import Value

MISSING = object()
NOTHING: Mapping[str, Value] = MappingProxyType({})


class Scope:
    """One layer of variables; what it has not is looked for in ``parent``."""

    __slots__ = ("item", "meter", "parent", "variables")

    def __init__(
        self, variables: Mapping[str, Value], parent: Scope | None, meter: Meter, item: object = MISSING
    ) -> None:
        self.variables = variables
        self.parent = parent
        self.meter = meter
        self.item = item


Code = Callable[[Scope], Value]
"""A compiled expression."""
TestCode = Callable[[Value, Scope], "bool | None"]
"""A compiled unary test."""
