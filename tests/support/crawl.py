"""Everything that a page offers, followed and sent: what somebody can do who only has a browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import html
from werkzeug.test import TestResponse

from tests.support.browsers import PASSWORD, Browser

_NUMBER = re.compile(r"\d+")
_LEFT = ("/sign-out", "/account/sessions", "/static", "/language", "/files/", "/api/")
_TYPED = {
    "date": "2026-03-20",
    "datetime-local": "2026-03-20T12:00",
    "number": "1",
    "email": "somebody@example.cn",
    "tel": "13912345678",
    "password": PASSWORD,
}
WORDS = "请按办法第八条的规定办理此事"


@dataclass
class Crawl:
    """What one browser sent; pages and forms of one kind are opened a few times each."""

    browser: Browser
    each: int = 2
    pages: set[str] = field(default_factory=set)
    sent: list[tuple[str, int]] = field(default_factory=list)
    _kinds: dict[str, int] = field(default_factory=dict)

    def run(self, most: int) -> None:
        """Open what can be reached from the first page and send each form that stands there, ``most`` of them."""
        waiting = ["/", "/people", "/cases", "/tasks", "/monitor", "/account", "/law", "/book", "/experts", "/ballots"]
        while waiting and len(self.sent) < most:
            path = waiting.pop(0)
            if path in self.pages or not self._again(f"page {_NUMBER.sub('#', path)}"):
                continue
            self.pages.add(path)
            answer = self.browser.get(path)
            waiting += self._links(answer)
            for form in self._forms(answer):
                waiting += self._links(self._send(form, path))

    def _again(self, kind: str) -> bool:
        self._kinds[kind] = self._kinds.get(kind, 0) + 1
        return self._kinds[kind] <= self.each

    def _links(self, answer: TestResponse) -> list[str]:
        if "html" not in (answer.content_type or "") or not answer.data:
            return []
        found = html.fromstring(answer.data).xpath("//a/@href")
        return [link for link in found if link.startswith("/") and not link.startswith(("//", *_LEFT))]

    def _forms(self, answer: TestResponse) -> Iterator[tuple[str, dict[str, Any]]]:
        if "html" not in (answer.content_type or "") or not answer.data:
            return
        for form in html.fromstring(answer.data).forms:
            action = form.action or ""
            if (form.method or "").upper() != "POST" or action.startswith(_LEFT):
                continue
            buttons = list(form.xpath(".//button[@name]")) or [None]
            for button in buttons:
                values = _filled(form)
                if button is not None:
                    values[button.get("name")] = button.get("value") or ""
                yield action, values

    def _send(self, form: tuple[str, dict[str, Any]], page: str) -> TestResponse:
        action, values = form
        place = action or page
        kind = f"form {_NUMBER.sub('#', place)} {sorted(values)} {[v for k, v in values.items() if k in ('act', 'do')]}"
        if not self._again(kind):
            return self.browser.get("/livez")
        answer = self.browser.client.post(place, data=values)
        self.sent.append((_NUMBER.sub("#", place), answer.status_code))
        assert answer.status_code < 500, (place, values)
        if answer.status_code in (302, 303):
            return self.browser.get(answer.headers["Location"])
        return answer


def _filled(form: html.FormElement) -> dict[str, Any]:
    """Return what is sent: what stands in a form, and something fit where nothing does."""
    values: dict[str, Any] = {}
    for one in form.xpath(".//input[@name] | .//select[@name] | .//textarea[@name]"):
        name, kind = one.get("name"), one.get("type", "text")
        if one.tag == "select":
            values[name] = ([each for each in one.xpath(".//option/@value") if each] or [""])[-1]
        elif one.tag == "textarea":
            values[name] = (one.text or "").strip() or WORDS
        elif kind in ("checkbox", "radio"):
            values[name] = one.get("value") or "on"
        elif kind == "hidden":
            values[name] = one.get("value") or ""
        elif kind != "file":
            values[name] = one.get("value") or _TYPED.get(kind, WORDS)
    return values
