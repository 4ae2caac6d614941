"""Who can only write the database opens no account again, takes no mark from one, and no second factor."""

from datetime import timedelta

import pytest

from service.casework.access.acting import acting
from service.casework.access.actor import SYSTEM
from service.casework.health.finding import Level
from service.casework.health.limits import Limits
from service.casework.health.unsealed import seals
from service.casework.people.accounts.accounts import reset_password, set_active
from service.casework.people.factors.second_means import SecondFactorGone
from service.casework.people.factors.sessions import find_session, open_session
from service.casework.people.means.second_factor import begin_second_factor, own_second_factor, remove_second_factor
from service.casework.people.rights.deputies import appoint_deputy
from service.casework.people.seals.row_seals import seal_rows, unsealed
from service.casework.people.signing_in.prove_again import prove_again
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in, sign_in_with_code
from service.casework.queries.people.deputies import view_deputies
from service.casework.queries.people.people import view_person
from service.casework.soundness.digests import wrong_beside
from service.store.rows import PersonRow
from tests.integration.people.test_deputies import LAST, TODAY
from tests.integration.people.test_passkeys import Ring, ring
from tests.integration.people.test_second_factor import Phone, phone, ticket
from tests.integration.people.test_written_rights import by_hand, rows
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

__all__ = ["phone", "ring"]


@pytest.fixture
def town(bench: Bench) -> Bench:
    """An installation after its first start, in which the office knows its password."""
    give_password(bench, "office")
    assert seal_rows(bench.desk, SYSTEM) == 0, "the program seals what it writes"
    return bench


def account(bench: Bench, login: str) -> dict[str, object]:
    return next(row for row in rows(bench, "person") if row["login"] == login)


def test_a_closed_account_is_not_opened_again_in_the_tables(town: Bench) -> None:
    desk, who = town.desk, town.people["office"]
    before = account(town, "office")
    assert sign_in(desk, "office", PASSWORD, 12)
    set_active(desk, town.admin, who, active=False)
    with pytest.raises(WrongPassword):
        sign_in(desk, "office", PASSWORD, 12)
    by_hand(town, "update person set active = true where id = :id", id=who)
    with pytest.raises(WrongPassword):
        sign_in(desk, "office", PASSWORD, 12)
    columns = ", ".join(f"{name} = :{name}" for name in before if name != "id")
    by_hand(town, f"update person set {columns} where id = :id", **before)
    with pytest.raises(WrongPassword):
        sign_in(desk, "office", PASSWORD, 12)
    assert find_session(desk, open_session(desk, who, 12)) is None, "not even with a session of before"
    with desk.store.read() as tx:
        assert acting(tx, who, town.clock.now()).seats == ()
        assert who not in {one.id for one in tx.people.people_with("testville", "office", None, town.clock.now())}
        assert who not in {one.id for one in tx.deputies.reached("testville", "office", None, town.clock.now())}
    assert any(f"row {who} of table person" in words.en for words in wrong_beside(desk))
    (finding,) = seals(desk, Limits())
    assert finding.level is Level.FAULT
    assert not view_person(desk, town.admin, who).person.active
    set_active(desk, town.admin, who, active=True)
    assert sign_in(desk, "office", PASSWORD, 12), "an administrator opens it"
    assert unsealed(desk) == []


@pytest.mark.parametrize(
    "change",
    [
        "password_given_at = null, password_given_by = null",
        "password_owned_at = password_given_at",
        "password_confirmed_at = created_at, password_confirmed_by = id",
        "seal = ''",
        "seal = (select seal from person where login = 'admin')",
        "second_means = 1",
    ],
)
def test_a_mark_changed_in_the_tables_ends_the_session_with_the_next_request(town: Bench, change: str) -> None:
    reset_password(town.desk, town.admin, town.people["office"], "given by somebody else 7")
    browser = Browser(make_app(town), town, "office")
    assert find_session(town.desk, browser.token) is not None
    by_hand(town, f"update person set {change} where login = 'office'")
    assert find_session(town.desk, browser.token) is None
    assert "/sign-in" in browser.get("/password").location
    with pytest.raises(WrongPassword):
        sign_in(town.desk, "office", "given by somebody else 7", 12)
    assert f"row {town.people['office']} of table person" in unsealed(town.desk)[0].en


