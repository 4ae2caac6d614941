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


def builtin(name: str, signature: str, call: Callable[..., Value], *others: str) -> Function:
    """Describe a built-in function.

    ``signature`` lists parameters separated by commas; ``?`` marks optional ones and ``…`` one that may repeat.
    """
    parameters = _split(signature)
    required = min(sum(not part.endswith(("?", "…")) for part in _split(text)) for text in (signature, *others))
    return Function(
        name,
        tuple(part.rstrip("?…") for part in parameters),
        call,
        required=max(required, 1) if signature.endswith("…") else required,
        variadic=signature.endswith("…"),
        metered=True,
        others=tuple(tuple(part.rstrip("?…") for part in _split(text)) for text in others),
    )


def _split(signature: str) -> list[str]:
    return [part.strip() for part in signature.split(",") if part.strip()]


def positional(function: Function, names: tuple[str, ...]) -> list[int] | None:
    """Say for each parameter which named argument fills it (-1: none); None if the names fit no parameter list."""
    for parameters in (function.parameters, *function.others):
        if len(set(names)) == len(names) and set(names) <= set(parameters):
            order = [names.index(parameter) if parameter in names else -1 for parameter in parameters]
            while order and order[-1] == -1:
                order.pop()
            return order
    return None
