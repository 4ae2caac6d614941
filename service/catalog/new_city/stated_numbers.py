"""Which clause says a number that was entered, with the bound that its words draw."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from service.catalog.law.law import Clause
from service.catalog.law_text.numbers import numbers_in
from service.catalog.parameters.parameters import Unit

_STATED_ALONE = (Unit.YEARS, Unit.COUNT)
"""What the words give without a bound is what they say and nothing else: “抽取5名专家”, “每两年评选一次”."""


@dataclass(frozen=True, slots=True)
class StatedNumber:
    """A number that ``clause`` gives; ``side`` is minimum, maximum, exactly, or "" where the words draw no bound."""

    clause: str
    number: int
    side: str = ""


def stated_number(clauses: Iterable[Clause], number: int, unit: Unit, is_least: bool = False) -> StatedNumber | None:
    """Return the first of ``clauses`` in whose words the number stands; ``is_least``: it is the least where no bound is said."""
    for clause in clauses:
        found = [n for n in numbers_in(clause.text or clause.summary) if (n.value, n.unit) == (str(number), unit)]
        if found:
            return StatedNumber(clause.id, number, _bound({one.bound for one in found}, unit, is_least))
    return None


def _bound(sides: set[str], unit: Unit, is_least: bool) -> str:
    if len(sides) > 1 or "" not in sides:
        return sides.pop() if len(sides) == 1 else ""
    return "minimum" if is_least else "exactly" if unit in _STATED_ALONE else ""


def stated_share(clauses: Iterable[Clause], typed: str) -> str:
    """Return the id of the first of ``clauses`` that says a share (> 1/2) or a number of people, "" where none does."""
    words = typed.lstrip(">=≥ ")
    for clause in clauses:
        for number in numbers_in(clause.text or clause.summary):
            same = (
                number.value == words
                if words.isdecimal()
                else number.unit is Unit.FRACTION and _is_share(number.value, words)
            )
            if same:
                return clause.id
    return ""


def _is_share(value: str, words: str) -> bool:
    try:
        return Fraction(value) == Fraction(words)
    except ValueError:
        return False
