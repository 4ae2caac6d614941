"""Pages use of a file of parts only what it has: what a file takes from another one it does not hand on."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from jinja2 import Environment, nodes

TEMPLATES = Path(__file__).parents[2] / "service" / "web" / "templates"
FILES = {path.relative_to(TEMPLATES).as_posix(): path for path in sorted(TEMPLATES.rglob("*.html"))}
PARSER = Environment(extensions=["jinja2.ext.do", "jinja2.ext.loopcontrols"], autoescape=True)


@cache
def parsed(name: str) -> nodes.Template:
    return PARSER.parse(FILES[name].read_text("utf-8"), name)


@cache
def handed_on(name: str) -> frozenset[str]:
    """The macros and values that a file has of its own, at its top."""
    found: set[str] = set()
    for node in parsed(name).body:
        if isinstance(node, nodes.Macro):
            found.add(node.name)
        if isinstance(node, nodes.Assign | nodes.AssignBlock):
            found |= {
                target.name for target in [node.target, *node.target.find_all(nodes.Name)] if hasattr(target, "name")
            }
    return frozenset(found)


def named_file(node: nodes.Import | nodes.FromImport) -> str:
    assert isinstance(node.template, nodes.Const), "a file of parts is named in the page"
    return str(node.template.value)


def missing(name: str) -> Iterator[str]:
    page = parsed(name)
    modules = {node.target: named_file(node) for node in page.find_all(nodes.Import)}
    for used in page.find_all(nodes.Getattr):
        if isinstance(used.node, nodes.Name) and used.node.name in modules:
            file = modules[used.node.name]
            if used.attr not in handed_on(file):
                yield f"{used.node.name}.{used.attr} ({file})"
    for taken in page.find_all(nodes.FromImport):
        for one in taken.names:
            own = one if isinstance(one, str) else one[0]
            if own not in handed_on(named_file(taken)):
                yield f"{own} ({named_file(taken)})"


@pytest.mark.parametrize("name", FILES)
def test_what_a_page_uses_of_a_file_of_parts_is_there(name: str) -> None:
    assert sorted(missing(name)) == []
