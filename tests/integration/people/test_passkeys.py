"""Passkeys: added with the password, signing in without a name or as a second step, each refusal, taken away by two."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from service.casework.people.accounts.accounts import set_active
from service.casework.people.factors.codes import WrongCode
from service.casework.people.factors.passkey_proofs import LONGEST_ANSWER, PasskeySite, WrongPasskey, passkey_site
from service.casework.people.factors.sessions import BY_CODE, find_session, open_session
from service.casework.people.means.passkeys import (
    MOST_KEYS,
    begin_passkey,
    confirm_passkey,
    get_actor_passkeys,
    remove_passkey,
    rename_passkey,
)
from service.casework.people.means.second_factor import remove_second_factor
from service.casework.people.rights.decide_rights import confirm_rights
from service.casework.people.signing_in.sign_in import SecondFactorNeeded, WrongPassword, sign_in, sign_in_with_code
from service.casework.people.signing_in.sign_in_with_passkey import passkey_question, sign_in_with_passkey
from service.casework.queries.own_place.inbox import list_messages
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from tests.integration.people.test_second_factor import booked
from tests.support.authenticator import Authenticator
from tests.support.browsers import PASSWORD, Browse, give_password
from tests.support.desks import Bench
from tests.support.officers import officer

ADDRESS = "https://laurel.example.cn"
SITE = PasskeySite("laurel.example.cn", ADDRESS)
PAGE = "/account/passkeys"


@dataclass
class Ring:
    """The key of the bench's office, with the recovery codes that came with it."""

    bench: Bench
    key: Authenticator
    recovery: tuple[str, ...]

    def sign_in(self, key: Authenticator | None = None, **more: str) -> str:
        asked = passkey_question(self.bench.desk, SITE, more.get("ticket", ""))
        return sign_in_with_passkey(self.bench.desk, SITE, (key or self.key).sign(asked), 12, **more)

    def ticket(self) -> SecondFactorNeeded:
        with pytest.raises(SecondFactorNeeded) as step:
            sign_in(self.bench.desk, "office", PASSWORD, 12)
        return step.value


def added(bench: Bench, key: Authenticator, name: str = "办公电脑", code: str = "") -> tuple[str, ...]:
    asked = begin_passkey(bench.desk, bench.office, SITE, PASSWORD, name, code)
    return confirm_passkey(bench.desk, bench.office, SITE, name, key.make(asked), "")


@pytest.fixture
def ring(bench: Bench) -> Ring:
    give_password(bench, "office")
    key = Authenticator(ADDRESS)
    return Ring(bench, key, added(bench, key))


def test_it_signs_in_without_a_name_and_everything_is_booked_and_told(ring: Ring) -> None:
    bench = ring.bench
    session = find_session(bench.desk, ring.sign_in(origin="10.0.0.9"))
    assert session is not None
    assert (session.actor.person_id, session.details[BY_CODE]) == (bench.people["office"], True)
    (own,) = get_actor_passkeys(bench.desk, bench.office).keys
    assert (own.name, own.since, own.used) == ("办公电脑", bench.clock.now(), bench.clock.now())
    assert booked(bench, "session") == [("登录：office（通行密钥“办公电脑”）", "done")]
    assert ("添加通行密钥：办公电脑", "done") in booked(bench, "account")
    assert "添加了通行密钥“办公电脑”" in str(list_messages(bench.desk, bench.office))


def test_beside_the_password_it_is_asked_for_and_a_recovery_code_serves_once_in_its_place(ring: Ring) -> None:
    bench, step = ring.bench, ring.ticket()
    assert (step.by_code, step.by_key) == (False, True)
    asked = json.loads(passkey_question(bench.desk, SITE, step.ticket))
    assert [one["id"] for one in asked["allowCredentials"]] == [json.loads(ring.key.sign(json.dumps(asked)))["id"]]
    assert asked["userVerification"] == "required"
    assert ring.sign_in(ticket=step.ticket)
    assert len(set(ring.recovery)) == 10
    assert sign_in_with_code(bench.desk, ring.ticket().ticket, ring.recovery[0], 12)
    with pytest.raises(WrongCode):
        sign_in_with_code(bench.desk, ring.ticket().ticket, ring.recovery[0], 12)
    with pytest.raises(WrongPassword):
        ring.sign_in(ticket=f"{step.ticket}0")


