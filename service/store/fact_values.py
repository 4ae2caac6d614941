"""Values of facts, each kept once with the cases that have it, so that a value is searched among few and leads to many.

A case says in ``findable`` what it is found by (`findable_text`); triggers keep the two tables in the transaction that
writes it, on both databases alike. Values that no case has any more lead nowhere; `drop_unused` forgets them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import sqlalchemy as sa

from service.store.json_text import to_text

FACT_LENGTH = 2_000
"""So many characters of a value are kept."""

_TABLE = "case_instance"


def findable_text(found: Iterable[tuple[int, str, str]]) -> str:
    """Return what a case is found by, each with its mark (63 bits), the name of the fact and its text, as JSON."""
    return to_text(list(found))


def begin_finding(connection: sa.Connection) -> None:
    """Make the triggers, and note what the cases say already."""
    for statement in _triggers(connection.dialect.name):
        connection.exec_driver_sql(statement)
    note_cases(connection)


def note_cases(connection: sa.Connection) -> None:
    """Note anew what every case is found by."""
    connection.exec_driver_sql("DELETE FROM fact_value_case")
    connection.exec_driver_sql("DELETE FROM fact_value")
    listed, (mark, fact, text) = _elements(connection.dialect.name, "c.findable")
    every = f"FROM {_TABLE} c, {listed}"
    connection.exec_driver_sql(
        "INSERT INTO fact_value (mark, jurisdiction, fact, text) "
        f"SELECT {mark}, MIN(c.jurisdiction), MIN({fact}), MIN({text}) {every} "
        f"WHERE c.findable IS NOT NULL GROUP BY {mark} ORDER BY {mark}"
    )
    connection.exec_driver_sql(
        "INSERT INTO fact_value_case (value_id, case_id) "
        f"SELECT DISTINCT v.id, c.id {every} JOIN fact_value v ON v.mark = {mark} WHERE c.findable IS NOT NULL"
    )


def end_finding(connection: sa.Connection) -> None:
    """Remove the triggers."""
    postgres = connection.dialect.name == "postgresql"
    for event in ("insert", "update", "delete"):
        place = f" ON {_TABLE}" if postgres else ""
        connection.exec_driver_sql(f"DROP TRIGGER IF EXISTS find_{event}{place}")
    if postgres:
        connection.exec_driver_sql("DROP FUNCTION IF EXISTS find_case()")


def drop_unused(connection: sa.Connection, place: str) -> None:
    """Forget the values of a place that no case has any more."""
    unused = "NOT EXISTS (SELECT 1 FROM fact_value_case k WHERE k.value_id = fact_value.id)"
    connection.execute(sa.text(f"DELETE FROM fact_value WHERE jurisdiction = :place AND {unused}"), {"place": place})  # noqa: S608  as above


def _elements(dialect: str, column: str) -> tuple[str, tuple[str, str, str]]:
    """Return SQL for the elements of a column as ``e``, and for mark, fact and text of each."""
    if dialect == "postgresql":
        parts = "CAST(e.value ->> 0 AS bigint)", "e.value ->> 1", "e.value ->> 2"
        return f"json_array_elements(CAST({column} AS json)) e", parts
    return f"json_each({column}) e", (
        "json_extract(e.value, '$[0]')",
        "json_extract(e.value, '$[1]')",
        "json_extract(e.value, '$[2]')",
    )


def _listed(dialect: str, column: str) -> str:
    """Return SQL for the rows (mark, fact, text) of a case."""
    elements, (mark, fact, text) = _elements(dialect, column)
    return f"(SELECT {mark} AS mark, {fact} AS fact, {text} AS text FROM {elements})"  # noqa: S608  as above


def _forgetting(dialect: str, *, kept: bool) -> str:
    """Return SQL that lets go of the values of OLD, of those that NEW has too unless they are ``kept``."""
    still = f" AND j.mark NOT IN (SELECT n.mark FROM {_listed(dialect, 'NEW.findable')} n)" if kept else ""  # noqa: S608  as above
    held = (
        f"SELECT v.id FROM {_listed(dialect, 'OLD.findable')} j JOIN fact_value v ON v.mark = j.mark WHERE true{still}"  # noqa: S608  as above
    )
    return f"DELETE FROM fact_value_case WHERE case_id = OLD.id AND value_id IN ({held})"  # noqa: S608  as above


def _noting(dialect: str) -> tuple[str, str]:
    """Return SQL that keeps what NEW says: values that are new, in one order for all, then the case of each."""
    listed = _listed(dialect, "NEW.findable")
    again = " ON CONFLICT DO NOTHING" if dialect == "postgresql" else ""
    return (
        "INSERT INTO fact_value (mark, jurisdiction, fact, text) "  # noqa: S608  as above
        f"SELECT j.mark, NEW.jurisdiction, j.fact, j.text FROM {listed} j "
        f"WHERE NOT EXISTS (SELECT 1 FROM fact_value v WHERE v.mark = j.mark) ORDER BY j.mark{again}",
        "INSERT INTO fact_value_case (value_id, case_id) "  # noqa: S608  as above
        f"SELECT v.id, NEW.id FROM {listed} j JOIN fact_value v ON v.mark = j.mark WHERE NOT EXISTS "
        "(SELECT 1 FROM fact_value_case k WHERE k.value_id = v.id AND k.case_id = NEW.id)",
    )


def _triggers(dialect: str) -> Iterator[str]:
    note = "; ".join(_noting(dialect))
    moved, gone = _forgetting(dialect, kept=True), _forgetting(dialect, kept=False)
    if dialect == "sqlite":
        said = "WHEN NEW.findable IS NOT NULL"
        changed = "WHEN OLD.findable IS NOT NEW.findable"
        yield f"CREATE TRIGGER find_insert AFTER INSERT ON {_TABLE} {said} BEGIN {note}; END"
        yield f"CREATE TRIGGER find_update AFTER UPDATE OF findable ON {_TABLE} {changed} BEGIN {moved}; {note}; END"
        yield f"CREATE TRIGGER find_delete AFTER DELETE ON {_TABLE} BEGIN {gone}; END"
        return
    yield (
        "CREATE FUNCTION find_case() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP = 'DELETE' THEN {gone}; RETURN NULL; END IF; "
        f"IF TG_OP = 'UPDATE' THEN {moved}; END IF; {note}; RETURN NULL; END $$"
    )
    changed = "WHEN (OLD.findable IS DISTINCT FROM NEW.findable)"
    yield (
        f"CREATE TRIGGER find_insert AFTER INSERT ON {_TABLE} FOR EACH ROW "
        "WHEN (NEW.findable IS NOT NULL) EXECUTE FUNCTION find_case()"
    )
    yield (
        f"CREATE TRIGGER find_update AFTER UPDATE OF findable ON {_TABLE} FOR EACH ROW "
        f"{changed} EXECUTE FUNCTION find_case()"
    )
    yield f"CREATE TRIGGER find_delete AFTER DELETE ON {_TABLE} FOR EACH ROW EXECUTE FUNCTION find_case()"
