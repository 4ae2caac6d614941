"""How the search table is asked: the rarest pair of characters leads to rows, the words themselves decide.

What is asked for is cut at spaces; every word must stand somewhere in what a row is found by.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from service.store.models.cases import case
from service.store.models.search import search_gram
from service.store.models.submissions import upload
from service.store.searching import FILES, SEARCHED, in_small_letters, searched_text
from service.store.types import to_text

SHORTEST = 2
"""Characters that a word must have to be looked for by the table."""

_MOST_WORDS = 6
_MOST_GRAMS = 24
_ENOUGH = 400
"""Counting how rare a pair is stops here: of those that are all common the newest rows tell the rarest."""
_LATELY = 4_000
"""So many numbers back."""


def words_of(text: str) -> tuple[str, ...]:
    """Return the words to look for, in small letters (as both databases make them)."""
    return tuple(in_small_letters(text).split()[:_MOST_WORDS])


def rarest(connection: sa.Connection, subject: str, places: Sequence[str], words: Sequence[str]) -> str | None:
    """Return the pair of characters of ``words`` that fewest rows have; None where no word has two characters."""
    pairs = dict.fromkeys(word[n : n + SHORTEST] for word in words for n in range(len(word) - 1))
    grams = list(pairs)[:_MOST_GRAMS]
    if len(grams) < SHORTEST:
        return grams[0] if grams else None
    fewest, gram = _fewest(connection, subject, places, grams)
    if fewest < _ENOUGH:
        return gram
    newest_id = int(connection.scalar(sa.select(sa.func.max(SEARCHED[subject].table.c.id))) or 0)
    return _fewest(connection, subject, places, grams, newest_id - _LATELY)[1]


def _fewest(
    connection: sa.Connection, subject: str, places: Sequence[str], grams: Sequence[str], since: int | None = None
) -> tuple[int, str]:
    """Return the least of the counts, each up to `_ENOUGH` or of the newest rows alone, and the pair it belongs to."""
    counts = (_count(subject, places, gram, since).scalar_subquery() for gram in grams)
    found = connection.execute(sa.select(*counts)).one()
    return min(((int(count), gram) for count, gram in zip(found, grams, strict=True)), key=lambda each: each[0])


def _count(subject: str, places: Sequence[str], gram: str, since: int | None) -> sa.Select[int]:
    some = sa.select(search_gram.c.row_id).where(*having(subject, places, gram))
    some = some.limit(_ENOUGH) if since is None else some.where(search_gram.c.row_id > since)
    return sa.select(sa.func.count()).select_from(some.subquery())


def having(subject: str, places: Sequence[str], gram: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition of rows of the search table in ``places`` with a pair of characters."""
    place = search_gram.c.jurisdiction == places[0] if len(places) == 1 else search_gram.c.jurisdiction.in_(places)
    return search_gram.c.subject == subject, place, search_gram.c.gram == gram


def saying(subject: str, dialect: str, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that what a row is found by holds every word."""
    if subject == "file":
        held = [sa.func.lower(upload.c.name).contains(word, autoescape=True) for word in words]
        return [sa.exists().where(upload.c.case_id == case.c.id, *FILES, *held)]
    text: sa.ColumnElement[str] = sa.literal_column(searched_text(subject, dialect), sa.String)
    if subject == "value":  # which is JSON
        words = [to_text(word)[1:-1] for word in words]
    return [text.contains(word, autoescape=True) for word in words]


def newest(
    connection: sa.Connection,
    subject: str,
    table: sa.Table,
    places: Sequence[str],
    words: Sequence[str],
    conditions: Sequence[sa.ColumnElement[bool]],
    limit: int,
    before: int | None = None,
    walked: int | None = None,
) -> list[int]:
    """Return the ids of the newest rows of ``table`` with all words that meet ``conditions``; [] without a word of two.

    Each place is walked by itself, from its newest row on, until it has given ``limit`` or ``walked`` rows were seen.
    """
    gram = rarest(connection, subject, places, words) if places else None
    if gram is None:
        return []
    branches = [
        _branch(subject, table, place, gram, before, walked).where(*conditions).limit(limit) for place in places
    ]
    said = saying(subject, connection.dialect.name, words)
    each = [sa.select(branch.where(*said).subquery().c.row_id) for branch in branches]
    every = sa.union_all(*each).subquery()
    statement = sa.select(every.c.row_id).order_by(every.c.row_id.desc()).limit(limit)
    return [int(ident) for ident in connection.scalars(statement)]


def _branch(
    subject: str, table: sa.Table, place: str, gram: str, before: int | None, walked: int | None
) -> sa.Select[Any]:
    row = search_gram.c.row_id
    where = [*having(subject, [place], gram), *([row < before] if before is not None else [])]
    if walked is None:
        return sa.select(row).join(table, table.c.id == row).where(*where).order_by(row.desc())
    first = sa.select(row).where(*where).order_by(row.desc()).limit(walked).subquery()
    return sa.select(first.c.row_id).join(table, table.c.id == first.c.row_id).order_by(first.c.row_id.desc())
