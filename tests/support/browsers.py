"""Requests as a browser sends them: cookies kept, the mark of the form taken from the page."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

from flask import Flask
from jinja2 import Undefined
from werkzeug.test import TestResponse

from service.casework.people.factors.passwords import hash_password
from service.casework.people.factors.sessions import open_session
from service.casework.simulate.stage.stage import PlayState
from service.settings import Settings, read_settings
from service.web import create_app
from service.web.frame.requests.cookies import SESSION, get_cookie_name
from service.web.frame.requests.current import SETTINGS
from service.web.frame.requests.list_query import HEADER
from tests.support.desks import Bench

PASSWORD = "正确的密码与锁-2026"
OFTEN = {
    "LAUREL_REQUESTS_PER_ADDRESS": "10000000",
    "LAUREL_REQUESTS_PER_PERSON": "10000000",
    "LAUREL_ACTS_PER_PERSON": "10000000",
}
"""In tests one person and one address do within a minute what hundreds do."""

_LETTER = re.compile(r'href="(/inbox/[0-9]+)"')
_MARK = re.compile(r'name="csrf-token" content="([^"]+)"')


def settings_for_tests(**changed: str) -> Settings:
    return read_settings({"LAUREL_DATA": "unused", **OFTEN, **changed})


class _NoSuchName(Undefined):
    """What a template reads of an object of the program that has no such name: a name that is gone is no empty value."""

    __slots__ = ()

    def __bool__(self) -> bool:
        if type(self._undefined_obj).__module__.startswith("service."):
            self._fail_with_undefined_error()
        return False

    def __str__(self) -> str:
        bool(self)
        return ""


def make_app(bench: Bench, **changed: str) -> Flask:
    app = create_app(bench.desk, settings_for_tests(**changed))
    app.jinja_env.undefined = _NoSuchName
    app.config["TESTING"] = False  # failures must be answered as in production
    return app


@dataclass
class Browser:
    """A browser with its cookies; ``login`` is one of the bench's people, None a visitor."""

    app: Flask
    bench: Bench
    login: str | None = None

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        if self.login is not None:
            token = open_session(self.bench.desk, self.bench.people[self.login], 12)
            self.client.set_cookie(get_cookie_name(SESSION, self.app.extensions[SETTINGS]), token)
            self.token = token

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def seek(self, words: object, path: str = "/api/v1/search") -> TestResponse:
        """Ask a list of the interface for what fits ``words``, as programs do: they may name people."""
        return self.client.get(path, headers={HEADER: quote(str(words))})

    def letters(self) -> str:
        """Open every message of the inbox, and return their pages and the list."""
        listed = dict.fromkeys(_LETTER.findall(self.get("/inbox").text))
        return "".join(self.get(path).text for path in (*listed, "/inbox"))

    def mark(self, page: str = "/portal") -> str:
        return mark_of(self.get(page).text)

    def post(self, path: str, data: dict[str, Any] | None = None, page: str = "/portal", **more: Any) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.mark(page), **(data or {})}, **more)

    def send(self, method: str, path: str, body: dict[str, Any], page: str = "/portal") -> TestResponse:
        """Send JSON as the scripts of a page do."""
        return self.client.open(path, method=method, json=body, headers={"X-CSRF-Token": self.mark(page)})


def browser_of(stage: PlayState, who: str | None = None) -> Browser:
    """Return the browser of somebody of a season that is played, or of a visitor."""
    people = {who: stage.cast.actor(who).person_id} if who else {}
    place: Any = SimpleNamespace(desk=stage.desk, people=people)
    return Browser(make_app(place), place, who)


Browse = Callable[..., Browser]
"""Gives the browser of one of the bench's people, or of a visitor."""


def words(page: str) -> str:
    """Return what a page says, without its tags."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))


def mark_of(page: str) -> str:
    """Return the mark that the forms of a page carry."""
    found = _MARK.search(page)
    assert found, page[:600]
    return found[1]


def give_password(bench: Bench, login: str, password: str = PASSWORD) -> None:
    with bench.desk.store.write() as tx:
        tx.people.change(bench.people[login], password=hash_password(password))
