"""Paths without a value, and those by which an expression was decided nevertheless."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple, TypeGuard, TypeVar, cast

from service.domain.feel import nodes
from service.domain.feel.compiler import Compiler
from service.domain.feel.free import reads_of
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.loops import values_of
from service.domain.feel.properties import property_of
from service.domain.feel.reader import children, walk, weight_of
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.select import filtered
from service.domain.feel.unary import fits
from service.domain.feel.values import Function, Range, Value, is_context, normal

PathOf = tuple[str, ...]
Names = frozenset[str]
_N = TypeVar("_N", bound=nodes.Node)
_NONE: Names = frozenset()
_LOOPS = (nodes.Filter, nodes.For, nodes.Quantified, nodes.FunctionLiteral)
_GATHERING = (nodes.ListLiteral, nodes.ContextLiteral, nodes.FunctionLiteral, nodes.CompareNode, nodes.Logic)
"""Parts that are not null because something inside is."""


def _own(layer: Scope, name: str) -> object:
    """Return what ``layer`` itself calls ``name``; ``item`` is the element of a filter."""
    return layer.variables.get(name, layer.item if name == "item" else MISSING)


def _look_up(path: PathOf, scope: Scope) -> Value:
    """Return the value at ``path``; MISSING if nothing in scope has the name of its first part."""
    layer: Scope | None = scope
    while layer is not None and _own(layer, path[0]) is MISSING:
        layer = layer.parent
    if layer is None:
        return MISSING
    value = normal(_own(layer, path[0]))
    for name in path[1:]:
        value = property_of(value, name, scope.meter)
    return value


def is_empty_path(path: PathOf, scope: Scope, functions: FunctionSet) -> bool:
    """Say whether nothing stands at ``path``; an undefined name may mean the function of that name."""
    value = _look_up(path, scope)
    return value is None or (value is MISSING and not (len(path) == 1 and path[0] in functions))


def path_of(node: nodes.Node) -> PathOf | None:
    """Return the path that a name or a path from a name is, None for anything else."""
    if isinstance(node, nodes.Name):
        return tuple(node.name.split("."))
    if isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name):
        return (node.base.name, *node.names)
    return None


def compared_with_null(node: nodes.Node) -> set[PathOf]:
    """Return the paths that ``node`` itself compares with null."""
    found = set()
    for part in walk(node):
        if isinstance(part, nodes.CompareNode) and part.sign in ("=", "!="):
            for one, other in ((part.left, part.right), (part.right, part.left)):
                path = path_of(one)
                if is_null_literal(other) and path is not None:
                    found.add(path)
    return found


def is_null_literal(node: nodes.Node) -> bool:
    """Say whether a part is written ``null``."""
    return isinstance(node, nodes.Literal) and node.value is None


def is_not(node: nodes.Node) -> TypeGuard[nodes.Call]:
    """Say whether a part is ``not(…)``."""
    return (
        isinstance(node, nodes.Call)
        and isinstance(node.function, nodes.Name)
        and node.function.name == "not"
        and len(node.arguments) == 1
    )


def deciding_paths(node: nodes.Node, functions: FunctionSet) -> frozenset[PathOf]:
    """Return the paths by which ``node`` would be decided if they were null.

    What it compares with null itself, or with ``true``, is not among them: what holds then is written.
    """
    seen = reads_of(node, functions).paths
    found = {path for part in walk(node) for operand in _operands(part) for path in null_makers(operand)}
    return _unforeseen(found & seen, compared_with_null(node))


def _unforeseen(paths: Iterable[PathOf], foreseen: Iterable[PathOf]) -> frozenset[PathOf]:
    """Return of ``paths`` those that neither are among the ``foreseen`` nor lie below one; a setting is always known."""
    beside = (path for path in paths if path[0] != "param")
    return frozenset(path for path in beside if not any(path[: len(other)] == other for other in foreseen))


def _operands(part: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what ``part`` takes for a value although it may be null."""
    if isinstance(part, nodes.CompareNode) and part.sign in ("=", "!=") and not _asks_truth(part):
        yield from (part.left, part.right)
    elif isinstance(part, nodes.If):
        yield part.condition
    elif isinstance(part, nodes.In) and not names_null(part.tests):
        yield part.value


