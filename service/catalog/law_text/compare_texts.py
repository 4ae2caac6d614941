"""An amended text beside the clause register: what is worded otherwise, moves, comes and goes, each to be confirmed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from enum import StrEnum

from service.catalog.law.law import Clause, Law
from service.catalog.law_text.pieces import LawPiece, clauses_of, prefix_of
from service.catalog.law_text.split import LawLevel, sentences_of, split_law
from service.domain.wording.numbers import HAN_NUMERAL, read_han

_SAME_ARTICLE, _SAME_CLAUSE = 0.3, 0.45
"""From this share of equal characters on two articles, and a clause and a sentence, count as old and new wording of one."""
_IN_SHORT = 0.15
"""The same for what is left of an article then: a summary may say its sentence in other words."""
_SAME_NUMBER = 0.15
"""What the same number of two articles adds to that share."""
_ARTICLE = re.compile(rf"第{HAN_NUMERAL}条(?:之{HAN_NUMERAL})?|{HAN_NUMERAL}(?:（{HAN_NUMERAL}）)?")
_NUMBER = re.compile(rf"[0-9]+|{HAN_NUMERAL}")
_COMMA = re.compile("(?<=[，,])")


class ClauseAct(StrEnum):
    """What happens to a clause."""

    ADD = "add"
    CHANGE = "change"
    MOVE = "move"
    REMOVE = "remove"
    LOOK = "look"


@dataclass(frozen=True, slots=True)
class ClauseChange:
    """One proposed change: ``before`` None for a new clause, ``after`` None for one that goes.

    LOOK: its article is still there, and no sentence of it continues the clause; somebody reads both.
    """

    act: ClauseAct
    before: Clause | None
    after: Clause | None

    @property
    def clause(self) -> Clause:
        """The clause as it is to be; where it goes, as it was."""
        clause = self.after or self.before
        assert clause is not None
        return clause


def compare_texts(law: Law, text: str) -> tuple[ClauseChange, ...]:
    """Return what the whole amended ``text`` of a regulation changes in its register, in the order of the text; last what goes.

    Articles are paired first, the most alike before others, then the clauses of each with its sentences. A clause that is
    registered by a summary alone counts as changed where the sentence lacks one of its numbers.
    """
    old, new = _clauses_by_article(law), _pieces_by_article(text)
    new_of = _pair_articles(old, new)
    old_of = {after: before for before, after in new_of.items()}
    taken, changes = set(law.clauses), list[ClauseChange]()
    for article, pieces in new.items():
        clauses = old.get(old_of.get(article, ""), [])
        remaining = {clause.id: clause for clause in clauses}
        for piece, before in _pair_clauses(pieces, clauses):
            if before is None:
                [added] = clauses_of(prefix_of(law), [piece], taken)
                taken.add(added.id)
                changes.append(ClauseChange(ClauseAct.ADD, None, added))
                continue
            del remaining[before.id]
            after = _continue_clause(before, piece, old_of[article], article)
            if after != before:
                reworded = (after.summary, after.text) != (before.summary, before.text)
                changes.append(ClauseChange(ClauseAct.CHANGE if reworded else ClauseAct.MOVE, before, after))
        changes += [ClauseChange(ClauseAct.LOOK, clause, clause) for clause in remaining.values()]
    gone = (
        clause
        for article, clauses in old.items()
        if article not in new_of
        for clause in clauses
        if _ARTICLE.match(article)
    )
    return (*changes, *(ClauseChange(ClauseAct.REMOVE, clause, None) for clause in gone))


def articles_moved(changes: Iterable[ClauseChange]) -> Mapping[str, str]:
    """Return the articles that have another number now, "" where they are gone, by the old one (第十三条 → 第十四条)."""
    return {
        old: new
        for change in changes
        if change.before is not None and change.act in (ClauseAct.MOVE, ClauseAct.CHANGE, ClauseAct.REMOVE)
        for old, new in [
            (_get_article(change.before.article), _get_article(change.after.article) if change.after else "")
        ]
        if old != new and old.startswith("第")
    }


def _get_article(place: str) -> str:
    match = _ARTICLE.match(place)
    return match[0] if match else place


def _clauses_by_article(law: Law) -> dict[str, list[Clause]]:
    clauses_by_number: dict[str, list[Clause]] = {}
    for clause in law.clauses.values():
        clauses_by_number.setdefault(_get_article(clause.article), []).append(clause)
    return clauses_by_number


def _pieces_by_article(text: str) -> dict[str, list[LawPiece]]:
    pieces_by_number: dict[str, list[LawPiece]] = {}
    for unit in split_law(text):
        if unit.level is LawLevel.PREAMBLE:
            continue  # title and note of the text
        pieces = (LawPiece(unit.place, unit.numbers, sentence) for sentence in sentences_of(unit.text))
        pieces_by_number.setdefault(_get_article(unit.place), []).extend(pieces)
    return pieces_by_number


def _pair_articles(old: Mapping[str, Sequence[Clause]], new: Mapping[str, Sequence[LawPiece]]) -> dict[str, str]:
    """Return the new article by the old one, for each that goes on."""
    before = {article: "".join(clause.text or clause.summary for clause in clauses) for article, clauses in old.items()}
    after = {article: "".join(piece.text for piece in pieces) for article, pieces in new.items()}
    shares = sorted(
        (
            (_compute_similarity(old_words, words) + _SAME_NUMBER * (a == b), a, b)
            for a, old_words in before.items()
            for b, words in after.items()
        ),
        reverse=True,
    )
    article_pairs: dict[str, str] = {}
    for share, a, b in shares:
        if share >= _SAME_ARTICLE and a not in article_pairs and b not in article_pairs.values():
            article_pairs[a] = b
    return article_pairs


def _pair_clauses(pieces: Sequence[LawPiece], clauses: Sequence[Clause]) -> Iterator[tuple[LawPiece, Clause | None]]:
    """Yield what an article says now, each piece with the clause that it continues."""
    parts = [replace(piece, text=words) for piece in pieces for words in _split_sentence(piece.text, clauses)]
    shares = sorted(
        ((_alike_clause(clause, part.text), c, p) for c, clause in enumerate(clauses) for p, part in enumerate(parts)),
        reverse=True,
    )
    clause_of: dict[int, int] = {}
    for least in (_SAME_CLAUSE, _IN_SHORT):
        for share, c, p in shares:
            if (
                share >= (_SAME_CLAUSE if clauses[c].text else least)
                and p not in clause_of
                and c not in clause_of.values()
            ):
                clause_of[p] = c
    for p, part in enumerate(parts):
        yield part, clauses[clause_of[p]] if p in clause_of else None


def _split_sentence(sentence: str, clauses: Sequence[Clause]) -> list[str]:
    """Part a sentence at the commas between words that continue different clauses; what continues none stays with its neighbour."""
    parts: list[tuple[str, int | None]] = []
    for words in _COMMA.split(sentence):
        shares = [_alike_clause(clause, words) for clause in clauses]
        best = max(range(len(clauses)), key=shares.__getitem__) if shares and max(shares) >= _SAME_CLAUSE else None
        if parts and (best is None or parts[-1][1] in (None, best)):
            parts[-1] = (parts[-1][0] + words, parts[-1][1] if best is None else best)
        else:
            parts.append((words, best))
    return [f"{words.rstrip('，,')}。" if words.endswith(("，", ",")) else words for words, _ in parts]


def _continue_clause(before: Clause, piece: LawPiece, old: str, new: str) -> Clause:
    """Return the clause with the new number of its article, and with its new words where they differ."""
    after = replace(before, article=before.article.replace(old, new, 1))
    if before.text or before.summary == piece.text:
        same = _strip_punctuation(before.text or before.summary) == _strip_punctuation(piece.text)
    else:
        same = _collect_numbers(before.summary) <= _collect_numbers(piece.text)
    if same:
        return after
    [new_clause] = clauses_of("A", [piece])
    return replace(after, summary=new_clause.summary, text=new_clause.text)


def _collect_numbers(words: str) -> set[int]:
    return {int(hit) if hit.isdecimal() else read_han(hit) for hit in _NUMBER.findall(words)}


def _strip_punctuation(words: str) -> str:
    return re.sub(r"[\s，,。；;、]", "", words)


def _alike_clause(clause: Clause, words: str) -> float:
    return max(
        _compute_similarity(clause_text, words) for clause_text in {clause.summary, clause.text or clause.summary}
    )


def _compute_similarity(first: str, other: str) -> float:
    matcher = SequenceMatcher(None, first, other, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= _IN_SHORT else 0.0
