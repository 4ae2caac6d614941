"""Values of facts, each kept once with the cases that have it, so that a value is searched among few and leads to many.

A case says in ``findable`` what it is found by (`findable_text`); triggers keep the two tables in the transaction that
writes it, on both databases alike. A value that no case has any more goes with its last case; where two let go of it at
once, or somebody took it up meanwhile, PostgreSQL may leave it, leading nowhere, until `drop_unused` is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import sqlalchemy as sa

from service.store.json_text import to_text
from service.store.rows.search import fact_value

FACT_LENGTH = 2_000
"""So many characters of a value are kept."""

_TABLE = "case_instance"
_UNUSED = "NOT EXISTS (SELECT 1 FROM fact_value_case k WHERE k.value_id = fact_value.id)"


def findable_text(found: Iterable[tuple[int, str, str]]) -> str:
    """Return what a case is found by, each with its mark (63 bits), the name of the fact and its text, as JSON."""
    return to_text(list(found))


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


def unused_after(connection: sa.Connection, value_id: int, limit: int) -> list[int]:
    """Return the next ``limit`` values above number ``value_id`` that no case has."""
    unused = sa.text(f"SELECT id FROM fact_value WHERE id > :after AND {_UNUSED} ORDER BY id LIMIT :most")  # noqa: S608  as above
    return [int(ident) for ident in connection.scalars(unused, {"after": value_id, "most": limit})]


def drop_unused(connection: sa.Connection, value_ids: Sequence[int]) -> None:
    """Forget those of the values that no case has and nobody is taking up now."""
    ids = list(value_ids)
    chosen, dead = fact_value.c.id.in_(ids), sa.text(_UNUSED)
    if connection.dialect.name == "postgresql":  # what another links is locked; what is locked here nobody links
        ids = list(connection.scalars(sa.select(fact_value.c.id).where(chosen).with_for_update(skip_locked=True)))
    connection.execute(sa.delete(fact_value).where(fact_value.c.id.in_(ids), dead))


def astray(connection: sa.Connection, limit: int) -> list[int]:
    """Return cases that are not found by what they say, or by a value that is not there."""
    listed, (mark, _, _) = _elements(connection.dialect.name, "c.findable")
    held = "SELECT 1 FROM fact_value v JOIN fact_value_case k ON k.value_id = v.id"
    found = connection.exec_driver_sql(
        f"SELECT c.id FROM {_TABLE} c, {listed} WHERE c.findable IS NOT NULL "  # noqa: S608  as above
        f"AND NOT EXISTS ({held} WHERE v.mark = {mark} AND k.case_id = c.id) "
        "UNION SELECT k.case_id FROM fact_value_case k "
        f"WHERE NOT EXISTS (SELECT 1 FROM fact_value v WHERE v.id = k.value_id) LIMIT {limit}"
    )
    return [int(row[0]) for row in found]


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


def _let_go(dialect: str, *, kept: bool) -> str:
    """Return SQL for the marks of OLD, without those that NEW has too unless it is gone."""
    still = f" WHERE j.mark NOT IN (SELECT n.mark FROM {_listed(dialect, 'NEW.findable')} n)" if kept else ""  # noqa: S608  as above
    return f"SELECT j.mark FROM {_listed(dialect, 'OLD.findable')} j{still}"  # noqa: S608  as above


def _forgetting(dialect: str, *, kept: bool) -> str:
    """Return SQL that lets go of the values of OLD, of those that NEW has too unless they are ``kept``."""
    held = f"SELECT v.id FROM fact_value v WHERE v.mark IN ({_let_go(dialect, kept=kept)})"  # noqa: S608  as above
    return f"DELETE FROM fact_value_case WHERE case_id = OLD.id AND value_id IN ({held})"  # noqa: S608  as above


def _dropping(dialect: str, *, kept: bool) -> str:
    """Return SQL that drops those of them that no case has now.

    PostgreSQL locks them first, passing by what somebody takes up, and asks again: who waited for that lock is seen then.
    """
    unused = f"SELECT fact_value.id FROM fact_value WHERE mark IN ({_let_go(dialect, kept=kept)}) AND {_UNUSED}"  # noqa: S608  as above
    if dialect == "sqlite":
        return f"DELETE FROM fact_value WHERE id IN ({unused})"  # noqa: S608  as above
    return (
        f"unused := ARRAY({unused} FOR UPDATE OF fact_value SKIP LOCKED); "  # noqa: S608  as above
        f"DELETE FROM fact_value WHERE id = ANY(unused) AND {_UNUSED}"
    )


def _noting(dialect: str) -> str:
    """Return SQL that keeps what NEW says: values that are new, in one order for all, then the case of each.

    On PostgreSQL a value is held while it is linked; one that was dropped meanwhile is made again.
    """
    listed, postgres = _listed(dialect, "NEW.findable"), dialect == "postgresql"
    again = " ON CONFLICT DO NOTHING" if postgres else ""
    held = " ORDER BY v.mark FOR KEY SHARE OF v" if postgres else ""
    linked = "SELECT 1 FROM fact_value_case k WHERE k.value_id = v.id AND k.case_id = NEW.id"
    note = (
        "INSERT INTO fact_value (mark, jurisdiction, fact, text) "  # noqa: S608  as above
        f"SELECT j.mark, NEW.jurisdiction, j.fact, j.text FROM {listed} j "
        f"WHERE NOT EXISTS (SELECT 1 FROM fact_value v WHERE v.mark = j.mark) ORDER BY j.mark{again}; "
        "INSERT INTO fact_value_case (value_id, case_id) "
        f"SELECT w.id, NEW.id FROM (SELECT v.id FROM fact_value v WHERE v.mark IN (SELECT j.mark FROM {listed} j) "
        f"AND NOT EXISTS ({linked}){held}) w"
    )
    if not postgres:
        return note
    missed = f"SELECT 1 FROM {listed} j WHERE NOT EXISTS (SELECT 1 FROM fact_value v WHERE v.mark = j.mark AND EXISTS ({linked}))"  # noqa: S608  as above
    return f"LOOP {note}; EXIT WHEN NOT EXISTS ({missed}); END LOOP"


def triggers(dialect: str) -> Iterator[str]:
    """Return the statements that make the triggers."""
    note = _noting(dialect)
    moved, gone = _forgetting(dialect, kept=True), _forgetting(dialect, kept=False)
    drop, drop_all = _dropping(dialect, kept=True), _dropping(dialect, kept=False)
    if dialect == "sqlite":
        said = "WHEN NEW.findable IS NOT NULL"
        changed = "WHEN OLD.findable IS NOT NEW.findable"
        yield f"CREATE TRIGGER find_insert AFTER INSERT ON {_TABLE} {said} BEGIN {note}; END"
        yield f"CREATE TRIGGER find_update AFTER UPDATE OF findable ON {_TABLE} {changed} BEGIN {moved}; {note}; {drop}; END"
        yield f"CREATE TRIGGER find_delete AFTER DELETE ON {_TABLE} BEGIN {gone}; {drop_all}; END"
        return
    yield (
        "CREATE FUNCTION find_case() RETURNS trigger LANGUAGE plpgsql AS $$ DECLARE unused bigint[]; BEGIN "
        f"IF TG_OP = 'DELETE' THEN {gone}; {drop_all}; RETURN NULL; END IF; "
        f"IF TG_OP = 'UPDATE' THEN {moved}; END IF; {note}; IF TG_OP = 'UPDATE' THEN {drop}; END IF; RETURN NULL; END $$"
    )
    each = f"{_TABLE} FOR EACH ROW"
    found = "EXECUTE FUNCTION find_case()"
    yield f"CREATE TRIGGER find_insert AFTER INSERT ON {each} WHEN (NEW.findable IS NOT NULL) {found}"
    yield (
        f"CREATE TRIGGER find_update AFTER UPDATE OF findable ON {each} "
        f"WHEN (OLD.findable IS DISTINCT FROM NEW.findable) {found}"
    )
    yield f"CREATE TRIGGER find_delete AFTER DELETE ON {each} {found}"