def _asks_truth(part: nodes.CompareNode) -> bool:
    """Say whether it asks for ``= true``: whatever is not true, null too, is not."""
    return any(isinstance(side, nodes.Literal) and side.value is True for side in (part.left, part.right))


def names_null(part: nodes.Node) -> bool:
    """Say whether ``null`` is written anywhere in it."""
    return any(is_null_literal(each) for each in walk(part))


def null_makers(node: nodes.Node) -> Iterator[PathOf]:
    """Yield the paths of which each, being null, makes ``node`` null."""
    path = path_of(node)
    if path is not None:
        yield path
    elif isinstance(node, nodes.Filter):
        yield from null_makers(node.base)
    elif isinstance(node, nodes.If):
        yield from (*null_makers(node.then), *null_makers(node.otherwise))
    elif isinstance(node, nodes.For):
        yield from null_makers(node.iterators[0].source)
    elif not isinstance(node, _GATHERING) or (isinstance(node, nodes.CompareNode) and node.sign not in ("=", "!=")):
        function = node.function if isinstance(node, nodes.Call) else None
        yield from (path for part in children(node) for path in null_makers(part) if part is not function)


class Outcome(NamedTuple):
    """A value, the names without a value that made it null or lie in it, and those that decided something nevertheless."""

    value: Value
    gaps: Names = _NONE
    decided: Names = _NONE


class Layer(Scope):
    """A layer of variables that are null, or have nulls inside, because of ``gaps``."""

    __slots__ = ("gaps",)

    def __init__(
        self,
        variables: Mapping[str, Value],
        parent: Scope | None,
        meter: Meter,
        item: object = MISSING,
        gaps: Names = _NONE,
    ) -> None:
        super().__init__(variables, parent, meter, item)
        self.gaps = gaps


