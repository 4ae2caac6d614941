"""Watched functions: their expressions report a null caused by a missing name or entry."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from service.domain.feel.explain import Explainer
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.nodes import Node
from service.domain.feel.null_paths import compared_with_null
from service.domain.feel.properties import property_of
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.values import Function, Value, get_context_entry, is_context, to_feel_value

Watch = Callable[[str, tuple[str, ...]], None]
"""Told the text of an expression that gave nothing, and the dotted paths in it that led nowhere."""


class WatchedFunctions(FunctionSet):
    """Functions whose expressions, once compiled with them, report to ``watch``; other expressions cost nothing more.

    ``empty``: every name that was empty is told, also where it is there and was left so on purpose.
    """

    __slots__ = ("empty", "watch")

    def __init__(self, functions: Iterable[Function], watch: Watch, *, empty: bool = False) -> None:
        super().__init__(functions)
        self.watch, self.empty = watch, empty


def wrap_with_watch(text: str, node: Node, code: Code, explainer: Explainer, functions: WatchedFunctions) -> Code:
    """Return ``code`` that also reports to the watch of ``functions`` which unknowns made it null.

    What the formula itself compares with null, and what lies below that, is deliberate and not reported.
    """
    foreseen = tuple(".".join(path) for path in compared_with_null(node))

    def run_watch(scope: Scope) -> Value:
        value = code(scope)
        if _gives_nothing(value):
            meter = Meter(scope.meter.context)
            unknown = explainer.expression(node, scope.variables, meter).unknown
            nowhere = (p for p in unknown if functions.empty or leads_nowhere(p, scope.variables, meter))
            if strange_paths := tuple(p for p in nowhere if not f"{p}.".startswith(tuple(f"{f}." for f in foreseen))):
                functions.watch(text, strange_paths)
        return value

    return run_watch


def _gives_nothing(value: Value) -> bool:
    """Say whether a formula found nothing: null, a condition that does not hold, a context with an empty entry."""
    return value is None or value is False or (isinstance(value, Mapping) and None in value.values())


def leads_nowhere(path: str, variables: Mapping[str, object], meter: Meter) -> bool:
    """Say whether a part of ``path`` is not there at all; what is there and null was left empty on purpose.

    What an element of a list lacks (``rows[2].result``) is no such part: rows need not be alike.
    """
    if path in variables or "[" in path:
        return False
    first, *rest = path.split(".")
    root_value = variables.get(first, MISSING)
    if root_value is MISSING:
        return True
    value: Value = to_feel_value(root_value)
    for name in rest:
        if is_context(value):
            if not _has_entry(value, name):
                return True
            value = get_context_entry(value, name)
        elif (value := property_of(value, name, meter)) is None:
            return True
    return False


def _has_entry(context: Value, name: str) -> bool:
    return isinstance(context, Mapping) and name in context
