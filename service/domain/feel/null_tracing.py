"""Evaluate an expression and trace which nulls decided it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeVar, cast

from service.domain.feel import nodes
from service.domain.feel.compiler import Compiler
from service.domain.feel.free import reads_of
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.loops import values_of
from service.domain.feel.null_paths import (
    PathOf,
    asks_truth,
    compared_with_null,
    is_foreseen,
    is_null_literal,
    names_null,
    path_of,
)
from service.domain.feel.properties import property_of
from service.domain.feel.reader import iterate_child_nodes, walk_nodes, weight_of
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.select import filter_elements
from service.domain.feel.unary import is_matching_value
from service.domain.feel.values import Function, Range, Value, is_context, to_feel_value

Names = frozenset[str]
_N = TypeVar("_N", bound=nodes.Node)
_NONE: Names = frozenset()
_LOOPS = (nodes.Filter, nodes.For, nodes.Quantified, nodes.FunctionLiteral)
_MAKE_NULL = (nodes.If, nodes.Filter, nodes.Chain, nodes.Call, nodes.Path)
"""Parts that may be null although nothing in them is: max([]), rows[3], a / 0."""


class Traced(NamedTuple):
    """A value, the ``origins`` of a null that it is or holds, and those of nulls that decided something nevertheless.

    An origin is the name of what has no value, or the part of the formula that came to null, as it is written.
    """

    value: Value
    origins: Names = _NONE
    decided: Names = _NONE


class Layer(Scope):
    """A layer of variables that are null, or hold nulls, because of their ``origins``."""

    __slots__ = ("origins",)

    def __init__(
        self,
        variables: Mapping[str, Value],
        parent: Scope | None,
        meter: Meter,
        item: object = MISSING,
        origins: Names = _NONE,
    ) -> None:
        super().__init__(variables, parent, meter, item)
        self.origins = origins


class NullTracer:
    """Finds for one expression the nulls that decided it; may be shared between threads.

    What is computed from a null is null; what it is gathered into holds it. Where something else comes of it (an
    answer, a count, a branch), a null decided. Not so where the formula compares it with null, or asks for it.
    """

    def __init__(self, text: str, node: nodes.Node, functions: FunctionSet) -> None:
        self._text, self._node, self._functions = text, node, functions
        self._foreseen = compared_with_null(node)
        self._paths: dict[int, frozenset[PathOf]] = {}
        self._outside = reads_of(node, functions).paths
        self._may_make_null = any(isinstance(part, _MAKE_NULL) and path_of(part) is None for part in walk_nodes(node))
        self._compiler = Compiler(functions)
        self._codes: dict[int, Code] = {}

    def undecided(self, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the origins of the nulls that decided."""
        scope = Layer(variables, None, meter)
        if not self._may_make_null and not self._reads_null(self._node, scope):
            return ()
        return tuple(sorted(self._trace(self._node, scope).decided))

    def missing(self, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the names without a value that make the whole null."""
        scope = Layer(variables, None, meter)
        if not self._reads_null(self._node, scope):
            return ()
        traced = self._trace(self._node, scope)
        return tuple(sorted(traced.origins)) if traced.value is None else ()

    def undecided_test(self, value: Value, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the origins of the nulls that decided the unary tests of a ``value``, or left them open."""
        scope, node = Layer(variables, None, meter), self._node
        if not isinstance(node, nodes.Tests) or not (self._may_make_null or self._reads_null(node, scope)):
            return ()
        traced = self._of_tests(Traced(value), node, scope)
        return tuple(sorted(traced.decided | traced.origins))

    def _reads_null(self, node: nodes.Node, scope: Layer) -> bool:
        if id(node) not in self._paths:
            self._paths[id(node)] = frozenset(path for part in walk_nodes(node) if (path := path_of(part)) is not None)
        for path in self._paths[id(node)]:
            value = _look_up(path, scope)
            if value is None or (value is MISSING and path in self._outside):
                return True
            if _may_hold_nulls(value) and self._origins_of(path, scope, value):
                return True
        return False

    def _trace(self, node: nodes.Node, scope: Layer) -> Traced:
        path = path_of(node)
        if path is not None:
            value = self._code(node)(scope)
            return Traced(value, _origins_within(value, self._origins_of(path, scope, value)))
        if isinstance(node, _LOOPS) and not self._reads_null(node, scope):
            traced = Traced(self._code(node)(scope))
            return self._with_origin(node, traced, ()) if isinstance(node, nodes.Filter) else traced
        special = _SPECIAL.get(type(node))
        return self._of_operator(node, scope) if special is None else special(self, node, scope)

    def _origins_of(self, path: PathOf, scope: Layer, value: Value = None) -> Names:
        """Return why there is no value at ``path``: its name; where the formula made that name, what it was made of."""
        if is_foreseen(path, self._foreseen):
            return _NONE
        layer, in_element = scope, False
        while _find_in(layer, path[0]) is MISSING:
            in_element = in_element or layer.item is not MISSING
            if layer.parent is None:  # a name unknown in a filter is an entry that the element lacks
                return _NONE if in_element else frozenset({".".join(path)})
            layer = cast("Layer", layer.parent)
        if layer.parent is not None:
            return layer.origins
        return frozenset({".".join(path)}) if value is None else _NONE

    def _with_origin(self, node: nodes.Node, traced: Traced, parts: Iterable[Traced]) -> Traced:
        """Return ``traced`` with ``node`` itself as the origin where it is null and none of its ``parts`` is."""
        if traced.value is not None or traced.origins or _expects_null(node) or any(p.value is None for p in parts):
            return traced
        return traced._replace(origins=self._quote(node))

    def _quote(self, node: nodes.Node) -> Names:
        return frozenset({self._text[slice(*node.span)].strip()})

    def _of_operator(self, node: nodes.Node, scope: Layer) -> Traced:
        """Compute one operator or call from its parts, each of which is traced."""
        function = _name_of_function(node, scope)
        parts = [self._trace(part, scope) for part in iterate_child_nodes(node) if part is not function]
        operands = (nodes.Name(str(place)) for place in range(len(parts)))
        code = self._code(node, lambda: _with_operands(node, operands, function))
        variables = {str(place): part.value for place, part in enumerate(parts)}
        return self._with_origin(node, _judge(node, code(Scope(variables, scope, scope.meter)), parts), parts)

    def _of_logic(self, node: nodes.Logic, scope: Layer) -> Traced:
        return _join_verdicts([self._trace(operand, scope) for operand in node.operands], settles=node.settles)

    def _of_if(self, node: nodes.If, scope: Layer) -> Traced:
        condition = self._trace(node.condition, scope)
        branch = self._trace(node.then if condition.value is True else node.otherwise, scope)
        origins = _NONE
        if not isinstance(condition.value, bool):
            origins = condition.origins
            if not origins and not condition.decided and scope.parent is None:
                origins = self._quote(node.condition)
        return Traced(branch.value, branch.origins, condition.decided | origins | branch.decided)

    def _of_in(self, node: nodes.In, scope: Layer) -> Traced:
        return self._of_tests(self._trace(node.value, scope), node.tests, scope)

    def _of_tests(self, value: Traced, node: nodes.Tests, scope: Layer) -> Traced:
        verdict = _join_verdicts([self._of_test(value, test, scope) for test in node.tests], settles=True)
        turned = not verdict.value if node.negated and isinstance(verdict.value, bool) else verdict.value
        return Traced(turned, verdict.origins, value.decided | verdict.decided)

    def _of_test(self, value: Traced, test: nodes.Test, scope: Layer) -> Traced:
        if test.uses_input:
            return self._trace(test.expression, Layer({"?": value.value}, scope, scope.meter, origins=value.origins))
        expected = self._trace(test.expression, scope)
        verdict = is_matching_value(value.value, expected.value, scope.meter)
        return _judge(test, verdict, [Traced(value.value, value.origins), expected])

    def _of_context(self, node: nodes.ContextLiteral, scope: Layer) -> Traced:
        entries: dict[str, Traced] = {}
        for name, value in node.entries:
            entry: dict[str, Value] = {}
            scope = Layer(entry, scope, scope.meter)  # before the value: a function may call itself
            entries[name] = self._trace(value, scope)
            entry[name], scope.origins, _ = entries[name]
        values = {name: each.value for name, each in entries.items()}
        return _gather(values if len(values) == len(node.entries) else None, entries.values())

    def _of_filter(self, node: nodes.Filter, scope: Layer) -> Traced:
        base = self._trace(node.base, scope)
        verdicts: list[Traced] = []

        def condition(element: Scope) -> Value:
            if element is scope:  # there is none
                return self._code(node.condition)(scope)
            origins = _origins_within(element.item, base.origins)
            layer = Layer(element.variables, scope, scope.meter, element.item, origins)
            verdicts.append(self._trace(node.condition, layer))
            return verdicts[-1].value

        value = filter_elements(lambda _: base.value, condition, 1 + weight_of(node.condition))(scope)
        is_clean = isinstance(value, list) and not any(_origins_within(each, base.origins) for each in value)
        decided = base.decided.union(*(each.decided | each.origins for each in verdicts))
        return self._with_origin(node, Traced(value, _NONE if is_clean else base.origins, decided), [base])

    def _iterate(
        self, iterators: Sequence[nodes.Iterator], scope: Layer, sources: list[Traced]
    ) -> Iterator[Layer | None]:
        """Yield a layer for each round, None where a source is no list; what the sources gave goes to ``sources``."""
        iterator, *others = iterators
        source = self._trace(iterator.source, scope)
        end = None if iterator.end is None else self._trace(iterator.end, scope)
        sources += [source] if end is None else [source, end]
        values = values_of(source.value, None if end is None else (end.value,), scope.meter)
        if values is None:
            yield None
            return
        for value in values:
            scope.meter.charge(1)
            layer = Layer({iterator.name: value}, scope, scope.meter, origins=_origins_within(value, source.origins))
            yield from self._iterate(others, layer, sources) if others else (layer,)

    def _of_for(self, node: nodes.For, scope: Layer) -> Traced:
        sources: list[Traced] = []
        results: list[Traced] = []
        uses_partial = any(isinstance(part, nodes.Name) and part.name == "partial" for part in walk_nodes(node.body))
        weight = weight_of(node.body)
        for layer in self._iterate(node.iterators, scope, sources):
            if layer is None:
                return _gather(None, sources)
            scope.meter.charge(weight)
            if uses_partial:
                partial = _gather([each.value for each in results], results)
                layer = Layer({"partial": partial.value}, layer, scope.meter, origins=partial.origins)
            results.append(self._trace(node.body, layer))
        whole = _gather([each.value for each in results], results)
        return whole._replace(decided=whole.decided.union(*(each.decided for each in sources)))

    def _of_quantified(self, node: nodes.Quantified, scope: Layer) -> Traced:
        sources: list[Traced] = []
        verdicts: list[Traced] = []
        weight = weight_of(node.condition)
        for layer in self._iterate(node.iterators, scope, sources):
            if layer is None:
                return _gather(None, sources)
            scope.meter.charge(weight)
            verdicts.append(self._trace(node.condition, layer))
        whole = _join_verdicts(verdicts, settles=node.settles)
        return whole._replace(decided=whole.decided.union(*(each.decided for each in sources)))

    def _of_function(self, node: nodes.FunctionLiteral, scope: Layer) -> Traced:
        empty = [p for p in reads_of(node, self._functions).paths if is_empty_path(p, scope, self._functions)]
        return Traced(self._code(node)(scope), _NONE.union(*(self._origins_of(path, scope) for path in empty)))

    def _code(self, node: nodes.Node, rebuild: Callable[[], nodes.Node] | None = None) -> Code:
        code = self._codes.get(id(node))
        if code is None:
            code = self._codes[id(node)] = self._compiler.code(rebuild() if rebuild else node)
        return code


_SPECIAL = cast(
    "dict[type[nodes.Node], Callable[[NullTracer, nodes.Node, Layer], Traced]]",
    {
        nodes.Literal: lambda _tracer, node, _scope: Traced(node.value),
        nodes.Logic: NullTracer._of_logic,
        nodes.If: NullTracer._of_if,
        nodes.In: NullTracer._of_in,
        nodes.ContextLiteral: NullTracer._of_context,
        nodes.Filter: NullTracer._of_filter,
        nodes.For: NullTracer._of_for,
        nodes.Quantified: NullTracer._of_quantified,
        nodes.FunctionLiteral: NullTracer._of_function,
    },
)


def is_empty_path(path: PathOf, scope: Scope, functions: FunctionSet) -> bool:
    """Say whether nothing stands at ``path``; an undefined name may mean the function of that name."""
    value = _look_up(path, scope)
    return value is None or (value is MISSING and not (len(path) == 1 and path[0] in functions))


def _look_up(path: PathOf, scope: Scope) -> Value:
    """Return the value at ``path``; MISSING if nothing in scope has the name of its first part."""
    layer: Scope | None = scope
    while layer is not None and _find_in(layer, path[0]) is MISSING:
        layer = layer.parent
    if layer is None:
        return MISSING
    value = to_feel_value(_find_in(layer, path[0]))
    for name in path[1:]:
        value = property_of(value, name, scope.meter)
    return value


def _find_in(layer: Scope, name: str) -> object:
    return layer.variables.get(name, layer.item if name == "item" else MISSING)  # item: the element of a filter


def _may_hold_nulls(value: Value) -> bool:
    return isinstance(value, list | Range | Function) or is_context(value)


def _origins_within(value: Value, origins: Names) -> Names:
    """Return of the ``origins`` of a list those that an element of it may have."""
    return origins if value is None or _may_hold_nulls(value) else _NONE


def _gather(value: Value, parts: Iterable[Traced]) -> Traced:
    parts = list(parts)
    return Traced(value, _NONE.union(*(each.origins for each in parts)), _NONE.union(*(each.decided for each in parts)))


def _join_verdicts(parts: Sequence[Traced], *, settles: bool) -> Traced:
    """Join truth values by or (``settles`` True) or and (False): what settles the whole for certain outweighs the rest."""
    if any(part.value is settles and not part.decided for part in parts):
        return Traced(settles)
    value = settles if any(part.value is settles for part in parts) else None
    return _gather(not settles if all(part.value is (not settles) for part in parts) else value, parts)


def _judge(node: nodes.Node, value: Value, parts: Sequence[Traced]) -> Traced:
    """Return ``value`` of one operator: the nulls of its parts made it null, lie in it, or decided it."""
    whole = _gather(value, parts)
    if isinstance(node, nodes.CompareNode) and asks_truth(node):
        return Traced(value)
    read_of = node.arguments[0] if isinstance(node, nodes.Call) and _function_name(node) == "get value" else None
    if read_of is not None and path_of(read_of) is None and parts[0].value is None:
        return whole  # no entry is missing, but a row that it was to be read of
    if _expects_null(node) or (isinstance(node, nodes.Path) and value is not None and not _may_hold_nulls(value)):
        return Traced(value, _NONE, whole.decided)
    joins = isinstance(node, nodes.Chain) or _function_name(node) == "string join"
    if value is None or _may_hold_nulls(value) or joins:
        return whole
    return Traced(value, _NONE, whole.decided | whole.origins)


def _expects_null(node: nodes.Node) -> bool:
    """Say whether one operator asks for null itself, as written in it, or reads an entry that may be missing."""
    if isinstance(node, nodes.Call):
        asks = _function_name(node) == "get value" or any(map(is_null_literal, node.arguments))
        return asks or names_null(node.function)
    literals = (nodes.Literal, nodes.ListLiteral, nodes.ContextLiteral)
    written = (part for part in iterate_child_nodes(node) if isinstance(part, literals))
    return isinstance(node, nodes.CompareNode | nodes.Test) and any(map(names_null, written))


def _function_name(node: nodes.Node) -> str:
    return node.function.name if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) else ""


def _name_of_function(node: nodes.Node, scope: Layer) -> nodes.Node | None:
    """Return the name by which a function is called, None where the formula itself made the function."""
    if not isinstance(node, nodes.Call) or not _function_name(node):
        return None
    layer: Scope = scope
    while layer.parent is not None and _find_in(layer, _function_name(node)) is MISSING:
        layer = layer.parent
    return node.function if layer.parent is None else None


def _with_operands(node: _N, operands: Iterator[nodes.Name], function: nodes.Node | None) -> _N:
    """Return ``node`` with ``operands`` in the place of its parts, except for the ``function`` that it calls by name."""

    def part(value: object) -> object:
        if isinstance(value, nodes.Node):
            return value if value is function else next(operands)
        return tuple(map(part, value)) if isinstance(value, tuple) else value

    changes: dict[str, Any] = {name: part(getattr(node, name)) for name in node.__dataclass_fields__}
    return replace(node, **changes)
