"""People who walk a season where everything is switched on: each gets an account from two administrators, a password of
their own, a second factor, and proves anew who they are where the program asks.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect

from service.casework.access.actor import Actor
from service.casework.people.factors.one_time_codes import SECONDS, code_at, step_of
from service.casework.simulate.scenarios.scenario import Move
from service.catalog import Package
from service.keys.states import DESTROYED
from service.store.rows import BallotRow
from tests.browser.clicks import follow, send_by
from tests.browser.rounds import RoundWalk
from tests.browser.sealed.installation import Sealed
from tests.browser.sealed.uploads import REFUSED, refuse, takes

OWN = "湖水 椅子 第七天又晴了"
"""What everybody's own password begins with."""

OFFICES = ("system", "security", "audit")
BY_PASSKEY = "office"
"""Who signs in by a passkey once the account is set up."""

PASSKEY = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
_STEPS = 12


@dataclass
class SealedWalk(RoundWalk):
    """A walk of people who sign in as a production installation asks; ``secrets`` are those of their one-time codes."""

    sealed: Sealed = field(kw_only=True)
    passwords: dict[str, str] = field(default_factory=dict)
    secrets: dict[str, bytes] = field(default_factory=dict)
    spent: dict[str, int] = field(default_factory=dict)
    keyed: set[str] = field(default_factory=set)
    linked: set[str] = field(default_factory=set)
    proofs: Counter[str] = field(default_factory=Counter)
    refused: set[str] = field(default_factory=set)

    # administrators ----------------------------------------------------------------------------
    def open_offices(self) -> None:
        """Let three people open the three administrators' accounts by their links."""
        links = re.findall(
            r"https://\S+", self.sealed.said("administrators", settings={"LAUREL_PUBLIC_URL": self.base})
        )
        assert len(links) == len(OFFICES), links
        for office, link in zip(OFFICES, links, strict=True):
            page = self.pages[office] = self._open(office)
            page.goto(link)
            self.logins[office], self.passwords[office] = f"officer-{office}", f"{OWN} {office}"
            said = {"name": f"管理员{office}", "login": self.logins[office], "new": self.passwords[office]}
            self._fill_all(page, {**said, "email": f"{office}@example.cn", "again": self.passwords[office]})
            page.get_by_role("button", name="开设账号").click()
            expect(page.get_by_text("账号已开设，请登录")).to_be_visible()

    @property
    def by_provider(self) -> str:
        """Who signs in at the provider: the first to act who is neither the office, an applicant nor a voter."""
        voting = {str(m.value.get("role")) for m in self.stage.scenario.moves if m.verb == "members"}
        others = {BY_PASSKEY, *voting, *self.stage.scenario.organisations}
        return next((m.who for m in self.stage.scenario.moves if m.who and m.who not in others), "")

    def _link(self, word: str) -> None:
        """Let the owner of an account link their identity of the provider, which signs them in from then on."""
        page = self._at(word, "/account/identity")
        page.locator("main [name=password]").fill(self.passwords[word])
        page.get_by_role("button", name="开始关联").click()
        page.get_by_role("link", name="前往统一身份认证").click()
        expect(page.get_by_text("统一身份 ·")).to_be_visible()
        self.linked.add(word)

    def recover(self, office: str) -> None:
        """Let somebody who forgot the password set another, by a mailed link and a code of their own."""
        page = self.pages["forgetful"] = self._open("forgetful")
        page.goto(f"{self.base}/sign-in")
        page.get_by_role("link", name="忘记密码").click()
        page.locator("main [name=login]").fill(self.logins[office])
        page.get_by_role("button", name="发送链接").click()
        expect(page.get_by_text("链接已发到账号登记的邮箱")).to_be_visible()
        self.stage.drain()
        links = [
            re.findall(r"https://\S+#\S+", one.get_content()) for one in self.sealed.mail.to(f"{office}@example.cn")
        ]
        page.goto(next(found[0] for found in reversed(links) if found))
        self.passwords[office] = new = f"{OWN} 再来一次"
        page.locator("main [name=new]").wait_for()
        self._fill_all(page, {"code": self._code(office), "new": new, "again": new})
        send_by(page, page.get_by_role("button", name="设置新密码"))
        self._at(office, "/people")

    def _open_account(self, actor: Actor) -> None:
        """Let one administrator ask for a one-time password, and another confirm it."""
        self.passwords[actor.name] = first = f"初次登录以后请马上改掉 {len(self.passwords)}"
        page = self._at("system", f"/people/{actor.person_id}")
        form = page.locator(f"form[action='/people/{actor.person_id}/password']")
        form.locator("[name=password]").fill(first)
        send_by(page, form.get_by_role("button", name="重置密码"))
        self._proved("system")
        expect(page.get_by_text("已提请，尚未生效")).to_be_visible()
        page = self._at("security", "/people/requests")
        send_by(page, page.get_by_role("button", name=re.compile("^批准")).first)
        self._proved("security")
        expect(page.get_by_text("已批准，立即生效")).to_be_visible()

    def take_accounts(self) -> None:
        """Let everybody who works here take their account before the season begins: later ones cannot vote on screen.

        Whoever is listed as a member has to be listed first; who acts after the first vote only has no part in it.
        """
        moves = self.stage.scenario.moves
        voted = next((place for place, move in enumerate(moves) if move.verb == "vote"), len(moves))
        named = [m.who for m in moves[:voted] if m.who and self._works_here(m.who)]
        units = units_on_rolls(self.stage.package)
        for word in dict.fromkeys([*named, *(units if self.enough > 1 else units[:2])]):
            self._take_account(word)

    def _take_account(self, word: str) -> None:
        """Let somebody take their account, and leave: a list that stays open asks for news all season long."""
        self._page_of(self.stage.cast.actor(word)).goto("about:blank")

    def _works_here(self, word: str) -> bool:
        """Return whether the word names somebody with a role of the place, neither an applicant nor a listed member."""
        return word not in self.stage.scenario.organisations and word.partition("@")[0] in self._roles

    @property
    def _roles(self) -> set[str]:
        place = self.stage.package.jurisdiction
        return {*place.roles, *place.bindings, *(body.id for body in place.bodies)}

    def _members(self, move: Move) -> None:
        """List members, who take their accounts at once."""
        super()._members(move)
        for word in self.stage.cast.members_of(str(move.value["role"])):
            self._take_account(word)

    # signing in --------------------------------------------------------------------------------
    def _page_of(self, actor: Actor, path: str = "/tasks", width: int = 1366) -> Page:
        word = actor.name
        if word not in self.pages:
            self.pages[word] = self._open(word, width)
            with self.stage.desk.store.read() as tx:
                self.logins[word] = tx.people.person(actor.person_id or 0).login
            self._open_account(actor)
            if word == self.by_provider:
                self._link(word)
        return self._at(word, path)

    def _at(self, word: str, path: str) -> Page:
        """Return the person's page at ``path``, through whatever signing in asks for."""
        page = self.pages[word]
        page.goto(f"{self.base}{path}")
        for _ in range(_STEPS):
            if page.url == f"{self.base}{path}":
                return page
            self._step(word, page, path)
        told = page.locator("main").inner_text()
        raise AssertionError(f"{word} does not come to {path}, but to {page.url}: {told[:300]}")

    def _step(self, word: str, page: Page, path: str) -> None:
        """Take the step that the page asks for."""
        where = page.url.removeprefix(self.base).partition("?")[0]
        asked = page.locator("main form[action^='/sign-in'] [name=code]")
        if asked.count():
            asked.fill(self._code(word))
            send_by(page, page.get_by_role("button", name="登录", exact=True))
        elif where == "/sign-in":
            self._sign_in(word, page)
        elif where == "/password":
            self._own_password(word, page)
        elif where == "/account/passkeys" or (where == "/account/second-factor" and word == BY_PASSKEY):
            self._make_passkey(word, page)
        elif where == "/account/second-factor":
            self._make_codes(word, page)
        else:
            page.goto(f"{self.base}{path}")

    def _sign_in(self, word: str, page: Page) -> None:
        if word in self.linked:
            follow(page, page.get_by_role("link", name="统一身份认证登录"))
            return
        if word in self.keyed:
            send_by(page, page.get_by_role("button", name="用通行密钥登录"))
            return
        page.locator("main [name=login]").fill(self.logins[word])
        page.locator("main [name=password]").fill(self.passwords[word])
        send_by(page, page.get_by_role("button", name="登录", exact=True))

    def _own_password(self, word: str, page: Page) -> None:
        new = f"{OWN} {len(self.passwords)}{len(self.pages)}"
        self._fill_all(page, {"old": self.passwords[word], "new": new, "again": new})
        send_by(page, page.get_by_role("button", name="修改密码"))
        self.passwords[word] = new

    def _make_codes(self, word: str, page: Page) -> None:
        page.locator("main [name=password]").fill(self.passwords[word])
        page.get_by_role("button", name="开始设置").click()
        self.secrets[word] = base64.b32decode(page.locator("main p code").inner_text().replace(" ", ""))
        page.locator("main [name=code]").fill(self._code(word))
        page.get_by_role("button", name="启用").click()
        expect(page.get_by_text("动态口令已启用")).to_be_visible()

    def _make_passkey(self, word: str, page: Page) -> None:
        device = page.context.new_cdp_session(page)
        device.send("WebAuthn.enable")
        device.send("WebAuthn.addVirtualAuthenticator", {"options": PASSKEY})
        page.goto(f"{self.base}/account/passkeys")
        self._fill_all(page, {"name": "办公电脑", "password": self.passwords[word]})
        page.get_by_role("button", name="下一步").click()
        page.get_by_role("button", name="创建通行密钥").click()
        expect(page.get_by_text("通行密钥已添加")).to_be_visible()
        self.keyed.add(word)

    def _code(self, word: str) -> str:
        """Return a code that was not shown yet: whoever needs a second one waits for it."""
        clock = self.stage.clock
        late = self.spent.get(word, 0) + 1 - step_of(clock.now())
        if late > 0:
            clock.move_to(clock.now() + timedelta(seconds=late * SECONDS))
        self.spent[word] = step_of(clock.now())
        return code_at(self.secrets[word], self.spent[word])

    def _proved(self, word: str) -> None:
        """Prove anew who it is, where the page that was sent asks for it."""
        page = self.pages[word]
        if not page.get_by_role("heading", name="再次确认本人").count():
            return
        self.proofs[word] += 1
        refused = re.compile(rf"{re.escape(word)}: .*\b403\b.* {re.escape(page.url)}$")
        self.complaints[:] = [
            said for said in self.complaints if not refused.match(said)
        ]  # the browser's line on asking
        if word in self.keyed:
            send_by(page, page.get_by_role("button", name="用通行密钥确认"))
        else:
            page.locator("main input[autocomplete='one-time-code'], main input[type=password]").first.fill(
                self._code(word) if word in self.secrets else self.passwords[word]
            )
            send_by(page, page.get_by_role("button", name="确认并继续"))

    def _send(self, page: Page, button: str, what: str) -> None:
        super()._send(page, button, what)
        word = next((word for word, own in self.pages.items() if own is page), "")
        if word in self.logins:
            self._proved(word)

    # files -------------------------------------------------------------------------------------
    def _upload(self, page: Page, name: str, value: Any) -> bool:
        """Upload a file, but first once what is refused; the browser's own line on that is no fault."""
        place = page.locator(f".upload[data-name='{name}']")
        if takes(place):
            noted = len(self.complaints)
            for sentence in REFUSED.keys() - self.refused:
                refuse(place, self.folder, sentence)
                self.refused.add(sentence)
            del self.complaints[noted:]
        return super()._upload(page, name, value)

    # ballots -----------------------------------------------------------------------------------
    def closed(self, row: BallotRow) -> None:
        """Let supervision agree at the key service, and holders open the urn."""
        self.sealed.said("keys", "close", row.box, "--reason", "监督机构同意提前截止")
        self.open_urns()

    def play(self, move: Move) -> None:
        """Take one step; an urn that may be opened after it is opened by its holders."""
        super().play(move)
        self.open_urns()

    def open_urns(self) -> None:
        """Let two of three holders give their shares on the key service's page, for every urn that may be opened."""
        given = False
        for kept in self.sealed.keys.ballots.all():
            if kept.papers_key and kept.state != DESTROYED and kept.may_open(self.stage.clock.now()):
                given = self._give(kept.box) or given
        if given:
            self.stage.drain()
            self.stage.clock.move_to(self.stage.clock.now() + timedelta(minutes=2))
            self.stage.drain()

    def _give(self, box: str) -> bool:
        page = self.pages.setdefault("holders", self.pages.get("holders") or self._open("holders"))
        page.goto(self.sealed.environment["LAUREL_KEYS_URL"])
        form = page.locator("form").filter(has=page.locator(f"input[name=box][value='{box}']"))
        if not form.count() or "已交：无" not in form.inner_text():
            return False
        for name in list(self.sealed.passphrases)[:2]:
            form.locator("[name=holder]").select_option(name)
            form.locator("[name=passphrase]").fill(self.sealed.passphrases[name])
            send_by(page, form.get_by_role("button"))
            expect(page.get_by_role("status")).to_be_visible()
        return True


def units_on_rolls(package: Package) -> list[str]:
    """Return who votes for the units on the rolls of a package's ballots, as the scenarios call them."""
    calls = [e.operation for diagram in package.processes.values() for e in diagram.elements.values() if e.operation]
    units = [call for call in calls if call.operation == "ballot.open" and call.parameters.get("units") == "true"]
    roles = {call.parameters["role"].strip('"') for call in units}
    bodies = package.jurisdiction.bodies
    return [f"{role}@{body.id}" for role in sorted(roles) for body in bodies if role in body.roles]
