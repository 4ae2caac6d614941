"""What every table is asked: the same answers from both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.store import Store
from service.store.models import HealthColourRow
from tests.support import records
from tests.support.records import DAY, NOON
from tests.support.statements import statements_of


def test_conditions_and_orders(store: Store) -> None:
    with store.write() as tx:
        top = records.case(tx, title="c", number="3")
        low = [records.case(tx, parent_id=top, title=title, status="ended") for title in "aab"]
        every = [top, *low]
        assert [row.id for row in tx.cases.select()] == every
        assert [row.id for row in tx.cases.select("-title -id")] == [top, low[2], low[1], low[0]]
        assert [row.id for row in tx.cases.select(parent_id=None)] == [top]
        assert [row.id for row in tx.cases.select(parent_id__ne=None)] == low
        assert [row.id for row in tx.cases.select(id__lt=None, id__in=None, id__ge=low[1])] == low[1:]
        assert [row.id for row in tx.cases.select(id={low[2], top}, status__ne="ended")] == [top]
        assert [row.id for row in tx.cases.select(title__ne=["a", "b"])] == [top]
        assert tx.cases.select(id=[]) == []
        assert tx.cases.find(id=[]) is None
        assert tx.cases.pick("title", id=()) == set()
        assert [row.id for row in tx.cases.select(id__ne=[])] == every
        assert tx.cases.by_id(dict.fromkeys(low, "of a mapping the keys")).keys() == set(low)
        assert tx.cases.pick("title", status="ended") == {"a", "b"}
        assert tx.cases.count_by("title", parent_id=top) == {"a": 2, "b": 1}
        assert (tx.cases.count_rows(number=None), tx.cases.count_rows(id=[]), tx.cases.total("id", id=low)) == (
            3,
            0,
            sum(low),
        )
        found = tx.cases.find("-id", parent_id=top)
        assert found is not None
        assert found.id == low[2]
        with pytest.raises(KeyError, match="case_instance has no column place"):
            tx.cases.select(place="city")


def test_values_of_partial_indexes_stand_in_the_sql(sqlite_store: Store) -> None:
    with statements_of(sqlite_store) as sent, sqlite_store.read() as tx:
        tx.work.select(provisional=True, state="held")
        tx.notices.count_rows(audience="public", state__ne="running")
    asked = [sql.partition("WHERE ")[2].split(" ORDER")[0] for sql, _ in sent if "WHERE" in sql]
    assert asked[0] == "work_item.provisional = 1 AND work_item.state = 'held'"
    assert asked[1] == "notice.audience = 'public' AND notice.state != 'running'"


def test_pages_go_on_behind_the_last_row(store: Store) -> None:
    with store.write() as tx:
        ids = [records.case(tx, title=title) for title in "abab"]
        pages, after = [], None
        while page := tx.cases.select("-title -id", after, 3):
            pages.append([row.id for row in page])
            after = page[-1].title, page[-1].id
        assert pages == [[ids[3], ids[1], ids[2]], [ids[0]]]
        assert [row.id for row in tx.cases.select(after=ids[1], limit=1)] == [ids[2]]


def test_lists_leave_out_what_is_large(store: Store) -> None:
    with store.write() as tx:
        case = records.case(tx, findable="[]")
        whole, found, brief = tx.cases.get(case), tx.cases.find(id=case), tx.cases.by_id([case])[case]
        assert found == whole
        assert brief == replace(whole, state=b"", findable=None)


def test_what_is_changed_and_removed(store: Store) -> None:
    with store.write() as tx:
        first, second = (records.person(tx, login) for login in ("a", "b"))
        assert tx.people.change_where({"id": [first, second], "active": True, "email": None}, email="x") == 2
        assert tx.people.change_where({"id": first, "active": False}, email=None) == 0
        assert tx.people.change_where({"id": []}, email=None) == 0
        office = records.body(tx)
        tx.bodies.change(office, key="moved", name="新名")
        assert [row.key for row in tx.search.bodies(["city"], "新名", (), 9)] == ["moved"]
        row = HealthColourRow(name="disk", since=NOON)
        assert (tx.colours.insert_new(row), tx.colours.insert_new(row)) == (True, False)
        tx.colours.put(replace(row, since=NOON + DAY))
        assert [each.since for each in tx.colours.select()] == [NOON + DAY]
        assert (tx.colours.delete(name="disk", since__lt=NOON), tx.colours.delete(name="disk")) == (0, 1)
