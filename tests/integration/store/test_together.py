"""Several units of work of one thread committed as one: each is undone alone, and the disk is waited for once."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.store import Store
from tests.support import records


@pytest.fixture
def shop(sqlite_url: str, tmp_path: Path) -> Iterator[Store]:
    opened = Store(sqlite_url, tmp_path / "files")
    yield opened
    opened.close()


def logins(store: Store) -> list[str]:
    with store.read() as tx:
        return [person.login for person in tx.people.everybody()]


def fail_after_wang(store: Store, called: list[str]) -> None:
    with store.write() as tx:
        records.person(tx, "wang")
        tx.after_commit(lambda: called.append("wang"))
        raise ZeroDivisionError


def fail_as_a_whole(store: Store) -> None:
    with store.together():
        with store.write() as tx:
            records.person(tx, "li")
        raise ZeroDivisionError


def test_units_of_work_are_committed_as_one(shop: Store) -> None:
    points: list[str] = []
    shop.crash_point = points.append
    with shop.together():
        for login in ("li", "wang"):
            with shop.write() as tx:
                records.person(tx, login)
        assert logins(shop) == ["li", "wang"]
    assert points.count("before-commit") == 1
    assert logins(shop) == ["li", "wang"]


def test_one_that_fails_is_undone_alone_with_what_it_would_have_called(shop: Store) -> None:
    called: list[str] = []
    with shop.together():
        with shop.write() as tx:
            records.person(tx, "li")
            tx.after_commit(lambda: called.append("li"))
        with pytest.raises(ZeroDivisionError):
            fail_after_wang(shop, called)
        assert called == []
    assert (logins(shop), called) == (["li"], ["li"])


def test_nothing_is_kept_where_the_whole_fails(shop: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        fail_as_a_whole(shop)
    assert logins(shop) == []
    with shop.write() as tx:
        records.person(tx, "zhao")
    assert logins(shop) == ["zhao"]
