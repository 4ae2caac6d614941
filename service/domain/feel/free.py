"""Free names of an expression: the variables, dotted paths and functions it reads from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.domain.feel import nodes
from service.domain.feel.functions import FunctionSet, find_parameter_positions
from service.domain.feel.reader import iterate_child_nodes, walk_nodes
from service.domain.feel.values import Function
from service.domain.text import Text

Span = tuple[int, int]
"""Where a part of a text begins and ends."""


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression refers to; ``problems`` are calls that can only give null.

    ``hidden`` are dotted paths whose first part is a name the expression gives itself: an entry written before, an
    entry of the filtered elements, the variable of a loop. A variable of that name is not what they read.
    ``filtered`` are the dotted paths in the condition of a filter, each with the path of the list that is filtered.
    ``spots`` says where in the text each path stands, as often as it does, and ``faults`` where each problem does.
    """

    paths: frozenset[tuple[str, ...]]
    functions: frozenset[str]
    problems: tuple[Text, ...] = ()
    hidden: frozenset[tuple[str, ...]] = frozenset()
    filtered: frozenset[tuple[str, tuple[str, ...]]] = frozenset()
    spots: tuple[tuple[tuple[str, ...], Span], ...] = ()
    faults: tuple[Span, ...] = ()

    @property
    def names(self) -> frozenset[str]:
        """The first part of every path."""
        return frozenset(path[0] for path in self.paths)


@dataclass(slots=True)
class _Collector:
    functions: FunctionSet
    paths: set[tuple[str, ...]] = field(default_factory=set)
    called: set[str] = field(default_factory=set)
    hidden: set[tuple[str, ...]] = field(default_factory=set)
    filtered: set[tuple[str, tuple[str, ...]]] = field(default_factory=set)
    problems: list[tuple[Text, Span]] = field(default_factory=list)
    spots: list[tuple[tuple[str, ...], Span]] = field(default_factory=list)

    def visit(self, node: nodes.Node, local: frozenset[str]) -> None:
        """Collect from ``node``, where ``local`` names are defined inside the expression."""
        if isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name):
            self._add_path((node.base.name, *node.names), local, node.span)
        elif isinstance(node, nodes.Name):
            self._add_path(tuple(node.name.split(".")), local, node.span)
        elif isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            self._visit_call(node, node.function.name, local)
        elif isinstance(node, nodes.Filter):
            self.visit(node.base, local)
            fields = _filter_names(node.condition)
            self.filtered |= {(_format_dotted_name(node.base), path) for path in _paths_in(node.condition)}
            self.visit(node.condition, local | fields)
        elif isinstance(node, nodes.ContextLiteral):
            self._visit_context(node, local)
        else:
            for part, names in _iterate_parts(node):
                self.visit(part, local | names)

    def _visit_context(self, node: nodes.ContextLiteral, local: frozenset[str]) -> None:
        for name, value in node.entries:
            self.visit(
                value, local | {name} if isinstance(value, nodes.FunctionLiteral) else local
            )  # it may call itself
            local |= {name}

    def _add_path(self, path: tuple[str, ...], local: frozenset[str], span: Span) -> None:
        if path[0] in local:
            self.hidden |= {path} if len(path) > 1 else set()
        elif path[0] != "?":
            self.paths.add(path)
            self.spots.append((path, span))

    def _visit_call(self, node: nodes.Call, name: str, local: frozenset[str]) -> None:
        if name not in local:
            self.called.add(name)
            self._check_call(node, name)
        for argument in node.arguments:
            self.visit(argument, local)

    def _check_call(self, node: nodes.Call, name: str) -> None:
        function = self.functions.get(name)
        if function is None:
            problem = Text(f"没有函数“{name}”。请检查名称。", f"There is no function “{name}”. Check its name.")
            self.problems.append((problem, node.function.span))
        elif not _can_accept(function, node):
            wanted = "、".join(function.parameters)
            problem = Text(
                f"函数“{name}”的参数不对，应为：{wanted}。",
                f"“{name}” is called with wrong arguments; it takes: {', '.join(function.parameters)}.",
            )
            self.problems.append((problem, node.span))


def _can_accept(function: Function, node: nodes.Call) -> bool:
    if not node.names:
        return function.accepts(len(node.arguments))
    order = find_parameter_positions(function, node.names)
    return order is not None and function.accepts(len(order))


def _filter_names(condition: nodes.Node) -> frozenset[str]:
    """Return the plain names in a filter, which are usually entries of the element.

    FEEL does not say which names are entries, so they are not reported as variables; dotted ones, whose first
    part is rarely an entry, are.
    """
    names: set[str] = {"item"}
    pending = [condition]
    while pending:
        node = pending.pop()
        if isinstance(node, nodes.Name):
            names.add(node.name)
        elif isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name):
            continue
        elif isinstance(node, nodes.Call) and isinstance(node.function, nodes.Name):
            pending.extend(node.arguments)
        else:
            pending.extend(iterate_child_nodes(node))
    return frozenset(names)


def _format_dotted_name(node: nodes.Node) -> str:
    """Return a name or path as it is written; "" for any other expression."""
    if isinstance(node, nodes.Path) and isinstance(node.base, nodes.Name):
        return ".".join((node.base.name, *node.names))
    return node.name if isinstance(node, nodes.Name) else ""


def _paths_in(node: nodes.Node) -> Iterator[tuple[str, ...]]:
    for part in walk_nodes(node):
        if isinstance(part, nodes.Path) and isinstance(part.base, nodes.Name):
            yield (part.base.name, *part.names)


def _iterate_parts(node: nodes.Node) -> Iterator[tuple[nodes.Node, frozenset[str]]]:
    """Return the parts of ``node`` with the names each newly sees."""
    if isinstance(node, nodes.For | nodes.Quantified):
        yield from _loop_parts(node)
    elif isinstance(node, nodes.FunctionLiteral):
        yield node.body, frozenset(node.parameters)
    else:
        for part in iterate_child_nodes(node):
            yield part, frozenset()


def _loop_parts(node: nodes.For | nodes.Quantified) -> Iterator[tuple[nodes.Node, frozenset[str]]]:
    seen: frozenset[str] = frozenset()
    for iterator in node.iterators:
        yield iterator.source, seen
        if iterator.end is not None:
            yield iterator.end, seen
        seen |= {iterator.name}
    yield (node.body, seen | {"partial"}) if isinstance(node, nodes.For) else (node.condition, seen)


def reads_of(node: nodes.Node, functions: FunctionSet) -> Reads:
    """Return what ``node`` refers to outside itself."""
    collector = _Collector(functions)
    collector.visit(node, frozenset())
    called, hidden = frozenset(collector.called), frozenset(collector.hidden)
    filtered = frozenset(collector.filtered)
    problems, faults = tuple(text for text, _ in collector.problems), tuple(span for _, span in collector.problems)
    paths, spots = frozenset(collector.paths), tuple(collector.spots)
    return Reads(paths, called, problems, hidden, filtered, spots, faults)


class LateReads:
    """What an expression refers to, computed on first use: running it does without."""

    __slots__ = ("_found", "_node", "functions")

    def __init__(self, node: nodes.Node, functions: FunctionSet) -> None:
        self._node, self.functions = node, functions
        self._found: Reads | None = None

    def reads(self) -> Reads:
        """Return it."""
        if self._found is None:
            self._found = reads_of(self._node, self.functions)
        return self._found
