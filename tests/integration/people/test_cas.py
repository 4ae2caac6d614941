"""Single sign-on by a CAS 3.0 server, through the same port as OpenID Connect."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from service.casework.health.at_hand import identity
from service.casework.health.finding import Level
from service.casework.health.limits import Limits
from service.casework.people.factors.sessions import BY_CODE, find_session
from service.casework.people.means.link_outside import link_own
from service.casework.people.signing_in.sign_in_outside import Arrived
from service.identity import Errand, NotVouched, Vouched
from service.identity.cas import CasServer
from service.settings import BadSetting, CasPlace
from tests.support.browsers import Browser, make_app, settings_for_tests
from tests.support.desks import Bench
from tests.support.identity_provider import Cas, cas_running

SITE = "http://localhost"
BACK = f"{SITE}/sign-in/outside/answer"
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
    assert (waits.status_code, bool(re.search(r"<code>[A-Z2-9]{5}-", waits.text))) == (403, True)
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
    who = Vouched(cas.issuer, "zhang", "张三", frozenset(), False)
    link_own(bench.desk, bench.office, Arrived(who, "/", bench.office.person_id))


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
    assert (found.subject, found.name, sorted(found.groups)) == ("zhang", "张三", ["all", "clerks"])
    cas.tickets["ST-2"] = ("zhang", f"{BACK}?state=of-another-errand")
    with pytest.raises(NotVouched):
        server.finish(errand, BACK, {**answer, "ticket": "ST-2"}, now)


def test_doctor_asks_the_server_and_its_address_is_safe(bench: Bench, cas: Cas) -> None:
    limits = Limits()
    assert [found.level for found in identity(bench.desk, limits)] == [Level.FINE]
    cas.answer = "<html></html>"
    assert [found.level for found in identity(bench.desk, limits)] == [Level.WARNING]
    read = settings_for_tests(
        LAUREL_CAS_URL="https://sso.example.cn/cas/", LAUREL_CAS_SECOND_FACTOR="mfa, otp"
    ).identity
    assert read == CasPlace("https://sso.example.cn/cas", second_factor=frozenset({"mfa", "otp"}))
    with pytest.raises(BadSetting, match="LAUREL_CAS_URL"):
        settings_for_tests(LAUREL_CAS_URL="http://sso.example.cn/cas")
