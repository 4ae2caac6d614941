from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.store import Store
from service.store.rows import metadata


def test_the_migrated_tables_are_those_the_program_declares(database_url: str, store: Store) -> None:
    store.migrate()
    engine = sa.create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    engine.dispose()


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    with store.statements() as sent:
        store.migrate()
    assert not [sql for sql, _ in sent if sql.lstrip().startswith(("CREATE", "ALTER", "DROP", "INSERT"))]


def test_a_new_store_says_which_database_it_is_on(database_url: str, open_store: Callable[[str], Store]) -> None:
    assert open_store(database_url).dialect in database_url