def refusals(ring: Ring) -> dict[str, Callable[[], object]]:
    """Each way to sign in that must fail, by what is wrong with it."""
    desk, key = ring.bench.desk, ring.key
    fresh = passkey_question(desk, SITE)
    used = key.sign(passkey_question(desk, SITE))
    sign_in_with_passkey(desk, SITE, used, 12)
    forged = json.loads(fresh)
    forged["challenge"] = forged["challenge"][:-4] + "AAAA"
    stranger = Authenticator(ADDRESS)
    stranger.make(json.dumps({**json.loads(fresh), "rp": {"id": SITE.id}, "user": {"id": key.handle}}))
    ticket = ring.ticket().ticket

    def sent(answer: str, **more: str) -> Callable[[], object]:
        return lambda: sign_in_with_passkey(desk, SITE, answer, 12, **more)

    def by(**changed: object) -> Callable[[], object]:
        return sent(replace(key, counter=key.counter + 5, **changed).sign(fresh))  # type: ignore[arg-type]

    told = json.loads(key.sign(fresh))
    short = json.dumps({**told, "response": {**told["response"], "authenticatorData": "AA"}})
    return {
        "a challenge answered before": sent(used),
        "a challenge made elsewhere": sent(key.sign(json.dumps(forged))),
        "a challenge for another purpose": sent(key.sign(fresh), ticket=ticket),
        "a second step's answer without its password": sent(key.sign(passkey_question(desk, SITE, ticket))),
        "another site": by(origin="https://laurel.example.com"),
        "another site's name": sent(key.sign(json.dumps({**json.loads(fresh), "rpId": "example.cn"}))),
        "an owner not verified": by(verified=False),
        "another key under the same id": by(key=ec.generate_private_key(ec.SECP256R1())),
        "another person's handle": by(handle="AAAA"),
        "a key that nobody has": sent(stranger.sign(fresh)),
        "data too short": sent(short),
        "no answer": sent(""),
        "no JSON": sent("{"),
        "a list": sent("[]"),
        "deeply nested": sent("[" * 9000),
        "no strings": sent('{"id": 1, "response": {"clientDataJSON": 2}}'),
        "too long": sent('"' + "x" * LONGEST_ANSWER + '"'),
    }  # fmt: skip


def test_whatever_is_wrong_with_an_answer_it_opens_nothing_and_says_nothing(ring: Ring) -> None:
    tried = refusals(ring)
    before = len(booked(ring.bench, "session"))
    sentences = set()
    for what, attempt in tried.items():
        with pytest.raises(LaurelError) as refused:
            attempt()
        assert refused.type is WrongPasskey, what
        sentences.add(refused.value.message.zh)
    assert len(sentences) == 1
    entries = booked(ring.bench, "session")[before:]
    assert [outcome for _, outcome in entries] == ["wrong_passkey"] * len(tried)
    assert ("登录名：office（通行密钥“办公电脑”）", "wrong_passkey") in entries
    assert ring.sign_in(), "the right one still does"


def test_the_key_of_a_closed_account_opens_nothing(ring: Ring) -> None:
    set_active(ring.bench.desk, ring.bench.admin, ring.bench.people["office"], False)
    with pytest.raises(WrongPasskey):
        ring.sign_in()


def test_a_counter_that_does_not_grow_is_refused_and_told(ring: Ring) -> None:
    copy = replace(ring.key)
    ring.sign_in()
    ring.sign_in()
    with pytest.raises(WrongPasskey):
        ring.sign_in(copy)
    assert "可能被复制" in str(list_messages(ring.bench.desk, ring.bench.office))
    assert ring.sign_in()


def test_adding_takes_the_password_a_name_and_a_verified_owner_and_ends_other_sessions(bench: Bench) -> None:
    give_password(bench, "office")
    desk, office, key = bench.desk, bench.office, Authenticator(ADDRESS)
    other, mine = (open_session(desk, bench.people["office"], 12) for _ in range(2))
    with pytest.raises(WrongPassword):
        begin_passkey(desk, office, SITE, "wrong", "电脑")
    with pytest.raises(Invalid, match="名字"):
        begin_passkey(desk, office, SITE, PASSWORD, " ")
    asked = begin_passkey(desk, office, SITE, PASSWORD, "电脑")
    told = json.loads(asked)
    assert told["authenticatorSelection"] == {
        "requireResidentKey": True, "residentKey": "required", "userVerification": "required",
    }  # fmt: skip
    assert [one["alg"] for one in told["pubKeyCredParams"]] == [-7, -8, -257]
    assert told["rp"]["id"] == "laurel.example.cn"
    for wrong in (
        replace(key, verified=False).make(asked),
        replace(key, origin="https://elsewhere.cn").make(asked),
        key.make(json.dumps({**told, "rp": {"id": "elsewhere.cn"}})),
        key.make(json.dumps({**told, "challenge": json.loads(passkey_question(desk, SITE))["challenge"]})),
        "{}",
    ):
        with pytest.raises(WrongPasskey):
            confirm_passkey(desk, office, SITE, "电脑", wrong, mine)
    made = key.make(asked)
    confirm_passkey(desk, office, SITE, "电脑", made, mine)
    with pytest.raises(WrongPasskey):
        confirm_passkey(desk, office, SITE, "电脑", made, mine)
    with pytest.raises(Conflict, match="添加过"):
        added(bench, key)
    assert find_session(desk, other) is None
    kept = find_session(desk, mine)
    assert kept is not None
    assert kept.details[BY_CODE]
    assert [outcome for _, outcome in booked(bench, "account") if outcome != "done"] == [
        "wrong_password", *["wrong_passkey"] * 6,
    ]  # fmt: skip


