"""What a form submits, as names with types and labels."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from service.catalog.forms.forms import parse_form
from service.catalog.formula_names.names import FormulaName
from service.catalog.package import Package
from service.catalog.source.newest import by_file, of_newest
from service.domain.errors import LaurelError
from service.domain.feel.spans import Span
from service.domain.forms import compile_form
from service.domain.forms.describe import variable_types
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, key_of, same_object
from service.domain.text import Text


def form_names(package: Package, ident: str) -> tuple[FormulaName, ...]:
    """Return the fields of a form; none for one that cannot be read yet."""
    return _of_form(package.files[package.forms[ident]], package.forms[ident])


@of_newest(by_file)
def _of_form(content: bytes, path: str) -> tuple[FormulaName, ...]:
    try:
        return tuple(_names(compile_form(parse_form(content, path)).nodes))
    except (LaurelError, ValueError):
        return ()


def _names(nodes: tuple[FormNode, ...]) -> Iterator[FormulaName]:
    types = variable_types(nodes)
    for node in same_object(nodes):
        key = key_of(node)
        if isinstance(node, Group | Rows):
            kind = "list" if isinstance(node, Rows) else "context"
            yield FormulaName(key, kind, node.label, tuple(_names(node.children)))
        else:
            asked = node if isinstance(node, Input) else None
            yield FormulaName(
                key, types[key] if asked else "Any", node.label, choices=_choices(asked), span=span_of(asked),
                most_signs=most_signs_of(asked), is_box=is_box(asked),
            )  # fmt: skip


def is_box(asked: Input | None) -> bool:
    """Tell whether a field is a box that says false on a page where it is left alone, and nothing elsewhere."""
    if asked is None or asked.type is not InputType.CHECKBOX or asked.unticked_is_false or asked.required:
        return False
    return asked.default is None and asked.readonly is False and asked.disabled is False


def span_of(asked: Input | None) -> Span | None:
    """Return between what the numbers of a field lie, where the form itself says it."""
    if asked is None or asked.type is not InputType.NUMBER:
        return None
    least, most = (bound if isinstance(bound, Decimal) else None for bound in (asked.minimum, asked.maximum))
    if least is None and most is None:
        return None
    return Span(Decimal("-Infinity") if least is None else least, Decimal("Infinity") if most is None else most)


def most_signs_of(asked: Input | None) -> int | None:
    """Return how long the text of a field may be, where the form itself says it."""
    return asked.max_length if asked is not None and isinstance(asked.max_length, int) else None


def _choices(asked: Input | None) -> tuple[tuple[str, Text], ...]:
    """Return what a field offers, where the form itself says it."""
    offered = asked.options if asked is not None and isinstance(asked.options, tuple) else ()
    return tuple((str(one.value), one.label) for one in offered)
