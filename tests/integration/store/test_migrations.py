from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from service.store import Store
from service.store.errors import Unusable
from service.store.models import metadata
from tests.support.postgres import owner_of
from tests.support.statements import statements_of
from tests.support.stored_round import answer_all, load_round


def test_a_running_round_of_the_first_tables_is_upgraded_and_goes_on(
    bare_url: str, open_store: Callable[[str], Store]
) -> None:
    load_round(bare_url)
    store = open_store(bare_url)
    assert store.knows_tables()
    store.migrate()
    engine = sa.create_engine(bare_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": _is_ours})
        assert compare_metadata(context, metadata) == []
    engine.dispose()
    assert answer_all(store) == (3, ["score", "score", "score"])


def _is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """The tables of the library that rings the bells of the lanes are its own."""
    return kind != "table" or not (name or "").startswith("procrastinate_")


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()
    with statements_of(store) as sent:
        store.migrate()
    assert not [sql for sql, _ in sent if sql.lstrip().startswith(("CREATE", "ALTER", "DROP", "INSERT"))]


def test_tables_of_a_newer_program_are_refused(database_url: str, open_store: Callable[[str], Store]) -> None:
    store = open_store(database_url)
    engine = sa.create_engine(owner_of(database_url))
    with engine.begin() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9000'"))
    engine.dispose()
    assert store.knows_tables() is False
    with pytest.raises(Unusable, match="更新版本的程序"):
        store.migrate()
