"""Names of people and organisations found and replaced in any text: what no form marks as personal may still say who it is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from service.casework.studio.replay.fictional_values import fictional
from service.store import Transaction

_SHORTEST = 2
_LONGEST = 60
_PAGE = 500
_LEGAL_FORM = re.compile(
    r"(股份有限公司|有限责任公司|集团有限公司|有限公司|股份公司|集团公司|集团|总公司|公司|合作社)$"
)
_STEM = 4
"""A name without its legal form stands for it from so many signs on: 甲乙重工 for 甲乙重工有限公司."""
_APART = "一二三四五六七八九十百千天地玄黄宇宙洪荒日月盈昃辰宿列寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
"""The last sign of a made-up name tells it from others of its length."""


class NameMask:
    """Replaces names in texts: those of ``masked`` by what they are called, all others by signs that say nothing.

    A name is made up alike wherever it stands, and two names differently: a list that names nobody twice goes on doing so.
    """

    def __init__(self, masked: Mapping[str, str], others: Iterable[str]) -> None:
        self._others = {name for other in others for name in _forms(other) if _is_name(name)}
        self._called = {name: called for full, called in masked.items() for name in _forms(full)}
        self._lengths = sorted({len(name) for name in (*self._others, *self._called)}, reverse=True)
        self._made_up: set[str] = set()

    def __call__(self, text: str) -> str:
        """Return ``text`` with every name in it replaced, the longest first at each place."""
        found, place = [], 0
        while place < len(text):
            name = next((n for n in self._at(text, place) if n in self._called or n in self._others), None)
            found.append(self.called(name) if name else text[place])
            place += len(name) if name else 1
        return "".join(found)

    def called(self, value: str) -> str:
        """Return what stands for a value that must not be told: for a name that is known, the same as in every text."""
        if value not in self._called:
            if value not in self._others:
                return fictional(value)
            self._called[value] = self._apart(fictional(value))
        return self._called[value]

    def _apart(self, name: str) -> str:
        """Return a made-up name that stands for nobody else yet, as long as there are signs to tell it by."""
        others = (f"{name[:-1]}{sign}" for sign in _APART if not name.isascii())
        fresh = next((one for one in (name, *others) if one not in self._made_up), name)
        self._made_up.add(fresh)
        return fresh

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
