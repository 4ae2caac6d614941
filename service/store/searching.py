"""The search table: every two neighbouring characters of a name, title or number, written with the row, and how it is asked.

Two characters, since that is how short words and names are in Chinese; an index of three finds none of them, and neither
database finds words of two by an index of its own. The rarest pair leads to rows, the words themselves decide: each must
stand somewhere in what a row is found by.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from service.store.connections.database import build_upsert
from service.store.models.cases import case
from service.store.models.people import body, person
from service.store.models.register import document, notice
from service.store.models.review import ballot
from service.store.models.submissions import upload
from service.store.models.work import search_gram
from service.store.types import from_text, to_text

EVERYWHERE = "*"
"""Stands for the jurisdiction of what has none."""

FACT_LENGTH = 2_000
"""So many characters of the value of a fact are searched."""

AT_ONCE = 5_000
"""Rows that are noted or looked at together."""

_SMALL = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "abcdefghijklmnopqrstuvwxyz")
_PAIR = 2


@dataclass(frozen=True)
class Searched:
    """Rows of ``table`` that are found by ``texts``, in the place in column ``place``, if they have one."""

    table: sa.Table
    place: str | None
    texts: tuple[str, ...]

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns that `text_of` reads, and of the place."""
        return (*self.texts, *([self.place] if self.place else []), *(["kind"] if self.table is body else []))


SEARCHED = {
    "case": Searched(case, "jurisdiction", ("title", "number")),
    "value": Searched(case, "jurisdiction", ("findable",)),
    "document": Searched(document, "jurisdiction", ("title", "number")),
    "ballot": Searched(ballot, "jurisdiction", ("title",)),
    "body": Searched(body, None, ("name", "key")),
    "person": Searched(person, None, ("name",)),
    "notice": Searched(notice, "jurisdiction", ("title", "listed")),
    "file": Searched(case, "jurisdiction", ()),  # found by the names of its files, which stand in rows of their own
}

_OF_TABLE = {
    entry.table: [(subject, each) for subject, each in SEARCHED.items() if each.table is entry.table and each.texts]
    for entry in SEARCHED.values()
}

FILES = (upload.c.removed_at.is_(None), upload.c.erased_at.is_(None), upload.c.secret.is_(None))
"""The condition of files that are found by their names."""


def in_small_letters(text: str) -> str:
    """Return a text in small letters, as both databases make them: those of other alphabets stay."""
    return text.translate(_SMALL)


def findable_text(facts: Sequence[tuple[str, str]]) -> str:
    """Return what a case is found by, the name of each fact and its value in words, as `CaseRow.findable` keeps it."""
    return to_text(facts)


def facts_in(findable: str | None) -> list[tuple[str, str]]:
    """Return the names and values that `findable_text` wrote."""
    facts: Any = from_text(findable) if findable else []
    return [(fact, text) for fact, text in facts]


def searched_text(subject: str, dialect: str) -> str:
    """Return SQL for the text by which a row is found, in small letters; nobody is found by an identity number."""
    searched = SEARCHED[subject]
    table = searched.table.name
    expressions = {name: f"COALESCE({table}.{name}, '')" for name in searched.texts}
    if searched.table is body:
        expressions["key"] = f"CASE WHEN {table}.kind = 'individual' THEN '' ELSE {expressions['key']} END"
    joined = " || ' ' || ".join(expressions.values())
    return f'lower(({joined}) COLLATE "C")' if dialect == "postgresql" else f"lower({joined})"


def note_new(connection: sa.Connection, table: sa.Table, idents: Sequence[int], rows: Sequence[object]) -> None:
    """Note by what rows are found that were just inserted."""
    for subject, searched in _OF_TABLE.get(table, ()):
        for ident, row in zip(idents, rows, strict=True):
            values = {name: getattr(row, name) for name in searched.columns}
            _insert_pairs(connection, sorted(_build_pairs(subject, values, ident)))


def index_row_changes(
    connection: sa.Connection, table: sa.Table, ident: int, changes: Mapping[str, Any]
) -> AbstractContextManager[None]:
    """Note by what a row is found once ``changes`` were made to it inside the block."""
    for _, searched in _OF_TABLE.get(table, ()):
        if not changes.keys().isdisjoint(searched.texts):
            return _refresh_grams(connection, table, ident, changes)
    return nullcontext()


@contextmanager
def _refresh_grams(
    connection: sa.Connection, table: sa.Table, ident: int, changes: Mapping[str, Any]
) -> Iterator[None]:
    touched = [(name, entry) for name, entry in _OF_TABLE[table] if not changes.keys().isdisjoint(entry.texts)]
    columns = sorted({column for _, entry in touched for column in entry.columns})
    statement = sa.select(*(table.c[name] for name in columns)).where(table.c.id == ident)
    old = dict(connection.execute(statement).mappings().first() or {})
    yield
    for subject, _ in touched if old else ():
        _replace_pairs(connection, _build_pairs(subject, old, ident), _build_pairs(subject, {**old, **changes}, ident))


