"""Values of facts to search by: triggers keep what the cases say, each value once, for all cases that have it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from service.store import Store, Transaction, findable_text
from service.store.fact_values import note_cases
from service.store.repositories.cases.search import VALUES, FoundValue
from service.store.rows.cases import case as case_table
from service.store.rows.search import fact_value, fact_value_case, search_gram
from tests.support import records
from tests.support.waiting import ended, until

UNIT, STAGE = (2**62 + 1, "unit", "区市场监督管理局"), (7, "stage", "审查中 being examined examining")
OTHER = (8, "unit", "县工业和信息化局")


def case(tx: Transaction, definition: str | None, *values: tuple[int, str, str], place: str = "city") -> int:
    return records.case(tx, definition=definition, jurisdiction=place, findable=findable_text(values))


def kept(tx: Transaction) -> set[tuple[str, int]]:
    rows = sa.select(fact_value.c.text, fact_value_case.c.case_id)
    return {
        (text, ident)
        for text, ident in tx._connection.execute(
            rows.join_from(fact_value, fact_value_case, fact_value.c.id == fact_value_case.c.value_id)
        )
    }


def found(tx: Transaction, text: str, *, recused: tuple[int, ...] = ()) -> list[tuple[int, str]]:
    return [(each.case_id, each.fact) for each in tx.search.values(["city"], text, recused, 9)[0]]


def test_a_value_is_kept_once_and_leads_to_its_newest_cases_of_the_places_asked_for(store: Store) -> None:
    with store.write() as tx:
        subject = records.body(tx, "A1", "*")
        first, second = case(tx, None, UNIT, STAGE), case(tx, "v1", UNIT)
        case(tx, "v1", (9, "unit", UNIT[2]), place="far")
        about = records.case(tx, definition="v1", subject_id=subject, findable=findable_text([UNIT]))
        assert found(tx, "市场监督") == [(about, "unit"), (second, "unit"), (first, "unit")]
        assert found(tx, "市场监督", recused=(subject,)) == [(second, "unit"), (first, "unit")]
        assert found(tx, "EXAMINED 审查") == [(first, "stage")]
        assert found(tx, "市场 审查") == []  # in one value, every word
        assert tx._connection.scalar(sa.select(sa.func.count()).select_from(fact_value)) == 3


def test_what_changed_is_found_by_the_new_value_alone_and_what_is_gone_by_none(store: Store) -> None:
    with store.write() as tx:
        first, second = case(tx, None, UNIT, STAGE), case(tx, "v1", UNIT)
        tx.cases.save(tx.cases.get(first), findable=findable_text([STAGE, OTHER]))
        assert (found(tx, "市场监督"), found(tx, "工业和信"), found(tx, "审查中")) == (
            [(second, "unit")],
            [(first, "unit")],
            [(first, "stage")],
        )
        tx.search.note_findable(second, findable_text([]))
        assert found(tx, "市场监督") == []
        assert {text for text, _ in kept(tx)} == {OTHER[2], STAGE[2]}
        assert not tx._connection.scalar(
            sa.select(sa.func.count()).where(search_gram.c.subject == "value", search_gram.c.gram == "监督")
        )
        tx._connection.execute(sa.delete(case_table).where(case_table.c.id == first))
        assert kept(tx) == set()


def test_cases_of_before_are_noted_as_new_ones_are(store: Store) -> None:
    with store.write() as tx:
        case(tx, None, UNIT, STAGE)
        case(tx, "v1", UNIT)
        records.case(tx, definition="v1")
        before = kept(tx)
        note_cases(tx._connection)
        assert kept(tx) == before
        assert len(before) == 3
        assert list(tx.soundness.not_found(9)) == []


def test_more_values_than_are_followed_are_said_to_be_there(store: Store) -> None:
    with store.write() as tx:
        case(tx, None, *((number, "day", f"2026年3月 {number}") for number in range(VALUES)))
        assert tx.search.values(["city"], "2026年3月", (), 9)[1] is False
        case(tx, "v1", (VALUES, "day", "2026年3月"))
        values, more = tx.search.values(["city"], "2026年3月", (), 9)
        assert more
        assert len({each.case_id for each in values}) == 2


def test_values_that_no_case_has_push_nothing_out_and_are_forgotten(store: Store) -> None:
    with store.write() as tx:
        first = case(tx, None, (1, "day", "2026年3月 一"))
        rows = [
            {"mark": n + 9, "jurisdiction": "city", "fact": "day", "text": f"2026年3月 {n}"} for n in range(VALUES + 1)
        ]
        tx._connection.execute(sa.insert(fact_value), rows)
        assert tx.search.values(["city"], "2026年3月", (), 9) == ([FoundValue(first, "day")], False)
        unused = tx.soundness.unused_values(0, 99)
        tx.search.drop_unused_values([*unused, min(unused) - 1])
        assert (len(unused), tx.soundness.unused_values(0, 99)) == (VALUES + 1, [])
        assert found(tx, "2026年3月") == [(first, "day")]


def test_a_link_that_leads_nowhere_and_one_that_is_missing_are_told(store: Store) -> None:
    with store.write() as tx:
        first, second = case(tx, None, UNIT), case(tx, "v1", OTHER)
        assert tx.soundness.astray(9) == []
        tx._connection.execute(sa.delete(fact_value).where(fact_value.c.mark == UNIT[0]))
        tx._connection.execute(sa.delete(fact_value_case).where(fact_value_case.c.case_id == second))
        assert sorted(tx.soundness.astray(9)) == [first, second]


@pytest.mark.postgres
@pytest.mark.parametrize("linked_first", [True, False])
def test_a_value_taken_up_while_its_last_case_goes_is_not_lost(
    postgres_url: str, open_store: Callable[[str], Store], linked_first: bool
) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        first, second = case(tx, None, UNIT), case(tx, "v1", OTHER)

    def link(tx: Transaction) -> None:
        tx.search.note_findable(second, findable_text([OTHER, UNIT]))

    def let_go(tx: Transaction) -> None:
        tx.search.note_findable(first, findable_text([]))

    def beside() -> None:
        with store.write() as tx:
            (let_go if linked_first else link)(tx)

    thread = threading.Thread(target=beside)
    with store.write() as tx:
        (link if linked_first else let_go)(tx)
        thread.start()
        if linked_first:
            ended(thread)  # it waits for nobody
        until(lambda: not thread.is_alive() or _waits(store), what="the second waits for the first")
    ended(thread)
    with store.read() as tx:
        assert found(tx, "市场监督") == [(second, "unit")]
        assert tx.soundness.astray(9) == []


def _waits(store: Store) -> bool:
    """Return whether a transaction waits for another."""
    with store.read() as tx:
        return bool(tx._connection.scalar(sa.text("SELECT count(*) FROM pg_locks WHERE NOT granted")))