def test_further_keys_are_named_and_removed_but_never_the_last_second_factor(ring: Ring) -> None:
    bench, desk, office = ring.bench, ring.bench.desk, ring.bench.office
    assert added(bench, Authenticator(ADDRESS), "U盾") == (), "recovery codes come once"
    first, second = get_actor_passkeys(desk, office).keys
    rename_passkey(desk, office, second.id, " 蓝色U盾 ")
    with pytest.raises(NotFound):
        rename_passkey(desk, bench.applicant, second.id, "我的")
    with pytest.raises(WrongPassword):
        remove_passkey(desk, office, first.id, "wrong", "")
    remove_passkey(desk, office, first.id, PASSWORD, "")
    assert [key.name for key in get_actor_passkeys(desk, office).keys] == ["蓝色U盾"]
    with pytest.raises(WrongPasskey):
        ring.sign_in()
    with pytest.raises(Conflict, match="唯一"):
        remove_passkey(desk, office, second.id, PASSWORD, "")
    assert "移除了通行密钥“办公电脑”" in str(list_messages(desk, office))
    with desk.store.write() as tx:
        (row,) = tx.passkeys.select(person_id=bench.people["office"])
        for number in range(MOST_KEYS - 1):
            tx.passkeys.insert(replace(row, id=0, credential=f"more{number}"))
    with pytest.raises(Conflict, match="最多"):
        begin_passkey(desk, office, SITE, PASSWORD, "第十一个")


def test_two_administrators_take_it_away_with_a_reason_and_its_owner_is_told(ring: Ring) -> None:
    bench, person = ring.bench, ring.bench.people["office"]
    system, security = officer(bench, SYSTEM_ADMINISTRATOR), officer(bench, SECURITY_ADMINISTRATOR)
    number = remove_second_factor(bench.desk, system, person, "U盾丢失", "in_person")
    assert number is not None
    assert ring.sign_in(), "one administrator alone takes nothing away"
    confirm_rights(bench.desk, security, number)
    with pytest.raises(WrongPasskey):
        ring.sign_in()
    assert sign_in(bench.desk, "office", PASSWORD, 12), "the password alone again"
    assert "U盾丢失" in str(list_messages(bench.desk, bench.office))
    with bench.desk.store.read() as tx:
        assert tx.recovery_codes.count_rows(person_id=person) == 0
    with pytest.raises(Conflict):
        remove_second_factor(bench.desk, system, person, "再来一次", "in_person")


def options_in(page: str) -> str:
    found = re.search(r'data-options="([^"]+)"', page)
    assert found
    return found[1].replace("&#34;", '"')


def test_a_key_belongs_to_the_configured_name_over_https(bench: Bench, browse: Browse) -> None:
    assert passkey_site("https://Laurel.example.cn:8443/x") == PasskeySite(
        "laurel.example.cn", "https://laurel.example.cn:8443"
    )
    assert passkey_site("http://localhost:8000") == PasskeySite("localhost", "http://localhost:8000")
    assert passkey_site("https://laurel.example.cn:443") == SITE
    assert [passkey_site(url) for url in ("http://laurel.example.cn", "https://10.0.0.1", "https://[::1]", "x")] == [
        None
    ] * 4
    office, admin = browse("office").get(PAGE).text, browse("admin").get(PAGE).text
    assert ("请改用动态口令" in office, "LAUREL_PUBLIC_URL" in office) == (True, False)
    assert "LAUREL_PUBLIC_URL" in admin, "who runs it reads what to set"
    assert "用通行密钥登录" not in browse().get("/sign-in").text
    assert browse().post("/sign-in/passkey/question").status_code == 409


def test_a_challenge_is_over_after_five_minutes(ring: Ring) -> None:
    bench = ring.bench
    asked = passkey_question(bench.desk, SITE)
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=5, seconds=1))
    with pytest.raises(WrongPasskey):
        sign_in_with_passkey(bench.desk, SITE, ring.key.sign(asked), 12)