class Decider:
    """Finds for one expression what decided it without a value; made when first asked, may be shared between threads.

    A name without a value makes null whatever is computed from it, and a gap in whatever it is gathered into. Where
    something else comes of it (an answer, a count, a branch), it was decided by nothing. Not so where the formula
    speaks of null of that name, or asks for it.
    """

    def __init__(self, text: str, node: nodes.Node, functions: FunctionSet) -> None:
        self._text, self._node, self._functions = text, node, functions
        self._foreseen = compared_with_null(node)
        self._paths: dict[int, frozenset[PathOf]] = {}
        self._outside = reads_of(node, functions).paths
        self._has_if = any(isinstance(part, nodes.If) for part in walk(node))
        self._compiler = Compiler(functions)
        self._codes: dict[int, Code] = {}

    def undecided(self, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the names, as they are written, that were null and decided."""
        outcome = self._outcome(variables, meter, needed=self._has_if)
        return tuple(sorted(outcome.decided)) if outcome else ()

    def missing(self, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the names without a value that make the whole null."""
        outcome = self._outcome(variables, meter, needed=False)
        return tuple(sorted(outcome.gaps)) if outcome and outcome.value is None else ()

    def undecided_test(self, value: Value, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the names without a value that decided the unary tests of a ``value``, or left them open."""
        scope, node = Layer(variables, None, meter), self._node
        if not isinstance(node, nodes.Tests) or not self._may_lack(node, scope):
            return ()
        outcome = self._of_tests(Outcome(value), node, scope)
        return tuple(sorted(outcome.decided | outcome.gaps))

    def _outcome(self, variables: Mapping[str, object], meter: Meter, *, needed: bool) -> Outcome | None:
        scope = Layer(variables, None, meter)
        return (
            self._track(self._node, scope) if needed or self._may_lack(self._node, scope) else None
        )  # as nearly always

    def _may_lack(self, node: nodes.Node, scope: Layer) -> bool:
        if id(node) not in self._paths:
            self._paths[id(node)] = frozenset(path for part in walk(node) if (path := path_of(part)) is not None)
        for path in self._paths[id(node)]:
            value = _look_up(path, scope)
            if value is None or (value is MISSING and path in self._outside):
                return True
            if _gathers(value) and self._gaps(path, scope, value):
                return True
        return False

    def _track(self, node: nodes.Node, scope: Layer) -> Outcome:
        path = path_of(node)
        if path is not None:
            value = self._code(node, node)(scope)
            return Outcome(value, _gaps_in(value, self._gaps(path, scope, value)))
        if isinstance(node, _LOOPS) and not self._may_lack(node, scope):
            return Outcome(self._code(node, node)(scope))
        special = _SPECIAL.get(type(node))
        return self._of_operator(node, scope) if special is None else special(self, node, scope)

    def _gaps(self, path: PathOf, scope: Layer, value: Value = None) -> Names:
        """Return why nothing stands at ``path``: its name, or the gaps that a name of the formula's own has from elsewhere."""
        if path[0] == "param" or any(path[: len(other)] == other for other in self._foreseen):
            return _NONE
        layer, in_element = scope, False
        while _own(layer, path[0]) is MISSING:
            in_element = in_element or layer.item is not MISSING
            if layer.parent is None:  # a name unknown in a filter is an entry that the element lacks
                return _NONE if in_element else frozenset({".".join(path)})
            layer = cast("Layer", layer.parent)
        if layer.parent is not None:
            return layer.gaps
        return frozenset({".".join(path)}) if value is None else _NONE

    def _of_operator(self, node: nodes.Node, scope: Layer) -> Outcome:
        """Compute one operator or call from its parts, each of which is tracked."""
        kept = _function_called(node, scope)
        parts = [self._track(part, scope) for part in children(node) if part is not kept]
        names = (nodes.Name(str(place)) for place in range(len(parts)))
        code = self._code(node, node if id(node) in self._codes else _rebuilt(node, names, kept))
        variables = {str(place): part.value for place, part in enumerate(parts)}
        return _judged(node, code(Scope(variables, scope, scope.meter)), parts)

    def _of_logic(self, node: nodes.Logic, scope: Layer) -> Outcome:
        return _settled([self._track(operand, scope) for operand in node.operands], settles=node.settles)

    def _of_if(self, node: nodes.If, scope: Layer) -> Outcome:
        condition = self._track(node.condition, scope)
        branch = self._track(node.then if condition.value is True else node.otherwise, scope)
        names = _NONE
        if not isinstance(condition.value, bool):
            names = condition.gaps
            if not names and not condition.decided and scope.parent is None:
                names = frozenset({self._text[slice(*node.condition.span)].strip()})
        return Outcome(branch.value, branch.gaps, condition.decided | names | branch.decided)

    def _of_in(self, node: nodes.In, scope: Layer) -> Outcome:
        return self._of_tests(self._track(node.value, scope), node.tests, scope)

    def _of_tests(self, value: Outcome, node: nodes.Tests, scope: Layer) -> Outcome:
        outcome = _settled([self._of_test(value, test, scope) for test in node.tests], settles=True)
        turned = not outcome.value if node.negated and isinstance(outcome.value, bool) else outcome.value
        return Outcome(turned, outcome.gaps, value.decided | outcome.decided)

    def _of_test(self, value: Outcome, test: nodes.Test, scope: Layer) -> Outcome:
        if test.uses_input:
            return self._track(test.expression, Layer({"?": value.value}, scope, scope.meter, gaps=value.gaps))
        expected = self._track(test.expression, scope)
        return _judged(
            test, fits(value.value, expected.value, scope.meter), [Outcome(value.value, value.gaps), expected]
        )

    def _of_context(self, node: nodes.ContextLiteral, scope: Layer) -> Outcome:
        entries: dict[str, Outcome] = {}
        for name, value in node.entries:
            entry: dict[str, Value] = {}
            scope = Layer(entry, scope, scope.meter)  # before the value: a function may call itself
            entries[name] = self._track(value, scope)
            entry[name], scope.gaps, _ = entries[name]
        values = {name: each.value for name, each in entries.items()}
        return _gathered(values if len(values) == len(node.entries) else None, entries.values())

    def _of_filter(self, node: nodes.Filter, scope: Layer) -> Outcome:
        base = self._track(node.base, scope)
        verdicts: list[Outcome] = []

        def condition(element: Scope) -> Value:
            if element is scope:  # there is none
                return self._code(node.condition, node.condition)(scope)
            layer = Layer(element.variables, scope, scope.meter, element.item, _gaps_in(element.item, base.gaps))
            verdicts.append(self._track(node.condition, layer))
            return verdicts[-1].value

        value = filtered(lambda _: base.value, condition, 1 + weight_of(node.condition))(scope)
        gaps = _NONE if isinstance(value, list) and not any(_gaps_in(each, base.gaps) for each in value) else base.gaps
        return Outcome(value, gaps, base.decided.union(*(each.decided | each.gaps for each in verdicts)))

    def _rounds(
        self, iterators: Sequence[nodes.Iterator], scope: Layer, sources: list[Outcome]
    ) -> Iterator[Layer | None]:
        """Yield a layer for each round, None where a source is no list; what the sources gave goes to ``sources``."""
        iterator, *others = iterators
        source = self._track(iterator.source, scope)
        end = None if iterator.end is None else self._track(iterator.end, scope)
        sources += [source] if end is None else [source, end]
        values = values_of(source.value, None if end is None else (end.value,), scope.meter)
        if values is None:
            yield None
            return
        for value in values:
            scope.meter.charge(1)
            layer = Layer({iterator.name: value}, scope, scope.meter, gaps=_gaps_in(value, source.gaps))
            yield from self._rounds(others, layer, sources) if others else (layer,)

    def _of_for(self, node: nodes.For, scope: Layer) -> Outcome:
        sources: list[Outcome] = []
        results: list[Outcome] = []
        uses_partial = any(isinstance(part, nodes.Name) and part.name == "partial" for part in walk(node.body))
        weight = weight_of(node.body)
        for layer in self._rounds(node.iterators, scope, sources):
            if layer is None:
                return _gathered(None, sources)
            scope.meter.charge(weight)
            if uses_partial:
                partial = _gathered([each.value for each in results], results)
                layer = Layer({"partial": partial.value}, layer, scope.meter, gaps=partial.gaps)
            results.append(self._track(node.body, layer))
        whole = _gathered([each.value for each in results], results)
        return Outcome(whole.value, whole.gaps, whole.decided.union(*(each.decided for each in sources)))

    def _of_quantified(self, node: nodes.Quantified, scope: Layer) -> Outcome:
        sources: list[Outcome] = []
        verdicts: list[Outcome] = []
        weight = weight_of(node.condition)
        for layer in self._rounds(node.iterators, scope, sources):
            if layer is None:
                return _gathered(None, sources)
            scope.meter.charge(weight)
            verdicts.append(self._track(node.condition, layer))
        whole = _settled(verdicts, settles=node.settles)
        return Outcome(whole.value, whole.gaps, whole.decided.union(*(each.decided for each in sources)))

    def _of_function(self, node: nodes.FunctionLiteral, scope: Layer) -> Outcome:
        empty = [p for p in reads_of(node, self._functions).paths if is_empty_path(p, scope, self._functions)]
        return Outcome(self._code(node, node)(scope), _NONE.union(*(self._gaps(path, scope) for path in empty)))

    def _code(self, node: nodes.Node, compiled: nodes.Node) -> Code:
        code = self._codes.get(id(node))
        if code is None:
            code = self._codes[id(node)] = self._compiler.code(compiled)
        return code


_SPECIAL = cast(
    "dict[type[nodes.Node], Callable[[Decider, nodes.Node, Layer], Outcome]]",
    {
        nodes.Literal: lambda _decider, node, _scope: Outcome(node.value),
        nodes.Logic: Decider._of_logic,
        nodes.If: Decider._of_if,
        nodes.In: Decider._of_in,
        nodes.ContextLiteral: Decider._of_context,
        nodes.Filter: Decider._of_filter,
        nodes.For: Decider._of_for,
        nodes.Quantified: Decider._of_quantified,
        nodes.FunctionLiteral: Decider._of_function,
    },
)


def _gathers(value: Value) -> bool:
    """Say whether a value may have nulls inside."""
    return isinstance(value, list | Range | Function) or is_context(value)


def _gaps_in(value: Value, gaps: Names) -> Names:
    """Return of the ``gaps`` of a list those that an element of it may have."""
    return gaps if value is None or _gathers(value) else _NONE


def _gathered(value: Value, parts: Iterable[Outcome]) -> Outcome:
    parts = list(parts)
    return Outcome(value, _NONE.union(*(each.gaps for each in parts)), _NONE.union(*(each.decided for each in parts)))


def _settled(parts: Sequence[Outcome], *, settles: bool) -> Outcome:
    """Join truth values by or (``settles`` True) or and (False): what settles the whole for certain outweighs the rest."""
    if any(part.value is settles and not part.decided for part in parts):
        return Outcome(settles)
    value = settles if any(part.value is settles for part in parts) else None
    return _gathered(not settles if all(part.value is (not settles) for part in parts) else value, parts)


def _judged(node: nodes.Node, value: Value, parts: Sequence[Outcome]) -> Outcome:
    """Return the outcome of one operator: what its parts lack made it null, lies in it, or decided it."""
    whole = _gathered(value, parts)
    if isinstance(node, nodes.CompareNode) and _asks_truth(node):
        return Outcome(value)
    if _asks_for_null(node):
        return Outcome(value, _NONE, whole.decided)
    if value is None or _gathers(value) or isinstance(node, nodes.Chain) or _called(node) == "string join":
        return whole
    if isinstance(node, nodes.Path):  # an entry that is there
        return Outcome(value, _NONE, whole.decided)
    return Outcome(value, _NONE, whole.decided | whole.gaps)


def _asks_for_null(node: nodes.Node) -> bool:
    """Say whether one operator asks for null itself, as written in it, or reads an entry that may be missing."""
    if isinstance(node, nodes.Call):
        return _called(node) == "get value" or names_null(node.function) or any(map(is_null_literal, node.arguments))
    written = (
        part for part in children(node) if isinstance(part, nodes.Literal | nodes.ListLiteral | nodes.ContextLiteral)
    )
    return isinstance(node, nodes.CompareNode | nodes.Test) and any(map(names_null, written))


def _called(node: nodes.Node) -> str:
    return node.function.name if isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name) else ""


def _function_called(node: nodes.Node, scope: Layer) -> nodes.Node | None:
    """Return the name of the function that is called, None where the formula itself made the function."""
    if not isinstance(node, nodes.Call) or not _called(node):
        return None
    layer: Scope = scope
    while layer.parent is not None and _own(layer, _called(node)) is MISSING:
        layer = layer.parent
    return node.function if layer.parent is None else None


def _rebuilt(value: _N, names: Iterator[nodes.Name], kept: nodes.Node | None) -> _N:
    """Return a node whose parts are ``names``, one after the other, except for the one that is ``kept``."""

    def part(value: object) -> object:
        if isinstance(value, nodes.Node):
            return value if value is kept else next(names)
        return tuple(map(part, value)) if isinstance(value, tuple) else value

    changes: dict[str, Any] = {name: part(getattr(value, name)) for name in value.__dataclass_fields__}
    return replace(value, **changes)
