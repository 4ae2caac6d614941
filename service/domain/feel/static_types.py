"""Types of expressions before they run: kinds of value, entries, options, what a text writes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from service.domain.feel.kind_words import KIND_WORDS
from service.domain.feel.spans import Span
from service.domain.feel.types import FeelType
from service.domain.feel.values import Value, ValueKind
from service.domain.text import Text

WRITTEN = (ValueKind.DATE, ValueKind.TIME, ValueKind.DATE_TIME, ValueKind.DAYS, ValueKind.MONTHS)
"""Kinds of value that records keep as texts."""


@dataclass(frozen=True, slots=True)
class StaticType:
    """What an expression may come to besides null.

    Without ``kinds`` nothing is known; NULL among them alone means that it is always null. ``element`` is what a list or
    range holds, ``entries`` what a context has; ``is_closed`` says that it has no others. ``options`` are the only texts
    that it may be, ``writes`` what its texts write down: "2026-03-31" a date; ``unit`` is what its numbers
    count, ``span`` what they lie between, ``most_signs`` how long its texts may be. ``image`` says whether it comes to a
    value: nothing that is written in lower case is "A". ``is_box``: true, or null as often as false. ``label`` is how
    sentences quote a context that people know by a title.
    """

    kinds: frozenset[ValueKind] = frozenset()
    element: StaticType | None = None
    entries: Mapping[str, StaticType] | None = None
    is_closed: bool = False
    options: frozenset[str] | None = None
    writes: ValueKind | None = None
    unit: Text | None = None
    span: Span | None = None
    most_signs: int | None = None
    is_box: bool = False
    image: Callable[[Value], bool] | None = None
    label: Text | None = None

    @property
    def is_determined(self) -> bool:
        """Whether anything is known of it."""
        return bool(self.kinds)

    @property
    def is_null(self) -> bool:
        """Whether it is always null."""
        return self.kinds == _NULL_ALONE

    def may_be(self, *kinds: ValueKind) -> bool:
        """Say whether a value may be of one of ``kinds``: so it is where nothing is known."""
        return not self.kinds or not self.kinds.isdisjoint(kinds)

    def may_hold(self, value: Value) -> bool:
        """Say whether it may come to a number or text of a kind that it may be."""
        if isinstance(value, str):
            is_offered = self.options is None or value in self.options
            return is_offered and (self.most_signs is None or len(value) <= self.most_signs) and self._can_make(value)
        if isinstance(value, Decimal):
            span = None if self.span is None or self.span.is_setting else self.span
            return (span is None or span.least <= value <= span.most) and self._can_make(value)
        return True

    def _can_make(self, value: Value) -> bool:
        return self.image is None or self.image(value)

    def entry(self, name: str) -> StaticType:
        """Return the type of an entry; unknown without one."""
        return (self.entries or {}).get(name, UNKNOWN)

    def words(self) -> Text:
        """Return the kinds in words."""
        kinds = sorted((KIND_WORDS[kind] for kind in self.kinds), key=lambda text: text.zh)
        zh, en = "或".join(kind.zh for kind in kinds), " or ".join(kind.en for kind in kinds)
        if self.writes is None or self.kinds != {ValueKind.STRING}:
            return Text(zh, en)
        written = KIND_WORDS[self.writes]
        return Text(f"写着{written.zh}的文字", f"text that writes a {written.en}")


_NULL_ALONE = frozenset({ValueKind.NULL})
UNKNOWN = StaticType()
NULL = StaticType(_NULL_ALONE)


def of_kind(*kinds: ValueKind, element: StaticType | None = None) -> StaticType:
    """Return the type of values of these kinds."""
    return StaticType(frozenset(kinds), element)


BOOLEAN, NUMBER, STRING = of_kind(ValueKind.BOOLEAN), of_kind(ValueKind.NUMBER), of_kind(ValueKind.STRING)


def list_of(element: StaticType) -> StaticType:
    """Return the type of lists of ``element``."""
    return StaticType(frozenset({ValueKind.LIST}), element)


def context_of(entries: Mapping[str, StaticType], *, is_closed: bool = False) -> StaticType:
    """Return the type of contexts with ``entries``."""
    return StaticType(frozenset({ValueKind.CONTEXT}), entries=entries, is_closed=is_closed)


def text_of_options(options: Iterable[str]) -> StaticType:
    """Return the type of texts that are one of ``options``."""
    return StaticType(frozenset({ValueKind.STRING}), options=frozenset(options))


def declared_type(kind: FeelType | None, *, is_stored_as_json: bool) -> StaticType:
    """Return the type of values declared as ``kind``; what is kept as JSON (``is_stored_as_json``) has days and durations as texts."""
    if kind is None or kind.kind is None:
        return UNKNOWN
    if is_stored_as_json and kind.kind in WRITTEN:
        return replace(STRING, writes=kind.kind)
    element = None if kind.element is None else declared_type(kind.element, is_stored_as_json=is_stored_as_json)
    if kind.kind is ValueKind.FUNCTION:
        return of_kind(kind.kind)
    entries = {name: declared_type(inner, is_stored_as_json=is_stored_as_json) for name, inner in kind.fields}
    return StaticType(frozenset({kind.kind}), element, entries or None)


def join_types(types: Iterable[StaticType]) -> StaticType:
    """Return what a value of any of ``types`` may be; null adds nothing to another."""
    value_types = [kind for kind in types if not kind.is_null]
    if not value_types:
        return NULL
    joined = value_types[0]
    for other in value_types[1:]:
        joined = _join_pair(joined, other)
    return joined


def _join_pair(left: StaticType, right: StaticType) -> StaticType:
    if left == right or not (left.is_determined and right.is_determined):
        return left if left == right else UNKNOWN
    return StaticType(
        left.kinds | right.kinds,
        _join_elements(left, right),
        _join_entries(left, right),
        left.is_closed and right.is_closed,
        _join_options(left, right),
        left.writes if left.writes is right.writes else None,
        _join_units(left, right),
        _join_spans(left, right),
        None if None in (left.most_signs, right.most_signs) else max(left.most_signs or 0, right.most_signs or 0),
        left.is_box and right.is_box,
    )


def _join_options(left: StaticType, right: StaticType) -> frozenset[str] | None:
    if ValueKind.STRING not in left.kinds or ValueKind.STRING not in right.kinds:
        return left.options if ValueKind.STRING in left.kinds else right.options
    return None if left.options is None or right.options is None else left.options | right.options


def _join_units(left: StaticType, right: StaticType) -> Text | None:
    if ValueKind.NUMBER not in left.kinds or ValueKind.NUMBER not in right.kinds:
        return left.unit if ValueKind.NUMBER in left.kinds else right.unit
    return left.unit if left.unit == right.unit else None


def _join_spans(left: StaticType, right: StaticType) -> Span | None:
    if ValueKind.NUMBER not in left.kinds or ValueKind.NUMBER not in right.kinds:
        return left.span if ValueKind.NUMBER in left.kinds else right.span
    return None if left.span is None or right.span is None else left.span.join(right.span)


def _join_elements(left: StaticType, right: StaticType) -> StaticType | None:
    if ValueKind.LIST not in right.kinds:
        return left.element
    if ValueKind.LIST not in left.kinds:
        return right.element
    return join_types((left.element or UNKNOWN, right.element or UNKNOWN))


def _join_entries(left: StaticType, right: StaticType) -> Mapping[str, StaticType] | None:
    if left.entries is None or right.entries is None:
        return (
            left.entries
            if ValueKind.CONTEXT not in right.kinds
            else right.entries
            if ValueKind.CONTEXT not in left.kinds
            else None
        )
    both = {*left.entries, *right.entries}
    return {name: join_types((_of_entry(left, name), _of_entry(right, name))) for name in both}


def _of_entry(context: StaticType, name: str) -> StaticType:
    assert context.entries is not None
    return context.entries.get(name, NULL if context.is_closed else UNKNOWN)
