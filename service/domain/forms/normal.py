"""What a field says where nothing is found, and filling in at once what nobody has answered yet."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass

from service.domain.forms.expressions import FormExpression
from service.domain.forms.limits import options_of
from service.domain.forms.model import FormNode, Group, Input, InputType, Path, Values, format_dotted_path
from service.domain.forms.state import State, inside
from service.domain.values.value_at import value_at

ALL = "*"
"""Stands for every group of a form where the id of one may stand."""

CHOICES = frozenset({InputType.RADIO, InputType.SELECT})
"""The fields in which a finding is chosen; elsewhere the normal value is a sentence."""


@dataclass(frozen=True, slots=True)
class NormalField:
    """An open field that has a normal value.

    ``path`` ends with its key; ``group`` is the id of the group it stands in, "" for none; ``found`` is its value now,
    None while it is blank.
    """

    node: Input
    path: Path
    group: str
    normal: str
    found: object

    @property
    def is_choice(self) -> bool:
        """Whether it is a finding, not a sentence about all of them."""
        return self.node.type in CHOICES


def normal_fields(nodes: tuple[FormNode, ...], state: State) -> tuple[NormalField, ...]:
    """Return the fields with a normal value that somebody can fill in now, in the order of the page; none in lists."""
    return tuple(_iterate_fields(nodes, state, state.values, state.scope(), (), ""))


def fill_normal(
    nodes: tuple[FormNode, ...],
    state: State,
    typed: Mapping[str, object],
    within: str,
    former: Mapping[str, object] | None = None,
    against: Collection[str] = (),
) -> dict[str, object]:
    """Return what was ``typed`` with the blank findings of a group (its id, or `ALL`) set to their normal values.

    What is answered stays, and so do findings that were no normal ones in the round before (``former``): whoever takes
    one back says so there. The fields at the paths in ``against`` stay blank, too: something speaks against
    their normal value. The sentences that have a normal value are written, where blank, once all findings of the
    form are normal.
    """
    fields = normal_fields(nodes, state)
    filled: dict[str, object] = deepcopy(dict(typed))
    chosen = [f for f in fields if f.is_choice]
    blank = [f for f in chosen if f.found is None and within in (ALL, f.group)]
    able = [f for f in blank if format_dotted_path(f.path) not in against]
    wanted = [f for f in able if value_at(former, f.path) in (None, "", f.normal)]
    for normal_field in wanted:
        _put_normal(filled, normal_field)
    if chosen and all(f.found == f.normal or f in wanted for f in chosen):
        for normal_field in fields:
            if not normal_field.is_choice and normal_field.found is None:
                _put_normal(filled, normal_field)
    return filled


def iterate_contradictions(nodes: tuple[FormNode, ...], state: State) -> Iterator[tuple[NormalField, NormalField]]:
    """Yield each sentence that says still that nothing was found, with the first finding that says otherwise."""
    fields = normal_fields(nodes, state)
    otherwise = next(
        (candidate for candidate in fields if candidate.is_choice and candidate.found not in (None, candidate.normal)),
        None,
    )
    for normal_field in fields:
        if (
            otherwise is not None
            and not normal_field.is_choice
            and str(normal_field.found).strip() == normal_field.normal
        ):
            yield normal_field, otherwise


def _iterate_fields(
    nodes: tuple[FormNode, ...], state: State, values: Values, scope: Mapping[str, object], path: Path, group: str
) -> Iterator[NormalField]:
    for node in nodes:
        if node.unseen or (path, node.id) in state.hidden:
            continue
        if isinstance(node, Group):
            for inner, inner_scope, inner_path in inside(node, values, scope, path):
                yield from _iterate_fields(node.children, state, inner, inner_scope, inner_path, node.id)
        elif isinstance(node, Input) and node.normal is not None and (path, node.id) not in state.locked:
            normal = _find_normal_value(node, scope, state)
            if normal is not None:
                yield NormalField(node, (*path, node.key), group, normal, values.get(node.key) or None)


def _find_normal_value(node: Input, scope: Mapping[str, object], state: State) -> str | None:
    """Return the normal value with these values; None where its formula gives nothing that can be chosen."""
    value = node.normal.value(scope, state.today) if isinstance(node.normal, FormExpression) else node.normal
    if not isinstance(value, str) or not value:
        return None
    offered = {option.value for option in options_of(node, scope, state.today)} if node.type in CHOICES else {value}
    return value if value in offered else None


def _put_normal(values: dict[str, object], normal_field: NormalField) -> None:
    target = values
    for part in normal_field.path[:-1]:
        inner = target.get(str(part))
        target[str(part)] = target = inner if isinstance(inner, dict) else {}
    target[str(normal_field.path[-1])] = target.get(str(normal_field.path[-1])) or normal_field.normal
