"""Paths whose null decides an expression, and what a condition says of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeGuard

from service.domain.feel import nodes
from service.domain.feel.free import reads_of
from service.domain.feel.functions import FunctionSet
from service.domain.feel.reader import iterate_child_nodes, walk_nodes

PathOf = tuple[str, ...]
_GATHERING = (nodes.ListLiteral, nodes.ContextLiteral, nodes.FunctionLiteral, nodes.CompareNode, nodes.Logic)
"""Parts that are not null because something inside is."""


def path_of(node: nodes.Node) -> PathOf | None:
    """Return the path that a name or a path from a name is, None for anything else."""
    if isinstance(node, nodes.Name):
        return tuple(node.name.split("."))
    if isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name):
        return (node.base.name, *node.names)
    return None


def compared_with_null(node: nodes.Node) -> set[PathOf]:
    """Return the paths that ``node`` itself compares with null."""
    paths = set()
    for part in walk_nodes(node):
        if isinstance(part, nodes.CompareNode) and part.sign in ("=", "!="):
            for operand, other in ((part.left, part.right), (part.right, part.left)):
                path = path_of(operand)
                if is_null_literal(other) and path is not None:
                    paths.add(path)
    return paths


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
    compared = {path for part in walk_nodes(node) for operand in _operands(part) for path in null_makers(operand)}
    foreseen = compared_with_null(node)
    outside = compared & reads_of(node, functions).paths
    return frozenset(path for path in outside if not is_foreseen(path, foreseen))


def is_foreseen(path: PathOf, compared: Iterable[PathOf]) -> bool:
    """Say whether a path is one of those that are ``compared`` with null or lies below one; a setting is always known."""
    return path[0] == "param" or any(path[: len(other)] == other for other in compared)


def _operands(part: nodes.Node) -> Iterator[nodes.Node]:
    """Yield what ``part`` takes for a value although it may be null."""
    if isinstance(part, nodes.CompareNode) and part.sign in ("=", "!=") and not asks_truth(part):
        yield from (part.left, part.right)
    elif isinstance(part, nodes.If):
        yield part.condition
    elif isinstance(part, nodes.In) and not names_null(part.tests):
        yield part.value


def asks_truth(part: nodes.CompareNode) -> bool:
    """Say whether a comparison asks for ``= true``: null is not true either."""
    return any(isinstance(side, nodes.Literal) and side.value is True for side in (part.left, part.right))


def names_null(part: nodes.Node) -> bool:
    """Say whether ``null`` is written anywhere in it."""
    return any(is_null_literal(each) for each in walk_nodes(part))


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
        yield from (path for part in iterate_child_nodes(node) for path in null_makers(part) if part is not function)


def iterate_decided_values(node: nodes.Node, *, holds: bool) -> Iterator[tuple[PathOf, tuple[object, ...]]]:
    """Yield the paths whose values are known where a condition ``holds``, or does not, with those values."""
    for part in _conjuncts(node, settles=not holds):
        if (path := path_of(part)) is not None:
            yield path, (True,) if holds else (False, None)
        elif isinstance(part, nodes.CompareNode) and part.sign in ("=", "!="):
            for side, other in ((part.left, part.right), (part.right, part.left)):
                path = path_of(side)
                if path is None or not isinstance(other, nodes.Literal):
                    continue
                if (part.sign == "=") is holds:
                    yield path, (other.value,)
                elif isinstance(other.value, bool):
                    yield path, (not other.value, None)


def filled_where_true(node: nodes.Node) -> Iterator[PathOf]:
    """Yield the paths that are not null where a condition holds."""
    for part in _conjuncts(node, settles=False):
        if isinstance(part, nodes.CompareNode) and not (part.sign == "=" and _has_null(part)):
            if part.sign != "!=" or _has_null(part):
                yield from (path for side in (part.left, part.right) for path in null_makers(side))
        elif (path := path_of(part)) is not None:
            yield path
        elif isinstance(part, nodes.In) and not names_null(part.tests):
            yield from null_makers(part.value)


def filled_where_false(node: nodes.Node) -> Iterator[PathOf]:
    """Yield the paths that are not null where a condition does not hold: it asks whether they are."""
    for part in _conjuncts(node, settles=True):
        if isinstance(part, nodes.CompareNode) and part.sign == "=" and _has_null(part):
            yield from (path for side in (part.left, part.right) for path in null_makers(side))


def met_by_null(node: nodes.Node, functions: FunctionSet, *, denied: bool = False) -> Iterator[PathOf]:
    """Yield the paths that, being null, may make a condition hold: compared by !=, or by = under a not."""
    if isinstance(node, nodes.Logic):
        yield from (path for part in node.operands for path in met_by_null(part, functions, denied=denied))
    elif is_not(node):
        yield from (path for part in node.arguments for path in met_by_null(part, functions, denied=not denied))
    elif not (isinstance(node, nodes.CompareNode) and node.sign == ("!=" if denied else "=")):
        yield from deciding_paths(node, functions)


def _has_null(part: nodes.CompareNode) -> bool:
    return is_null_literal(part.left) or is_null_literal(part.right)


def _conjuncts(node: nodes.Node, *, settles: bool) -> Iterator[nodes.Node]:
    """Yield what all holds where the whole is true (``settles`` False), what all fails where it is false (True)."""
    if isinstance(node, nodes.Logic) and node.settles is settles:
        for operand in node.operands:
            yield from _conjuncts(operand, settles=settles)
    else:
        yield node
