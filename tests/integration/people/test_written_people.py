"""Who can only write the database lets nobody act under another name, and sends nobody's letters elsewhere."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.casework.access.acting import acting
from service.casework.access.actor import SYSTEM
from service.casework.due.begin_epoch import begin_epoch
from service.casework.people.accounts.profile import change_email, change_own_profile, change_profile
from service.casework.people.seals.row_seals import seal_rows, seal_rows_beside, unsealed
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in
from service.casework.soundness.digests import wrong_beside
from service.casework.step.post import letter_rows
from service.store import Store
from service.store.seals.row_seals import _OF_TABLE, SEALED
from tests.integration.people.test_written_rights import by_hand, rows
from tests.support.browsers import PASSWORD, give_password
from tests.support.desks import Bench, make_bench

FORGED = "name, email or telephone in row"


@pytest.fixture
def bench(store: Store) -> Bench:
    """The small award, once on SQLite and once on PostgreSQL."""
    return make_bench(store)


@pytest.fixture
def town(bench: Bench) -> Bench:
    """An installation after its first start, in which the office has a password and an address."""
    give_password(bench, "office")
    seal_rows(bench.desk, SYSTEM)
    change_profile(bench.desk, bench.admin, bench.people["office"], "王某", "office@example.cn", "0991-1234567")
    assert unsealed(bench.desk) == []
    return bench


@pytest.mark.parametrize(
    "change", ["name = '李某'", "email = 'me@example.org'", "telephone = '13900000000'", "name_seal = ''"]
)
def test_nobody_acts_under_a_name_or_address_that_somebody_wrote(town: Bench, change: str) -> None:
    desk, who = town.desk, town.people["office"]
    (before,) = (row for row in rows(town, "person") if row["id"] == who)
    assert sign_in(desk, "office", PASSWORD, 12)
    by_hand(town, f"update person set {change} where id = :id", id=who)
    with pytest.raises(WrongPassword):
        sign_in(desk, "office", PASSWORD, 12)
    with desk.store.write() as tx:
        assert acting(tx, who, town.clock.now()).seats == ()
        assert who not in {one.id for one in tx.people.people_with("testville", "office", None, town.clock.now())}
        assert who not in {one.id for one in tx.deputies.reached("testville", "office", None, town.clock.now())}
        (letter,) = letter_rows([tx.people.person(who)], None, "x", "x", "x", town.clock.now())
        assert letter.address is None, "it waits for its reader in the list of messages"
    assert [words.en for words in unsealed(desk)] == [
        f"{FORGED} {who} of table person were not written by this program: nothing is done by them"
    ]
    assert any(f"{FORGED} {who}" in words.en for words in wrong_beside(desk))
    back = ("name", "email", "telephone", "name_seal")
    by_hand(
        town,
        f"update person set {', '.join(f'{one} = :{one}' for one in back)} where id = :id",
        id=who,
        **{one: before[one] for one in back},
    )
    assert sign_in(desk, "office", PASSWORD, 12)
    assert unsealed(desk) == []


def test_a_former_address_is_not_brought_back_with_its_seal(town: Bench) -> None:
    who = town.people["office"]
    (former,) = (row for row in rows(town, "person") if row["id"] == who)
    change_email(town.desk, town.admin, who, "new@example.cn")
    change_own_profile(town.desk, town.office, "newer@example.cn", "")
    assert unsealed(town.desk) == []
    assert sign_in(town.desk, "office", PASSWORD, 12)
    back = ("name", "email", "telephone", "name_seal")
    by_hand(
        town,
        f"update person set {', '.join(f'{one} = :{one}' for one in back)} where id = :id",
        id=who,
        **{one: former[one] for one in back},
    )
    with pytest.raises(WrongPassword):
        sign_in(town.desk, "office", PASSWORD, 12)


def test_an_administrator_enters_anew_what_somebody_wrote_whole_or_not_at_all(town: Bench) -> None:
    desk, who = town.desk, town.people["office"]
    by_hand(town, "update person set name = '李某' where id = :id", id=who)
    change_email(desk, town.admin, who, "office@example.cn")
    assert len(unsealed(desk)) == 1, "the name is still another's"
    change_profile(desk, town.admin, who, "王某", "office@example.cn", "")
    assert unsealed(desk) == []
    assert sign_in(desk, "office", PASSWORD, 12)


def test_people_of_a_program_before_count_until_seals_are_demanded(bench: Bench) -> None:
    """An installation of the version before, in which other seals are demanded already."""
    give_password(bench, "office")
    desk, seals, who = bench.desk, bench.desk.store.seals, bench.people["office"]
    assert seals is not None
    for name in {SEALED, *_OF_TABLE.values()} - {_OF_TABLE["person.name"]}:
        seals._keys.secret(name)
    by_hand(bench, "update person set name_seal = ''")
    assert (seals.asks_for("person"), seals.asks_for("person.name")) == (True, False)
    assert sign_in(desk, "office", PASSWORD, 12)
    assert seal_rows_beside(desk, SYSTEM) == len(rows(bench, "person"))
    by_hand(bench, "update person set name = '王某甲' where id = :id", id=who)
    assert sign_in(desk, "office", PASSWORD, 12), "an older program beside it wrote that"
    bench.clock.move_to(bench.clock.now() + timedelta(hours=25))
    assert seal_rows_beside(desk, SYSTEM) == 1
    assert (seals.asked_for, unsealed(desk)) == (True, [])
    assert sign_in(desk, "office", PASSWORD, 12)


def test_after_a_restore_people_count_as_the_backup_holds_them(town: Bench) -> None:
    """A row of before a change has a seal that was taken back; a restore alone gives it another, and none to a forged one."""
    who, other = town.people["office"], town.people["second"]
    backed_up = [row for row in rows(town, "person") if row["id"] == who]
    change_email(town.desk, town.admin, who, "new@example.cn")
    back = ("name", "email", "telephone", "name_seal")
    put = f"update person set {', '.join(f'{one} = :{one}' for one in back)} where id = :id"
    by_hand(town, put, id=who, **{one: backed_up[0][one] for one in back})
    by_hand(town, "update person set name = '李某' where id = :id", id=other)
    with pytest.raises(WrongPassword):
        sign_in(town.desk, "office", PASSWORD, 12)
    epoch = begin_epoch(town.desk, SYSTEM, town.clock.now(), "磁盘损坏，从备份恢复")
    assert epoch.found["seals"] == {"person.name": 1}
    assert sign_in(town.desk, "office", PASSWORD, 12)
    assert [words.en.split(" of table")[0] for words in unsealed(town.desk)] == [f"{FORGED} {other}"]
