"""What the program took away is put back into the database, row by row as it stood: it signs nobody in."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.digests.before import record_before
from service.casework.people.accounts.accounts import change_password
from service.casework.people.factors.check_code import WrongCode
from service.casework.people.factors.one_time_codes import code_at, step_of
from service.casework.people.factors.passkey_proofs import WrongPasskey
from service.casework.people.factors.sessions import find_session, open_session
from service.casework.people.means.link_outside import own_identities, unlink_own
from service.casework.people.means.passkeys import own_passkeys, remove_passkey
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor, own_second_factor
from service.casework.people.signing_in.own_sessions import end_other_sessions, end_own_session, list_own_sessions
from service.casework.people.signing_in.sign_in import WrongPassword, sign_in, sign_in_with_code
from service.casework.people.signing_in.sign_in_outside import NotLinked, sign_in_outside
from service.casework.soundness.digests import wrong_beside
from service.identity import Vouched
from tests.integration.people.test_outside_identity import ZHANG, Setup, there
from tests.integration.people.test_passkeys import ADDRESS, Ring, added, ring
from tests.integration.people.test_second_factor import Phone, phone, ticket, typed
from tests.support.authenticator import Authenticator
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench

__all__ = ["phone", "ring", "there"]
Rows = list[dict[str, object]]


def kept(bench: Bench, table: str) -> Rows:
    """Return the rows of a table as a database administrator copies them."""
    with bench.desk.store.read() as tx:
        return [dict(row._mapping) for row in tx._connection.execute(sa.text(f"select * from {table}"))]


def put_back(bench: Bench, table: str, rows: Rows, key: str = "id") -> None:
    with bench.desk.store.write() as tx:
        for row in rows:
            tx._connection.execute(sa.text(f"delete from {table} where {key} = :at_key"), {"at_key": row[key]})
            words = f"insert into {table} ({', '.join(row)}) values ({', '.join(f':{one}' for one in row)})"
            tx._connection.execute(sa.text(words), row)


def test_a_removed_passkey_signs_nobody_in_and_is_found(ring: Ring) -> None:
    bench = ring.bench
    record_before(bench.desk, SYSTEM)
    other = Authenticator(ADDRESS)
    added(bench, other)
    before = kept(bench, "passkey")
    assert ring.sign_in()
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    first = own_passkeys(bench.desk, bench.office).keys[0]
    remove_passkey(bench.desk, bench.office, first.id, PASSWORD, "")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    with pytest.raises(WrongPasskey):
        ring.sign_in()
    put_back(bench, "passkey", before[:1])
    with pytest.raises(WrongPasskey):
        ring.sign_in()
    assert [key.id for key in own_passkeys(bench.desk, bench.office).keys] != [first.id]
    assert any("of table passkey" in words.en and "it is there again" in words.en for words in wrong_beside(bench.desk))
    assert ring.sign_in(other), "the one that stayed"


def test_the_codes_of_a_telephone_before_are_none(phone: Phone) -> None:
    bench = phone.bench
    before, recovery = kept(bench, "second_factor"), kept(bench, "recovery_code")
    offered = begin_second_factor(bench.desk, bench.office, PASSWORD, phone.code())
    bench.clock.move_to(bench.clock.now() + timedelta(seconds=30))
    new = typed(offered.written)
    fresh = confirm_second_factor(bench.desk, bench.office, code_at(new, step_of(bench.clock.now())), "")
    put_back(bench, "recovery_code", recovery, "mark")
    with pytest.raises(WrongCode):
        sign_in_with_code(bench.desk, ticket(bench), phone.recovery[0], 12)
    assert sign_in_with_code(bench.desk, ticket(bench), fresh[0], 12)
    put_back(bench, "second_factor", before, "person_id")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=5))
    assert own_second_factor(bench.desk, bench.office).since is not None
    with bench.desk.store.read() as tx:
        row = tx.second_factors.of(bench.people["office"])
    assert row is not None
    assert row.secret is None


def test_a_one_time_code_serves_once_though_its_row_comes_back(phone: Phone) -> None:
    bench, before = phone.bench, kept(phone.bench, "second_factor")
    assert sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)
    put_back(bench, "second_factor", before, "person_id")
    with pytest.raises(WrongCode):
        sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)
    bench.clock.move_to(bench.clock.now() + timedelta(hours=4))
    assert sign_in_with_code(bench.desk, ticket(bench), phone.code(), 12)
    hours = [*bench.desk.ballot_keys.root.glob("answered-*.notes")]
    assert len(hours) == 1, "those of before are forgotten"


def test_a_challenge_is_answered_once_though_its_row_is_taken_out(ring: Ring) -> None:
    bench, now = ring.bench, ring.bench.clock.now()
    for mark, until in (("a" * 64, now + timedelta(minutes=5)), ("b" * 64, now + timedelta(minutes=4))):
        for fresh in (True, False):
            with bench.desk.store.write() as tx:
                tx._connection.execute(sa.text("delete from answered_challenge"))
                assert tx.passkeys.take_challenge(mark, until, now) is fresh


def test_a_recovery_code_serves_once_though_its_row_comes_back(phone: Phone) -> None:
    bench, before = phone.bench, kept(phone.bench, "recovery_code")
    assert sign_in_with_code(bench.desk, ticket(bench), phone.recovery[0], 12)
    put_back(bench, "recovery_code", before, "mark")
    with pytest.raises(WrongCode):
        sign_in_with_code(bench.desk, ticket(bench), phone.recovery[0], 12)
    assert sign_in_with_code(bench.desk, ticket(bench), phone.recovery[1], 12)


def test_a_link_to_an_outside_identity_that_was_removed_opens_nothing_and_can_be_made_anew(there: Setup) -> None:
    bench = there.bench
    who = Vouched(there.provider.issuer, str(ZHANG["sub"]), "张三", frozenset(), False)
    there.link("office")
    before = kept(bench, "outside_identity")
    assert sign_in_outside(bench.desk, who, 12)
    (own,) = own_identities(bench.desk, bench.office)
    unlink_own(bench.desk, bench.office, own.key, "")
    put_back(bench, "outside_identity", before, "mark")
    with pytest.raises(NotLinked):
        sign_in_outside(bench.desk, who, 12)
    assert own_identities(bench.desk, bench.office) == ()
    put_back(bench, "outside_identity", before, "mark")
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=1))
    there.link("office")
    assert sign_in_outside(bench.desk, who, 12)


def test_a_session_that_was_ended_opens_nothing_any_more(bench: Bench) -> None:
    desk, person = bench.desk, bench.people["office"]
    here, one, other = (open_session(desk, person, 12) for _ in range(3))
    before = kept(bench, "session")
    (first,) = (s for s in list_own_sessions(desk, bench.office, here).sessions if s.current)
    end_own_session(desk, bench.office, first.key)
    put_back(bench, "session", before)
    assert find_session(desk, here) is None
    assert end_other_sessions(desk, bench.office, one) == 2
    put_back(bench, "session", before)
    assert find_session(desk, other) is None
    assert find_session(desk, one) is not None
    browser = Browser(make_app(bench), bench, "second")
    again = kept(bench, "session")
    assert browser.post("/sign-out").status_code == 302
    put_back(bench, "session", again)
    assert browser.get("/tasks").status_code == 302, "the cookie of before opens nothing"


def test_a_password_of_before_opens_nothing(bench: Bench) -> None:
    give_password(bench, "office")
    before = kept(bench, "person")
    token = sign_in(bench.desk, "office", PASSWORD, 12)
    change_password(bench.desk, bench.office, PASSWORD, "another sentence of mine", token)
    assert find_session(bench.desk, token) is not None
    assert sign_in(bench.desk, "office", "another sentence of mine", 12)
    put = next(row for row in before if row["login"] == "office")
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.text("update person set password = :password where id = :id"), put)
    with pytest.raises(WrongPassword):
        sign_in(bench.desk, "office", PASSWORD, 12)
