"""Single sign-on by OpenID Connect against a provider of its own: signing in, linking, groups, votes, and every refusal."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

import pytest
import requests

from service.casework.access.guards import GUARDS
from service.casework.access.sign_in_proof import OWN_SIGN_IN, OwnSignInNeeded
from service.casework.people.factors.codes import code_at, step_of
from service.casework.people.factors.sessions import BY_CODE, find_session
from service.casework.people.means.link_outside import link_actor_identity
from service.casework.people.means.second_factor import begin_second_factor, confirm_second_factor
from service.casework.people.signing_in.sign_in_outside import Arrived, sign_in_outside
from service.domain.errors import NotAllowed
from service.identity import Errand, NotVouched, Vouched
from service.identity.cas import CasServer
from service.identity.oidc import OpenIdProvider
from service.settings import CasPlace, OidcPlace
from tests.integration.people.test_second_factor import booked, typed
from tests.support.browsers import PASSWORD, Browser, give_password, make_app
from tests.support.desks import Bench
from tests.support.identity_provider import CLIENT, SECRET, Cas, Provider, cas_running, provider_running

SITE = "http://localhost"
BACK = f"{SITE}/sign-in/outside/answer"
ZHANG = {"sub": "person-17", "name": "张三", "groups": ["jury", "clerks"]}
OWN = "/account/identity"


@dataclass
class Setup:
    """The bench with a provider that knows 张三."""

    bench: Bench
    provider: Provider

    def place(self, **more: object) -> OidcPlace:
        return OidcPlace(self.provider.issuer, CLIENT, SECRET, **more)  # type: ignore[arg-type]

    def browser(self, login: str | None = None) -> Browser:
        return Browser(make_app(self.bench, LAUREL_PUBLIC_URL=SITE), self.bench, login)

    def way(self, browser: Browser, start: str = "/sign-in/outside?next=/cases") -> str:
        """Leave by ``start``, sign in as 张三 at the provider; returns where it sends the browser."""
        return self.at_provider(browser.get(start).headers["Location"])

    def at_provider(self, address: str) -> str:
        answer = requests.get(f"{address}&who=zhang", allow_redirects=False, timeout=60)
        assert answer.headers["Location"].startswith(BACK), answer.text
        return answer.headers["Location"].removeprefix(SITE)

    def link(self, login: str) -> None:
        """Link 张三 to an account as its owner does."""
        who = Vouched(self.provider.issuer, str(ZHANG["sub"]), "张三", False)
        actor = getattr(self.bench, login)
        link_actor_identity(self.bench.desk, actor, Arrived(who, "/", actor.person_id))


@pytest.fixture
def there(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> Iterator[Setup]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # the provider of the tests speaks HTTP on this machine
    with provider_running(BACK, lambda: bench.clock.now().timestamp()) as provider:
        provider.people["zhang"] = dict(ZHANG)
        setup = Setup(bench, provider)
        bench.desk = replace(bench.desk, identity=OpenIdProvider(setup.place()))
        yield setup


def test_who_is_linked_signs_in_and_out_and_the_button_stands_only_where_there_is_a_provider(there: Setup) -> None:
    there.link("office")
    browser, bench = there.browser(), there.bench
    assert "统一身份认证登录" in browser.get("/sign-in").text
    without = replace(bench, desk=replace(bench.desk, identity=None))
    assert "统一身份认证" not in Browser(make_app(without), without).get("/sign-in").text
    came = browser.get(there.way(browser))
    assert (came.status_code, came.headers["Location"]) == (302, "/cases")
    assert browser.get("/cases").status_code == 200
    assert booked(there.bench, "session") == [("登录：office（统一身份认证）", "done")]
    left = browser.post("/sign-out").text
    assert f"{there.provider.issuer}/end?client_id=laurel" in left
    assert browser.get("/cases").status_code == 302
    with there.bench.desk.store.read() as tx:
        (row,) = tx.outside_identities.select("linked_at mark", person_id=there.bench.people["office"])
    assert "person-17" not in str(row), "the provider's own id is kept nowhere"


def test_the_address_bears_a_challenge_and_the_code_is_of_no_use_in_another_browser(there: Setup) -> None:
    there.link("office")
    browser, thief = there.browser(), there.browser()
    leaving = browser.get("/sign-in/outside")
    assert "code_challenge_method=S256" in leaving.headers["Location"]
    assert "HttpOnly" in leaving.headers["Set-Cookie"]
    back = there.at_provider(leaving.headers["Location"])
    assert thief.get(back).status_code == 401, "no errand of this browser"
    own = re.search(r"state=([^&]+)", thief.get("/sign-in/outside").headers["Location"])
    assert own
    stolen = re.sub(r"state=[^&]+", f"state={own[1]}", back)
    assert thief.get(stolen).status_code == 401, "the provider asks for the verifier of its challenge"
    assert thief.get("/cases").status_code == 302
    again = there.way(browser)
    assert browser.get(again).status_code == 302
    assert there.browser().get(again).status_code == 401, "an answer serves once"


def test_keys_that_the_provider_changed_are_fetched_anew(there: Setup) -> None:
    there.link("office")
    for _ in range(2):
        browser = there.browser()
        assert browser.get(there.way(browser)).headers["Location"] == "/cases"
        there.provider.rotate()


FORGED: tuple[dict[str, object], ...] = (
    {"iss": "https://elsewhere.example"},
    {"aud": "another-program"},
    {"aud": ["laurel", "another-program"]},
    {"azp": "another-program"},
    {"nonce": "another"},
    {"exp": 1},
    {"iat": 4102444800},
    {"sub": ""},
    {"sub": 17},
)


def test_an_id_token_that_says_anything_else_signs_nobody_in(there: Setup) -> None:
    there.link("office")
    browser = there.browser()
    for forged in FORGED:
        there.provider.forged = forged
        refused = browser.get(there.way(browser))
        assert (refused.status_code, "统一身份认证没有完成" in refused.text) == (401, True), forged
        assert booked(there.bench, "session")[-1] == ("统一身份认证：not_vouched", "not_vouched")
    assert browser.get("/cases").status_code == 302


def test_a_person_links_and_removes_it_after_their_password(there: Setup) -> None:
    give_password(there.bench, "office")
    office = there.browser("office")
    assert OWN in office.get("/account").text
    assert office.post(OWN, {"password": "wrong"}).status_code == 422
    shown = office.post(OWN, {"password": PASSWORD}).text
    address = re.search(r'href="([^"]+/authorize[^"]+)"', shown)
    assert address
    assert "prompt=login" in address[1]
    back = there.at_provider(address[1].replace("&amp;", "&"))
    assert there.browser("applicant").get(back).status_code == 401, "another browser's errand"
    assert office.get(back).headers["Location"] == OWN
    page = office.get(OWN).text
    assert "张三" in page
    browser = there.browser()
    assert browser.get(there.way(browser)).status_code == 302
    refused = browser.get(OWN)
    assert (refused.status_code, "统一身份认证登录的" in refused.text) == (403, True)
    key = re.findall(r'name="key" value="(\w+)"', page)[0]
    assert there.browser("second").post(f"{OWN}/remove", {"key": key}).status_code == 404
    assert office.post(f"{OWN}/remove", {"key": key}).status_code == 302
    assert browser.get("/cases").status_code == 302, "other sessions ended"
    assert browser.get(there.way(browser)).status_code == 403, "linked to nobody again"
    assert [about for about, _ in booked(there.bench, "account")] == [
        "",
        "关联统一身份：张三",
        "",  # what a session by the provider was refused
        "解除统一身份关联：张三",
    ]


def sign_in_with(there: Setup, strong: bool = False) -> str:
    who = Vouched(there.provider.issuer, str(ZHANG["sub"]), "张三", strong)
    return sign_in_outside(there.bench.desk, who, 12)


def roles(there: Setup, login: str) -> set[str]:
    with there.bench.desk.store.read() as tx:
        return {m.role for m in tx.memberships.list_valid(there.bench.people[login], there.bench.clock.now())}


def test_a_session_by_the_provider_touches_no_vote_and_no_right(there: Setup) -> None:
    there.link("office")
    browser = there.browser()
    browser.get(there.way(browser))
    actor = replace(there.bench.office, by_provider=True)
    session = find_session(there.bench.desk, browser.client.get_cookie("laurel_session").value)
    assert session is not None
    assert session.actor == actor
    for action in sorted(OWN_SIGN_IN):
        with pytest.raises(OwnSignInNeeded if GUARDS[action].admits(actor) else NotAllowed):
            GUARDS[action].demand(actor)
    assert browser.client.get("/api/v1/tasks").status_code == 200


@pytest.mark.parametrize("strong", [False, True])
def test_a_second_factor_is_asked_unless_the_provider_saw_one_that_counts(there: Setup, strong: bool) -> None:
    bench = there.bench
    give_password(bench, "office")
    secret = typed(begin_second_factor(bench.desk, bench.office, PASSWORD).written)
    confirm_second_factor(bench.desk, bench.office, code_at(secret, step_of(bench.clock.now())), "")
    there.link("office")
    there.provider.people["zhang"] = {**ZHANG, "amr": ["pwd", "otp"] if strong else ["pwd"]}
    bench.desk = replace(bench.desk, identity=OpenIdProvider(there.place(second_factor=frozenset({"otp"}))))
    browser = there.browser()
    came = browser.get(there.way(browser))
    if strong:
        assert came.status_code == 302
        return
    held = re.search(r'name="ticket" value="([^"]+)"', came.text)
    assert held
    assert browser.get("/cases").status_code == 302
    sent = {"ticket": held[1], "next": "/cases"}
    assert browser.post("/sign-in/outside/code", {**sent, "code": "000000"}).status_code == 401
    forged = held[1].replace(f"{bench.people['office']}.", f"{bench.people['admin']}.", 1)
    fresh = code_at(secret, step_of(bench.clock.now()) + 1)
    assert browser.post("/sign-in/outside/code", {**sent, "ticket": forged, "code": fresh}).status_code == 401
    assert browser.post("/sign-in/outside/code", {**sent, "code": fresh}).headers["Location"] == "/cases"


# Single sign-on by a CAS 3.0 server, through the same port as OpenID Connect.

SPACE = 'xmlns:cas="http://www.yale.edu/tp/cas"'


NOT_OURS = (
    "<html></html>",
    "<cas:serviceResponse",
    f"<cas:serviceResponse {SPACE}></cas:serviceResponse>",
    f"<cas:serviceResponse {SPACE}><cas:authenticationSuccess/></cas:serviceResponse>",
    '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    f"<cas:serviceResponse {SPACE}><cas:authenticationSuccess><cas:user>&e;</cas:user></cas:authenticationSuccess>"
    "</cas:serviceResponse>",
)


@pytest.fixture
def cas(bench: Bench) -> Iterator[Cas]:
    with cas_running() as server:
        server.people["zhang"] = {"displayName": ["张三"], "memberOf": ["clerks", "all"], "authnContextClass": ["mfa"]}
        bench.desk = replace(bench.desk, identity=CasServer(CasPlace(server.issuer, second_factor=frozenset({"mfa"}))))
        yield server


def way(browser: Browser, start: str = "/sign-in/outside?next=/cases") -> str:
    """Leave by ``start``, sign in as 张三 at the server; returns where it sends the browser."""
    answer = requests.get(f"{browser.get(start).headers['Location']}&who=zhang", allow_redirects=False, timeout=60)
    return answer.headers["Location"].removeprefix(SITE)


def test_a_ticket_signs_in_who_is_linked_once_and_in_its_own_browser(bench: Bench, cas: Cas) -> None:
    browser, thief = (Browser(make_app(bench, LAUREL_PUBLIC_URL=SITE), bench) for _ in range(2))
    waits = browser.get(way(browser))
    assert (waits.status_code, "尚未关联账号" in waits.text) == (403, True)
    office = Browser(browser.app, bench, "office")
    link(bench, cas)
    came = way(browser)
    assert thief.get(came).status_code == 401
    assert browser.get(came).headers["Location"] == "/cases"
    assert browser.get("/cases").status_code == 200
    session = find_session(bench.desk, browser.client.get_cookie("laurel_session").value)
    assert session is not None
    assert (session.actor.by_provider, session.details.get(BY_CODE)) == (True, True)
    used = way(thief)
    cas.tickets.clear()
    assert thief.get(used).status_code == 401, "a ticket that the server took before"
    assert f"{cas.issuer}/logout?service=" in browser.post("/sign-out").text
    assert "张三" in office.get("/account/identity").text


def link(bench: Bench, cas: Cas) -> None:
    who = Vouched(cas.issuer, "zhang", "张三", False)
    link_actor_identity(bench.desk, bench.office, Arrived(who, "/", bench.office.person_id))


def test_an_answer_that_is_none_of_the_servers_vouches_for_nobody(bench: Bench, cas: Cas) -> None:
    server, errand = bench.desk.identity, Errand("state", "nonce", "verifier")
    assert server is not None
    now, answer = bench.clock.now(), {"state": "state", "ticket": "ST-1"}
    for spoiled in ({**answer, "state": "another"}, {**answer, "ticket": "PT-1"}, {"state": "state"}, answer):
        with pytest.raises(NotVouched):
            server.finish(errand, BACK, spoiled, now)
    for body in NOT_OURS:
        cas.answer = body
        with pytest.raises(NotVouched):
            server.finish(errand, BACK, answer, now)
    cas.answer = ""
    cas.tickets["ST-1"] = ("zhang", f"{BACK}?state=state")
    found = server.finish(errand, BACK, answer, now)
    assert (found.subject, found.name) == ("zhang", "张三")
    cas.tickets["ST-2"] = ("zhang", f"{BACK}?state=of-another-errand")
    with pytest.raises(NotVouched):
        server.finish(errand, BACK, {**answer, "ticket": "ST-2"}, now)
