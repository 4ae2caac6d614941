"""Articles that get another number because a decision adds, removes or moves others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import count

from service.catalog.law import Clause, Law
from service.catalog.law_text.article_words import followed
from service.catalog.law_text.decision import AmendmentAct, AmendmentPoint
from service.domain.han_numerals import HAN_NUMERAL, read_han, write_han

_ARTICLE = re.compile(rf"第({HAN_NUMERAL})条")


@dataclass(frozen=True, slots=True)
class MovedArticles:
    """The new number of every article by its old one, None for one that goes; ``said`` are the sentences that say so.

    ``stays``: an article goes and no sentence orders the others to move up, so they keep their numbers.
    """

    numbers: Mapping[int, int | None]
    said: str = ""
    stays: bool = False

    def words(self) -> tuple[str, ...]:
        """Return what moves as people say it: 第七条→第六条."""
        return tuple(f"{written(old)}→{written(new)}" for old, new in self.numbers.items() if new is not None)


def written(number: int) -> str:
    """Return an article as people name it."""
    return f"第{write_han(number)}条"


def article_number(place: str) -> int:
    """Return the number of the article in which ``place`` lies; 0 for a text that is not in articles."""
    found = _ARTICLE.match(place)
    return read_han(found[1]) if found else 0


def is_whole_article(place: str) -> bool:
    """Tell whether a passage is an article with all that it says."""
    return bool(_ARTICLE.fullmatch(place))


def moved_articles(law: Law, points: Iterable[AmendmentPoint]) -> MovedArticles:
    """Return which articles of ``law`` get another number.

    Those that are added stand where the decision says; the others follow each other around them. The place of one that
    goes is filled only where the decision orders it (条文顺序作相应调整, 重新公布) or says itself what an article becomes.
    """
    orders = [point for point in points if point.act in _MOVING]
    whole = [point for point in orders if is_whole_article(point.place)]
    added = {article_number(p.place) for p in whole if p.act is AmendmentAct.ADD}
    gone = {article_number(p.place) for p in whole if p.act is AmendmentAct.REMOVE}
    told = {article_number(p.place): article_number(p.text) for p in whole if p.act is AmendmentAct.MOVE}
    filled = any(point.act in (AmendmentAct.ORDER, AmendmentAct.MOVE) for point in orders)
    numbers = _sequence(law, added, gone if filled else gone & added, told)
    numbers |= dict.fromkeys(gone)
    moved = {old: new for old, new in sorted(numbers.items()) if new != old}
    said = " ".join(dict.fromkeys(point.said for point in orders)) if moved else ""
    return MovedArticles(moved, said, bool(gone - added) and not filled)


def _sequence(law: Law, added: set[int], gone: set[int], told: Mapping[int, int]) -> dict[int, int | None]:
    """Return the new number of every article that stays: one after the other, around those added and those told."""
    last = max((article_number(clause.article) for clause in law.clauses.values()), default=0)
    free = (number for number in count(1) if number not in added and number not in told.values())
    return {old: told[old] if old in told else next(free) for old in range(1, last + 1) if old not in gone}


_MOVING = frozenset({AmendmentAct.ADD, AmendmentAct.REMOVE, AmendmentAct.MOVE, AmendmentAct.ORDER})


def renumbered(clause: Clause, moved: MovedArticles, title: str, *, words: bool) -> Clause:
    """Return a clause with its new article; ``words``: what it says of other articles follows too."""
    number = moved.numbers.get(article_number(clause.article))
    article = _ARTICLE.sub(written(number), clause.article, count=1) if number else clause.article
    if not words:
        return replace(clause, article=article)
    summary, text = (followed(said, title, moved.numbers) for said in (clause.summary, clause.text))
    return replace(clause, article=article, summary=summary, text=text)


def place_numbers(place: str) -> tuple[int, ...]:
    """Return the numbers of a passage, by which it stands in its text: 第十一条第（二）项 as 11, 2; 二（一）2 as 2, 1, 2."""
    article = re.match(rf"第({HAN_NUMERAL})条", place)
    item = re.search(rf"第（({HAN_NUMERAL})）项", place)
    if not article and (part := re.fullmatch(rf"({HAN_NUMERAL})（({HAN_NUMERAL})）([0-9]*)", place)):
        return (read_han(part[1]), read_han(part[2]), *([int(part[3])] if part[3] else []))
    return tuple(read_han(found[1]) for found in (article, item) if found)
