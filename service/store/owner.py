"""What the owner of the tables does: rights of roles, rewriting all files, the mark of an unfinished restore."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from service.domain.proof.audit_chain import ERASED
from service.store.connections.database import execute_by_driver
from service.store.errors import NotOwner, RestoreUnfinished
from service.store.models import metadata
from service.store.models.log import act, audit
from service.store.models.packages import package_event, setting
from service.store.row_log import RECORDS

_SQLITE = ("PRAGMA wal_checkpoint(TRUNCATE)", "VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)")
_NO_RIGHT = "42501"
_OTHERS = sa.text("select 1 from pg_class c where c.oid = to_regclass(:name) and not pg_has_role(c.relowner, 'USAGE')")
"""Asks whether a table belongs to somebody else: VACUUM would pass it over with no more than a warning."""


def rewrite_tables(engine: sa.Engine) -> None:
    """Rewrite every table in its own connection, outside of any transaction; needs room for a second copy.

    On PostgreSQL the account has to own the tables and needs no other right; what it knows of their values
    (statistics) is gathered anew.

    Raises:
        NotOwner: the account does not own the tables.
        sqlalchemy.exc.DBAPIError: a lock that did not come, a full disk.
    """
    if engine.dialect.name == "sqlite":
        _prepare_sqlite(engine)
    else:
        _prepare_postgresql(engine)


def _prepare_sqlite(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        for statement in _SQLITE:
            execute_by_driver(connection, statement)


def _prepare_postgresql(engine: sa.Engine) -> None:
    names = [table.name for table in metadata.sorted_tables]
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            if any(connection.scalar(_OTHERS, {"name": name}) for name in names):
                raise NotOwner
            connection.exec_driver_sql("SET statement_timeout = 0")
            listed = ", ".join(engine.dialect.identifier_preparer.quote(name) for name in names)
            connection.exec_driver_sql(f"VACUUM (FULL, ANALYZE) {listed}")
        except sa.exc.ProgrammingError as error:
            if getattr(error.orig, "sqlstate", None) == _NO_RIGHT:
                raise NotOwner from error
            raise
        finally:
            connection.invalidate()  # its settings go with it, and the pool opens another


EVENTS = (audit, act, package_event, setting)
"""Tables in which the program may only add rows."""

_SALTED = (audit, act)
_REDACT = "redact_event(bigint, varchar, text, json, json)"
MAY_REWRITE = sa.select(
    sa.or_(*(sa.func.has_table_privilege(table.name, right) for table in EVENTS for right in ("UPDATE", "DELETE")))
)


def iterate_redaction_statements() -> Iterator[str]:
    """Return the statements that make the one way in which the program takes words out of an event of a case.

    What is left bears the mark of an erasure, and place, hash and hashes of rows stay: an event of erasure vouches for it.
    """
    yield (
        "CREATE FUNCTION redact_event(event bigint, new_actor varchar, new_text text, new_data json, new_changed json)"  # noqa: S608  our own names
        " RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path FROM CURRENT AS $$ BEGIN"
        " UPDATE audit SET actor = new_actor, text = new_text, data = new_data, changed = new_changed WHERE id = event"
        f" AND (new_data->'{RECORDS}')::jsonb IS NOT DISTINCT FROM (data->'{RECORDS}')::jsonb"
        f" AND (position('{ERASED}' in concat(new_actor, new_text, new_data::jsonb)) > 0"
        " OR (new_actor, new_text, new_data::jsonb) = (actor, text, data::jsonb));"
        " IF NOT FOUND THEN RAISE check_violation USING MESSAGE = 'nothing but the words of an event is erased'; END IF;"
        " RETURN true; END $$"
    )
    yield f"REVOKE ALL ON FUNCTION {_REDACT} FROM PUBLIC"


def give_rights(connection: sa.Connection, program: str) -> None:
    """Let the role ``program`` use the tables of this connection's role, and change or remove no event; safe to repeat."""
    quote = connection.dialect.identifier_preparer.quote
    role, schema = quote(program), quote(str(connection.scalar(sa.select(sa.func.current_schema()))))
    events = ", ".join(table.name for table in EVENTS)
    for statement in (
        f"GRANT USAGE ON SCHEMA {schema} TO {role}",
        f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA {schema} TO {role}",
        f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA {schema} TO {role}",
        f"REVOKE UPDATE, DELETE ON {events} FROM {role}",
        f"REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {role}",
        *(f"GRANT UPDATE (salts) ON {table.name} TO {role}" for table in _SALTED),
        f"GRANT EXECUTE ON FUNCTION {_REDACT} TO {role}",
    ):
        connection.exec_driver_sql(statement)


MARK = "unfinished_restore"
"""The table's name; its one row says when the backup was made."""


def require_restored(connection: sa.Connection) -> None:
    """Raise RestoreUnfinished where a restore was begun and not finished."""
    if sa.inspect(connection).has_table(MARK):
        raise RestoreUnfinished


def finish_restore(connection: sa.Connection) -> None:
    """Take the mark away, in the caller's transaction; where there is none nothing is done."""
    if sa.inspect(connection).has_table(MARK):
        connection.exec_driver_sql(f"DROP TABLE {MARK}")
