"""What the clauses of a new place say of its first numbers: each with the clause that says it and the bound it draws."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.catalog.clause_kinds.phase_days import days_said
from service.catalog.law.law import Clause, passages_of
from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.objection_phases import PHASES, key_of
from service.catalog.law_text.places import tiers_of
from service.catalog.law_text.presets import presets_of
from service.catalog.law_text.recommenders import each_its_own, places_to_recommend
from service.catalog.new_city.steps import Cited
from service.catalog.parameters.parameters import Unit

_PHASE_KEYS = tuple(map(key_of, PHASES))
_SAID_FOR: Mapping[str, tuple[str, Unit]] = {
    "window_days": ("apply", Unit.CALENDAR_DAYS),
    "founded_years": ("conditions", Unit.YEARS),
    "acceptance_days": ("acceptance", Unit.WORKING_DAYS),
    "vote_days": ("vote", Unit.WORKING_DAYS),
    "notice_days": ("notice", Unit.WORKING_DAYS),
    **dict.fromkeys(_PHASE_KEYS, ("objection", Unit.WORKING_DAYS)),
    "reviewers": ("scoring", Unit.COUNT),
    "recommend_days": ("recommendation", Unit.WORKING_DAYS),
    "cycle_years": ("cycle", Unit.YEARS),
}
"""The step whose clauses give each number, and what it counts."""
_HELD_BY_WORDS = ("window_days",)
"""The time to apply is held to the words of its clause wherever it is typed; a timer beside them counts single days."""
_AT_LEAST = ("notice_days",)
"""A time for the public that the words give without a bound is not cut short: “公示期为十五日”."""


_STATED_ALONE = (Unit.YEARS, Unit.COUNT)
"""What the words give without a bound is what they say and nothing else: “抽取5名专家”, “每两年评选一次”."""


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number that ``clause`` gives in ``words``; ``side`` is minimum, maximum, exactly, or "" where the words draw no bound."""

    clause: str
    article: str
    number: int
    words: str
    side: str = ""
    unit: Unit = Unit.COUNT

    def forbids(self, value: int) -> bool:
        """Tell whether ``value`` is beyond the bound."""
        if self.side == "exactly":
            return value != self.number
        return value < self.number if self.side == "minimum" else self.side == "maximum" and value > self.number


def stated_numbers(clauses: tuple[Clause, ...], cited: Cited, counted: Mapping[str, Unit]) -> dict[str, StatedNumber]:
    """Return what the clauses ``cited`` by the step of each number say of it; what they do not say is left out.

    ``counted`` says which days those count that may be either; a phase of an objection that is not among them counts as it says.
    """
    found: dict[str, StatedNumber] = {}
    for key, preset in presets_of(passages_of(clauses)).items():
        step, unit = _SAID_FOR.get(key, ("", Unit.COUNT))
        clause = clauses[preset.at]
        unit = counted.get(key, days_said(preset).unit if key in _PHASE_KEYS else unit)
        if clause.id not in cited.get(step, ()):
            continue
        alike = [n for n in numbers_in(clause.text or clause.summary) if (n.value, n.unit) == (preset.value, unit)]
        if alike:
            sides = {number.bound for number in alike}
            side = alike[0].bound if len(sides) == 1 and key not in _HELD_BY_WORDS else ""
            if sides == {""} and key not in _HELD_BY_WORDS:
                side = "minimum" if key in _AT_LEAST else "exactly" if unit in _STATED_ALONE else side
            found[key] = StatedNumber(clause.id, clause.article, int(preset.value), alike[0].words, side, unit)
    return found


def clauses_saying(clauses: tuple[Clause, ...], cited: Sequence[str], value: int, unit: Unit) -> Iterator[str]:
    """Yield the clauses ``cited`` in whose words the number stands, whatever it is said of there."""
    for clause in clauses:
        if clause.id in cited and says_number(clause.text or clause.summary, str(value), unit):
            yield clause.id


def says_number(text: str, value: str, unit: Unit | None = None) -> bool:
    """Tell whether a number, of ``unit`` where one is given, stands in ``text``."""
    percent = f"{value}%"
    return any(
        (number.value == value and unit in (None, number.unit)) or (unit is None and percent in number.words)
        for number in numbers_in(text)
    )


def places_stated(clauses: tuple[Clause, ...], cited: Cited, given: Mapping[str, int | None]) -> StatedNumber | None:
    """Return which clause says how many each authority may recommend, None where none says what is ``given`` to them by name.

    All have one number, or each its own (东区推荐不超过5个，西区推荐不超过4个).
    """
    known = [clause for clause in clauses if clause.id in cited.get("recommendation", ())]
    own = {name: number for name, number, _ in each_its_own(passages_of(known))}
    if own and own == dict(given):
        first = next((clause for clause in known if each_its_own(passages_of([clause]))), known[0])
        return StatedNumber(first.id, first.article, next(iter(own.values())), "、".join(map(str, own.values())))
    most = places_to_recommend(passages_of(known))
    if any(number != most for number in given.values()):
        return None
    told = (clause for clause in known if most is not None and places_to_recommend(passages_of([clause])) == most)
    clause = next(told, None)
    return StatedNumber(clause.id, clause.article, most, str(most)) if clause and most is not None else None


def clauses_of_places(clauses: tuple[Clause, ...], names: tuple[str, ...]) -> Iterator[str]:
    """Yield the clauses that say how many places one of the tiers called ``names`` has."""
    for clause in clauses:
        if any(name in names for name, _, _ in tiers_of([(clause.article, clause.text or clause.summary)])):
            yield clause.id
