"""Macros that pages share are set up once for a language and a year, and nothing of one page is in those of another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask

from service.domain.text import Text
from service.web.frame.page.in_english import named, namer
from service.web.frame.page.shared_parts import frame_words, shared_parts
from service.web.frame.requests.cookies import csrf_token
from service.web.frame.requests.current import speaker
from tests.support.browsers import Browser

PARTS = "components/ui.html"


def set_up(app: Flask, **words: Any) -> object:
    """Return the macros as a page has them that brings ``words``."""
    with app.test_request_context("/"):
        app.preprocess_request()
        return app.jinja_env.get_template(PARTS).make_module({**frame_words(), **words}, True, {})


def test_they_are_set_up_once_for_a_language_and_a_year(app: Flask) -> None:
    chinese = set_up(app)
    assert set_up(app, subject="另一页") is chinese
    english = set_up(app, lang="en", t=speaker("en"), named=namer("en"), say=namer("en"))
    later = set_up(app, this_year=1999)
    assert len({id(one) for one in (chinese, english, later)}) == 3
    assert set_up(app, lang="en", t=speaker("en"), named=namer("en"), say=namer("en")) is english
    assert set_up(app, this_year=1999) is later


def test_each_reader_has_their_own_mark(app: Flask) -> None:
    drawn, marks = [], []
    for _ in range(2):
        with app.test_request_context("/"):
            app.preprocess_request()
            drawn.append(shared_parts("components/form.html").csrf())
            marks.append(csrf_token())
    assert marks[0] != marks[1]
    assert [mark in form for mark, form in zip(marks, drawn, strict=True)] == [True, True]


def test_two_readers_at_once_read_each_their_language(browse: Callable[..., Browser]) -> None:
    chinese, english = browse("applicant"), browse("applicant")
    english.get("/language?to=en&next=/tasks")
    for _ in range(2):
        assert "退出" in chinese.get("/tasks").text
        assert "Sign out" in english.get("/tasks").text


def test_what_is_named_in_a_language_is_what_its_reader_is_told(app: Flask) -> None:
    kept = (Text("受理", "Acceptance"), {"zh": "受理", "en": "Acceptance"}, "受理", None, "", Text("“受理”", "“受理”"))
    for lang in ("zh", "en"):
        with app.test_request_context("/", headers={"Cookie": f"laurel_language={lang}"}):
            app.preprocess_request()
            assert [namer(lang)(one) for one in kept] == [named(one) for one in kept]
            assert frame_words()["lang"] == lang
    assert [namer("zh")(one) for one in kept] == ["受理", "受理", "受理", "", "", "“受理”"]
    assert namer("en")(kept[0]) == "Acceptance"
