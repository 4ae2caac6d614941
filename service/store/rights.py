"""Rights of two roles on PostgreSQL: the owner of the tables, and the program, which adds events and changes none."""

from __future__ import annotations

from collections.abc import Iterator

import sqlalchemy as sa

from service.domain.proof.audit_chain import ERASED
from service.store.models.log import act, audit
from service.store.models.packages import package_event, setting
from service.store.row_log import RECORDS

EVENTS = (audit, act, package_event, setting)
"""Tables in which the program may only add rows."""

_SALTED = (audit, act)
_REDACT = "redact_event(bigint, varchar, text, json, json)"
MAY_REWRITE = sa.select(
    sa.or_(*(sa.func.has_table_privilege(table.name, right) for table in EVENTS for right in ("UPDATE", "DELETE")))
)


def redaction() -> Iterator[str]:
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
