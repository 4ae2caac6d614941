"""Filled-in forms as people read them: personal and secret values masked, and whatever tells of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from service.domain.forms.expressions import FormExpression
from service.domain.forms.form import Form
from service.domain.forms.masking import HIDDEN, masked
from service.domain.forms.model import Computed, FormNode, Group, Input, Path, Rows, Values, format_path_pattern
from service.domain.forms.state import State, children_of, inside
from service.domain.values.value_at import texts_at

_OPENING = {
    "string",
    "string join",
    "get value",
    "get entries",
    "context put",
    "context merge",
    "concatenate",
    "flatten",
}
"""Functions that give the fields of an object without naming them."""
_ROW_WORDS = ("this", "parent")


@dataclass(frozen=True)
class ReadableForm:
    """A filled-in form as one person reads it.

    Attributes:
        plain: what was filled in, with personal and secret values: for use cases, never for a page or a program.
        today: the day in Asia/Shanghai on which it was filled in.
        outside: the values from outside that its conditions and formulas read.
        revealed: whether this person sees personal and secret values; for others they are masked.
        told: the paths of those that this person reads beside it all the same.
    """

    form: Form
    plain: Mapping[str, object] = field(repr=False)
    today: date
    outside: Mapping[str, object]
    revealed: bool = False
    told: frozenset[str] = frozenset()

    @property
    def masked_paths(self) -> frozenset[str]:
        """The ``FieldInfo.path`` of the fields that this person does not see."""
        return frozenset() if self.revealed else self.form.guarded_paths - self.told

    @cached_property
    def state(self) -> State:
        """The state of the form: what is hidden follows from the true values, ``values`` are those to be read."""
        outside = {**self.outside, **self.plain}
        state = self.form.state(self.plain, today=self.today, stored=outside, withheld=self.masked_paths)
        telling = frozenset() if self.revealed else self.form.derived("telling", lambda: _find_telling(self.form))
        _mask_guarded(self.form.nodes, state.values, self.plain, (), telling - self.told)
        return state

    @property
    def values(self) -> Values:
        """The values to be read."""
        return self.state.values

    def read_beside(self, words: str) -> ReadableForm:
        """Return it as it is read by whoever reads ``words`` beside it: what stands in them is not masked."""
        told = (p for p in self.masked_paths if any(len(t) > 1 and t in words for t in texts_at(self.plain, p)))
        return replace(self, told=frozenset(told))

    def changes_behind_masks(self, before: ReadableForm) -> frozenset[str]:
        """Return the masked paths at which something else was filled in ``before``."""
        return frozenset(
            path for path in self.masked_paths if list(texts_at(self.plain, path)) != list(texts_at(before.plain, path))
        )


def is_field_read(read: tuple[str, ...], names: tuple[str, ...], *, in_row: bool) -> bool:
    """Return whether a formula that reads the path ``read`` reads something of the field at ``names``, or around it."""
    if in_row and (read[0] in _ROW_WORDS or read[0] == names[-1]):
        return read[0] == names[-1] or len(read) == 1 or names[-1] in read
    shorter = min(len(read), len(names))
    return read[:shorter] == names[:shorter]


def _find_telling(form: Form) -> frozenset[str]:
    """Return the paths of guarded fields with those of the computed ones from which they could be worked out."""
    paths = set(form.guarded_paths)
    computed = tuple(_computed_fields(form.nodes, ())) if paths else ()
    while more := {path for path, formula in computed if path not in paths and _can_reveal(formula, paths)}:
        paths |= more
    return frozenset(paths)


def _can_reveal(formula: FormExpression, guarded: set[str]) -> bool:
    """Return whether a guarded value could be worked out from what a formula gives.

    A formula that reads a whole list or object tells of a field in it when it names the field, or opens objects
    without naming fields.
    """
    reads = formula.expression
    named = set(re.findall(r"\w+", reads.text))
    opens = bool(reads.functions & _OPENING) or reads.text.isidentifier()
    for path in guarded:
        names = tuple(path.replace("[]", "").split("."))
        if any(is_field_read(read, names, in_row="[]" in path) for read in reads.paths) and (
            opens or names[-1] in named
        ):
            return True
    return False


def _computed_fields(nodes: tuple[FormNode, ...], path: Path) -> Iterator[tuple[str, FormExpression]]:
    for node in nodes:
        if isinstance(node, Computed):
            yield format_path_pattern((*path, node.key)), node.formula
        elif isinstance(node, Group):
            yield from _computed_fields(node.children, (*path, node.path) if node.path else path)
        elif isinstance(node, Rows):
            yield from _computed_fields(node.children, (*path, node.path, 0))


def _mask_guarded(
    nodes: tuple[FormNode, ...], values: Values, filled_in: object, path: Path, telling: frozenset[str]
) -> None:
    """Mask what is guarded, so that no text or table of the form repeats it; keep other computed values as submitted."""
    submitted = filled_in if isinstance(filled_in, Mapping) else {}
    for node in nodes:
        guarded = isinstance(node, Input | Computed) and format_path_pattern((*path, node.key)) in telling
        if isinstance(node, Computed) and not guarded and node.key in submitted:
            values[node.key] = submitted[node.key]
        if isinstance(node, Computed) and telling and isinstance(values[node.key], list | dict):
            values[node.key] = HIDDEN
        if isinstance(node, Input | Computed) and guarded:
            values[node.key] = masked(values[node.key]) or None
        for index, (inner, _, inner_path) in enumerate(inside(node, values, {}, path)):
            _mask_guarded(children_of(node), inner, _submitted_in(node, submitted, index), inner_path, telling)


def _submitted_in(node: FormNode, submitted: Mapping[str, object], index: int) -> object:
    """Return what was submitted of the object, or of the row ``index``, that a node's children work on."""
    if isinstance(node, Rows):
        rows = submitted.get(node.path)
        return rows[index] if isinstance(rows, list) and index < len(rows) else None
    return submitted if isinstance(node, Group) and node.path is None else submitted.get(getattr(node, "path", ""))