@contextmanager
def index_file_names(connection: sa.Connection, case_ids: Collection[int | None]) -> Iterator[None]:
    """Note by which names of files cases are found once these were changed inside the block."""
    chosen = case.c.id.in_([ident for ident in case_ids if ident is not None])
    before = _of_files(connection, chosen) if case_ids else set()
    yield
    if case_ids:
        _replace_pairs(connection, before, _of_files(connection, chosen))


def rebuild_search_table(connection: sa.Connection) -> None:
    """Forget every pair and note what is there."""
    connection.execute(sa.delete(search_gram))
    for subject in SEARCHED:
        for pairs in _iterate_expected(connection, subject):
            _insert_pairs(connection, sorted(pairs))


def iterate_misindexed_rows(connection: sa.Connection, subject: str) -> Iterator[int]:
    """Yield the rows of a subject that are not found by what they say, or by something else."""
    rows = sa.select(search_gram).where(search_gram.c.subject == subject)
    for first, pairs in enumerate(_iterate_expected(connection, subject)):
        condition = search_gram.c.row_id.between(first * AT_ONCE, (first + 1) * AT_ONCE - 1)
        yield from {
            row_id for *_, row_id in pairs ^ {(a, b, c, d) for a, b, c, d in connection.execute(rows.where(condition))}
        }
    newest = sa.select(sa.func.coalesce(sa.func.max(SEARCHED[subject].table.c.id), 0)).scalar_subquery()
    beyond = sa.select(search_gram.c.row_id).where(search_gram.c.subject == subject, search_gram.c.row_id > newest)
    yield from connection.scalars(beyond.distinct())


Pair = tuple[str, str, str, int]
"""A row of the search table: subject, place, two characters, number."""


def _iterate_expected(connection: sa.Connection, subject: str) -> Iterator[set[Pair]]:
    """Yield what should be noted of the rows of a subject, of `AT_ONCE` numbers at a time from 0 on."""
    searched = SEARCHED[subject]
    ident = searched.table.c.id
    last = int(connection.scalar(sa.select(sa.func.coalesce(sa.func.max(ident), 0))) or 0)
    for first in range(0, last + 1, AT_ONCE):
        condition = ident.between(first, first + AT_ONCE - 1)
        if subject == "file":
            yield _of_files(connection, condition)
            continue
        rows = connection.execute(
            sa.select(ident, *(searched.table.c[name] for name in searched.columns)).where(condition)
        )
        yield {pair for row in rows.mappings() for pair in _build_pairs(subject, dict(row), row["id"])}


def _build_pairs(subject: str, values: Mapping[str, Any], ident: int) -> set[Pair]:
    """Return the pairs of a row with these ``values`` in the columns it is found by."""
    searched = SEARCHED[subject]
    texts = {name: values[name] or "" for name in searched.texts}
    if subject == "value":
        texts = dict(enumerate(text for _, text in facts_in(values["findable"])))  # type: ignore[arg-type]
    elif subject == "body" and values["kind"] == "individual":
        texts["key"] = ""  # an identity number
    return _split_pairs(subject, values[searched.place] if searched.place else EVERYWHERE, texts.values(), ident)


def _split_pairs(subject: str, place: str, texts: Collection[str], ident: int) -> set[Pair]:
    text = in_small_letters(" ".join(texts))
    grams = {text[n : n + _PAIR] for n in range(len(text) - 1)}
    return {(subject, place, gram, ident) for gram in grams if " " not in gram}


def _of_files(connection: sa.Connection, cases: sa.ColumnElement[bool]) -> set[Pair]:
    named = sa.select(case.c.id, case.c.jurisdiction, upload.c.name).join(upload, upload.c.case_id == case.c.id)
    rows = connection.execute(named.where(*FILES, cases))
    return {pair for ident, place, name in rows for pair in _split_pairs("file", place, [name], ident)}


def _replace_pairs(connection: sa.Connection, before: set[Pair], after: set[Pair]) -> None:
    gone = sorted(before - after)
    for first in range(0, len(gone), AT_ONCE):
        key = [{f"at_{n}": part for n, part in enumerate(pair)} for pair in gone[first : first + AT_ONCE]]
        connection.execute(_FORGET, key)
    _insert_pairs(connection, sorted(after - before))


_FORGET = sa.delete(search_gram).where(*(column == sa.bindparam(f"at_{n}") for n, column in enumerate(search_gram.c)))


