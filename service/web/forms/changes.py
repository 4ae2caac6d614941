"""Differences between two submissions of one form, in the words of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, Path, Rows
from service.domain.forms.state import Values, inside
from service.web.forms.look import Look
from service.web.forms.wording import listed, words_of

_Read = tuple[str, str, tuple[str, ...]]
"""Of a field: its label, its value in words, and the entries of a list."""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that reads differently; a value is "" where the field was not there.

    ``removed`` and ``added`` are the entries of a list before and after, each with whether the other side lacks it;
    None where the field holds no list.
    """

    label: str
    before: str
    after: str
    removed: tuple[tuple[str, bool], ...] | None = None
    added: tuple[tuple[str, bool], ...] | None = None


def changed_fields(form: Form, before: Mapping[str, object], after: Mapping[str, object], look: Look) -> list[Changed]:
    """Return the fields of ``form`` that read differently, in the order of the page; personal ones without values."""
    old, new = (_read(form, values, look) for values in (before, after))
    masked = form.withheld(look.reveal)
    found = []
    for path in dict.fromkeys((*old, *new)):
        label, was, left = old.get(path, ("", "", ()))
        label, now, came = new.get(path, (label, "", ()))
        if was == now:
            continue
        named = ".".join("[]" if isinstance(p, int) else p for p in path).replace(".[]", "[]")
        hidden = look.t("已修改（个人信息）", "changed (personal)") if named in masked else None
        change = Changed(label, "—" if hidden else was, hidden or now)
        if not hidden and (left or came):
            removed, added = (
                tuple((one, one not in came) for one in left),
                tuple((one, one not in left) for one in came),
            )
            change = replace(change, removed=removed, added=added)
        found.append(change)
    return found


def _read(form: Form, values: Mapping[str, object], look: Look) -> dict[Path, _Read]:
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
) -> Iterator[tuple[Path, _Read]]:
    for node in nodes:
        if node.unseen or (path, node.id) in hidden:
            continue
        if isinstance(node, Input):
            label = " › ".join((*way, look.say(node.label) or node.key))
            value = values[node.key]
            yield (*path, node.key), (label, words_of(node, value, scope, look), listed(node, value, scope, look))
        elif isinstance(node, Group | Rows):
            name = look.say(node.label)
            for number, (inner, inner_scope, inner_path) in enumerate(inside(node, values, scope, path), 1):
                ordinal = f"{name} {number}" if isinstance(node, Rows) else name
                yield from _walk(
                    node.children, inner, inner_scope, inner_path, look, hidden, (*way, ordinal) if ordinal else way
                )
