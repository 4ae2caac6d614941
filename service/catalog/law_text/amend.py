"""What a decision changes in a clause register: clauses added, changed and removed, each to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.amendment_point import AmendmentAct, AmendmentPoint
from service.catalog.law_text.moved_places import first_paragraphs, is_part, is_within, new_place
from service.catalog.law_text.pieces import LawPiece, clauses_of
from service.catalog.law_text.renumber import (
    MovedArticles,
    is_whole_article,
    moved_articles,
    place_numbers,
    renumbered,
    whole_place,
)
from service.catalog.law_text.split import sentences_of, split_law
from service.domain.wording.han_numerals import HAN_NUMERAL

_ALIKE = 0.45
"""From this share of equal characters two sentences count as the old and the new wording of one clause."""

_STARTS_AS_NUMBER = re.compile(rf"[0-9]|{HAN_NUMERAL}")
_WHOLE_NUMBER = "(?<![0-9.十百零〇一二三四五六七八九])"
"""What does not stand before a number: 5个 is none of 15个."""
_COMMA = re.compile("(?<=[，,])")


class ClauseAct(StrEnum):
    """What happens to a clause."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    RENUMBER = "renumber"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One proposed change: ``before`` None for a new clause, ``after`` None for one that goes.

    RENUMBER: its article, or one that its words name, gets another number. LOOK means that the program found nothing to
    propose: somebody reads clause and sentence. ``placed``: it is an article that stands at its new number already;
    ``worded``: its words name others by their new numbers already. ``unread``: nobody could tell what its sentence orders.
    """

    act: ClauseAct
    said: str
    before: Clause | None
    after: Clause | None
    placed: bool = False
    worded: bool = False
    unread: bool = False


def proposed_changes(law: Law, points: Iterable[AmendmentPoint]) -> tuple[ClauseChange, ...]:
    """Return what ``points`` change in ``law``, in the order of the decision; each builds on those before it.

    Points name articles by their old numbers, one that is added by its new one. Whoever's number changes with them
    comes last (`moved_articles`); ids stay.
    """
    points = tuple(points)
    taken, now, moved = set(law.clauses), law, moved_articles(law, points)
    found: list[ClauseChange] = []
    firsts = first_paragraphs(
        (clause.article for clause in law.clauses.values()),
        (point.place for point in points if point.act is AmendmentAct.ADD),
    )
    for said in points:
        point = replace(said, place=whole_place(law, said.place))
        if point.act in (AmendmentAct.MOVE, AmendmentAct.ORDER, AmendmentAct.IN_FORCE):
            continue
        placed = point.act is AmendmentAct.ADD and (is_whole_article(point.place) or is_part(point.place))
        named = point.place if is_part(point.place) else ""
        if placed:
            parted = _first_paragraph(now, point, firsts)
            found.extend(parted)
            now = replace(now, clauses=_changed(now.clauses, parted))
            point = replace(point, place=new_place(point.place, moved.numbers))
        fresh = point.act in (AmendmentAct.ADD, AmendmentAct.REPLACE)
        changes = [replace(one, placed=placed, worded=fresh) for one in _of_point(now, point, taken, named)]
        taken.update(change.after.id for change in changes if change.after is not None)
        now = now if placed else replace(now, clauses=_changed(now.clauses, changes))
        found.extend(changes)
    worded = {one.after.id for one in found if one.worded and one.after and one.act is not ClauseAct.LOOK}
    return (*found, *_renumbered(now, moved, worded))


def _first_paragraph(law: Law, point: AmendmentPoint, firsts: dict[str, str]) -> list[ClauseChange]:
    """Return the changes by which what an article says becomes a paragraph of it, where ``point`` is the first to add one."""
    article = next((one for one in firsts if is_within(point.place, one)), "")
    if not article:
        return []
    name, meant = firsts.pop(article), (one for one in law.clauses.values() if is_within(one.article, article))
    return [
        ClauseChange(
            ClauseAct.CHANGE, point.said, clause, replace(clause, article=name + clause.article.removeprefix(article))
        )
        for clause in meant
    ]


def _changed(clauses: Mapping[str, Clause], changes: Iterable[ClauseChange]) -> Mapping[str, Clause]:
    """Return the clauses as they are after ``changes``, without those that go."""
    gone = {change.before.id for change in changes if change.before is not None and change.after is None}
    after = {change.after.id: change.after for change in changes if change.after is not None}
    return {ident: clause for ident, clause in {**clauses, **after}.items() if ident not in gone}


def _renumbered(law: Law, moved: MovedArticles, worded: Collection[str]) -> Iterator[ClauseChange]:
    """Yield the clauses whose article, or an article that they name, gets another number.

    The words of a new wording, of the clauses ``worded``, name the new numbers already.
    """
    for clause in law.clauses.values():
        after = renumbered(clause, moved, law.title, words=clause.id not in worded)
        if after != clause:
            yield ClauseChange(ClauseAct.RENUMBER, moved.said, clause, after)


def _of_point(law: Law, point: AmendmentPoint, taken: set[str], named: str) -> list[ClauseChange]:
    meant = [clause for clause in law.clauses.values() if is_within(clause.article, point.place)]
    if point.act is AmendmentAct.UNREAD:
        return [ClauseChange(ClauseAct.LOOK, point.said, None, None, unread=True)]
    throughout = point.act is AmendmentAct.WORDS and not point.place
    if not throughout and not (place_numbers(point.place) if point.act is AmendmentAct.ADD else meant):
        return [ClauseChange(ClauseAct.LOOK, point.said, None, None)]
    if point.act is AmendmentAct.REMOVE:
        return [ClauseChange(ClauseAct.REMOVE, point.said, clause, None) for clause in meant]
    if point.act is AmendmentAct.WORDS:
        return _words_throughout(law, point) if throughout else _words(point, meant)
    if point.act is AmendmentAct.REPLACE:
        return _replaced(law, point, meant, taken)
    fresh = _new(law, point, point.text, taken, named=named)
    return [ClauseChange(ClauseAct.ADD, point.said, None, clause) for clause in fresh]


def _words(point: AmendmentPoint, meant: Sequence[Clause]) -> list[ClauseChange]:
    """Change the clauses that say the old words; where none does, all of the passage are to be looked at."""
    found = []
    old = re.compile((_WHOLE_NUMBER if _STARTS_AS_NUMBER.match(point.old) else "") + re.escape(point.old))
    for clause in meant:
        if old.search(clause.summary) or old.search(clause.text):
            said = {key: old.sub(lambda _: point.text, getattr(clause, key)) for key in ("summary", "text")}
            after = replace(clause, **said)
            found.append(ClauseChange(ClauseAct.CHANGE, point.said, clause, after))
    return found or [ClauseChange(ClauseAct.LOOK, point.said, clause, clause) for clause in meant]


def _words_throughout(law: Law, point: AmendmentPoint) -> list[ClauseChange]:
    """Change every clause that says the old words; that none does is said once."""
    changed = [one for one in _words(point, tuple(law.clauses.values())) if one.act is ClauseAct.CHANGE]
    return changed or [ClauseChange(ClauseAct.LOOK, point.said, None, None)]


def _replaced(law: Law, point: AmendmentPoint, meant: Sequence[Clause], taken: set[str]) -> list[ClauseChange]:
    """Pair the old clauses of a passage with the sentences of its new wording, the most alike first.

    A clause that none of them continues is to be looked at: the passage may only be worded otherwise.
    """
    fresh = list(_new(law, point, point.text, taken, meant))
    pairs = sorted(
        ((_alike(old, new), o, n) for o, old in enumerate(meant) for n, new in enumerate(fresh)), reverse=True
    )
    new_of: dict[int, int] = {}
    for alike, o, n in pairs:
        if alike >= _ALIKE and o not in new_of and n not in new_of.values():
            new_of[o] = n
    changes = []
    for o, old in enumerate(meant):
        if o not in new_of:
            changes.append(ClauseChange(ClauseAct.LOOK, point.said, old, old))
            continue
        new = fresh[new_of[o]]
        after = replace(old, article=new.article, summary=new.summary, text=new.text)
        if after != old:
            changes.append(ClauseChange(ClauseAct.CHANGE, point.said, old, after))
    added = (new for n, new in enumerate(fresh) if n not in new_of.values())
    return changes + [ClauseChange(ClauseAct.ADD, point.said, None, new) for new in added]


def _new(
    law: Law, point: AmendmentPoint, text: str, taken: set[str], before: Sequence[Clause] = (), named: str = ""
) -> tuple[Clause, ...]:
    """Return the clauses of a new wording: one for each of its sentences, parted further where those ``before`` were.

    A part that is added gets an id beside those of its article, which keep the number that the article had (``named``).
    """
    pieces: list[LawPiece] = []
    for unit in split_law(f"{_article(point.place)} {text}" if _is_article(point.place) else text):
        numbers = (
            unit.numbers if _is_article(point.place) and unit.numbers != (0,) else place_numbers(named or point.place)
        )
        place = unit.place if _is_article(point.place) and unit.numbers != (0,) else point.place
        for sentence in sentences_of(unit.text):
            pieces.extend(LawPiece(place, numbers, part) for part in _parted(sentence, before))
    return clauses_of(prefix_of(law), pieces, taken)


def _parted(sentence: str, before: Sequence[Clause]) -> list[str]:
    """Part a sentence at the commas between words that continue different clauses; what continues none stays with its neighbour."""
    parts: list[tuple[str, int | None]] = []
    for words in _COMMA.split(sentence):
        likes = [_alike_words(old, words) for old in before]
        best = max(range(len(before)), key=likes.__getitem__) if before and max(likes) >= _ALIKE else None
        if parts and (best is None or parts[-1][1] in (None, best)):
            parts[-1] = (parts[-1][0] + words, parts[-1][1] if best is None else best)
        else:
            parts.append((words, best))
    return [f"{words.rstrip('，,')}。" if words.endswith(("，", ",")) else words for words, _ in parts]


def prefix_of(law: Law) -> str:
    """Return what the clause ids of ``law`` begin with."""
    heads = [ident.partition("-")[0] for ident in law.clauses]
    return max(set(heads), key=heads.count) if heads else "A"


def _is_article(place: str) -> bool:
    return place.endswith("条")


def _article(place: str) -> str:
    return place.split("条")[0] + "条"


def _alike(old: Clause, new: Clause) -> float:
    return _alike_words(old, new.text or new.summary)


def _alike_words(old: Clause, words: str) -> float:
    return max(
        SequenceMatcher(None, said, words, autojunk=False).ratio() for said in (old.summary, old.text or old.summary)
    )
