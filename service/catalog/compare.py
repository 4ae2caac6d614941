"""Compare two packages: of two cities, or two versions of one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Generic, TypeVar

from service.catalog.law.law import Clause
from service.catalog.package import Package
from service.catalog.parameters.parameters import DatedValue, Parameter
from service.catalog.parameters.subjects import SUBJECTS, subject_of
from service.catalog.parameters.value_words import bounds_words, value_words
from service.catalog.settings.settings import articles_of
from service.catalog.stages import Stage
from service.domain.calendar.clock import format_full_day
from service.domain.text import Text

One = TypeVar("One")


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter on one side, with the value in force on the day of comparison and every dated value.

    ``words`` say the value of that day, ``later`` those that follow it, each with its first day. ``from_the_start`` are all of
    them with their first days, where the sides differ in nothing else that is said.
    """

    parameter: Parameter
    value: Any
    words: Text
    bounds: Text | None
    articles: str
    later: tuple[Text, ...] = ()
    from_the_start: tuple[Text, ...] = ()

    @property
    def in_words(self) -> Text:
        """The value of the day and those that follow it: 5个工作日，2027年1月1日起7个工作日."""
        each = self.from_the_start or (self.words, *self.later)
        return Text("，".join(one.zh for one in each), ", ".join(one.en for one in each))


@dataclass(frozen=True, slots=True)
class ComparedPart:
    """A tier, a kind of case or a stage on one side."""

    id: str
    name: str
    articles: str


@dataclass(frozen=True, slots=True)
class Pair(Generic[One]):
    """What stands side by side under ``key``; None where a side has nothing; ``subject`` is the chapter."""

    key: str
    left: One | None
    right: One | None
    same: bool
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs or agrees. ``clauses`` pair by id within one city, by kind between two."""

    left: Package
    right: Package
    on: date
    tiers: tuple[Pair[ComparedPart], ...]
    processes: tuple[Pair[ComparedPart], ...]
    stages: tuple[Pair[ComparedPart], ...]
    parameters: tuple[Pair[Value], ...]
    clauses: tuple[Pair[tuple[Clause, ...]], ...]
    files: tuple[Pair[str], ...]

    @property
    def one_city(self) -> bool:
        """Whether both are versions of one city's package."""
        return self.left.jurisdiction.id == self.right.jurisdiction.id


def compare_packages(left: Package, right: Package, on: date) -> Comparison:
    """Compare two packages with the values in force ``on`` that day."""
    is_same_city = left.jurisdiction.id == right.jurisdiction.id
    return Comparison(
        left,
        right,
        on,
        tuple(_pair_by_name(_map_tiers(left), _map_tiers(right))),
        tuple(_pair_by_name(_map_kinds(left), _map_kinds(right))),
        tuple(_pair_stages(left, right)),
        _pair_parameters(left, right, on, is_same_city),
        tuple(_by_id(left, right) if is_same_city else _by_kind(left, right)),
        tuple(_pair_files(left, right)) if is_same_city else (),
    )


def _map_tiers(package: Package) -> dict[str, ComparedPart]:
    law = package.law
    return {
        t.id: ComparedPart(t.id, t.name, "、".join(dict.fromkeys(map(law.article, t.clauses))))
        for t in package.award.tiers
    }


def _map_kinds(package: Package) -> dict[str, ComparedPart]:
    law = package.law
    return {
        key: ComparedPart(key, p.name, "、".join(dict.fromkeys(map(law.article, p.clauses))))
        for key, p in package.award.processes.items()
    }


def _pair_by_name(left: Mapping[str, ComparedPart], right: Mapping[str, ComparedPart]) -> Iterator[Pair[ComparedPart]]:
    alike = {part.name: key for key, part in right.items() if key not in left}
    twins = {key: key if key in right else alike.get(part.name, key) for key, part in left.items()}
    for key in (*left, *(key for key in right if key not in twins.values())):
        one, other = left.get(key), right.get(twins.get(key, key))
        yield Pair(key, one, other, one is not None and other is not None and one.name == other.name)


def _pair_stages(left: Package, right: Package) -> Iterator[Pair[ComparedPart]]:
    one = [ComparedPart(s.id, s.name, "") for s in _stages_of(left)]
    other = [ComparedPart(s.id, s.name, "") for s in _stages_of(right)]
    match = SequenceMatcher(None, [s.name for s in one], [s.name for s in other], autojunk=False)
    for kind, a, b, c, d in match.get_opcodes():
        for offset in range(max(b - a, d - c)):
            ours = one[a + offset] if a + offset < b else None
            theirs = other[c + offset] if c + offset < d else None
            yield Pair((ours or theirs or one[0]).id, ours, theirs, kind == "equal")


def _stages_of(package: Package) -> Sequence[Stage]:
    return package.stages() if package.award.processes else ()


