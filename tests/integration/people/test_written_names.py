"""Who can only write the database gives no body another name, and no registration another telephone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.casework.public.decide_registration import accept_registration
from service.casework.public.lodge import PUBLIC_ACTOR
from service.casework.public.registrations import set_first_password
from service.domain.errors import NotFound
from service.store import ContactAltered, Store
from service.store.rows.columns import metadata
from service.store.seals.altered import NameAltered
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.integration.people.test_registrations import SITE, TELEPHONE, lodge, mails, waiting
from tests.integration.people.test_written_rights import by_hand
from tests.support.desks import Bench, make_bench

OTHER = "13900000000"
NEW = "雪山脚下的果园真的很好看"


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award, once on SQLite and once on PostgreSQL."""
    return make_bench(store)


@pytest.fixture
def started(bench: Bench) -> Bench:
    """An installation after its first start."""
    seal_rows(bench.desk, SYSTEM)
    return bench


def organisation(bench: Bench) -> int:
    """Return the row of an organisation with a former name."""
    with bench.desk.store.write() as tx:
        return tx.people.upsert_body("*", "X9", kind="organisation", name="甲公司", details={"former_names": ["乙"]})


@contextmanager
def written(bench: Bench, table: str, ident: int, **changes: object) -> Iterator[None]:
    """Let columns of a row say something else meanwhile."""
    columns = metadata.tables[table]
    own = columns.c.id == ident
    with bench.desk.store.write() as tx:
        (before,) = tx._connection.execute(sa.select(*(columns.c[name] for name in changes)).where(own)).all()
        tx._connection.execute(sa.update(columns).where(own).values(changes))
    yield
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.update(columns).where(own).values(before._mapping))


@pytest.mark.parametrize("change", [{"name": "骗子公司"}, {"name_en": "Fraud Ltd"}, {"details": {"same_as": [1]}}])
def test_nothing_is_done_in_a_name_that_somebody_wrote(started: Bench, change: dict[str, object]) -> None:
    ident = organisation(started)
    with written(started, "body", ident, **change):
        with pytest.raises(NameAltered, match=f"body 表第{ident}行"), started.desk.store.write() as tx:
            tx.people.body(ident)
        with started.desk.store.read() as tx:
            assert "changed beside the program" in (tx.people.body(ident).name_en or "")
            assert "在系统之外被改动" in tx.people.bodies_by_id([ident])[ident].name
        (found,) = unsealed(started.desk)
        assert found.en.startswith(f"name, name_en or details in row {ident} of table body were not written")
    with started.desk.store.write() as tx:
        assert tx.people.body(ident).name == "甲公司"
    assert unsealed(started.desk) == []


def test_a_former_name_is_not_brought_back_with_its_seal(started: Bench) -> None:
    ident = organisation(started)
    with started.desk.store.read() as tx:
        before = tx.people.body(ident)
    with started.desk.store.write() as tx:
        tx.people.upsert_body("*", "X9", kind="organisation", name="丙公司", details={})
    assert unsealed(started.desk) == []
    former = {"name": before.name, "details": before.details, "name_seal": before.name_seal}
    with (
        written(started, "body", ident, **former),
        pytest.raises(NameAltered),
        started.desk.store.write() as tx,
    ):
        tx.people.body(ident)


def test_names_without_a_seal_count_until_seals_are_demanded(bench: Bench) -> None:
    ident = organisation(bench)
    by_hand(bench, "update body set name_seal = ''")
    with bench.desk.store.write() as tx:
        assert tx.people.body(ident).name == "甲公司"
    seal_rows_beside(bench.desk, SYSTEM)
    by_hand(bench, "update body set name = '甲公司一' where key = 'X9'")
    with bench.desk.store.write() as tx:
        assert tx.people.body(ident).name == "甲公司一"
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    seal_rows_beside(bench.desk, SYSTEM)
    assert unsealed(bench.desk) == []
    with bench.desk.store.write() as tx:
        assert tx.people.body(ident).name == "甲公司一"
    with written(bench, "body", ident, name="骗子公司"):
        assert len(unsealed(bench.desk)) == 1


def test_what_is_forgotten_of_a_body_bears_a_seal(started: Bench) -> None:
    ident = organisation(started)
    with started.desk.store.write() as tx:
        tx.erasures.forget_body(ident, "已删除")
    assert unsealed(started.desk) == []


def test_a_telephone_that_somebody_wrote_sets_no_first_password(started: Bench) -> None:
    lodge(started)
    (number,) = waiting(started)
    for values in ({"email": "o@example.cn"}, {"name": "另一家公司"}, {"contact": "另一个人"}):
        with written(started, "registration", number, **values), pytest.raises(ContactAltered):
            accept_registration(started.desk, started.office, number, SITE)
    done = accept_registration(started.desk, started.office, number, SITE)
    found = re.search(rf"{SITE}/register-organisation/password#(\S+)", mails(started, number))
    assert found is not None
    with written(started, "registration", number, telephone=OTHER):
        with pytest.raises(NotFound):
            set_first_password(started.desk, PUBLIC_ACTOR, found[1], OTHER, NEW, "o")
        (named,) = unsealed(started.desk)
        assert named.en.startswith(f"name, contact, body_id, telephone or email in row {number} of table registration")
    assert set_first_password(started.desk, PUBLIC_ACTOR, found[1], TELEPHONE, NEW, "o").login == done.login
    with started.desk.store.write() as tx:
        tx.registrations.erase(number, started.clock.now(), [])
    assert unsealed(started.desk) == []


def test_names_get_seals_where_other_seals_are_demanded_already(bench: Bench) -> None:
    """An installation of the version before, whose settings and bodies have seals since long, names none."""
    ident = organisation(bench)
    seals = bench.desk.store.seals
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["body.name"]}:
        seals._keys.secret(name)
    by_hand(bench, "update body set name_seal = ''")
    assert (seals.asks_for("body"), seals.asks_for("body.name"), seals.asked_for) == (True, False, False)
    assert seal_rows_beside(bench.desk, SYSTEM) > 0
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    seal_rows_beside(bench.desk, SYSTEM)
    assert (seals.asked_for, unsealed(bench.desk)) == (True, [])
    with bench.desk.store.write() as tx:
        assert tx.people.body(ident).name == "甲公司"
