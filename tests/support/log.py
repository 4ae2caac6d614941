"""The log of events in a test, and what somebody writes beside the program."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from service.casework.desk.desk import Desk
from service.casework.soundness.checks import broken_chains
from service.store import Store
from service.store.connections.database import create_database_engine, sqlite_file
from service.store.types import keys_of
from tests.support.postgres import owner_of


def broken_in(desk: Desk) -> list[str]:
    """Return each chain that does not hold, with the number of its first wrong event."""
    return [f"{name}: {first}" for name, first in broken_chains(desk) if first is not None]


def executed(desk: Desk, sql: str, **values: object) -> None:
    """Do what somebody does who has the database alone."""
    with beside(desk.store) as connection:
        assert connection.execute(sa.text(sql), values).rowcount >= 1


def owner_address(store: Store) -> str:
    """Return the address of a store's database by the role that owns its tables."""
    return owner_of(store._engine.url.render_as_string(hide_password=False))


@contextmanager
def beside(store: Store) -> Iterator[sa.Connection]:
    """Write beside the program, as whoever owns the database does: rows may refer to nothing for a while."""
    file = sqlite_file(store._engine.url.render_as_string(hide_password=False))
    keys = keys_of(store._engine.dialect)
    engine = (
        create_database_engine(owner_address(store), keys=keys)
        if file is None
        else sa.create_engine(f"sqlite:///{file}")
    )
    try:
        with engine.begin() as connection:
            if file is None:
                connection.exec_driver_sql("set local session_replication_role = replica")
            yield connection
    finally:
        engine.dispose()
