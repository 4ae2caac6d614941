"""Merge a step into a round of which a quota has written the agenda: what the quota wrote is set aside meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.read import read_diagram
from service.catalog.context_entries import entry_of, with_entry
from service.catalog.merge.merge_file import Merged, merge_file

_AGENDA, _VALUES, _TIERS = "set_agenda", "values", "tiers"


def merged_beside_quota(path: str, base: bytes, mine: bytes, theirs: bytes) -> Merged:
    """Merge as `merge_file`; the tiers and the clauses of the agenda stay those of ``mine``.

    A ranking writes who stands, a quota how many places there are: both say it in one parameter, and neither knows of the
    other.
    """
    usual, kept = _agenda(path, base), _agenda(path, mine)
    if usual is None or kept is None or usual == kept:
        return merge_file(path, base, mine, theirs)
    cited = {"clauses": kept.clauses} if kept.clauses else {}
    base, theirs = (change_element(one, path, _AGENDA, cited, {}) for one in (base, theirs))
    merged = merge_file(path, base, _with_tiers(path, mine, usual.tiers), theirs)
    return merged if merged.content is None else replace(merged, content=_with_tiers(path, merged.content, kept.tiers))


class _Agenda(NamedTuple):
    """The formula of the tiers that are put to the vote, and the clauses that the step cites."""

    tiers: str
    clauses: str


def _agenda(path: str, content: bytes) -> _Agenda | None:
    """Return what a quota writes of the agenda; None where none is set."""
    element = read_diagram(content, path).elements.get(_AGENDA)
    if element is None or element.operation is None:
        return None
    said = entry_of(element.operation.parameters.get(_VALUES, ""), _TIERS, deep=True)
    return _Agenda(said, " ".join(element.clauses)) if said else None


def _with_tiers(path: str, content: bytes, tiers: str) -> bytes:
    element = read_diagram(content, path).elements[_AGENDA]
    said = element.operation.parameters[_VALUES] if element.operation is not None else ""
    return change_element(content, path, _AGENDA, {}, {_VALUES: with_entry(said, _TIERS, tiers, deep=True)})
