"""Syntax tree of a parsed expression. ``span`` is where a part stands in the text (start, end)."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.feel.types import FeelType


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Any part of an expression."""

    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class Literal(Node):
    """A constant: null, true, 12, "text", @"2026-05-01"."""

    value: object


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A variable, a parameter, an entry of a surrounding context, or ``item`` and ``?``."""

    name: str


@dataclass(frozen=True, slots=True)
class Path(Node):
    """``base.one.two``: an entry of a context or a property of a value."""

    base: Node
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Filter(Node):
    """``base[condition]``: the elements for which it holds, or the element at that position."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function call; ``names`` is empty or names every argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """Operators of one rank, left to right: first (+ a) (- b) …."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Negation(Node):
    """Arithmetic minus."""

    operand: Node


@dataclass(frozen=True, slots=True)
class CompareNode(Node):
    """``=``, ``!=``, ``<``, ``<=``, ``>``, ``>=``."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between(Node):
    """``value between low and high``."""

    value: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test(Node):
    """One unary test: a value, range or list to match, or a condition about ``?`` where ``uses_input``."""

    expression: Node
    uses_input: bool


@dataclass(frozen=True, slots=True)
class Tests(Node):
    """Unary tests, any of which may match; no tests at all (``-``) match everything."""

    tests: tuple[Test, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class In(Node):
    """``value in tests``."""

    value: Node
    tests: Tests


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """Three-valued ``and`` / ``or`` over all operands; ``settles`` is False for and, True for or."""

    settles: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class If(Node):
    """``if condition then one else other``."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Iterator(Node):
    """``name in source`` or ``name in source..end``."""

    name: str
    source: Node
    end: Node | None


@dataclass(frozen=True, slots=True)
class For(Node):
    """``for iterators return body``."""

    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified(Node):
    """``some``/``every`` iterators ``satisfies`` condition; ``settles`` is True for some, False for every."""

    settles: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class FunctionLiteral(Node):
    """``function(a, b: number) body``."""

    parameters: tuple[str, ...]
    types: tuple[FeelType | None, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class ContextLiteral(Node):
    """``{name: expression, …}``; later entries see earlier ones."""

    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class ListLiteral(Node):
    """``[a, b, …]``."""

    elements: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class RangeLiteral(Node):
    """``[a..b)`` or, with ``operator``, ``(< b)``."""

    start: Node | None
    end: Node | None
    start_included: bool
    end_included: bool
    operator: str | None = None


@dataclass(frozen=True, slots=True)
class InstanceOf(Node):
    """``value instance of type``."""

    value: Node
    type: FeelType
