"""Names of people and organisations found and replaced in any text: what no form marks as personal may still say who it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from service.casework.studio.fictional_values import fictional
from service.store import Transaction

_SHORTEST = 2
_LONGEST = 60
_PAGE = 500
_LEGAL_FORM = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|集团|总公司|公司|合作社)$"
)
_STEM = 4
"""A name without its legal form stands for it from so many signs on: 甲乙重工 for 甲乙重工有限公司."""


class NameMask:
    """Replaces names in texts: those of ``masked`` by what they are called, all others by signs that say nothing."""

    def __init__(self, masked: Mapping[str, str], others: Iterable[str]) -> None:
        self._called = {name: fictional(name) for other in others for name in _forms(other) if _is_name(name)}
        self._called |= {name: called for full, called in masked.items() for name in _forms(full)}
        self._lengths = sorted({len(name) for name in self._called}, reverse=True)

    def __call__(self, text: str) -> str:
        """Return ``text`` with every name in it replaced, the longest first at each place."""
        found, place = [], 0
        while place < len(text):
            name = next((n for n in self._at(text, place) if n in self._called), None)
            found.append(self._called[name] if name else text[place])
            place += len(name) if name else 1
        return "".join(found)

    def _at(self, text: str, place: int) -> Iterator[str]:
        return (text[place : place + length] for length in self._lengths if place + length <= len(text))


def every_name(tx: Transaction) -> Iterator[str]:
    """Yield the names of everybody who has an account or is on a register, and of every organisation."""
    after = 0
    while people := tx.people.everybody(after, _PAGE):
        yield from (person.name for person in people)
        after = people[-1].id
    yield from (body.name for body in tx.people.organisations_within(None))


def _forms(name: str) -> tuple[str, ...]:
    stem = _LEGAL_FORM.sub("", name)
    return (name, stem) if stem != name and len(stem) >= _STEM else (name,)


def _is_name(name: str) -> bool:
    """Tell whether a text is a name by which people are called: an account called ``office`` is none."""
    return _SHORTEST <= len(name) <= _LONGEST and (not name.isascii() or " " in name.strip())
