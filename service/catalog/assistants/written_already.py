"""Parts of a clause whose numbers the parameters that cite it have already: they need not be read by an assistant."""

from __future__ import annotations

import re
from collections.abc import Iterable

from service.catalog.law_text.numbers import numbers_in
from service.catalog.law_text.year_days import year_day
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit

_VOTED = re.compile("同意|赞成|得票")
_EXCEPTED = re.compile("除外|不在此限|不受|但[是书]?|终身|永久")


def unwritten_parts(package: Package, clause: str, parts: Iterable[str]) -> tuple[str, ...]:
    """Return those of ``parts`` of a clause that say something which none of its parameters holds."""
    held = {
        (parameter.unit.value, str(parameter.values[-1].value))
        for parameter in package.award.parameters.values()
        if clause in parameter.clauses and parameter.values
    }
    values = {value for _, value in held}
    return tuple(part for part in parts if not _written(part, held, values))


def _written(part: str, held: set[tuple[str, str]], values: set[str]) -> bool:
    numbers, day = numbers_in(part), year_day(part)
    if _VOTED.search(part):  # the attendance may be the same share: what passes is written with its sign (>= 2/3)
        held = {(unit, value.split()[-1]) for unit, value in held if value[:1] in "<>"} | {
            (Unit.FRACTION.value, value.split()[-1]) for _, value in held if value[:1] in "<>"
        }
    if _EXCEPTED.search(part) or not (numbers or day):
        return False
    return all((number.unit.value, number.value) in held for number in numbers) and (day is None or day.typed in values)
