"""What is taken back counts with its commit: a failure before leaves it as it was, and one after brings nothing back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.people.accounts.accounts import change_password
from service.casework.people.seals.row_seals import seal_rows
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.store import Store, Transaction
from service.store.seals.row_seals import RowSeals
from tests.integration.people.test_written_rights import rows
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import Bench, make_bench

BEFORE, AFTER = ("before-note", "before-commit"), ("after-commit",)


@pytest.fixture
def bench(store: Store) -> Bench:
    """A bench on each of both databases."""
    return make_bench(store)


class Cut(BaseException):
    """The process is killed, the disk is full, or the line to the database is lost."""


@contextmanager
def cut_at(bench: Bench, point: str) -> Iterator[None]:
    def cut(name: str) -> None:
        if name == point:
            raise Cut

    bench.desk.store.crash_point = cut
    with pytest.raises(Cut):
        yield
    bench.desk.store.crash_point = lambda _: None


def started_anew(bench: Bench) -> None:
    """Let another process go on, which knows what lies beside the keys alone."""
    desk = bench.desk
    assert desk.store.key_of_digests is not None
    desk.store.seals = RowSeals(desk.store.key_of_digests, desk.ballot_keys)


def signs_in(bench: Bench, password: str) -> bool:
    try:
        return bool(sign_in(bench.desk, "office", password, 12))
    except WrongPassword:
        return False


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("point", BEFORE)
def test_what_was_not_committed_keeps_its_worth(bench: Bench, point: str, anew: bool) -> None:
    desk, now, who = bench.desk, bench.clock.now(), bench.office.person_id or 0
    give_password(bench, "office")
    seal_rows(desk, SYSTEM)
    with desk.store.read() as tx:
        held = tx.people.memberships(who, now)[0]
    changes: list[Callable[[Transaction], Any]] = [
        lambda tx: tx.people.add_membership(replace(held, id=0, seal="")),
        lambda tx: tx.people.change_second_means(who, 1),
    ]
    for change in changes:
        with cut_at(bench, point), desk.store.write() as tx:
            change(tx)
    with cut_at(bench, point):
        change_password(desk, bench.office, PASSWORD, "Long enough 7 words", "")
    if anew:
        started_anew(bench)
    for _ in range(2):
        with desk.store.read() as tx:
            assert held.id in {row.id for row in tx.people.memberships(who, now)}
            assert tx.people.person(who).active
        assert signs_in(bench, PASSWORD)
    assert desk.store.seals is not None
    assert desk.store.seals.pending() == {}
    change_password(desk, bench.office, PASSWORD, "Long enough 7 words", "")
    assert not signs_in(bench, PASSWORD)


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("point", AFTER)
def test_what_was_committed_is_brought_back_by_nobody(bench: Bench, point: str, anew: bool) -> None:
    desk, who = bench.desk, bench.office.person_id or 0
    give_password(bench, "office")
    seal_rows(desk, SYSTEM)
    (before,) = [row for row in rows(bench, "person") if row["id"] == who]
    with cut_at(bench, point):
        change_password(desk, bench.office, PASSWORD, "Long enough 7 words", "")
    if anew:
        started_anew(bench)
    kept, desk.store.seals = desk.store.seals, None  # at once, before the program reads or writes anything
    _password_back(bench, before)
    desk.store.seals = kept
    assert not signs_in(bench, PASSWORD)
    assert desk.store.seals is not None
    assert desk.store.seals.pending() == {}


def _password_back(bench: Bench, before: dict[str, object]) -> None:
    with bench.desk.store.write() as tx:
        given = {name: before[name] for name in ("id", "password", "seal")}
        tx._connection.execute(sa.text("update person set password = :password, seal = :seal where id = :id"), given)


def test_another_unit_of_work_leaves_alone_what_is_not_over(bench: Bench) -> None:
    """While somebody's unit of work is about to be committed the row counts for others; afterwards it does not."""
    desk, now, who = bench.desk, bench.clock.now(), bench.office.person_id or 0
    if desk.store.in_memory:
        pytest.skip("a database in memory has one unit of work at a time")
    seal_rows(desk, SYSTEM)
    with desk.store.read() as tx:
        held = tx.people.memberships(who, now)[0]
    seen = list[bool]()

    def look(name: str) -> None:
        if name == "before-commit":
            desk.store.crash_point = lambda _: None
            with desk.store.read() as other:
                seen.append(held.id in {row.id for row in other.people.memberships(who, now)})

    desk.store.crash_point = look
    with desk.store.write() as tx:
        tx.people.end_membership(held.id, now)
    with desk.store.read() as tx:
        seen.append(held.id in {row.id for row in tx.people.memberships(who, now)})
    assert seen == [True, False]


def test_the_folder_of_keys_away_just_after_the_commit_is_no_error_and_brings_nothing_back(bench: Bench) -> None:
    desk, who = bench.desk, bench.office.person_id or 0
    give_password(bench, "office")
    seal_rows(desk, SYSTEM)
    (before,) = [row for row in rows(bench, "person") if row["id"] == who]
    folder = desk.ballot_keys.root
    moved = folder.with_name("moved")

    def away(name: str) -> None:
        if name == "after-commit" and folder.exists():
            folder.rename(moved)

    desk.store.crash_point = away
    change_password(desk, bench.office, PASSWORD, "Long enough 7 words", "")
    desk.store.crash_point = lambda _: None
    with desk.store.read() as tx:  # what is pending is tried again with each unit of work, and disturbs none
        assert tx.people.person(who).active
    moved.rename(folder)
    started_anew(bench)
    kept, desk.store.seals = desk.store.seals, None
    _password_back(bench, before)
    desk.store.seals = kept
    assert not signs_in(bench, PASSWORD)
    assert desk.store.seals is not None
    assert desk.store.seals.pending() == {}
