"""An act costs one statement on PostgreSQL while nobody else enters any in between, and is chained in any case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from service.store import Store
from service.store.rows import ActRow
from tests.support.desks import START, make_bench

DATA = {"after": {"name": "名称 “引号”", "n": 3, "none": None, "list": [1, {"x": True}]}}


@pytest.fixture
def kept(store: Store) -> Store:
    """A store whose entries bear MACs, on SQLite and on PostgreSQL."""
    return make_bench(store).desk.store


class Undone(Exception):
    """The unit of work fails after it entered something."""


def entered(store: Store, about: str, *, undone: bool = False) -> int:
    """Enter an act; returns with how many statements."""
    row = ActRow(
        chain="account", seq=0, at=START, jurisdiction="*", actor="甲", action="people.manage", about=about, data=DATA,
        previous="", hash="",
    )  # fmt: skip
    with store.write() as tx:
        with store.statements() as sent:
            tx.acts.append(row)
        if undone:
            raise Undone
    return len(sent)


def costs(store: Store, *expected: int) -> None:
    """Enter acts one after the other, which take so many statements on PostgreSQL, and three each on SQLite."""
    found = [entered(store, f"{number}") for number in range(len(expected))]
    assert found == (list(expected) if store.dialect == "postgresql" else [3] * len(expected))


def chained(store: Store) -> int:
    """Return how many acts the chain holds, each of which is as it was entered."""
    with store.read() as tx:
        rows = [row for row in tx.acts.after(0, 1_000) if row.chain == "account"]
        assert tx.acts.verify("account") is None
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert all((row.data, row.at, row.person_id) == (DATA, START, None) for row in rows)
    return len(rows)


def by_another(store: Store, about: str) -> None:
    """Enter an act as another process does, which knows nothing of where this one left the chain."""
    assert store.seals is not None
    own, store.seals.ends = store.seals.ends, {}
    entered(store, about)
    store.seals.ends = own


def test_one_statement_enters_an_act_while_nobody_else_does(kept: Store) -> None:
    entered(kept, "begins the chain")
    costs(kept, 1, 1, 1)
    assert chained(kept) == 4


def test_the_end_is_asked_for_where_another_process_came_between(kept: Store) -> None:
    entered(kept, "begins the chain")
    costs(kept, 1)
    by_another(kept, "between")
    costs(kept, 3, 2, 1)
    for number in range(3):
        by_another(kept, f"again {number}")
        entered(kept, "asks")
    by_another(kept, "turn by turn")
    costs(kept, 2)
    assert chained(kept) == 14


def test_what_was_undone_is_no_end(kept: Store) -> None:
    entered(kept, "begins the chain")
    with pytest.raises(Undone):
        entered(kept, "undone", undone=True)
    costs(kept, 3, 2, 1)
    assert chained(kept) == 4


def test_many_at_once_make_one_chain(kept: Store) -> None:
    with ThreadPoolExecutor(4) as threads:
        list(threads.map(lambda n: entered(kept, f"{n}"), range(40)))
    assert chained(kept) == 40
