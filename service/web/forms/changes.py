"""Differences between two submissions of one form, in the words of its page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from service.domain.forms import ReadableForm
from service.domain.forms.limits import name_of
from service.domain.forms.model import FormNode, Group, Input, Path, Rows, Values, format_path_pattern
from service.domain.forms.state import inside
from service.web.forms.look import Look, list_field_items, words_of

_Entry = tuple[str, object, str]
"""An entry of a list in words, what tells it from another that reads alike, and where its file is handed out."""
_Read = tuple[str, str, tuple[_Entry, ...]]
"""Of a field: its label, its value in words, and the entries of a list."""


@dataclass(frozen=True, slots=True)
class ChangedEntry:
    """An entry of a list; ``differs`` says that the other side lacks it, ``href`` where its file is handed out."""

    words: str
    differs: bool
    href: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """One field that reads differently; a value is "" where the field was not there.

    ``removed`` and ``added`` are the entries of a list before and after; None where the field holds no list.
    """

    label: str
    before: str
    after: str
    removed: tuple[ChangedEntry, ...] | None = None
    added: tuple[ChangedEntry, ...] | None = None


def changed_fields(before: ReadableForm, after: ReadableForm, look: Look) -> list[Changed]:
    """Return the fields that read differently, in the order of the page; masked ones without values."""
    old, new = (_read_fields(read, look) for read in (before, after))
    changed_behind = after.changes_behind_masks(before)
    changes = []
    for path in dict.fromkeys((*old, *new)):
        label, was, old_entries = old.get(path, ("", "", ()))
        label, now, came = new.get(path, (label, "", ()))
        is_masked = format_path_pattern(path) in after.masked_paths
        if format_path_pattern(path) not in changed_behind if is_masked else (was, old_entries) == (now, came):
            continue
        hidden = look.t("已修改（个人信息）", "changed (personal)") if is_masked else None
        change = Changed(label, "—" if hidden else was, hidden or now)
        if not hidden and (old_entries or came):
            removed = tuple(ChangedEntry(entry[0], entry not in came, entry[2]) for entry in old_entries)
            change = replace(
                change, removed=removed, added=tuple(_build_added(entry, old_entries, look) for entry in came)
            )
        changes.append(change)
    return changes


def _build_added(entry: _Entry, before: tuple[_Entry, ...], look: Look) -> ChangedEntry:
    """Return an entry of the list as it is now; a new file of an old name is said to be one."""
    words, _, href = entry
    new = entry not in before
    alike = new and any(was == words for was, _, _ in before)
    return ChangedEntry(
        look.t(f"{words}（已换成另一份文件）", f"{words} (another file)") if alike else words, new, href
    )


def _list_entries(node: Input, value: object, scope: Mapping[str, object], look: Look) -> tuple[_Entry, ...]:
    """Return the entries of a list, each with the id of its file or its value; of a field that holds no list nothing."""
    items = value if isinstance(value, list) else []
    keys = [item.get("id") if isinstance(item, Mapping) else item for item in items]
    hrefs = [look.urls.file.replace("{id}", str(item["id"])) if isinstance(item, Mapping) else "" for item in items]
    return tuple(zip(list_field_items(node, value, scope, look), keys, hrefs, strict=False))


def _read_fields(read: ReadableForm, look: Look) -> dict[Path, _Read]:
    state = read.state
    return dict(_walk_nodes(read.form.nodes, state.values, state.scope(), (), look, state.hidden, ()))


def _walk_nodes(
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
            label = " › ".join((*way, look.say(name_of(node))))
            value = values[node.key]
            yield (
                (*path, node.key),
                (label, words_of(node, value, scope, look), _list_entries(node, value, scope, look)),
            )
        elif isinstance(node, Group | Rows):
            name = look.say(node.label)
            for number, (inner, inner_scope, inner_path) in enumerate(inside(node, values, scope, path), 1):
                ordinal = f"{name} {number}" if isinstance(node, Rows) else name
                yield from _walk_nodes(
                    node.children, inner, inner_scope, inner_path, look, hidden, (*way, ordinal) if ordinal else way
                )
