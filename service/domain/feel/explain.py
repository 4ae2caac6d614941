"""Explain the value of an expression: which inputs were unknown, which parts decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import cast

from service.domain.feel import nodes
from service.domain.feel.compiler import Compiler
from service.domain.feel.free import reads_of
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.null_paths import compared_with_null, is_not, is_null_literal
from service.domain.feel.null_tracing import NullTracer, is_empty_path
from service.domain.feel.reader import walk_nodes
from service.domain.feel.scope import Code, Scope, TestCode
from service.domain.feel.values import Value, elements, is_context


@dataclass(frozen=True, slots=True)
class Explanation:
    """A value, the dotted paths that were null or missing and mattered, and the parts of the text that decided."""

    value: Value
    unknown: tuple[str, ...] = ()
    decided_by: tuple[str, ...] = ()

    @property
    def verdict(self) -> bool | None:
        """True or False where that is certain; None where something unknown mattered or the value is neither."""
        return self.value if isinstance(self.value, bool) and not self.unknown else None


@dataclass(frozen=True, slots=True)
class _Study:
    """A part compiled, the paths it reads, those whose absence matters, the filters in it with the names bound around each."""

    code: Code
    paths: frozenset[tuple[str, ...]]
    mattering: frozenset[tuple[str, ...]]
    filters: tuple[tuple[nodes.Filter, frozenset[str]], ...]


class Explainer:
    """Evaluates parts of one text separately and keeps what mattered.

    Parts are compiled when first explained and kept; nothing else is, so an explainer may be shared between threads.
    """

    def __init__(self, text: str, functions: FunctionSet) -> None:
        self._text = text
        self._functions = functions
        self._compiler = Compiler(functions)
        self._studied: dict[int, _Study] = {}
        self._tests: dict[int, TestCode] = {}
        self._tracer: NullTracer | None = None

    def literal(self, node: nodes.Literal) -> Explanation:
        """Explain a value that is written as it is."""
        return Explanation(node.value, (), (self._get_part_text(node),))

    def expression(self, node: nodes.Node, variables: Mapping[str, object], meter: Meter) -> Explanation:
        """Explain an expression."""
        if isinstance(node, nodes.Literal):
            return self.literal(node)
        return self._explain_node(node, Scope(variables, None, meter))

    def tracer(self, node: nodes.Node) -> NullTracer:
        """Return what finds the nulls that decided ``node``, the whole text."""
        if self._tracer is None:
            self._tracer = NullTracer(self._text, node, self._functions)
        return self._tracer

    def tests(
        self, node: nodes.Tests, value: Value, name: str, variables: Mapping[str, object], meter: Meter
    ) -> Explanation:
        """Explain unary tests of ``value``, which is called ``name`` in what is reported."""
        if not node.tests:
            return Explanation(True)
        scope = Scope({"?": value}, Scope(variables, None, meter), meter)
        parts = [self._explain_test(test, value, name, scope) for test in node.tests]
        explanation = _combine_explanations(parts, settles=True)
        if not node.negated:
            return explanation
        return replace(explanation, value=None if explanation.value is None else not explanation.value)

    def _explain_test(self, test: nodes.Test, value: Value, name: str, scope: Scope) -> Explanation:
        code = self._tests.get(id(test))
        if code is None:
            code = self._tests[id(test)] = self._compiler.tests(nodes.Tests((test,)))
        unknown = self._list_missing_paths(test.expression, scope)
        asks = _asks_for_null(test.expression) if not test.uses_input else _asks_for_null_input(test.expression)
        if value is None and not asks:
            unknown = (name, *unknown)
        return Explanation(code(value, scope), unknown, (self._get_part_text(test),))

    def _explain_node(self, node: nodes.Node, scope: Scope) -> Explanation:
        if isinstance(node, nodes.Logic):
            return _combine_explanations(
                [self._explain_node(operand, scope) for operand in node.operands], settles=node.settles
            )
        if isinstance(node, nodes.If):
            return self._explain_if(node, scope)
        if isinstance(node, nodes.Quantified) and len(node.iterators) == 1 and node.iterators[0].end is None:
            return self._explain_quantified(node, node.iterators[0], scope)
        if is_not(node):
            inner = self._explain_node(node.arguments[0], scope)
            return replace(inner, value=not inner.value if isinstance(inner.value, bool) else None)
        return self._explain_leaf(node, scope)

    def _explain_if(self, node: nodes.If, scope: Scope) -> Explanation:
        condition = self._explain_node(node.condition, scope)
        branch = self._explain_node(node.then if condition.value is True else node.otherwise, scope)
        unknown = _merge_texts(condition.unknown, branch.unknown)
        if branch.value is None and not unknown:  # the author answers null with null
            unknown = self._null_paths(node.condition, scope)
        return Explanation(branch.value, unknown, condition.decided_by)

    def _list_null_paths(self, paths: frozenset[tuple[str, ...]], scope: Scope) -> tuple[str, ...]:
        scope.meter.charge(10 + 10 * len(paths))
        return tuple(sorted(".".join(path) for path in paths if is_empty_path(path, scope, self._functions)))

    def _null_paths(self, node: nodes.Node, scope: Scope) -> tuple[str, ...]:
        return self._list_null_paths(self._get_study(node).paths, scope)

    def _explain_quantified(self, node: nodes.Quantified, iterator: nodes.Iterator, scope: Scope) -> Explanation:
        source = self._explain_leaf(iterator.source, scope)
        if source.value is None:
            return Explanation(
                None, source.unknown or (self._get_part_text(iterator.source),), (self._get_part_text(node),)
            )
        parts = []
        for place, element in enumerate(elements(source.value), 1):
            scope.meter.charge(10)
            inner = Scope({iterator.name: element}, scope, scope.meter)
            explanation = self._explain_node(node.condition, inner)
            called = f"{self._get_part_text(iterator.source)}[{place}]"
            parts.append(replace(explanation, unknown=tuple(_rename_paths(explanation.unknown, iterator.name, called))))
        if not parts:
            return Explanation(not node.settles, source.unknown, (self._get_part_text(node),))
        return replace(_combine_explanations(parts, settles=node.settles), decided_by=(self._get_part_text(node),))

    def _explain_leaf(self, node: nodes.Node, scope: Scope) -> Explanation:
        study = self._get_study(node)
        unknown = self._list_missing_paths(node, scope)
        if study.filters and not unknown:
            unknown = _merge_texts(*(self._find_gaps(part, scope, bound) for part, bound in study.filters))
        return Explanation(study.code(scope), unknown, (self._get_part_text(node),))

    def _find_gaps(self, node: nodes.Filter, scope: Scope, bound: frozenset[str]) -> tuple[str, ...]:
        """Return what is missing in elements that a filter can therefore neither keep nor drop for certain."""
        source = self._get_study(node.base).code(scope)
        gaps: list[str] = []
        for place, element in enumerate(elements(source), 1):
            if not is_context(element):
                continue
            scope.meter.charge(10)
            inner = Scope(cast("Mapping[str, Value]", element), scope, scope.meter, element)
            called = f"{self._get_part_text(node.base)}[{place}]"
            missing = self._explain_node(node.condition, inner).unknown
            gaps.extend(_in_element(p, called, scope) for p in missing if p.partition(".")[0] not in bound)
        return tuple(gaps)

    def _get_study(self, node: nodes.Node) -> _Study:
        if id(node) not in self._studied:
            paths = reads_of(node, self._functions).paths
            bound, entries = _bound_in(node), _entries_before(node)
            filters = tuple(
                (part, bound | entries.get(id(part), frozenset()))
                for part in walk_nodes(node)
                if isinstance(part, nodes.Filter)
            )
            code = self._compiler.code(node)
            self._studied[id(node)] = _Study(code, paths, paths - compared_with_null(node), filters)
        return self._studied[id(node)]

    def _list_missing_paths(self, node: nodes.Node, scope: Scope) -> tuple[str, ...]:
        """Return the paths read by ``node`` that are null, those it compares with null aside."""
        return self._list_null_paths(self._get_study(node).mattering, scope)

    def _get_part_text(self, node: nodes.Node) -> str:
        return self._text[slice(*node.span)].strip()


def _bound_in(node: nodes.Node) -> frozenset[str]:
    """Return the names that iterations and functions inside ``node`` bind: outside them they are not facts."""
    names = {part.name for part in walk_nodes(node) if isinstance(part, nodes.Iterator)}
    return frozenset(
        names.union(*(part.parameters for part in walk_nodes(node) if isinstance(part, nodes.FunctionLiteral)))
    )


def _entries_before(node: nodes.Node) -> dict[int, frozenset[str]]:
    """Return for each part inside a context's entry, by identity, the entries it sees: those that stand before."""
    seen: dict[int, frozenset[str]] = {}
    for context in walk_nodes(node):
        if isinstance(context, nodes.ContextLiteral):
            for place, (_, value) in enumerate(context.entries):
                before = frozenset(name for name, _ in context.entries[:place])
                for part in walk_nodes(value):
                    seen[id(part)] = seen.get(id(part), frozenset()) | before
    return seen


