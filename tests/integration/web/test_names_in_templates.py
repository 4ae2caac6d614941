"""A page calls nothing of its own by a name that the frame around it uses: the frame would show something else, or nothing."""

from __future__ import annotations

from flask import Flask
from jinja2 import nodes

from tests.support.browsers import make_app
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
