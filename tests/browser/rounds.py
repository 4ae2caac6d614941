"""The later stages of a round by clicks: experts, sheets, the vote on screen, on a phone and on paper, objections."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import Page, expect

from service.casework.access.actor import Actor
from service.casework.ballots.box import Box
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.ballots import ABSENT, BALLOT_DOERS, other_teller
from service.casework.simulate.stage.experts import build_score_sheet
from service.casework.simulate.stage.named_on_stage import notice_of
from service.casework.simulate.stage.verbs import DOERS
from service.domain.ballots import Mark
from service.store.models import BallotRow, RollRow
from service.web.ballots.ballots import SENT
from tests.browser.clicks import Walk, follow

MARKS = {"y": "yes", "n": "no", "-": "abstain"}
REPEATED = {"each", "complete"}
PHONE = 390


@dataclass
class RoundWalk(Walk):
    """A walk through review, vote, objections and conferral.

    Of those who vote, the second does it on a phone, and the last two hand in papers in the hall, which two tellers enter;
    where every step is walked only once, all but the first two do.
    """

    sheets: int = 0
    walked: Counter[tuple[str, str]] = field(default_factory=Counter)
    enough: int = 2

    def play(self, move: Move) -> None:
        """Take one step by clicks; what was walked ``enough`` times already goes through the use case."""
        key = (move.verb, str(move.value))
        if "refused" not in move.keys:
            self.walked[key] += 1
        if "refused" not in move.keys and move.verb in REPEATED and self.walked[key] > self.enough:
            self.by_use_case(move)
        else:
            super().play(move)

    def by_use_case(self, move: Move) -> None:
        """Take one step without a page."""
        self.stage.pass_time(move)
        {**DOERS, **BALLOT_DOERS}[move.verb](self.stage, move, self.stage.cast.actor(move.who or "office"))
        self.stage.drain()

    # experts -----------------------------------------------------------------------------------
    def _each(self, move: Move) -> None:
        tasks = [t for t in self.stage.open_tasks(move.case) if t.element == move.value and t.assignee_id is not None]
        given = move.keys.get("percent")
        percents = given if isinstance(given, list) else [given]
        for number, task in enumerate(tasks):
            percent = percents[number % len(percents)]
            sheet = build_score_sheet(self.stage, task, percent) if percent is not None else {}
            page = self._page_of(self.stage.cast.person(int(str(task.assignee_id))), "/tasks?scope=mine")
            self._open_task(page, task)
            if sheet:
                typed = 0 if self.sheets else 5
                self._fill_all(page, dict(list(sheet.items())[:typed]))
                self._paste(page, dict(list(sheet.items())[typed:]))
                self.sheets += 1
            self._fill_and_submit(page, move)

    def _paste(self, page: Page, sheet: Mapping[str, Any]) -> None:
        """Fill the rest of a sheet at one stroke, as if prepared elsewhere; the first items of a walk are typed."""
        values = {f"{item}.{name}": value for item, row in sheet.items() for name, value in row.items()}
        page.locator(f"main [name='{list(values)[-1]}']").wait_for()
        page.evaluate(
            """values => Object.entries(values).forEach(([name, value]) => {
                const input = document.querySelector(`main [name="${name}"]`);
                input.value = value;
                input.dispatchEvent(new Event("input", {bubbles: true}));
            })""",
            values,
        )

    def _expert(self, move: Move) -> None:
        data: Mapping[str, Any] = move.value
        name = str(data["name"])
        page = self._page(move.who)
        self._follow(page, "专家与会议")
        typed = {
            "name": name, "login": f"scenario-expert-{name}", "employer": f"{name}单位", "education": "master",
            "practising_since": "2005-01-01", "sectors": "、".join(data.get("sectors", ())), "term_from": "2020-01-01",
            "training": "卓越绩效评审员培训", "trained_on": "2025-06-01",
        }  # fmt: skip
        self._fill_all(page, typed)
        self._send(page, "登记入库", f"expert {name}")
        expect(page.get_by_role("heading", name=name, level=1)).to_be_visible()
        with self.stage.desk.store.read() as tx:
            person = tx.people.by_login(typed["login"])
        assert person is not None
        self.stage.cast.introduce(name, self.stage.cast.person(person.id))

    def _interest(self, move: Move) -> None:
        data: Mapping[str, Any] = move.value
        page = self._page(move.who)
        self._follow(page, "专家与会议")
        follow(page, page.get_by_role("link", name=str(data["expert"]), exact=True))
        page.get_by_text("登记利害关系", exact=True).click()
        body = self.stage.cast.organisations[str(data["for"])]
        self._fill_all(page, {"body": body, "kind": data.get("kind", "employment"), "text": data.get("text", "")})
        form = page.locator("form[action$='/interests']")
        self.look(page, "interest")
        form.get_by_role("button", name="登记").click()
        expect(page.get_by_text("利害关系已登记")).to_be_visible()

    def _replace(self, move: Move) -> None:
        page = self._page(move.who, f"/cases/{self.stage.case(move.case)}")
        page.get_by_role("link", name="评审组").first.click()
        row = page.locator("form[action$='/replace']").nth(int(move.keys.get("nth", 1)) - 1)
        row.locator("[name=reason]").fill(str(move.keys["reason"]))
        self.look(page, "replace")
        row.get_by_role("button").click()
        expect(page.get_by_text(str(move.keys["reason"])).first).to_be_visible()

    # the vote ----------------------------------------------------------------------------------
    def _members(self, move: Move) -> None:
        BALLOT_DOERS["members"](self.stage, move, self.stage.cast.actor("office"))

    def _recuse(self, move: Move) -> None:
        _, roll = self._ballot(move)
        for word, number in move.value.items():
            page = self._paper(roll[int(number) - 1])
            page.get_by_text("申明回避").first.click()
            name = self.stage.scenario.organisations[str(word)]["name"]
            page.locator("[name=candidate]").select_option(label=str(name))
            page.locator("form[action$='/recusal'] [name=reason]").fill(str(move.keys["reason"]))
            page.get_by_role("button", name="申明回避").click()
            self.look(page, "recuse")
            page.get_by_role("button", name="申明回避").click()
            expect(page.get_by_text("回避已记录")).to_be_visible()

    def _vote(self, move: Move) -> None:
        row, roll = self._ballot(move)
        keys = {str(word): self._key(row, str(word)) for word in move.value}
        papers = [{keys[w]: letters[n] for w, letters in move.value.items()} for n in range(len(roll))]
        voting = [n for n, paper in enumerate(papers) if ABSENT not in paper.values()]
        on_screen = len(voting) - 2 if self.enough > 1 else 2
        hall = voting[on_screen:] if len(voting) > 3 else []
        for place, number in enumerate(n for n in voting if n not in hall):
            self._cast(roll[number], papers[number], PHONE if place == 1 else 1366)
        if hall:
            self._tell(row, [roll[n] for n in hall], [papers[n] for n in hall])

    def _cast(self, member: RollRow, paper: Mapping[str, str], width: int) -> None:
        page = self._paper(member, width)
        for key, letter in paper.items():
            if letter in MARKS:
                page.locator(
                    f".ballot-marks label:has([name='mark.{key}'][value='{SENT[Mark(MARKS[letter])]}'])"
                ).click()
        assert page.locator("html").evaluate("node => node.scrollWidth <= innerWidth"), "the paper must not scroll"
        self._send(page, "下一步：核对", f"paper {width}")
        self._send(page, "投出选票", f"review of paper {width}")
        expect(page.locator(".receipt")).to_contain_text("已投票")
        self.look(page, f"receipt {width}")

    def _tell(self, row: BallotRow, members: list[RollRow], papers: list[Mapping[str, str]]) -> None:
        for word in self._tellers(row):
            page = self._page_of(self._person_called(word), f"/cases/{row.case_id}")
            page.get_by_role("link", name=row.title).first.click()
            page.get_by_role("link", name="录入在场选票").click()
            for member in members:
                page.locator(f"[name=member][value='{member.number}']").check()
            for key in papers[0]:
                for letter, mark in MARKS.items():
                    page.locator(f"[name='{key}.{mark}']").fill(str(sum(p[key] == letter for p in papers)))
            self._send(page, "提交我的清点结果", f"tally {word}")
        expect(page.get_by_text("在场选票已投入票箱")).to_be_visible()

    def _tellers(self, row: BallotRow) -> tuple[str, str]:
        """Name two tellers of different bodies; they are put on the list, as by an import, where the scenario has none."""
        roles = (row.teller_role, other_teller(self.stage.package, row.role))
        for role in roles:
            with self.stage.desk.store.read() as tx:
                there = tx.people.by_login(f"scenario-{role}#1")
            if not there:
                self._members(Move(0, "members", {"role": role, "count": 1}, None, None, None, {}))
        return f"{roles[0]}#1", f"{roles[1]}#1"

    def _close_vote(self, move: Move) -> None:
        row, _ = self._ballot(move)
        page = self._page(move.who, f"/cases/{row.case_id}")
        page.get_by_role("link", name=row.title).first.click()
        page.get_by_text("提前截止", exact=True).click()
        page.locator("form[action$='/close'] [name=reason]").fill(str(move.value))
        self._send(page, "截止并计票", "close")
        self.closed(row)
        self.stage.drain()
        page.reload()
        expect(page.get_by_role("link", name="复核计票")).to_be_visible()
        self.look(page, "result")
        page.get_by_role("link", name="复核计票").click()
        expect(page.get_by_text("重新计票结果与公布结果一致")).to_be_visible()
        self.look(page, "repeat")

    def closed(self, row: BallotRow) -> None:
        """Called when a ballot was closed before its time, for who holds its key."""

    # objections --------------------------------------------------------------------------------
    def _lodge(self, move: Move) -> None:
        """Object as a visitor: from the notice on the portal, first without what must be attached."""
        keys = move.keys
        nick, _, kind = str(keys["notice"]).rpartition("/")
        notice = notice_of(self.stage, nick, kind)
        page = self._open("visitor", PHONE)
        self.pages["visitor"] = page
        page.goto(f"{self.base}/portal")
        follow(page, page.locator(f"a[href='/notices/{notice.id}']").first)
        self.look(page, "notice")
        name = self.stage.package.award.processes[str(move.value)].name
        follow(page, page.get_by_role("link", name=f"提出{name}").first)
        about = page.locator("[name=target]")
        if about.count():
            about.select_option(label=str(self.stage.scenario.organisations[str(keys["parent"])]["name"]))
        values = dict(keys["with"])
        missing = {k: v for k, v in values.items() if not str(v).startswith("file:")}
        self._fill_all(page, missing)
        self._send(page, "提交异议", "objection without attachment")
        expect(page.locator(".error-summary")).to_be_visible()
        self.look(page, "objection refused")
        for name, value in missing.items():
            if isinstance(value, str) and name in ("content", "name"):
                expect(page.locator(f"main [name='{name}']")).to_have_value(value)
        self._fill_all(page, values)
        before = set(self._case_ids())
        self._send(page, "提交异议", "objection")
        expect(page.get_by_role("heading", name="异议回执")).to_be_visible()
        self.look(page, "objection receipt")
        code = page.locator("form[action='/objections/track'] [name=code]").input_value()
        [fresh] = set(self._case_ids()) - before
        nick = str(keys.get("name", move.value))
        self.stage.name(nick, fresh)
        self.stage.codes[nick] = code
        self._send(page, "查看办理情况", "")
        expect(page.get_by_role("heading", name="办理情况")).to_be_visible()

    def outcome_of(self, nick: str, text: str) -> None:
        """Look up an objection by the code on its receipt, as its author would, and find ``text``."""
        page = self.pages["visitor"]
        page.goto(f"{self.base}/objections")
        follow(page, page.get_by_role("link", name="凭回执查询"))
        page.locator("[name=code]").fill(self.stage.codes[nick])
        self._send(page, "查询", "track")
        expect(page.locator("main")).to_contain_text(text)
        self.look(page, "outcome")

    def register_shows(self, *names: str) -> None:
        """Find the winners in the public register."""
        page = self.pages["visitor"]
        page.goto(f"{self.base}/portal")
        follow(page, page.get_by_role("link", name="获奖名录").first)
        for name in names:
            expect(page.get_by_role("cell", name=name)).to_be_visible()

    def public_sees_the_end(self) -> None:
        """Find what was conferred, and what of it was revoked, in the public register, as a visitor without an account."""
        page = self.pages["visitor"] = self._open("visitor")
        page.goto(f"{self.base}/portal")
        self.look(page, "portal")
        follow(page, page.get_by_role("link", name="获奖名录").first)
        with self.stage.desk.store.read() as tx:
            awards = tx.awards.list_public(self.stage.package.jurisdiction.id)
            names = {b.id: b.name for b in tx.bodies.by_id({a.body_id for a in awards}).values()}
        for award in awards:
            row = page.get_by_role("row").filter(has_text=names[award.body_id])
            expect(row.first).to_contain_text("已撤销" if award.revoked_on else "有效")
        self.look(page, "register")

    def _public(self, move: Move) -> None:
        page = self.pages["visitor"]
        page.goto(f"{self.base}/objections/track")
        page.locator("[name=code]").fill(self.stage.codes[str(move.case)])
        self._send(page, "查询", "")
        self._fill_all(page, move.keys.get("with") or {})
        self._send(page, "提交", "public action")

    def _recall(self, move: Move) -> None:
        page = self._notice_page(move)
        follow(page, page.get_by_role("link", name="收回"))
        page.locator("[name=reason]").fill(str(move.keys["reason"]))
        self._send(page, "收回", "recall")
        expect(page.get_by_text("公示已收回，")).to_be_visible()
        self.look(page, "recalled")

    def _find(self, move: Move) -> None:
        """Follow the link to the case from the page of the case above it."""
        DOERS["find"](self.stage, move, self.stage.cast.actor("office"))
        found = self.stage.case(str(move.keys.get("name", move.value)))
        page = self._page(move.who, f"/cases/{self.stage.case(str(move.keys['parent']))}")
        page.locator(f"main a[href='/cases/{found}']").first.click()
        page.wait_for_url(f"{self.base}/cases/{found}")
        self.look(page, f"find {move.value}")

    # parts -------------------------------------------------------------------------------------
    def _follow(self, page: Page, link: str) -> None:
        follow(page, page.get_by_role("navigation").get_by_role("link", name=link).first)

    def _ballot(self, move: Move) -> tuple[BallotRow, list[RollRow]]:
        with self.stage.desk.store.read() as tx:
            row = next(b for b in reversed(tx.ballots.select(case_id=self.stage.case(move.case))) if b.state == "open")
            return row, tx.rolls.select(ballot_id=row.id)

    def _key(self, row: BallotRow, word: str) -> str:
        """Return the name of the question that ``word`` (or ``word/tier``) means on the paper."""
        nick, _, tier = word.partition("/")
        box = Box(row)
        meant = {nick, str(self.stage.cases.get(nick)), str(self.stage.cast.organisations.get(nick))}
        return next(
            q.key
            for q in box.questions
            if (not tier or q.tier == tier) and (q.candidate in meant or box.names.get(q.candidate) in meant)
        )

    def _paper(self, member: RollRow, width: int = 1366) -> Page:
        """Open the paper of a member from the member's own task list."""
        page = self._page_of(self._voter(member), width=width)
        page.get_by_role("link", name=re.compile("^投票")).first.click()
        expect(page.locator(".ballot")).to_be_visible()
        return page

    def _voter(self, member: RollRow) -> Actor:
        """Return the member; where units are on the roll, somebody of the unit."""
        if member.person_id is not None:
            return self.stage.cast.person(member.person_id)
        with self.stage.desk.store.read() as tx:
            role = tx.ballots.get(member.ballot_id).role
            return self.stage.cast.actor(f"{role}@{tx.bodies.get(member.body_id or 0).key}")

    def _person_called(self, word: str) -> Actor:
        with self.stage.desk.store.read() as tx:
            row = tx.people.by_login(f"scenario-{word}")
        assert row is not None
        return self.stage.cast.person(row.id)