def _combine_explanations(parts: list[Explanation], *, settles: bool) -> Explanation:
    """Combine with OR (``settles`` True) or AND (False): what settles for certain outweighs the unknown."""
    settling = [part for part in parts if part.value is settles and not part.unknown]
    if settling:
        return Explanation(settles, (), _merge_texts(*(part.decided_by for part in settling)))
    open_parts = [part for part in parts if part.unknown or not isinstance(part.value, bool)]
    value = _plain_value(parts, settles=settles)
    deciding = open_parts or parts
    unknown = _merge_texts(*(part.unknown for part in open_parts))
    return Explanation(value, unknown, _merge_texts(*(part.decided_by for part in deciding)))


def _plain_value(parts: list[Explanation], *, settles: bool) -> bool | None:
    if any(part.value is settles for part in parts):
        return settles
    return (not settles) if all(part.value is (not settles) for part in parts) else None


def _merge_texts(*groups: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for group in groups for text in group))


def _rename_paths(paths: Iterable[str], variable: str, called: str) -> Iterable[str]:
    for path in paths:
        first, dot, rest = path.partition(".")
        yield called + dot + rest if first == variable else path


def _in_element(path: str, called: str, scope: Scope) -> str:
    """Name a path as seen from outside a filter: ``result`` of the second finding is ``findings[2].result``."""
    first, dot, rest = path.partition(".")
    if first == "item":
        return called + dot + rest
    layer: Scope | None = scope
    while layer is not None:
        if first in layer.variables:
            return path
        layer = layer.parent
    return f"{called}.{path}"


def _asks_for_null(node: nodes.Node) -> bool:
    return any(is_null_literal(part) for part in walk_nodes(node))


def _asks_for_null_input(node: nodes.Node) -> bool:
    return ("?",) in compared_with_null(node)
