"""The set of functions an expression may call."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from types import MappingProxyType

from service.domain.feel.values import Function, Value


class FunctionSet:
    """Functions by name; immutable, grown with ``extended``."""

    __slots__ = ("_by_name", "_names")

    def __init__(self, functions: Iterable[Function] = ()) -> None:
        self._by_name = MappingProxyType({function.name: function for function in functions})
        self._names = frozenset(self._by_name)

    def extended(self, functions: Iterable[Function]) -> FunctionSet:
        """Return a set with ``functions`` added; a function replaces its namesake."""
        return FunctionSet([*self._by_name.values(), *functions])

    def get(self, name: str) -> Function | None:
        """Return the function called ``name``."""
        return self._by_name.get(name)

    @property
    def names(self) -> frozenset[str]:
        """The names of all functions."""
        return self._names

    def __iter__(self) -> Iterator[Function]:
        return iter(self._by_name.values())

    def __contains__(self, name: object) -> bool:
        return name in self._by_name


_SCALARS = frozenset({
    "n", "scale", "number", "dividend", "divisor", "input", "pattern", "flags", "replacement", "string", "delimiter",
    "start position", "length", "position", "negand", "date", "time", "date and time", "timezone", "year", "month", "day",
    "hour", "minute", "second", "offset", "from", "to", "grouping separator", "decimal separator", "point", "range",
    "point1", "point2", "range1", "range2", "m", "context",
})  # fmt: skip
"""Parameters that take no list: a list of one item given for them stands for its item (DMN 1.5, 10.3.2.9.4)."""
_ANYTHING = frozenset({("string", "from")})
"""Parameters of such a name that take lists as they are."""


def builtin(name: str, signature: str, call: Callable[..., Value], *others: str) -> Function:
    """Describe a built-in function.

    ``signature`` lists parameters separated by commas; ``?`` marks optional ones and ``…`` one that may repeat.
    """
    parameters = _split_signature(signature)
    accepted = [_split_signature(text) for text in (signature, *others)]
    required = min(sum(not part.endswith(("?", "…")) for part in parts) for parts in accepted)
    return Function(
        name,
        tuple(part.rstrip("?…") for part in parameters),
        _of_single_items(call, frozenset(_scalar_places(name, accepted))),
        required=max(required, 1) if signature.endswith("…") else required,
        variadic=signature.endswith("…"),
        metered=True,
        others=tuple(tuple(part.rstrip("?…") for part in parts) for parts in accepted[1:]),
    )


def _scalar_places(name: str, accepted: Iterable[list[str]]) -> Iterator[int]:
    """Yield the places of a function's parameters that take no list, whichever list of parameters is meant."""
    for parts in accepted:
        for place, part in enumerate(parts):
            parameter = part.rstrip("?…")
            text = parameter == "match" and parts[0] == "string"
            if (parameter in _SCALARS and (name, parameter) not in _ANYTHING) or text:
                yield place


def _of_single_items(call: Callable[..., Value], places: frozenset[int]) -> Callable[..., Value]:
    """Return ``call``, given the item where a list of one item stands for a parameter that takes no list."""
    if not places:
        return call

    def call_converted(meter: object, *arguments: Value) -> Value:
        for argument in arguments:
            if type(argument) is list:
                return call(meter, *(_unwrap_item(a) if place in places else a for place, a in enumerate(arguments)))
        return call(meter, *arguments)

    return call_converted


def _unwrap_item(value: Value) -> Value:
    return value[0] if type(value) is list and len(value) == 1 else value


def _split_signature(signature: str) -> list[str]:
    return [part.strip() for part in signature.split(",") if part.strip()]


def find_parameter_positions(function: Function, names: tuple[str, ...]) -> list[int] | None:
    """Say for each parameter which named argument fills it (-1: none); None if the names fit no parameter list.

    One that is needed and not named is null; optional ones at the end are left out.
    """
    for parameters in (function.parameters, *function.others):
        if len(set(names)) == len(names) and set(names) <= set(parameters):
            order = [names.index(parameter) if parameter in names else -1 for parameter in parameters]
            while len(order) > (function.required or 0) and order[-1] == -1:
                order.pop()
            return order
    return None
