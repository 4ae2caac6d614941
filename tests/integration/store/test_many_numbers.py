"""Whoever keeps away from everybody, since a recusal is missing, asks the same questions with more numbers than a statement takes."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from service.store import CaseFilter, Store
from service.store.repositories.many_numbers import is_among, is_none_of
from service.store.repositories.tasks.task_filter import TaskFilter

MANY = range(1, 70_000)


@pytest.mark.parametrize("numbers", [(1, 3), MANY], ids=["few", "many"])
def test_many_numbers_are_asked_for_as_few_are(store: Store, numbers: tuple[int, ...]) -> None:
    some = (1, 2, 3, 90_000, None)
    given = sa.union_all(*(sa.select(sa.cast(n, sa.BigInteger).label("n")) for n in some)).subquery()
    with store.read() as tx:
        for condition, meant in ((is_among, True), (is_none_of, False)):
            asked = sa.select(given.c.n).where(condition(given.c.n, numbers))
            found = {row[0] for row in tx._connection.execute(asked)}
            assert found == {n for n in some if n and (n in numbers) is meant}


def test_who_keeps_away_from_everybody_finds_nothing_and_breaks_nothing(store: Store) -> None:
    away = tuple(MANY)
    with store.read() as tx:
        assert tx.cases.search(CaseFilter(["riverton"], recused=away), limit=5) == []
        assert tx.tasks.count(TaskFilter(memberships=(("office", "riverton", None),), recused=away)) == 0
        assert tx.search.bodies(["riverton"], "公司", away, 5) == []
        assert tx.signs.asked_of(1, away, 5) == []
        assert tx.case_notes.passed_on(1, away, "", None, 5) == []
