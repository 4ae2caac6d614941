"""Articles, and parts of them, that get another number because a decision adds, removes or moves others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.article_words import followed
from service.catalog.law_text.moved_places import Moves, in_sequence, moved_parts, place_now
from service.domain.wording.han_numerals import HAN_NUMERAL, read_han, write_han

_MARK = re.compile(rf"(（第{HAN_NUMERAL}个)(第{HAN_NUMERAL}条)）$")
"""How a register tells two articles apart that the text gives one number: （第二个第二十三条）."""
_ARTICLE = re.compile(rf"第({HAN_NUMERAL})条")


@dataclass(frozen=True, slots=True)
class MovedArticles:
    """The new name of every article and part that gets another number, None for one that goes; ``said`` orders it.

    ``stays``: an article goes and no sentence orders the others to move up, so they keep their numbers. ``doubled`` are
    articles that move and that the text has twice: no decision says which of two becomes what.
    """

    numbers: Moves
    said: str = ""
    stays: bool = False
    doubled: tuple[str, ...] = ()

    def words(self) -> tuple[str, ...]:
        """Return what moves as people say it: 第七条→第六条."""
        return tuple(f"{old}→{new}" for old, new in self.numbers.items() if new is not None)


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


def whole_place(law: Law, place: str) -> str:
    """Return a passage with its part, where the text numbers through its parts: （十一） as 三（十一）."""
    if not place.startswith("（"):
        return place
    heads = {clause.article.partition("（")[0] for clause in law.clauses.values() if place in clause.article}
    return f"{heads.pop()}{place}" if len(heads) == 1 else place


def moved_articles(law: Law, points: Iterable[AmendmentPoint]) -> MovedArticles:
    """Return which articles of ``law``, and which paragraphs, items, sections and points, get another number.

    Those that are added stand where the decision says; the others follow each other around them. The place of one that
    goes is filled only where the decision orders it (条文顺序作相应调整, 重新公布) or says itself what an article becomes;
    that of a paragraph, whose number is written nowhere, always.
    """
    orders = [replace(point, place=whole_place(law, point.place)) for point in points if point.act in _MOVING]
    whole = [point for point in orders if is_whole_article(point.place)]
    added = {article_number(p.place) for p in whole if p.act is AmendmentAct.ADD}
    gone = {article_number(p.place) for p in whole if p.act is AmendmentAct.REMOVE}
    told = {article_number(p.place): article_number(p.text) for p in whole if p.act is AmendmentAct.MOVE}
    filled = any(point.act in (AmendmentAct.ORDER, AmendmentAct.MOVE) for point in orders)
    last = max((article_number(clause.article) for clause in law.clauses.values()), default=0)
    order = in_sequence(last, added, gone if filled else gone & added, told)
    numbers = {**order, **dict.fromkeys(gone)}
    moves = {written(old): written(new) if new else None for old, new in sorted(numbers.items()) if new != old}
    come, go = ([p.place for p in orders if p.act is act] for act in (AmendmentAct.ADD, AmendmentAct.REMOVE))
    all_moves = moved_parts((one.article for one in law.clauses.values()), come, go, moves, filled=filled)
    said = " ".join(dict.fromkeys(point.said for point in orders)) if all_moves else ""
    return MovedArticles(all_moves, said, bool(gone - added) and not filled, _doubled(law, all_moves))


_MOVING = frozenset({AmendmentAct.ADD, AmendmentAct.REMOVE, AmendmentAct.MOVE, AmendmentAct.ORDER})


def renumbered(clause: Clause, moved: MovedArticles, title: str, *, words: bool) -> Clause:
    """Return a clause with its new article; ``words``: what it says of other articles follows too."""
    article = _marked_anew(place_now(clause.article, moved.numbers) or clause.article, moved)
    if not words:
        return replace(clause, article=article)
    summary, text = (followed(said, title, moved.numbers) for said in (clause.summary, clause.text))
    return replace(clause, article=article, summary=summary, text=text)


def _marked_anew(article: str, moved: MovedArticles) -> str:
    """Return an article whose mark, where the text has its number twice, says the new number too."""
    return _MARK.sub(lambda found: f"{found[1]}{moved.numbers.get(found[2]) or found[2]}）", article)


def _doubled(law: Law, numbers: Moves) -> tuple[str, ...]:
    """Return the articles that the text has twice and that get another number."""
    marks = (_MARK.search(clause.article) for clause in law.clauses.values())
    return tuple(dict.fromkeys(mark[2] for mark in marks if mark and numbers.get(mark[2])))


def place_numbers(place: str) -> tuple[int, ...]:
    """Return the numbers of a passage, by which it stands in its text: 第十一条第（二）项 as 11, 2; 二（一）2 as 2, 1, 2."""
    article = re.match(rf"第({HAN_NUMERAL})条", place)
    item = re.search(rf"第（({HAN_NUMERAL})）项", place)
    if not article and (part := re.fullmatch(rf"({HAN_NUMERAL})（({HAN_NUMERAL})）([0-9]*)", place)):
        return (read_han(part[1]), read_han(part[2]), *([int(part[3])] if part[3] else []))
    return tuple(read_han(found[1]) for found in (article, item) if found)


def place_order(place: str) -> tuple[int, ...]:
    """Return what sorts passages as their text has them: 第九条第（三）项 before 第九条第二款; () for what has no number."""
    paragraph = re.match(rf"第{HAN_NUMERAL}条第({HAN_NUMERAL})款", place)
    numbers = place_numbers(place)
    if not _ARTICLE.match(place) or len(numbers) + bool(paragraph) == 1:
        return numbers
    return (numbers[0], read_han(paragraph[1]) if paragraph else 0, *numbers[1:])
