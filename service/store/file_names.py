"""Names of the files that belong to cases, kept beside these with a number and their place, so that they are searched.

Triggers keep them in the transaction that hands a file in, renames it, marks it secret or takes it away, on both databases
alike. A file that is secret, removed, erased or not handed in yet is found by nobody.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

_COLUMNS = "upload_id, case_id, jurisdiction, name"
_FOUND = "{row}.case_id IS NOT NULL AND {row}.removed_at IS NULL AND {row}.erased_at IS NULL AND {row}.secret IS NULL"
_CHANGING = ("case_id", "name", "removed_at", "erased_at", "secret")
_FORGET = "DELETE FROM file_name WHERE upload_id = OLD.id"


def note_files(connection: sa.Connection) -> None:
    """Note every file anew, in the order in which they came."""
    connection.exec_driver_sql("DELETE FROM file_name")
    connection.exec_driver_sql(f"INSERT INTO file_name ({_COLUMNS}) {_every()} ORDER BY u.at, u.id")


def misnamed(connection: sa.Connection, limit: int) -> list[int]:
    """Return cases with a file that is not found by its name, or is and should not be."""
    kept = "SELECT upload_id, case_id, jurisdiction, name FROM file_name"
    both = f"SELECT case_id FROM ({_every()} EXCEPT {kept}) AS missing"  # noqa: S608  our own names
    more = f"SELECT case_id FROM ({kept} EXCEPT {_every()}) AS beyond"  # noqa: S608  as above
    return [int(row[0]) for row in connection.exec_driver_sql(f"{both} UNION {more} LIMIT {limit}")]


def _every() -> str:
    return (
        "SELECT u.id AS upload_id, u.case_id, c.jurisdiction, u.name FROM upload u "  # noqa: S608  as above
        f"JOIN case_instance c ON c.id = u.case_id WHERE {_FOUND.replace('{row}', 'u')}"
    )


def triggers(dialect: str) -> Iterator[str]:
    """Return the statements that make the triggers."""
    note = (
        f"INSERT INTO file_name ({_COLUMNS}) SELECT NEW.id, NEW.case_id, c.jurisdiction, NEW.name "  # noqa: S608  as above
        f"FROM case_instance c WHERE c.id = NEW.case_id AND {_FOUND.replace('{row}', 'NEW')}"
    )
    changed = " OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in _CHANGING)
    touched = f"UPDATE OF {', '.join(_CHANGING)}"
    if dialect == "sqlite":
        differs = changed.replace("IS DISTINCT FROM", "IS NOT")
        yield f"CREATE TRIGGER name_file_insert AFTER INSERT ON upload BEGIN {note}; END"
        yield f"CREATE TRIGGER name_file_update AFTER {touched} ON upload WHEN {differs} BEGIN {_FORGET}; {note}; END"
        yield f"CREATE TRIGGER name_file_delete AFTER DELETE ON upload BEGIN {_FORGET}; END"
        return
    yield (
        "CREATE FUNCTION name_file() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        f"IF TG_OP <> 'INSERT' THEN {_FORGET}; END IF; IF TG_OP <> 'DELETE' THEN {note}; END IF; RETURN NULL; END $$"
    )
    run = "FOR EACH ROW EXECUTE FUNCTION name_file()"
    yield f"CREATE TRIGGER name_file_insert AFTER INSERT ON upload {run}"
    when = f"FOR EACH ROW WHEN ({changed}) EXECUTE FUNCTION name_file()"
    yield f"CREATE TRIGGER name_file_update AFTER {touched} ON upload {when}"
    yield f"CREATE TRIGGER name_file_delete AFTER DELETE ON upload {run}"
