"""First values of a form that is filled in anew: what decides is blank again, what describes stays."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.domain.forms.model import FormNode, Group, Input, InputType, Rows, dotted, key_of, same_object

_FOUND = frozenset({InputType.RADIO, InputType.CHECKBOX})
"""Fields that state a finding or confirm something, whatever reads them."""
_READ = frozenset({InputType.SELECT, InputType.CHECKLIST, InputType.TAGLIST, InputType.NUMBER})
"""Fields that decide where a condition reads them, and describe otherwise."""

IsRead = Callable[[tuple[str, ...]], bool]
"""Says whether a condition reads the value at a path, which names no rows."""


def undecided(
    nodes: tuple[FormNode, ...], values: Mapping[str, object], is_read: IsRead
) -> tuple[dict[str, object], frozenset[str]]:
    """Return ``values`` without the findings, confirmations and figures that decide, and the paths of these fields.

    The long texts after them, or beside them in a group, state their grounds and go with them. Other texts, days and
    files stay, and so does what only the program fills in (read-only, disabled and computed fields). In lists the rows
    stay, each without what decides in it; their fields are not among the paths.
    """
    blanked: set[str] = set()
    kept, _ = _without(nodes, values, is_read, (), blanked, after=False)
    return kept, frozenset(blanked)


def _without(
    nodes: tuple[FormNode, ...],
    values: Mapping[str, object],
    is_read: IsRead,
    path: tuple[str, ...],
    blanked: set[str],
    *,
    after: bool,
) -> tuple[dict[str, object], bool]:
    """Return what is kept of ``values``, and whether anything was decided up to its end; ``after`` is whether before."""
    kept = dict(values)
    for node in same_object(nodes):
        here, held = (*path, key_of(node)), values.get(key_of(node))
        if isinstance(node, Group) and isinstance(held, Mapping):
            after = after or any(_has_decided(one, here, held, is_read) for one in node.children)
            kept[here[-1]], after = _without(node.children, held, is_read, here, blanked, after=after)
        elif isinstance(node, Rows) and isinstance(held, list):
            rows = (row if isinstance(row, Mapping) else {} for row in held)
            kept[here[-1]] = [_without(node.children, row, is_read, here, set(), after=False)[0] for row in rows]
        elif _has_decided(node, path, values, is_read) or (after and held is not None and _states_grounds(node)):
            after = True
            del kept[here[-1]]
            blanked.add(dotted(here))
    return kept, after


def _has_decided(node: FormNode, path: tuple[str, ...], values: Mapping[str, object], is_read: IsRead) -> bool:
    return isinstance(node, Input) and values.get(node.key) is not None and _decides(node, (*path, node.key), is_read)


def _states_grounds(node: FormNode) -> bool:
    return (
        isinstance(node, Input)
        and node.type is InputType.TEXTAREA
        and node.readonly is False
        and node.disabled is False
    )


def _decides(node: Input, path: tuple[str, ...], is_read: IsRead) -> bool:
    if node.readonly is not False or node.disabled is not False:
        return False
    return node.type in _FOUND or (node.type in _READ and (node.normal is not None or is_read(path)))