def test_an_account_that_the_program_opens_is_not_told_as_written_beside_it(
    town: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """A false alarm at its birth would also keep silent about the true one later: each account is told once."""
    desk = town.desk
    with desk.store.write() as tx:
        who = tx.people.insert_person(PersonRow(login="new", name="新人", created_at=town.clock.now()))
    set_active(desk, town.admin, who, active=False)
    set_active(desk, town.admin, who, active=True)
    assert "beside the program" not in caplog.text
    by_hand(town, "update person set second_means = 1 where login = 'new'")
    with desk.store.read() as tx:
        assert acting(tx, who, town.clock.now()).seats == ()
    assert f"table person ({who}) was written beside the program" in caplog.text


def test_who_was_closed_lends_nothing_though_the_row_says_otherwise(town: Bench) -> None:
    with town.desk.store.read() as tx:
        office = acting(tx, town.people["office"], town.clock.now())
    lent = [role.id for role in view_deputies(town.desk, office).roles]
    appoint_deputy(town.desk, office, town.people["second"], lent, TODAY, LAST, "出差")
    assert set(standing(town)) == {town.people["office"]}
    with town.desk.store.read() as tx:
        stand_ins = tx.deputies.standing_in(town.people["office"], "testville", "office", town.clock.now())
    assert {one.id for one in stand_ins} == {town.people["second"]}
    by_hand(town, "update person set seal = '' where login = 'office'")
    assert standing(town) == []
    with town.desk.store.read() as tx:
        who, now = (town.people["office"], "testville", "office"), town.clock.now()
        assert tx.deputies.standing_in(*who, now) == [], "nor is anybody else told of the work in their place"


def standing(town: Bench) -> list[object]:
    with town.desk.store.read() as tx:
        return [seat.lender_id for seat in acting(tx, town.people["second"], town.clock.now()).seats if seat.lent]


def test_codes_deleted_in_the_tables_leave_nobody_in_by_the_password_alone(phone: Phone) -> None:
    bench = phone.bench
    desk, who = bench.desk, bench.people["office"]
    seal_rows(desk, SYSTEM)
    token = open_session(desk, who, 12)
    assert sign_in_with_code(desk, ticket(bench), phone.code(), 12)
    by_hand(bench, "delete from second_factor")
    with pytest.raises(SecondFactorGone):
        sign_in(desk, "office", PASSWORD, 12)
    with pytest.raises(SecondFactorGone):
        prove_again(desk, bench.office, token, PASSWORD)
    with pytest.raises(SecondFactorGone):
        begin_second_factor(desk, bench.office, PASSWORD)
    assert any("has 1 second factors and the tables hold 0" in words.en for words in wrong_beside(desk))
    with desk.store.read() as tx:
        entry = tx.acts.newest_of("session", "session.begin")
    assert entry is not None
    assert entry.outcome == "second_factor_gone"
    page = Browser(make_app(bench), bench).post("/sign-in", {"login": "office", "password": PASSWORD})
    assert "请联系管理员核对身份" in page.text
    remove_second_factor(desk, bench.admin, who, "手机遗失", "in_person")
    assert sign_in(desk, "office", PASSWORD, 12)
    assert unsealed(desk) == []
    begin_second_factor(desk, bench.office, PASSWORD)


def test_a_passkey_deleted_in_the_tables_is_missed_and_a_written_one_is_none(ring: Ring) -> None:
    bench = ring.bench
    seal_rows(bench.desk, SYSTEM)
    assert unsealed(bench.desk) == []
    by_hand(bench, "update passkey set seal = 'x'")
    with pytest.raises(SecondFactorGone):
        sign_in(bench.desk, "office", PASSWORD, 12)
    by_hand(bench, "delete from passkey")
    with pytest.raises(SecondFactorGone):
        sign_in(bench.desk, "office", PASSWORD, 12)
    assert len(unsealed(bench.desk)) == 1
    by_hand(bench, "update person set second_means = 0")
    with pytest.raises(WrongPassword):
        sign_in(bench.desk, "office", PASSWORD, 12)


def test_what_had_seals_before_accounts_had_is_not_sealed_again(town: Bench) -> None:
    keys = town.desk.ballot_keys
    keys._secrets.pop("accounts-sealed")
    (keys.root / "accounts-sealed.secret").unlink()
    by_hand(town, "update person set seal = ''")
    by_hand(town, "update membership set seal = '' where role = 'office'")
    kept = town.desk.store.seals
    assert kept is not None
    town.desk.store.seals = type(kept)(lambda: town.desk.ballot_keys.secret("digests"), town.desk.ballot_keys)
    assert sign_in(town.desk, "office", PASSWORD, 12), "until accounts were sealed"
    assert seal_rows(town.desk, SYSTEM) == len(rows(town, "person"))
    assert sign_in(town.desk, "office", PASSWORD, 12)
    with town.desk.store.read() as tx:
        assert acting(tx, town.people["office"], town.clock.now()).seats == ()


def test_accounts_of_a_program_before_are_sealed_with_what_they_have(phone: Phone) -> None:
    bench = phone.bench
    by_hand(bench, "update person set seal = '', second_means = 0")
    assert ticket(bench)
    owners = {row["person_id"] for row in rows(bench, "mail")}  # their messages are counted from now on
    assert seal_rows(bench.desk, SYSTEM) == len(rows(bench, "person")) + len(owners) == 6
    assert account(bench, "office")["second_means"] == 1
    assert account(bench, "admin")["second_means"] == 0
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    assert sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)
    assert own_second_factor(bench.desk, bench.office).since is not None
