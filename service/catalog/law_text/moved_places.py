"""Places of a regulation that get other numbers: 第九条第（三）项 becomes 第九条第（四）项, 二（三） becomes 二（四）."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import TypeAlias

from service.domain.wording.han_numerals import HAN_NUMERAL, read_han, write_han

Moves: TypeAlias = Mapping[str, str | None]
"""The new name of every place by its old one, None for one that goes; what lies in a place moves with it."""


@dataclass(frozen=True, slots=True)
class PartKind:
    """A kind of part with a number in its holder: the paragraphs of an article, the items of either, the points of a section.

    ``printed``: its number stands in the text, so that the place of one that goes is filled only where the decision says so.
    """

    pattern: re.Pattern[str]
    head: str
    tail: str
    printed: bool = True

    def number(self, found: re.Match[str]) -> int:
        """Return the number of a part that the pattern found."""
        return int(found[2]) if found[2].isdecimal() and found[2].isascii() else read_han(found[2])

    def name(self, holder: str, number: int) -> str:
        """Return the part of ``holder`` with this number as registers name it."""
        return f"{holder}{self.head}{number if not self.head else write_han(number)}{self.tail}"


SECTION = PartKind(re.compile(rf"({HAN_NUMERAL})（({HAN_NUMERAL})）"), "（", "）")
PART_KINDS = (
    PartKind(re.compile(rf"(第{HAN_NUMERAL}条)第({HAN_NUMERAL})款"), "第", "款", printed=False),
    PartKind(re.compile(rf"(第{HAN_NUMERAL}条(?:第{HAN_NUMERAL}款)?)第（({HAN_NUMERAL})）项"), "第（", "）项"),
    SECTION,
    PartKind(re.compile(rf"({HAN_NUMERAL}（{HAN_NUMERAL}）)([0-9]{{1,2}})"), "", ""),
)
"""Whoever holds others comes first."""


def is_within(place: str, holder: str) -> bool:
    """Tell whether ``place`` is ``holder`` or lies in it: 第十一条 holds 第十一条第（二）项, 二（一） 二（一）2."""
    if not holder or not place.startswith(holder):
        return False
    rest = place[len(holder) :]
    return not rest or rest.startswith("第") or (holder.endswith("）") and rest.isdecimal())


def moved_holder(place: str, moves: Moves) -> str:
    """Return the innermost place of ``moves`` that ``place`` is or lies in, "" where none is."""
    return max((held for held in moves if is_within(place.partition("（第")[0], held)), key=len, default="")


def place_now(place: str, moves: Moves) -> str | None:
    """Return what ``place`` is called after ``moves``; None where it goes."""
    held = moved_holder(place, moves)
    now = moves[held] if held else place
    return now if now is None or not held else now + place[len(held) :]


def is_part(place: str) -> bool:
    """Tell whether ``place`` is a numbered part of an article or section: 第九条第（三）项, 二（三）."""
    return any(kind.pattern.fullmatch(place) for kind in PART_KINDS)


def new_place(place: str, moves: Moves) -> str:
    """Return where a part that is added stands: its own number is the new one, that of its holder the old one."""
    for kind in reversed(PART_KINDS):
        if match := kind.pattern.fullmatch(place):
            return kind.name(place_now(match[1], moves) or match[1], kind.number(match))
    return place


def in_sequence(last: int, added: set[int], gone: set[int], told: Mapping[int, int]) -> dict[int, int]:
    """Return the new number of everything from 1 to ``last`` that stays: one after the other, around those added and told."""
    free = (number for number in count(1) if number not in added and number not in told.values())
    return {old: told[old] if old in told else next(free) for old in range(1, last + 1) if old not in gone}


def moved_parts(
    articles: Iterable[str], added: Iterable[str], gone: Iterable[str], moves: Moves, *, filled: bool
) -> Moves:
    """Return ``moves`` with the parts that get other numbers because some are ``added`` by their new, or ``gone`` by their old.

    ``articles`` are the places of the register; ``filled``: the decision orders the parts behind one that goes to move up.
    """
    found, known = dict(moves), tuple(dict.fromkeys(articles))
    for kind in PART_KINDS:
        through = kind is SECTION and sections_run_through(known)
        come, go = _by_row(kind, added, through=through), _by_row(kind, gone, through=through)
        for row in sorted(come.keys() | go.keys()):
            new, old = come.get(row, set()), go.get(row, set())
            holders = dict(_numbers(kind, known, row))
            order = in_sequence(max(holders, default=0), new, old if filled or not kind.printed else old & new, {})
            for number, holder in holders.items():
                now = None if number in old else order.get(number)
                if now != number:
                    found[kind.name(holder, number)] = (
                        kind.name(place_now(holder, found) or holder, now) if now else None
                    )
    return found


def first_paragraphs(articles: Iterable[str], added: Iterable[str]) -> dict[str, str]:
    """Return what articles that had no paragraphs become once some are ``added``: 第十五条 becomes 第十五条第一款.

    ``articles`` are the places of the register; what an article said so far is the first paragraph that is not added.
    """
    paragraphs, known = PART_KINDS[0], tuple(articles)
    parted = {match[1] for place in known if (match := paragraphs.pattern.match(place))}
    return {
        article: paragraphs.name(article, next(number for number in count(1) if number not in numbers))
        for article, numbers in _by_row(paragraphs, added, through=False).items()
        if article not in parted and any(is_within(place, article) for place in known)
    }


def sections_run_through(articles: Iterable[str]) -> bool:
    """Tell whether the sections of a text in parts are counted through all of them: 一（二） is followed by 二（三）."""
    holders: dict[str, set[str]] = {}
    for article in articles:
        if match := SECTION.pattern.match(article):
            holders.setdefault(match[2], set()).add(match[1])
    return len(set().union(*holders.values())) > 1 and all(len(one) == 1 for one in holders.values())


def _by_row(kind: PartKind, places: Iterable[str], *, through: bool) -> dict[str, set[int]]:
    rows: dict[str, set[int]] = {}
    for place in places:
        if match := kind.pattern.fullmatch(place):
            rows.setdefault("" if through else match[1], set()).add(kind.number(match))
    return rows


def _numbers(kind: PartKind, articles: Iterable[str], row: str) -> Iterator[tuple[int, str]]:
    """Yield the numbers that a row holds, each with its holder; "" is a row through all holders."""
    for article in articles:
        match = kind.pattern.match(article)
        if match and row in ("", match[1]):
            yield kind.number(match), match[1]
