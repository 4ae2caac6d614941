"""The search table: every two neighbouring characters of a name, title or number, kept by the database itself.

Two characters, since that is how short words and names are in Chinese; an index of three finds none of them. Triggers
note them in the transaction that writes the row, on both databases alike.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import sqlalchemy as sa

KEPT_BY_TRIGGERS = frozenset({"search_gram", "fact_value", "fact_value_case", "file_name"})
"""Tables that nothing writes but the database itself: what is searched by (`fact_values`, `file_names`)."""

AT_ONCE = 5_000
"""Rows of before that one statement looks at."""


class Searched(NamedTuple):
    """Rows of ``table`` that are found by ``texts``; ``place`` is the column of their jurisdiction, if they have one.

    ``kept_back``, a text and the SQL condition under which nobody finds anything by it.
    """

    table: str
    place: str | None
    texts: tuple[str, ...]
    kept_back: tuple[str, str] = ("", "")


SEARCHED = {
    "case": Searched("case_instance", "jurisdiction", ("title", "number")),
    "document": Searched("document", "jurisdiction", ("title", "number")),
    "ballot": Searched("ballot", "jurisdiction", ("title",)),
    "body": Searched("body", None, ("name", "key"), ("key", "{row}kind = 'individual'")),  # an identity number
    "person": Searched("person", None, ("name",)),
    "value": Searched("fact_value", "jurisdiction", ("text",)),
    "notice": Searched("notice", "jurisdiction", ("title", "listed")),
    "file": Searched("file_name", "jurisdiction", ("name",)),
}
EVERYWHERE = "*"
"""Stands for the jurisdiction of what has none."""


def note_anew(connection: sa.Connection) -> None:
    """Forget every pair and note what is there."""
    connection.exec_driver_sql("DELETE FROM search_gram")
    _note_all(connection, lambda _name, _id: None, SEARCHED)


def _note_all(connection: sa.Connection, told: Callable[[str, int], object], subjects: Iterable[str]) -> None:
    dialect = connection.dialect.name
    for subject, searched in ((each, SEARCHED[each]) for each in subjects):
        last = int(connection.exec_driver_sql(f"SELECT COALESCE(MAX(id), 0) FROM {searched.table}").scalar() or 0)  # noqa: S608  our own name
        for first in range(0, last + 1, AT_ONCE):
            rows = f"FROM {searched.table} WHERE id >= {first} AND id < {first + AT_ONCE}"
            connection.exec_driver_sql(_noting(subject, dialect, f"SELECT {_told(searched, '', dialect)} {rows}"))
            told(searched.table, min(first + AT_ONCE, last))


def not_noted(connection: sa.Connection, subject: str, first: int, limit: int) -> list[int]:
    """Return rows among those from number ``first`` on, as many as one statement looks at, of which a pair is missing."""
    searched, dialect = SEARCHED[subject], connection.dialect.name
    rows = f"FROM {searched.table} WHERE id >= {first} AND id < {first + AT_ONCE}"
    grams = _grams(dialect, f"SELECT {_told(searched, '', dialect)} {rows}")
    found = connection.exec_driver_sql(
        f"SELECT DISTINCT g.id FROM ({grams}) g WHERE NOT EXISTS (SELECT 1 FROM search_gram f "  # noqa: S608  our own names
        f"WHERE f.subject = '{subject}' AND f.jurisdiction = g.place AND f.gram = g.gram AND f.row_id = g.id) "
        f"LIMIT {limit}"
    )
    return [int(row[0]) for row in found]


def noted_in_vain(connection: sa.Connection, subject: str, limit: int) -> list[int]:
    """Return rows that a pair leads to which do not hold it, or are not there."""
    searched, dialect = SEARCHED[subject], connection.dialect.name
    place = f"t.{searched.place}" if searched.place else f"'{EVERYWHERE}'"
    where = "strpos" if dialect == "postgresql" else "instr"
    found = connection.exec_driver_sql(
        f"SELECT DISTINCT f.row_id FROM search_gram f LEFT JOIN {searched.table} t ON t.id = f.row_id "  # noqa: S608  as above
        f"WHERE f.subject = '{subject}' AND (t.id IS NULL OR f.jurisdiction <> {place} "
        f"OR {where}({searched_text(subject, 't.', dialect)}, f.gram) = 0) LIMIT {limit}"
    )
    return [int(row[0]) for row in found]


def searched_text(subject: str, alias: str, dialect: str) -> str:
    """Return SQL for the text by which a row is found: its texts in one, in small letters."""
    searched = SEARCHED[subject]
    told = {name: f"COALESCE({alias}{name}, '')" for name in searched.texts}
    hidden, condition = searched.kept_back
    if hidden:
        told[hidden] = f"CASE WHEN {condition.replace('{row}', alias)} THEN '' ELSE {told[hidden]} END"
    joined = " || ' ' || ".join(told.values())
    return f'lower(({joined}) COLLATE "C")' if dialect == "postgresql" else f"lower({joined})"


def _told(searched: Searched, alias: str, dialect: str) -> str:
    """Return the columns id, place and text of a row."""
    subject = next(name for name, each in SEARCHED.items() if each is searched)
    place = f"{alias}{searched.place}" if searched.place else f"'{EVERYWHERE}'"
    return f"{alias}id AS id, {place} AS place, {searched_text(subject, alias, dialect)} AS t"


def _grams(dialect: str, seed: str) -> str:
    """Return SQL for (place, gram, id) of the rows that ``seed`` gives; what holds a space is left out."""
    if dialect == "postgresql":
        return (
            f"SELECT DISTINCT s.place, substr(s.t, n, 2) AS gram, s.id FROM ({seed}) s, "  # noqa: S608  our own names
            "generate_series(1, length(s.t) - 1) n WHERE position(' ' in substr(s.t, n, 2)) = 0"
        )
    return (
        f"WITH RECURSIVE k(id, place, t, n) AS (SELECT id, place, t, 1 FROM ({seed}) UNION ALL "  # noqa: S608  as above
        "SELECT id, place, t, n + 1 FROM k WHERE n < length(t)) "
        "SELECT DISTINCT place, substr(t, n, 2) AS gram, id FROM k WHERE n < length(t) AND instr(substr(t, n, 2), ' ') = 0"
    )


def _noting(subject: str, dialect: str, seed: str) -> str:
    grams = f"SELECT '{subject}', g.* FROM ({_grams(dialect, seed)}) g"  # noqa: S608  as above
    return f"INSERT INTO search_gram (subject, jurisdiction, gram, row_id) {grams}"


def _forgetting(subject: str, dialect: str) -> str:
    """Return SQL that forgets the row OLD, by its key from front to end."""
    searched = SEARCHED[subject]
    place = f"OLD.{searched.place}" if searched.place else f"'{EVERYWHERE}'"
    text = searched_text(subject, "OLD.", dialect)
    grams = f"SELECT substr({text}, n, 2) FROM generate_series(1, length({text}) - 1) n"  # noqa: S608  as above
    if dialect == "sqlite":
        grams = (
            f"WITH RECURSIVE k(t, n) AS (SELECT {text}, 1 UNION ALL SELECT t, n + 1 FROM k WHERE n < length(t)) "  # noqa: S608  as above
            "SELECT substr(t, n, 2) FROM k"
        )
    return (
        f"DELETE FROM search_gram WHERE subject = '{subject}' AND jurisdiction = {place} "  # noqa: S608  as above
        f"AND gram IN ({grams}) AND row_id = OLD.id"
    )


def _changed(searched: Searched) -> str:
    names = (*searched.texts, *([searched.place] if searched.place else []))
    return " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in names)


def triggers(subject: str, dialect: str) -> Iterator[str]:
    """Return the statements that make the triggers."""
    searched = SEARCHED[subject]
    note = _noting(subject, dialect, f"SELECT {_told(searched, 'NEW.', dialect)}")
    forget, changed = _forgetting(subject, dialect), _changed(searched)
    columns = ", ".join((*searched.texts, *([searched.place] if searched.place else [])))
    if dialect == "sqlite":
        differs = changed.replace("IS DISTINCT FROM", "IS NOT")
        name = f"CREATE TRIGGER search_{subject}"
        yield f"{name}_insert AFTER INSERT ON {searched.table} BEGIN {note}; END"
        yield f"{name}_update AFTER UPDATE OF {columns} ON {searched.table} WHEN {differs} BEGIN {forget}; {note}; END"
        yield f"{name}_delete AFTER DELETE ON {searched.table} BEGIN {forget}; END"
        return
    yield (
        f"CREATE FUNCTION search_{subject}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'UPDATE' THEN IF NOT ({changed}) THEN RETURN NULL; END IF; END IF; "
        f"IF TG_OP <> 'INSERT' THEN {forget}; END IF; IF TG_OP <> 'DELETE' THEN {note}; END IF; RETURN NULL; END $$"
    )
    for event, kind in (("insert", "INSERT"), ("update", f"UPDATE OF {columns}"), ("delete", "DELETE")):
        yield (
            f"CREATE TRIGGER search_{subject}_{event} AFTER {kind} ON {searched.table} "
            f"FOR EACH ROW EXECUTE FUNCTION search_{subject}()"
        )