def _pair_parameters(left: Package, right: Package, on: date, is_same_city: bool) -> tuple[Pair[Value], ...]:
    order = {subject.id: place for place, subject in enumerate(SUBJECTS)}
    pairs = [
        _build_pair(key, _find_value(left, a, on), _find_value(right, b, on), is_same_city)
        for key, a, b in _match_parameters(left, right)
    ]
    return tuple(sorted(pairs, key=lambda pair: order[pair.subject]))


def _match_parameters(left: Package, right: Package) -> Iterator[tuple[str, Parameter | None, Parameter | None]]:
    """Pair parameters by id; what is left over by their key in the vocabulary, where that leaves no choice."""
    ours, theirs = dict(left.award.parameters), dict(right.award.parameters)
    for ident in [i for i in ours if i in theirs]:
        yield ident, ours.pop(ident), theirs.pop(ident)
    for ident, parameter in list(ours.items()):
        same_key = [p for p in theirs.values() if p.key and p.key == parameter.key]
        alone = sum(p.key == parameter.key for p in ours.values()) == 1
        match = same_key[0] if len(same_key) == 1 and alone else None
        yield ident, ours.pop(ident), theirs.pop(match.id) if match else None
    for ident, parameter in theirs.items():
        yield ident, None, parameter


def _find_value(package: Package, parameter: Parameter | None, on: date) -> Value | None:
    if parameter is None:
        return None
    value = parameter.value_on(on)
    return Value(
        parameter,
        value,
        value_words(parameter, value),
        bounds_words(parameter),
        articles_of(package, parameter),
        tuple(_format_beginning(parameter, dated) for dated in parameter.values if dated.since > on),
    )


def _format_beginning(parameter: Parameter, dated: DatedValue) -> Text:
    since, words = format_full_day(dated.since), value_words(parameter, dated.value)
    return Text(f"{since.zh}起{words.zh}", f"{words.en} from {since.en}")


def _build_pair(key: str, left: Value | None, right: Value | None, is_same_city: bool) -> Pair[Value]:
    value = left or right
    assert value is not None
    same = (
        left is not None
        and right is not None
        and _list_compared_facts(left, is_same_city) == _list_compared_facts(right, is_same_city)
    )
    if left is not None and right is not None and not same and left.in_words == right.in_words:
        left, right = _with_past(left, right)
    return Pair(key, left, right, same, subject_of(value.parameter).id)


def _with_past(left: Value, right: Value) -> tuple[Value, Value]:
    """Return two sides that say the same of today and later, with what they say otherwise of earlier days."""
    past = [
        tuple(_format_beginning(side.parameter, dated) for dated in side.parameter.values) for side in (left, right)
    ]
    if past[0] == past[1]:
        return left, right
    return replace(left, from_the_start=past[0]), replace(right, from_the_start=past[1])


def _list_compared_facts(side: Value, whole: bool) -> tuple[Any, ...]:
    """Return what must agree: between versions of one city every dated value and the citation as well."""
    p = side.parameter
    facts = (p.unit, side.value, p.minimum, p.maximum)
    return (*facts, p.values, p.clauses, p.source, p.choices) if whole else facts


def _by_id(left: Package, right: Package) -> Iterator[Pair[tuple[Clause, ...]]]:
    ours, theirs = left.law.clauses, right.law.clauses
    for ident in _in_order(ours, theirs):
        one, other = ours.get(ident), theirs.get(ident)
        yield Pair(ident, (one,) if one else None, (other,) if other else None, one == other)


def _in_order(ours: Iterable[str], theirs: Iterable[str]) -> list[str]:
    """Return the ids of both, what only the right one has after what stands before it there."""
    idents = list(theirs)
    place = -1
    for ident in ours:
        if ident in idents:
            place = idents.index(ident)
        else:
            place += 1
            idents.insert(place, ident)
    return idents


def _by_kind(left: Package, right: Package) -> Iterator[Pair[tuple[Clause, ...]]]:
    ours, theirs = _kinds_of_clauses(left), _kinds_of_clauses(right)
    for kind in dict.fromkeys((*ours, *theirs)):
        yield Pair(kind, ours.get(kind), theirs.get(kind), False)


def _kinds_of_clauses(package: Package) -> dict[str, tuple[Clause, ...]]:
    clauses_by_kind: dict[str, list[Clause]] = {}
    for clause in package.law.clauses.values():
        clauses_by_kind.setdefault(clause.kind, []).append(clause)
    return {kind: tuple(clauses) for kind, clauses in clauses_by_kind.items()}


def _pair_files(left: Package, right: Package) -> Iterator[Pair[str]]:
    for path in sorted({*left.files, *right.files}):
        if left.files.get(path) != right.files.get(path):
            yield Pair(path, path if path in left.files else None, path if path in right.files else None, False)
