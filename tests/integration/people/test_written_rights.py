"""Who can only write the database gains no right: roles written, changed, prolonged or put back again count for nothing."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
import sqlalchemy as sa

from service.casework.access.acting import acting
from service.casework.access.actor import SYSTEM, Actor
from service.casework.health.finding import Level
from service.casework.health.limits import Limits
from service.casework.health.unsealed import seals
from service.casework.people.accounts.accounts import take_seat
from service.casework.people.rights.deputies import appoint_deputy, end_deputy
from service.casework.people.seals.row_seals import seal_rows, tell_unsealed, unsealed
from service.casework.queries.people.deputies import view_deputies
from service.casework.soundness.digests import wrong_beside
from service.store import Transaction
from service.store.rows import MembershipRow
from tests.integration.people.test_deputies import LAST, TODAY
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench


@pytest.fixture
def town(bench: Bench) -> Bench:
    """An installation after its first start; somebody holds a role in the office beside others."""
    seat = bench.office.seats[0]
    with bench.desk.store.write() as tx:
        row = MembershipRow(
            person_id=bench.people["applicant"], body_id=seat.body_id, jurisdiction="testville", role="clerk", since=bench.clock.now()
        )  # fmt: skip
        tx.people.add_membership(row)
    assert seal_rows(bench.desk, SYSTEM) == 0, "the program seals what it writes"
    assert seal_rows(bench.desk, SYSTEM) == 0
    return bench


def by_hand(bench: Bench, statement: str, **given: object) -> None:
    """Write as whoever has the database alone does."""
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text(statement), given)


def rows(bench: Bench, table: str) -> list[dict[str, object]]:
    with bench.desk.store.read() as tx:
        found = tx._connection.execute(sa.text(f"select * from {table} order by id"))
        return [dict(row._mapping) for row in found]


def put_back(bench: Bench, table: str, row: dict[str, object]) -> None:
    names = ", ".join(row)
    by_hand(bench, f"delete from {table} where id = :id", id=row["id"])
    by_hand(bench, f"insert into {table} ({names}) values ({', '.join(f':{one}' for one in row)})", **row)


def roles(bench: Bench, login: str) -> set[str]:
    """What a person holds, asked in every way in which rights are read."""
    now, who = bench.clock.now(), bench.people[login]
    with bench.desk.store.read() as tx:
        held = {seat.role for seat in acting(tx, who, now).seats}
        assert {row.role for row in tx.people.memberships(who, now)} == held
        assert {row.role for row in tx.people.memberships_of([who], now)[who]} == held
        for role in ("office", "clerk", "administrator", "security_administrator"):
            place = "*" if "administrator" in role else "testville"
            asked = (
                {one.id for one in tx.people.people_with(place, role, None, now)},
                {one.id for one in tx.deputies.reached(place, role, None, now)},
                {one.person_id for one in tx.role_holders.of_role(place, role, now)},
                {one.person_id for one in tx.rights.holders(role, now)},
            )
            assert {who in found for found in asked} == {role in held}, role
    return held


def held(bench: Bench, login: str, role: str) -> dict[str, object]:
    return next(r for r in rows(bench, "membership") if r["person_id"] == bench.people[login] and r["role"] == role)


def now_of(bench: Bench, login: str) -> Actor:
    with bench.desk.store.read() as tx:
        return acting(tx, bench.people[login], bench.clock.now())


def test_a_role_written_into_the_tables_gives_no_right_and_is_told(town: Bench) -> None:
    browser = Browser(make_app(town), town, "stranger")
    assert browser.get("/monitor").status_code in (403, 404)
    own = held(town, "admin", "administrator")
    values = {**own, "id": 9001, "person_id": town.people["stranger"]}
    put_back(town, "membership", values)
    assert roles(town, "stranger") == {"applicant"}
    assert browser.get("/monitor").status_code in (403, 404), "the real page, the next moment"
    assert any("row 9001 of table membership" in words.en for words in wrong_beside(town.desk))
    (finding,) = seals(town.desk, Limits())
    assert finding.level is Level.FAULT
    assert "9001" in finding.found.zh
    assert tell_unsealed(town.desk, SYSTEM) == 1
    assert tell_unsealed(town.desk, SYSTEM) == 0, "once in a process"
    with town.desk.store.read() as tx:
        entry = tx.acts.newest_of("record", "records.keep")
    assert entry is not None
    assert entry.data["after"]["count"] == 1
    assert entry.data["after"]["rows"][0]["en"].startswith("row 9001")


@pytest.mark.parametrize(
    "change",
    [
        "role = 'administrator', jurisdiction = '*'",
        "role = 'office'",
        "person_id = (select id from person where login = 'stranger')",
        "seal = ''",
        "seal = (select seal from membership where role = 'administrator')",
    ],
)
def test_a_changed_role_counts_for_nothing(town: Bench, change: str) -> None:
    row = held(town, "applicant", "clerk")
    by_hand(town, f"update membership set {change} where id = :id", id=row["id"])
    assert roles(town, "applicant") == roles(town, "stranger") == {"applicant"}
    assert len(unsealed(town.desk)) == 1
    put_back(town, "membership", row)
    assert roles(town, "applicant") == {"applicant", "clerk"}, "as it was given"
    assert unsealed(town.desk) == []


def test_a_role_that_ended_is_not_brought_back(town: Bench) -> None:
    row = held(town, "applicant", "clerk")
    take_seat(town.desk, town.admin, town.people["applicant"], int(str(row["id"])))
    assert roles(town, "applicant") == {"applicant"}
    ended = held(town, "applicant", "clerk")
    by_hand(town, "update membership set until = null where id = :id", id=row["id"])
    assert roles(town, "applicant") == {"applicant"}, "its end cleared"
    put_back(town, "membership", row)
    assert roles(town, "applicant") == {"applicant"}, "the row of before, byte for byte"
    put_back(town, "membership", ended)
    assert unsealed(town.desk) == []
    with town.desk.store.write() as tx:
        tx.people.add_membership(
            MembershipRow(
                person_id=town.people["applicant"], body_id=int(str(row["body_id"])), jurisdiction="testville", role="clerk",
                since=town.clock.now(),
            )
        )  # fmt: skip
    assert roles(town, "applicant") == {"applicant", "clerk"}, "given anew"
    put_back(town, "membership", row)
    assert roles(town, "applicant") == {"applicant"}, "the older row is still none"


def savepoint(town: Bench) -> Callable[[], AbstractContextManager[Transaction]]:
    """A unit of work that is undone within one that is committed."""

    @contextmanager
    def inner() -> Iterator[Transaction]:
        with town.desk.store.together(), town.desk.store.write() as tx:
            yield tx

    return inner


def end_and_break(begin: Callable[[], AbstractContextManager[Transaction]], number: int, town: Bench) -> None:
    with begin() as tx:
        tx.people.end_membership(number, town.clock.now())
        raise RuntimeError


def test_what_one_transaction_takes_back_stays_taken_back_for_every_process(town: Bench) -> None:
    """Another process reads the file beside the keys; what was rolled back was never taken back."""
    row = held(town, "applicant", "clerk")
    for broken in (town.desk.store.write, savepoint(town)):
        with pytest.raises(RuntimeError):
            end_and_break(broken, int(str(row["id"])), town)
        assert roles(town, "applicant") == {"applicant", "clerk"}
    kept = town.desk.store.seals
    assert kept is not None
    town.desk.store.seals = other = type(kept)(lambda: town.desk.ballot_keys.secret("digests"), town.desk.ballot_keys)  # type: ignore[arg-type]
    take_seat(town.desk, town.admin, town.people["applicant"], int(str(row["id"])))
    town.desk.store.seals = kept
    put_back(town, "membership", row)
    assert roles(town, "applicant") == {"applicant"}
    assert other.asked_for


def test_a_role_is_lent_by_the_program_alone(town: Bench) -> None:
    by_hand(
        town,
        "insert into deputy (person_id, deputy_id, membership_id, since, until, reason, made_at, seal)"
        " select :who, :to, id, since, '2099-01-01 00:00:00.000000', 'x', since, '' from membership"
        " where person_id = :who and role = 'office'",
        who=town.people["office"],
        to=town.people["applicant"],
    )
    assert roles(town, "applicant") == {"applicant", "clerk"}
    assert len(unsealed(town.desk)) == 1
    by_hand(town, "delete from deputy")
    office = now_of(town, "office")
    lent = [role.id for role in view_deputies(town.desk, office).roles]
    number = appoint_deputy(town.desk, office, town.people["applicant"], lent, TODAY, LAST, "出差")
    assert "office" in {seat.role for seat in now_of(town, "applicant").seats}
    (row,) = rows(town, "deputy")
    by_hand(town, "update deputy set deputy_id = :to", to=town.people["second"])
    assert "office" not in {seat.role for seat in now_of(town, "applicant").seats}
    put_back(town, "deputy", row)
    by_hand(town, "update deputy set until = '2099-01-01 00:00:00.000000'")
    assert "office" not in {seat.role for seat in now_of(town, "applicant").seats}
    put_back(town, "deputy", row)
    assert "office" in {seat.role for seat in now_of(town, "applicant").seats}
    end_deputy(town.desk, office, number)
    put_back(town, "deputy", row)
    assert "office" not in {seat.role for seat in now_of(town, "applicant").seats}
    with town.desk.store.read() as tx:
        reached = tx.deputies.reached("testville", "office", None, town.clock.now())
    assert town.people["applicant"] not in {one.id for one in reached}


def test_who_works_in_a_body_by_a_written_role_stands_in_for_nobody_there(town: Bench) -> None:
    office = now_of(town, "office")
    lent = [role.id for role in view_deputies(town.desk, office).roles]
    appoint_deputy(town.desk, office, town.people["applicant"], lent, TODAY, LAST, "出差")
    held_there = held(town, "applicant", "clerk")
    for change in ("seal = ''", "until = since"):
        by_hand(town, f"update membership set {change} where id = :id", id=held_there["id"])
        assert roles(town, "applicant") == {"applicant"}
        with town.desk.store.read() as tx:
            found = tx.deputies.colleagues([int(str(held_there["body_id"]))], town.clock.now())
        assert town.people["applicant"] not in {number for number, _, _ in found}
        put_back(town, "membership", held_there)
    with town.desk.store.read() as tx:
        reached = {one.id for one in tx.deputies.reached("testville", "office", None, town.clock.now())}
    assert town.people["applicant"] in reached


def test_rows_of_a_program_before_are_sealed_once_and_those_of_an_old_backup_on_demand(bench: Bench) -> None:
    by_hand(bench, "update membership set seal = ''")
    before = roles(bench, "admin")
    assert before == {"administrator"}, "until they were sealed"
    assert seal_rows(bench.desk, SYSTEM) == len(rows(bench, "membership"))
    assert roles(bench, "admin") == before
    by_hand(bench, "update membership set seal = ''")
    assert roles(bench, "admin") == set()
    assert seal_rows(bench.desk, SYSTEM) == 0
    assert seal_rows(bench.desk, SYSTEM, again=True) == len(rows(bench, "membership"))
    assert roles(bench, "admin") == before


def test_a_request_asks_no_more_statements_than_before(town: Bench) -> None:
    with town.desk.store.read() as tx:
        tx.people.sessions.acting(town.people["office"], town.clock.now())
    with town.desk.store.statements() as seen, town.desk.store.read() as tx:
        tx.people.sessions.acting(town.people["office"], town.clock.now())
        tx.people.people_with("testville", "office", None, town.clock.now())
        tx.deputies.reached("testville", "office", None, town.clock.now())
    assert len([one for one in seen if "membership" in str(one)]) == 3
