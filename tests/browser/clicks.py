"""Plays a scenario by clicks: every step a person takes is taken in a real browser, on the real pages.

Only time is moved from outside. Whatever the scenario says in ``with`` is typed, chosen or uploaded
in the form that the page shows; a field that is not there, or a page that refuses, fails.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import waitress
from docx import Document
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Frame, Locator, Page

from service.casework.access.actor import Actor
from service.casework.people.factors.passwords import hash_password
from service.casework.simulate.expecting.expectations import unmet_in
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.experts import replace_expert_names
from service.casework.simulate.stage.named_on_stage import notice_of, task_at
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import FILE, PDF
from service.casework.simulate.stage.verbs import DOERS
from service.domain.forms.model import Input, Rows, same_object
from service.store import CaseFilter
from service.store.models import TaskRow
from service.web import create_app
from tests.support.browsers import settings_for_tests

PASSWORD = "按键登录-2026"
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01" + b"\x00" * 200 + b"\xff\xd9"
NOT_BY_A_PERSON = {"award", "sanction", "calendar"}
"""Verbs that fill the register or the calendar before the season: no page is walked for them."""


@contextmanager
def serving(stage: PlayState) -> Iterator[str]:
    """Serve the stage's desk on this machine; yields the address."""
    app = create_app(stage.desk, settings_for_tests())
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(5)


def _content(suffix: str) -> bytes:
    """Return a file that is what its name says: uploads are told by their contents."""
    if suffix == ".docx":
        written = io.BytesIO()
        Document().save(written)
        return written.getvalue()
    return JPEG if suffix in (".jpg", ".jpeg") else PDF


