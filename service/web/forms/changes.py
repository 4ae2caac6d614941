"""Differences between two submissions of one form, in the words of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, Path, Rows
from service.domain.forms.state import Values, inside
from service.web.forms.look import Look
from service.web.forms.wording import words_of


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that reads differently; a value is "" where the field was not there."""

    label: str
    before: str
    after: str


def changed_fields(form: Form, before: Mapping[str, object], after: Mapping[str, object], look: Look) -> list[Changed]:
    """Return the fields of ``form`` that read differently, in the order of the page; personal ones without values."""
    old, new = (_read(form, values, look) for values in (before, after))
    masked = form.withheld(look.reveal)
    found = []
    for path in dict.fromkeys((*old, *new)):
        label, was = old.get(path, ("", ""))
        label, now = new.get(path, (label, ""))
        if was == now:
            continue
        named = ".".join("[]" if isinstance(p, int) else p for p in path).replace(".[]", "[]")
        hidden = look.t("已修改（个人信息）", "changed (personal)") if named in masked else None
        found.append(Changed(label, "—" if hidden else was, hidden or now))
    return found


def _read(form: Form, values: Mapping[str, object], look: Look) -> dict[Path, tuple[str, str]]:
    state = form.state(values, today=look.today, stored={**look.stored, **values})
    return dict(_walk(form.nodes, state.values, state.scope(), (), look, state.hidden, ()))


def _walk(
    nodes: tuple[FormNode, ...],
    values: Values,
    scope: Mapping[str, object],
    path: Path,
    look: Look,
    hidden: set[tuple[Path, str]],
    way: tuple[str, ...],
) -> Iterator[tuple[Path, tuple[str, str]]]:
    for node in nodes:
        if node.unseen or (path, node.id) in hidden:
            continue
        if isinstance(node, Input):
            label = " › ".join((*way, look.say(node.label) or node.key))
            yield (*path, node.key), (label, words_of(node, values[node.key], scope, look))
        elif isinstance(node, Group | Rows):
            name = look.say(node.label)
            for number, (inner, inner_scope, inner_path) in enumerate(inside(node, values, scope, path), 1):
                ordinal = f"{name} {number}" if isinstance(node, Rows) else name
                yield from _walk(
                    node.children, inner, inner_scope, inner_path, look, hidden, (*way, ordinal) if ordinal else way
                )
