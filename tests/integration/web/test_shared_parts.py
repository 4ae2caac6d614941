"""Macros that pages share are set up once, and nothing of one reader is in those of another."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask

from service.domain.text import Text
from service.web.frame.page.names import build_namer, translate_name
from service.web.frame.requests.cookies import csrf_token
from tests.support.browsers import Browser


def test_each_reader_has_their_own_mark(app: Flask) -> None:
    drawn, marks = [], []
    for _ in range(2):
        with app.test_request_context("/"):
            app.preprocess_request()
            drawn.append(app.jinja_env.get_template("components/form.html").module.csrf())
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
            assert [build_namer(lang)(one) for one in kept] == [translate_name(one) for one in kept]
    assert [build_namer("zh")(one) for one in kept] == ["受理", "受理", "受理", "", "", "“受理”"]
    assert build_namer("en")(kept[0]) == "Acceptance"
