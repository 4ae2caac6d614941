"""Scenarios varied: silence at a task, each other choice of a form, everybody in favour, what comes early or late."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import Enum
from itertools import combinations
from typing import Any

from service.casework.simulate.scenarios.scenario import Move, Scenario
from service.catalog import Package
from service.catalog.scenarios.scenario_terms import terms_of
from service.catalog.tables.tables import TableDescription
from service.domain.errors import LaurelError
from service.domain.text import Text

LATE = timedelta(days=60)
"""By so much a late step comes late."""

_CHOOSING = ("radio", "select")
_WITH_FACTS = ("start", "complete")
_FIELD = re.compile(r"\.(\w+)")
_LONG_AGO, _MUCH = "1980-01-01", 100_000


class Variation(Enum):
    """In what a variant differs from its scenario."""

    NONE = Text("照原情景", "as the scenario has it")
    SILENCE = Text("无人办理", "nobody acts")
    CHOICE = Text("另作选择", "another choice")
    LATE = Text("迟办", "late")
    EARLY = Text("早办", "early")
    IN_FAVOUR = Text("全体赞成", "everybody in favour")
    FACT = Text("另报一个事实", "another fact")
    FACTS = Text("另报两个事实", "two other facts")


_GOES_ON = (Variation.FACT, Variation.FACTS)
"""After these the scenario goes on: what was told shows later."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A scenario up to the step that differs; ``what`` says in what, ``key`` is the same for variants that ask the same.

    ``rows`` are the rows of tables of conditions for whose sake two facts are told at a time.
    """

    change: Variation
    scenario: Scenario
    what: Text
    key: tuple[str, ...]
    rows: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OtherWay:
    """Another way of doing one step; ``what``, ``key`` and ``rows`` as a `Variant` has them."""

    change: Variation
    move: Move
    what: Text
    key: tuple[str, ...]
    rows: frozenset[str] = frozenset()


def variants_of(package: Package, scenario: Scenario) -> Iterator[Variant]:
    """Yield the variants of a scenario, the shortest first; none of them expects anything."""
    kept = tuple(m for m in scenario.moves if m.verb != "expect" and not m.keys.get("refused"))
    for number, move in enumerate(kept):
        before, after = kept[:number], kept[number + 1 :]
        if move.verb in ("complete", "each"):
            name = terms_of(package).element(str(move.value))
            what = Text(f"“{name}”无人办理", f"nobody does “{name}”")
            silence = Variation.SILENCE
            yield Variant(silence, replace(scenario, moves=before, expect=()), what, (silence.name, str(move.value)))
        for other in other_ways_of(package, scenario, move):
            moves = (*before, other.move, *(after if other.change in _GOES_ON else ()))
            yield Variant(other.change, replace(scenario, moves=moves, expect=()), other.what, other.key, other.rows)


def other_ways_of(package: Package, scenario: Scenario, move: Move) -> Iterator[OtherWay]:
    """Yield every other way of doing a step: another choice, early, late, other facts told, everybody in favour."""
    if move.verb in ("complete", "each"):
        yield from _otherwise_done(package, move)
    if move.verb in _WITH_FACTS:
        form = _form_of(package, str(move.value)) if move.verb != "start" else _start_form(package, str(move.value))
        yield from _with_other_facts(package, form, scenario, move)
    if move.verb == "vote":
        every = {
            word: "".join(letter if letter == "." else "y" for letter in str(letters))
            for word, letters in move.value.items()
        }
        voted = replace(move, value=every, keys={**move.keys, "vote": every})
        what = Text("全体投赞成票", "everybody votes in favour")
        yield _other_way(Variation.IN_FAVOUR, voted, what, "vote", str(move.case))


def _otherwise_done(package: Package, move: Move) -> Iterator[OtherWay]:
    name = terms_of(package).element(str(move.value))
    for field, value, label in _other_choices(package, _form_of(package, str(move.value)), move):
        what = Text(f"“{name}”选择“{label}”", f"“{name}”: {label}")
        yield _other_way(Variation.CHOICE, _typed(move, field, value), what, str(move.value), field, str(value))
    if move.at is not None:
        what = Text(f"“{name}”迟 {LATE.days} 天办理", f"“{name}” comes {LATE.days} days late")
        yield _other_way(Variation.LATE, replace(move, at=move.at + LATE), what, str(move.value))
        what = Text(f"“{name}”一到手就办理", f"“{name}” is done at once")
        yield _other_way(Variation.EARLY, replace(move, at=None), what, str(move.value))


def _other_way(change: Variation, move: Move, what: Text, *key: str) -> OtherWay:
    return OtherWay(change, move, what, (change.name, *key))


def _form_of(package: Package, element: str) -> str:
    """Return the form of an element, by its id alone: a step of a scenario names no process."""
    forms: Mapping[str, str] = package.derived(
        "forms by element",
        lambda: {e.id: e.form for d in package.diagrams.values() for e in d.elements.values() if e.form},
    )
    return forms.get(element, "")


def _with_other_facts(package: Package, form: str, scenario: Scenario, move: Move) -> Iterator[OtherWay]:
    """Yield the step with each other fact told; what follows is tried as it was."""
    given = move.keys.get("with") or {}
    told_so_far = sorted(f"{key}={value}" for key, value in given.items()) if isinstance(given, Mapping) else []
    facts = list(_other_facts(package, form, move, scenario))
    for field, value, told in facts:
        key = (str(move.value), field, str(value), *told_so_far)
        yield _other_way(Variation.FACT, _typed(move, field, value), told, *key)
    yield from _with_two_other_facts(package, move, facts)


def _with_two_other_facts(package: Package, move: Move, facts: Sequence[tuple[str, Any, Text]]) -> Iterator[OtherWay]:
    """Yield the step with each two other facts told that one row of a table reads together."""
    together = _read_together(package, {key for key, _, _ in facts})
    for (one, value, first), (other, second, then) in combinations(facts, 2):
        rows = together.get(frozenset((one, other)))
        if rows:
            typed = _typed(_typed(move, one, value), other, second)
            told = Text(f"{first.zh}，{then.zh}", f"{first.en}, {then.en}")
            key = (str(move.value), one, str(value), other, str(second))
            yield replace(_other_way(Variation.FACTS, typed, told, *key), rows=frozenset(rows))


def _read_together(package: Package, keys: Collection[str]) -> Mapping[frozenset[str], set[str]]:
    """Return every two of the fields ``keys`` that a row of a table of conditions reads, with these rows."""
    found: dict[frozenset[str], set[str]] = {}
    for table in package.tables.values():
        for row in table.rows if table.is_eligibility else ():
            cells = zip(table.inputs, row.inputs, strict=False)
            asked = [column.expression for column, cell in cells if cell not in ("", "-")]
            words = {word for text in (*asked, *row.inputs, *row.outputs) for word in _FIELD.findall(text)}
            for pair in combinations(sorted(words.intersection(keys)), 2):
                found.setdefault(frozenset(pair), set()).add(row.id)
    return found


def _told(label: str, value: Any, named: str = "") -> Text:
    """Return that a field says something else: what is ``named`` by the form is told by that name."""
    said = Text(f"“{named}”", named) if named else _said(value)
    return Text(f"“{label}”改为{said.zh}", f"{label}: {said.en}")


def _typed(move: Move, field: str, value: Any) -> Move:
    given = move.keys.get("with") or {}
    changed = [{**row, field: value} for row in given] if isinstance(given, list) else {**given, field: value}
    return replace(move, keys={**move.keys, "with": changed})


def _other_choices(package: Package, form: str, move: Move) -> Iterator[tuple[str, Any, str]]:
    """Yield field, value and label of every choice of the form that the step does not take."""
    given = move.keys.get("with") or {}
    taken: Mapping[str, Any] = given if isinstance(given, Mapping) else {}
    for component in form_components(package, form):
        if component.get("type") in _CHOOSING and component.get("key"):
            for option in component.get("values") or ():
                if str(option.get("value")) != str(taken.get(component["key"])):
                    yield component["key"], option.get("value"), str(option.get("label", option.get("value")))


def _said(value: Any) -> Text:
    if isinstance(value, bool):
        return Text("“是”", "yes") if value else Text("“否”", "no")
    return Text(f"“{value}”", str(value))


def _start_form(package: Package, process: str) -> str:
    info = package.award.processes.get(process)
    return (info.start_form or "") if info else ""


def _other_facts(package: Package, form: str, move: Move, scenario: Scenario) -> Iterator[tuple[str, Any, Text]]:
    """Yield field, value and words of other facts that a decision table may decide by: little, much, new, old, each choice."""
    given = move.keys.get("with") or {}
    if not isinstance(given, Mapping):
        return
    yesterday = (scenario.start.date() - timedelta(days=1)).isoformat()
    read = " ".join(text for table in package.tables.values() for text in _expressions(table))
    for component in form_components(package, form):
        key, kind = str(component.get("key", "")), component.get("type")
        label = str(component.get("label") or component.get("dateLabel") or key)
        if not key or f".{key}" not in read:
            continue
        values: tuple[Any, ...] = ()
        names: dict[str, str] = {}
        if kind == "number":
            values = (0, 1, _MUCH)
        elif kind == "datetime":
            values = (yesterday, _LONG_AGO)
        elif kind == "checkbox":
            values = (not given.get(key),)
        elif kind in _CHOOSING:
            values = tuple(option.get("value") for option in component.get("values") or ())
            names = {str(option.get("value")): str(option.get("label", "")) for option in component.get("values") or ()}
        yield from (
            (key, value, _told(label, value, names.get(str(value), "")))
            for value in values
            if str(value) != str(given.get(key))
        )


def _expressions(table: TableDescription) -> Iterator[str]:
    yield from (column.expression for column in table.inputs)
    for row in table.rows:
        yield from (*row.inputs, *row.outputs)


def form_components(package: Package, form: str) -> Sequence[Mapping[str, Any]]:
    """Return the fields of a form, those of groups included; nothing where it cannot be read."""
    if not form or not package.has_form(form) or "{" in form:
        return ()
    try:
        components = package.form(form).get("components", ())
    except LaurelError:  # the check says what is wrong with the form
        return ()
    return [
        part for one in components for part in (one, *(one.get("components") or ())) if one.get("type") != "dynamiclist"
    ]
