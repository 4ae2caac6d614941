"""Change a diagram as its pattern changes, beside what was drawn on it since; a quota's agenda is set aside meanwhile."""

from __future__ import annotations

from typing import NamedTuple

from service.catalog.bpmn.change_element import change_element
from service.catalog.bpmn.read import read_diagram
from service.catalog.context_entries import entry_of, with_entry
from service.catalog.differences.described import name_of, subject_of
from service.catalog.differences.diagrams import put_together, take_apart
from service.catalog.differences.records import DRAWN, Key, NoRecords, Record, Records
from service.catalog.layout.drawn import drawn_to_merge
from service.catalog.source.formatting import format_file
from service.domain.errors import Invalid
from service.domain.text import Text

_AGENDA, _VALUES, _TIERS = "set_agenda", "values", "tiers"


def redraw(path: str, base: bytes, mine: bytes, theirs: bytes) -> bytes:
    """Return the diagram ``mine`` with what the pattern says otherwise in ``theirs`` than in ``base``.

    The tiers and the clauses of the agenda stay those of ``mine``: a ranking writes who stands, a quota how many places
    there are; both say it in one parameter, and neither knows of the other.
    Raises Invalid, naming the elements, where what was drawn since is in the way.
    """
    usual, own = _read_agenda(path, base), _read_agenda(path, mine)
    if usual is None or own is None or usual == own:
        return _patch(path, base, mine, theirs)
    cited = {"clauses": own.clauses} if own.clauses else {}
    base, theirs = (change_element(one, path, _AGENDA, cited, {}) for one in (base, theirs))
    return _with_tiers(path, _patch(path, base, _with_tiers(path, mine, usual.tiers), theirs), own.tiers)


class _Agenda(NamedTuple):
    """The formula of the tiers that are put to the vote, and the clauses that the step cites."""

    tiers: str
    clauses: str


def _read_agenda(path: str, content: bytes) -> _Agenda | None:
    """Return what a quota writes of the agenda; None where none is set."""
    element = read_diagram(content, path).elements.get(_AGENDA)
    if element is None or element.operation is None:
        return None
    tiers = entry_of(element.operation.parameters.get(_VALUES, ""), _TIERS, deep=True)
    return _Agenda(tiers, " ".join(element.clauses)) if tiers else None


def _with_tiers(path: str, content: bytes, tiers: str) -> bytes:
    element = read_diagram(content, path).elements[_AGENDA]
    values = element.operation.parameters[_VALUES] if element.operation is not None else ""
    return change_element(content, path, _AGENDA, {}, {_VALUES: with_entry(values, _TIERS, tiers, deep=True)})


def _patch(path: str, base: bytes, mine: bytes, theirs: bytes) -> bytes:
    try:
        before, own, after = (take_apart(content, path) for content in drawn_to_merge(path, base, mine, theirs))
    except NoRecords as unreadable:
        raise _refusal(str(unreadable)) from unreadable
    known = {**before.items, **after.items, **own.items}
    items: dict[Key, Record] = {}
    in_the_way: list[Key] = []
    for key in dict.fromkeys((*own.items, *after.items)):
        was, drawn, wanted = before.items.get(key), own.items.get(key), after.items.get(key)
        record = wanted if drawn == was else drawn
        if drawn != was and wanted not in (was, drawn):
            if key[0] == DRAWN and (drawn is None or wanted is None):
                record = drawn or wanted
            else:
                in_the_way.append(key)
        if record is not None:
            items[key] = record
    for key, record in list(items.items()):
        if any(need in known and need not in items for need in record.needs):
            if key[0] == DRAWN:
                del items[key]
            else:
                in_the_way.append(key)
    if in_the_way:
        names = {key: name_of(key, record) for key, record in known.items()}
        raise _refusal("、".join(dict.fromkeys(subject_of(key, known[key], names).zh for key in in_the_way)))
    order = {key: _join(before.order.get(key, ()), own.order.get(key, ()), after.order.get(key, ())) for key in items}
    return format_file(path, put_together(Records(items, order)))


def _join(before: tuple[Key, ...], own: tuple[Key, ...], after: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return all parts in the order in which they were drawn, else in that of the pattern; others follow their neighbour."""
    both = set(own) & set(after)
    leading, others = (after, own) if _among(own, both) == _among(before, both) else (own, after)
    parts, place = list(leading), -1
    for part in others:
        if part in both:
            place = parts.index(part)
        elif part not in parts:
            place += 1
            parts.insert(place, part)
    return tuple(parts)


def _among(parts: tuple[Key, ...], some: set[Key]) -> list[Key]:
    return [part for part in parts if part in some]


def _refusal(subjects: str) -> Invalid:
    return Invalid(
        Text(
            f"这一环节和已经画的内容相冲突（{subjects}），没有自动画。请在流程图中画，再回来选图元。",
            f"The step and what was drawn since are in each other's way ({subjects}): draw it on the diagram.",
        )
    )