@dataclass
class Walk:
    """A scenario being walked; one browser context per person, signed in by typing."""

    stage: PlayState
    browser: Browser
    base: str
    folder: Path
    pages: dict[str, Page] = field(default_factory=dict)
    logins: dict[str, str] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    steps: int = 0
    visits: int = 0

    def play(self, move: Move) -> None:
        """Take one step of the scenario."""
        self.stage.pass_time(move)
        if move.verb == "expect":
            assert unmet_in(self.stage, move.value) == []
        elif "refused" not in move.keys and move.verb in NOT_BY_A_PERSON:
            DOERS[move.verb](self.stage, move, self.stage.cast.actor(move.who or "office"))
        elif "refused" not in move.keys and move.verb != "until":
            getattr(self, f"_{move.verb}")(move)
            self.stage.drain()
            self.steps += 1

    # the verbs ---------------------------------------------------------------------------------
    def _stop_file(self, move: Move) -> None:
        """Take the newest file of that name in the case out of circulation, from the page on which it is read."""
        with self.stage.desk.store.read() as tx:
            ident = [row.id for row in tx.uploads.list_of_case(self.stage.case(move.case)) if row.name == move.value][
                -1
            ]
        page = self._page(move.who, f"/uploads/{ident}/pages")
        follow(page, page.get_by_role("link", name="涉及国家秘密？"))
        follow(page, page.get_by_role("button", name="停止流转"))

    def _start(self, move: Move) -> None:
        """Start a case: below another by the button on that case's page, or from the list where the page is another's."""
        above = self.stage.case(str(move.keys["parent"])) if "parent" in move.keys else None
        by_list = above is None or move.who in self.stage.scenario.organisations
        page = self._page(move.who, "/start" if by_list else f"/cases/{above}")
        name = self.stage.package.award.processes[str(move.value)].name
        link = page.locator(f"a[href$='?parent={above}']" if above else "main a").filter(has_text=name)
        chosen = page.locator(f".tile:has(h2:text-is('{name}')) form:has(option[value='{above}'])")
        if by_list and above and chosen.count():  # below so many cases that they are a list to choose from
            chosen.locator("select").select_option(str(above))
            link = chosen.get_by_role("button")
        follow(page, link.first)
        before = set(self._case_ids())
        self._register_for(page, move.keys.get("for"))
        self._fill_and_submit(page, move)
        [fresh] = set(self._case_ids()) - before
        self._is_about(fresh, move.keys.get("for"))
        self.stage.name(str(move.keys.get("name", move.value)), fresh)

    def _register_for(self, page: Page, nick: str | None) -> None:
        """Choose whose paper application is entered, where the page asks."""
        chosen = page.locator("main select[name=organisation]")
        if nick is not None and chosen.count():
            chosen.select_option(str(self.stage.cast.organisations[nick]))

    def _is_about(self, case_id: int, nick: str | None) -> None:
        """Fail when the new case is not about the organisation the scenario means: it would get no task of it."""
        with self.stage.desk.store.read() as tx:
            subject = tx.cases.get(case_id).subject_id
        assert nick is None or subject == self.stage.cast.organisations[nick], f"the new case is not about {nick}"

    def _complete(self, move: Move) -> None:
        task = task_at(self.stage, move, self.stage.cast.actor(move.who or "office"))
        page = self._page(move.who, f"/tasks?scope={'mine' if task.assignee_id else 'body'}")
        self._open_task(page, task)
        self._fill_and_submit(page, move, self._typed(task, move.keys.get("with") or {}))

    def _open_task(self, page: Page, task: TaskRow) -> None:
        """Follow the link of a list of tasks to ``task``."""
        page.locator(f"a.row-link[href^='/tasks/{task.id}']").first.click()
        page.wait_for_url(re.compile(rf"/tasks/{task.id}\b"))

    def _typed(self, task: TaskRow, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return ``values`` without the columns of tables that the form shows and does not ask for."""
        values = replace_expert_names(self.stage, values)
        if not task.form:
            return values
        nodes = self.stage.desk.packages.form(self.stage.package, task.form).nodes
        shown = {
            rows.path: {n.key for n in same_object(rows.children) if isinstance(n, Input) and n.readonly is True}
            for rows in same_object(nodes)
            if isinstance(rows, Rows)
        }
        return {
            key: [{k: v for k, v in row.items() if k not in shown[key]} for row in value] if key in shown else value
            for key, value in values.items()
        }

    def _action(self, move: Move) -> None:
        page = self._page(move.who, f"/cases/{self.stage.case(move.case)}")
        name = self.stage.package.award.actions[str(move.value)].name
        follow(page, page.get_by_role("link", name=re.compile(re.escape(name))).first)
        self._fill_and_submit(page, move)

    def _correct(self, move: Move) -> None:
        page = self._notice_page(move)
        follow(page, page.get_by_role("link", name="更正"))
        keys = move.keys
        text = page.locator("[name=text]")
        text.fill(str(keys.get("text") or f"{text.input_value()}（更正）"))
        for number, entry in enumerate(keys.get("entries") or (), 1):
            for column, value in entry.items():
                page.get_by_label(f"{column} {number}", exact=True).fill(str(value))
        if "title" in keys:
            page.locator("[name=title]").fill(str(keys["title"]))
        page.locator("[name=reason]").fill(str(keys.get("reason") or keys.get("because") or "更正"))
        page.locator(f"[name=of_substance][value={'yes' if keys.get('of_substance') else 'no'}]").check()
        self._send(page, "更正公示", f"correct {move.value}")
        page.get_by_text("公示已更正，").wait_for()
        self.look(page, f"corrected {move.value}")

    def _notice_page(self, move: Move) -> Page:
        """Find the notice as who posted it would: by the case that posted it."""
        notice = notice_of(self.stage, str(move.case), str(move.value))
        page = self._page(move.who, f"/cases/{notice.case_id}")
        page.locator(f"main a[href='/notices/{notice.id}']").first.click()
        page.wait_for_url(f"{self.base}/notices/{notice.id}")
        return page

    def _send(self, page: Page, button: str, what: str) -> None:
        if what:
            self.look(page, what)
        send_by(page, page.get_by_role("button", name=re.compile(re.escape(button))).last)

    # forms -------------------------------------------------------------------------------------
    def _fill_and_submit(self, page: Page, move: Move, values: Mapping[str, Any] | None = None) -> None:
        self._fill_all(page, move.keys.get("with") or {} if values is None else values)
        self.look(page, f"{move.verb} {move.value}")
        address = page.url
        named = page.locator("main form button[type=submit]").filter(
            has_text=re.compile("提交|发起|确定|撤回|报送|开始")
        )
        send_by(page, (named if named.count() else page.locator("main form button[type=submit]")).last)
        asked = page.get_by_role("button", name=re.compile("^(仍然|确认)提交$"))
        if asked.count():  # a correction that leaves all as it was, or a sheet that is final: the season means it
            self.complaints[:] = [said for said in self.complaints if "422" not in said]  # the question itself
            self.look(page, f"asked about {move.value}")
            send_by(page, asked)
        posting = page.get_by_role("button", name=re.compile("^确认(发布|发出)$"))
        if posting.count():  # what the public or the applicant will see, before it goes out
            self.look(page, f"before posting {move.value}")
            send_by(page, posting)
        errors = page.locator(".error-summary").all_inner_texts()
        assert not errors, f"{move.verb} {move.value}: {errors}"
        assert page.url != address or not page.locator("main form [name=version]").count(), (
            f"{move.verb} {move.value} went nowhere: {page.url}"
        )

    def _fill_all(self, page: Page, values: Mapping[str, Any]) -> None:
        given = [(name, value) for name, value in _leaves(values) if value is not None]
        for _ in range(2):  # answers may open further fields and rows
            missing = [name for name, value in given if not self._fill(page, name, value)]
            self._open_up(page, missing)
        missing = missing and [name for name, value in given if not self._fill(page, name, value)]
        assert not missing, f"{page.url} has no fields {missing}"

    def _open_up(self, page: Page, missing: list[str]) -> None:
        """Add the rows that are missing, and wait for the fields that the answers open."""
        for name in missing:
            row = re.fullmatch(r"(.+)\.(\d+)\..+", name)
            field = page.locator(
                f"main [name='{name}'], .upload[data-name='{name}'], [id='f-{name.replace('.', '-')}']"
            )
            more = page.locator(f"button.row-add[value='{row[1]}']") if row else field
            field.or_(more).first.wait_for(state="attached")  # an answer that opens the table is on its way
            if row and field.count() == 0:
                more.click()
            field.first.wait_for(state="attached")

    def _fill(self, page: Page, name: str, value: Any) -> bool:
        """Fill one field; returns whether it is there. One that is shown read-only says what it says."""
        found = page.locator(f"main [name='{name}']")
        if _is_files(value):
            return self._upload(page, name, value)
        if found.count() == 0:
            return page.locator(f"main [id='f-{name.replace('.', '-')}']").count() > 0
        kind = found.first.evaluate("e => e.tagName === 'SELECT' ? 'select' : (e.type || 'text')")
        if kind in ("radio", "checkbox"):
            self._choose(page, found, name, value, kind)
        elif kind == "select":
            found.first.select_option(str(value))
        elif found.first.is_editable():
            text = value.isoformat() if isinstance(value, date) else str(value)
            if re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:00)?\+08:00", text):
                text = text[:16].replace("T", " ")  # as a person writes it
            if found.first.input_value() != text:
                found.first.evaluate("e => { const folded = e.closest('details'); if (folded) folded.open = true; }")
                found.first.fill(text)
                found.first.dispatch_event("change")
        return True

    def _choose(self, page: Page, found: Locator, name: str, value: Any, kind: str) -> None:
        if kind == "checkbox" and isinstance(value, bool):
            found.last.set_checked(value)
            return
        for each in value if isinstance(value, list) else [value]:
            page.locator(f"main [name='{name}'][value='{each}']").check()

    def _upload(self, page: Page, name: str, value: Any) -> bool:
        place = page.locator(f".upload[data-name='{name}']")
        if place.count() == 0 or place.locator("li").count():
            return place.count() > 0
        for each in value if isinstance(value, list) else [value]:
            file = self.folder / str(each).removeprefix(FILE).strip()
            file.write_bytes(_content(file.suffix))
            place.locator("input[type=file]").set_input_files(str(file))
            place.locator("li[data-file-id]", has_text=file.name).wait_for()
        return True

    # people ------------------------------------------------------------------------------------
    def _page(self, who: str | None, path: str = "/tasks") -> Page:
        """Return the person's page, signed in and at ``path``; who was away for a night signs in again."""
        return self._page_of(self.stage.cast.actor(who or "office"), path)

    def _page_of(self, actor: Actor, path: str = "/tasks", width: int = 1366) -> Page:
        word = actor.name
        if word not in self.pages:
            self.pages[word] = self._open(word, width)
            with self.stage.desk.store.write() as tx:
                tx.people.change(actor.person_id or 0, password=_hashed())
                self.logins[word] = tx.people.get(actor.person_id or 0).login
        page = self.pages[word]
        page.goto(f"{self.base}{path}")
        if "/sign-in" in page.url:
            page.locator("[name=login]").fill(self.logins[word])
            page.locator("[name=password]").fill(PASSWORD)
            page.locator("main form button[type=submit]").click()
            page.wait_for_url(f"{self.base}{path}")
        return page

    def _open(self, word: str, width: int = 1366) -> Page:
        """Return a new visitor's page: a browser without cookies, on a screen ``width`` pixels wide."""
        height = 768 if width > 600 else 844
        context: BrowserContext = self.browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.on("console", lambda m: self._note(word, m))
        page.on("framenavigated", self._count)
        return page

    def leave(self) -> None:
        """Let everybody close their browser, before the server goes."""
        for page in self.pages.values():
            page.context.close()

    def _count(self, _frame: Frame) -> None:
        self.visits += 1

    def picture(self, folder: Path, name: str) -> str:
        """Keep a picture of every page that somebody has open; returns where, to be said."""
        folder.mkdir(parents=True, exist_ok=True)
        for word, page in self.pages.items():
            page.screenshot(path=folder / f"{name}-{re.sub(r'[^0-9A-Za-z_]', '-', word)}.png")
        return f" (pictures: {folder}/{name}-*.png)"

    def look(self, page: Page, what: str) -> None:
        """Called with every page before it is sent, for who wants to see it."""

    def _note(self, word: str, message: ConsoleMessage) -> None:
        """Keep what the browser complains of.

        That a page left open overnight asks in vain for news is no fault, nor that typing on stops a request.
        """
        if message.type == "error" and not re.search("401|htmx:(sendAbort|afterRequest)", message.text):
            self.complaints.append(f"{word}: {message.text} {message.location['url']}")

    def _case_ids(self) -> list[int]:
        with self.stage.desk.store.read() as tx:
            return [c.id for c in tx.cases.search(CaseFilter(), limit=10_000)]


def follow(page: Page, link: Locator) -> None:
    """Follow a link and wait until its page is there: what is asked before is asked of the page that is left."""
    left = page.url
    link.click()
    page.wait_for_url(lambda url: url != left)


def send_by(page: Page, button: Locator) -> None:
    """Send a form and wait until the page that answers is there, be it at the same address."""
    with page.expect_navigation():
        button.click()


_HASH: list[str] = []


def _hashed() -> str:
    if not _HASH:
        _HASH.append(hash_password(PASSWORD))
    return _HASH[0]


def _is_files(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(_is_files(v) for v in value)
    return isinstance(value, str) and value.startswith(FILE)


def _leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield (name in the HTML form, value) of everything in a submission, rows by number."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, row in enumerate(value):
            yield from _leaves(row, f"{name}.{number}")
    else:
        yield name, value
