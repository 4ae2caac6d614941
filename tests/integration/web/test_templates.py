"""Templates are compiled once for all: each reader has their own mark and language, and no page takes a name of the frame."""

from __future__ import annotations

from collections.abc import Callable

from flask import Flask
from jinja2 import nodes

from service.domain.text import Text
from service.web.frame.page.names import build_namer, translate_name
from service.web.frame.requests.cookies import csrf_token
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench


def given(app: Flask) -> set[str]:
    """Return the names that every page has from the program."""
    with app.test_request_context("/"):
        app.preprocess_request()
        context: dict[str, object] = {}
        app.update_template_context(context)
    return {*app.jinja_env.globals, *context}


def top_level(tree: nodes.Template) -> set[str]:
    """Return what a template defines outside its blocks, which the template that it extends sees as well."""
    names = {one.name for one in tree.body if isinstance(one, nodes.Macro)}
    for one in tree.body:
        if isinstance(one, nodes.Assign | nodes.AssignBlock) and isinstance(one.target, nodes.Name):
            names.add(one.target.name)
    return names


def test_no_page_takes_a_name_of_the_frame(bench: Bench) -> None:
    app = make_app(bench)
    names, taken = given(app), {}
    assert {"named", "say", "t", "lang"} <= names
    for template in app.jinja_env.list_templates(extensions=["html"]):
        source, _, _ = app.jinja_env.loader.get_source(app.jinja_env, template)  # type: ignore[union-attr]
        tree = app.jinja_env.parse(source)
        if tree.find(nodes.Extends) is not None and (own := top_level(tree) & names):
            taken[template] = own
    assert taken == {}


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