def _insert_pairs(connection: sa.Connection, pairs: Sequence[Pair]) -> None:
    names = search_gram.c.keys()
    statement = build_upsert(connection, search_gram).on_conflict_do_nothing()
    for first in range(0, len(pairs), AT_ONCE):
        connection.execute(statement, [dict(zip(names, pair, strict=True)) for pair in pairs[first : first + AT_ONCE]])


_MOST = 4000
"""Characters: a list of some hundred organisations."""


def listed_words(content: Mapping[str, object]) -> str | None:
    """Return the texts of a notice's list in one, each once; None where it has no list."""
    entries = content.get("entries")
    rows = [row for row in entries if isinstance(row, Mapping)] if isinstance(entries, list) else []
    words = dict.fromkeys(str(cell) for row in rows for cell in row.values() if isinstance(cell, str) and cell)
    return " ".join(words)[:_MOST] or None


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


def find_rarest_pair(
    connection: sa.Connection, subject: str, places: Sequence[str], words: Sequence[str]
) -> str | None:
    """Return the pair of characters of ``words`` that fewest rows have; None where no word has two characters."""
    pairs = dict.fromkeys(word[n : n + SHORTEST] for word in words for n in range(len(word) - 1))
    grams = list(pairs)[:_MOST_GRAMS]
    if len(grams) < SHORTEST:
        return grams[0] if grams else None
    fewest, gram = _find_fewest(connection, subject, places, grams)
    if fewest < _ENOUGH:
        return gram
    newest_id = int(connection.scalar(sa.select(sa.func.max(SEARCHED[subject].table.c.id))) or 0)
    return _find_fewest(connection, subject, places, grams, newest_id - _LATELY)[1]


def _find_fewest(
    connection: sa.Connection, subject: str, places: Sequence[str], grams: Sequence[str], since: int | None = None
) -> tuple[int, str]:
    """Return the least of the counts, each up to `_ENOUGH` or of the newest rows alone, and the pair it belongs to."""
    counts = (_count_rows(subject, places, gram, since).scalar_subquery() for gram in grams)
    row = connection.execute(sa.select(*counts)).one()
    return min(((int(count), gram) for count, gram in zip(row, grams, strict=True)), key=lambda each: each[0])


def _count_rows(subject: str, places: Sequence[str], gram: str, since: int | None) -> sa.Select[int]:
    some = sa.select(search_gram.c.row_id).where(*match_search_pair(subject, places, gram))
    some = some.limit(_ENOUGH) if since is None else some.where(search_gram.c.row_id > since)
    return sa.select(sa.func.count()).select_from(some.subquery())


def match_search_pair(subject: str, places: Sequence[str], gram: str) -> tuple[sa.ColumnElement[bool], ...]:
    """Return the condition of rows of the search table in ``places`` with a pair of characters."""
    place = search_gram.c.jurisdiction == places[0] if len(places) == 1 else search_gram.c.jurisdiction.in_(places)
    return search_gram.c.subject == subject, place, search_gram.c.gram == gram


def match_all_words(subject: str, dialect: str, words: Sequence[str]) -> list[sa.ColumnElement[bool]]:
    """Return the conditions that what a row is found by holds every word."""
    if subject == "file":
        name_conditions = [sa.func.lower(upload.c.name).contains(word, autoescape=True) for word in words]
        return [sa.exists().where(upload.c.case_id == case.c.id, *FILES, *name_conditions)]
    text: sa.ColumnElement[str] = sa.literal_column(searched_text(subject, dialect), sa.String)
    if subject == "value":  # which is JSON
        words = [to_text(word)[1:-1] for word in words]
    return [text.contains(word, autoescape=True) for word in words]


def list_newest_rows(
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
    gram = find_rarest_pair(connection, subject, places, words) if places else None
    if gram is None:
        return []
    branches = [
        _build_branch(subject, table, place, gram, before, walked).where(*conditions).limit(limit) for place in places
    ]
    word_conditions = match_all_words(subject, connection.dialect.name, words)
    each = [sa.select(branch.where(*word_conditions).subquery().c.row_id) for branch in branches]
    every = sa.union_all(*each).subquery()
    statement = sa.select(every.c.row_id).order_by(every.c.row_id.desc()).limit(limit)
    return [int(ident) for ident in connection.scalars(statement)]


def _build_branch(
    subject: str, table: sa.Table, place: str, gram: str, before: int | None, walked: int | None
) -> sa.Select[Any]:
    row = search_gram.c.row_id
    where = [*match_search_pair(subject, [place], gram), *([row < before] if before is not None else [])]
    if walked is None:
        return sa.select(row).join(table, table.c.id == row).where(*where).order_by(row.desc())
    first = sa.select(row).where(*where).order_by(row.desc()).limit(walked).subquery()
    return sa.select(first.c.row_id).join(table, table.c.id == first.c.row_id).order_by(first.c.row_id.desc())
