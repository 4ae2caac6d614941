"""Paths without a value, and those by which an expression was decided nevertheless."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeGuard

from service.domain.feel import nodes
from service.domain.feel.compiler import Compiler
from service.domain.feel.free import reads_of
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.properties import property_of
from service.domain.feel.reader import children, walk
from service.domain.feel.scope import MISSING, Code, Scope
from service.domain.feel.values import Value, normal

PathOf = tuple[str, ...]
_APART = (nodes.Filter, nodes.For, nodes.Quantified, nodes.FunctionLiteral, nodes.ContextLiteral)
"""Parts inside which other names are known."""
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
        return (node.name,)
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
    elif not isinstance(node, _GATHERING):
        yield from (path for part in children(node) for path in null_makers(part) if part is not _function(node))


def _function(node: nodes.Node) -> nodes.Node | None:
    return node.function if isinstance(node, nodes.Call) else None


class Decider:
    """Finds for one expression what decided it without a value; made when first asked, may be shared between threads."""

    def __init__(self, text: str, node: nodes.Node, functions: FunctionSet) -> None:
        self._text, self._node, self._functions = text, node, functions
        self._foreseen, self._paths = compared_with_null(node), deciding_paths(node, functions)
        self._has_if = any(isinstance(part, nodes.If) for part in walk(node))
        self._compiler = Compiler(functions)
        self._codes: dict[int, Code] = {}

    def undecided(self, variables: Mapping[str, object], meter: Meter) -> tuple[str, ...]:
        """Return the names, as they are written, that were null and decided."""
        scope = Scope(variables, None, meter)
        if not self._has_if and not self._empty(self._paths, scope):
            return ()  # as nearly always
        return tuple(dict.fromkeys(self._names(self._node, scope)))

    def _names(self, node: nodes.Node, scope: Scope) -> list[str]:
        if isinstance(node, nodes.Logic):
            return self._of_logic(node, scope)
        if isinstance(node, nodes.If):
            return self._of_if(node, scope)
        if isinstance(node, nodes.CompareNode) and node.sign in ("=", "!="):
            return self._of_comparison(node, scope)
        if isinstance(node, nodes.In) and self._value(node.value, scope) is None:
            return [] if names_null(node.tests) else self._empty(null_makers(node.value), scope)
        if isinstance(node, _APART):
            inside = {
                path for path in deciding_paths(node, self._functions) if _look_up(path[:1], scope) is not MISSING
            }
            return self._empty(inside | self._sources(node), scope)  # a name unknown here is an entry of the elements
        return [name for part in children(node) if part is not _function(node) for name in self._names(part, scope)]

    def _of_logic(self, node: nodes.Logic, scope: Scope) -> list[str]:
        """Return nothing where one operand settles the whole for certain."""
        parts = [(self._value(operand, scope), self._names(operand, scope)) for operand in node.operands]
        if any(value is node.settles and not names for value, names in parts):
            return []
        return [name for _, names in parts for name in names]

    def _of_if(self, node: nodes.If, scope: Scope) -> list[str]:
        names, value = self._names(node.condition, scope), self._value(node.condition, scope)
        if not isinstance(value, bool) and not names:
            paths = reads_of(node.condition, self._functions).paths
            empty = [path for path in paths if is_empty_path(path, scope, self._functions)]
            names = self._empty(empty, scope) if empty else [self._text[slice(*node.condition.span)].strip()]
        return [*names, *self._names(node.then if value is True else node.otherwise, scope)]

    def _of_comparison(self, node: nodes.CompareNode, scope: Scope) -> list[str]:
        if _asks_truth(node):
            return []
        names: list[str] = []
        for side, other in ((node.left, node.right), (node.right, node.left)):
            is_asked = is_null_literal(other) or is_null_literal(side)
            null = not is_asked and self._value(side, scope) is None
            names += self._empty(null_makers(side), scope) if null else self._names(side, scope)
        return names

    def _sources(self, node: nodes.Node) -> frozenset[PathOf]:
        if isinstance(node, nodes.Filter):
            return frozenset(null_makers(node.base))
        if isinstance(node, nodes.For | nodes.Quantified):
            return frozenset(null_makers(node.iterators[0].source))
        return frozenset()

    def _empty(self, paths: Iterable[PathOf], scope: Scope) -> list[str]:
        found = _unforeseen(paths, self._foreseen)
        return [".".join(path) for path in sorted(found) if is_empty_path(path, scope, self._functions)]

    def _value(self, node: nodes.Node, scope: Scope) -> Value:
        code = self._codes.get(id(node))
        if code is None:
            code = self._codes[id(node)] = self._compiler.code(node)
        return code(scope)
