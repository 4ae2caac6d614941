"""The program adds events and changes none: on PostgreSQL the database itself refuses it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from service.app import Installation
from service.casework.health.checks import Colour, look_at_database
from service.casework.soundness.checks import broken_chains
from service.domain.proof.audit_chain import ERASED
from service.settings import read_settings
from service.store import Store
from service.store.errors import Unusable
from service.store.owner import EVENTS
from tests.support.desks import Bench, make_bench
from tests.support.log import owner_address
from tests.support.postgres import Cluster, owner_setting

pytestmark = pytest.mark.postgres


@pytest.fixture
def bench(postgres_url: str, open_store: Callable[[str], Store]) -> Bench:
    made = make_bench(open_store(postgres_url))
    made.submitted()
    return made


def refused(store: Store, statement: sa.Executable, **values: object) -> str:
    with pytest.raises(sa.exc.DBAPIError) as told, store._engine.begin() as connection:
        connection.execute(statement, values)
    return str(told.value.orig)


@pytest.mark.parametrize("table", EVENTS, ids=str)
def test_no_event_is_changed_or_removed_by_the_program(bench: Bench, table: sa.Table) -> None:
    store = bench.desk.store
    for act in (
        sa.delete(table),
        *(sa.update(table).values({column: ""}) for column in ("hash", "actor") if column in table.c),
        sa.text(f"truncate {table.name}"),
        sa.text(f"drop table {table.name}"),
        sa.text(f"alter table {table.name} disable trigger all"),
    ):
        assert any(words in refused(store, act) for words in ("permission denied", "must be owner")), act
    assert "permission denied" in refused(store, sa.text("set session_replication_role = replica"))
    assert "permission denied" in refused(store, sa.text("update alembic_version set version_num = '0'"))


def test_the_words_of_an_event_are_erased_and_nothing_else_of_it(bench: Bench) -> None:
    store = bench.desk.store
    with store.read() as tx:
        event = next(row for row in tx.history.select(case_id=1) if "records" in row.data)
    with store._engine.connect() as connection:
        data = connection.scalar(sa.text("select data::text from audit where id = :id"), {"id": event.id})
    call = sa.text("select redact_event(:id, :actor, :words, cast(:data as json), null)")
    kept = {"id": event.id, "actor": event.actor, "data": data}
    for other in (kept | {"words": "另一句话"}, kept | {"words": ERASED, "data": "{}"}):
        assert "nothing but the words" in refused(store, call, **other)
    with store._engine.begin() as connection:
        connection.execute(call, kept | {"words": ERASED})
    with store.read() as tx:
        assert (tx.history.select(case_id=1)[event.seq - 1].text, tx.history.verify(1)) == (ERASED, event.seq)


def test_what_the_owner_alone_may_do_is_told_of_a_program_that_may_do_it(
    bench: Bench, open_store: Callable[[str], Store]
) -> None:
    assert look_at_database(bench.desk).colour is Colour.GREEN
    owner = replace(bench.desk, store=open_store(owner_address(bench.desk.store)))
    finding = look_at_database(owner)
    assert (finding.colour, "LAUREL_DATABASE_OWNER" in finding.remedy.zh) == (Colour.YELLOW, True)


def test_the_owner_makes_the_tables_and_the_program_works_in_them(postgres: Cluster, tmp_path: Path) -> None:
    name = postgres.fresh_name()
    postgres.create(name)
    url = postgres.program_url(name)
    settings = {"LAUREL_DATA": str(tmp_path), "LAUREL_DATABASE": url, "LAUREL_SEPARATION": "one"}
    with pytest.raises(Unusable, match="LAUREL_DATABASE_OWNER"):
        Installation(read_settings(settings)).desk()
    with (
        closing(Installation(read_settings({**settings, **owner_setting(url)})).desk().store) as store,
        store.read() as tx,
    ):
        assert not tx.log.may_be_rewritten()
    desk = Installation(read_settings(settings)).desk()
    with closing(desk.store):
        make_bench(desk.store)
        assert [name for name, broken in broken_chains(desk) if broken is not None] == []
