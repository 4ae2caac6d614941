"""Find the innermost part of an expression that is null, from which the rest is null."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from service.domain.feel import nodes
from service.domain.feel.compiler import Compiler
from service.domain.feel.errors import FeelLimitExceeded
from service.domain.feel.functions import FunctionSet
from service.domain.feel.limits import Meter
from service.domain.feel.reader import children
from service.domain.feel.scope import Scope

_NAMING = (nodes.For, nodes.Quantified, nodes.FunctionLiteral, nodes.ContextLiteral)
"""Parts inside which other names are known."""


class NullCause(Enum):
    """Why a part is null by itself, none of what it is made of being null."""

    NOT_THERE = "not there"
    WRITTEN = "written"
    NO_RESULT = "no result"
    NO_ITEM = "no item"
    BY_ZERO = "by zero"
    OTHER_KIND = "other kind"


@dataclass(frozen=True, slots=True)
class GivenPart:
    """What a part that is null was made of: its text, ``literal`` where that says the value itself, and the value."""

    text: str
    literal: bool
    value: object


@dataclass(frozen=True, slots=True)
class NullPart:
    """A part that is null: its text, where it stands, why, and from what, none of which is null."""

    text: str
    span: tuple[int, int]
    cause: NullCause
    given: tuple[GivenPart, ...] = ()


def null_part(
    text: str, node: nodes.Node, functions: FunctionSet, variables: Mapping[str, object], context: object
) -> NullPart | None:
    """Return the innermost part of ``node`` that is null, None where the whole is not or the budget is used up."""
    scope = Scope(variables, None, Meter(context))
    try:
        compiler = Compiler(functions)
        found = _innermost(node, compiler, scope)
        if found is None:
            return None
        given = tuple(
            GivenPart(_text(text, part), isinstance(part, nodes.Literal), compiler.code(part)(scope))
            for part in _parts(found, compiler, scope)
        )
    except (FeelLimitExceeded, RecursionError):
        return None
    return NullPart(_text(text, found), found.span, _cause(found, given), given)


def _text(text: str, node: nodes.Node) -> str:
    return text[slice(*node.span)].strip()


def _innermost(node: nodes.Node, compiler: Compiler, scope: Scope) -> nodes.Node | None:
    scope.meter.charge(10)
    if compiler.code(node)(scope) is not None:
        return None
    for part in _parts(node, compiler, scope):
        found = _innermost(part, compiler, scope)
        if found is not None:
            return found
    return node


def _parts(node: nodes.Node, compiler: Compiler, scope: Scope) -> list[nodes.Node]:
    """Return the parts on which the value of ``node`` rests and which read the same names."""
    if isinstance(node, nodes.If):
        chosen = node.then if compiler.code(node.condition)(scope) is True else node.otherwise
        return [node.condition, chosen]
    if isinstance(node, nodes.Filter):
        return [node.base]
    if isinstance(node, nodes.Path):
        return [] if isinstance(node.base, nodes.Name) else [node.base]
    if isinstance(node, nodes.Call):
        return list(node.arguments)
    if isinstance(node, nodes.In):
        return [node.value]
    return [] if isinstance(node, _NAMING) else list(children(node))


def _cause(node: nodes.Node, given: Sequence[GivenPart]) -> NullCause:
    if isinstance(node, nodes.Name | nodes.Path):
        return NullCause.NOT_THERE
    if isinstance(node, nodes.Literal):
        return NullCause.WRITTEN
    if isinstance(node, nodes.Filter):
        return NullCause.NO_ITEM
    if isinstance(node, nodes.Chain):
        divided = any(sign == "/" and one.value == 0 for (sign, _), one in zip(node.rest, given[1:], strict=False))
        return NullCause.BY_ZERO if divided else NullCause.OTHER_KIND
    return NullCause.OTHER_KIND if isinstance(node, nodes.CompareNode | nodes.Between) else NullCause.NO_RESULT
