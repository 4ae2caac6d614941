"""Templates that ask less of Jinja draw what Jinja itself draws."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment, StrictUndefined, UndefinedError
from markupsafe import Markup

from service.web.forms.lean_templates import LeanCode


class _Lean(Environment):
    code_generator_class = LeanCode


_PARTS = {
    "parts.html": (
        "{% macro tag(text, tone='ok', wide=false) %}<b class='{{ tone }}{{ ' wide' if wide }}'>{{ text }}</b>{% endmacro %}"
        "{% macro framed(name) %}<i>{{ name }}: {{ caller('&') }}</i>{% endmacro %}"
        "{% macro any() %}{{ varargs|join('+') }} {{ kwargs.a }}{% endmacro %}"
    )
}
_HEAD = "{% import 'parts.html' as ui %}"
_TEMPLATES = {
    "escaped": "{{ said }} {{ safe }} {{ number }} {{ nothing }} {{ one|upper }} {{ '<' }}{{ said ~ safe }}",
    "macros": _HEAD
    + "{{ ui.tag(said) }}{{ ui.tag(said, 'late') }}{{ ui.tag(said, wide=true) }}{{ ui.tag(safe, tone=said) }}",
    "caller": _HEAD + "{% call(x) ui.framed(said) %}{{ x }}{{ said }}{% endcall %}",
    "anything": _HEAD + "{{ ui.any(1, said, a=safe) }}",
    "loops": _HEAD + "{% for one in many %}{{ loop.index }}{{ loop.cycle('<', '>') }}{{ ui.tag(one) }}{% endfor %}",
    "functions": "{{ shout(said) }}{{ shout(said, sign=safe) }}{{ dict(a=said).a }}{{ many.index(said) }}{{ shout(*many) }}",
    "set": "{% set inside %}{{ said }}{% endset %}{{ inside }}{% filter upper %}{{ said }}{% endfilter %}",
    "nested": "{% macro in(x) %}[{{ x }}]{% endmacro %}{% macro out(x) %}{{ in(x) }}{{ in(in(x)) }}{% endmacro %}{{ out(said) }}",
}
_WORDS = {
    "said": "<a> & 'b'",
    "safe": Markup("<u>"),
    "number": 5,
    "nothing": None,
    "one": "a&b",
    "many": ["<a> & 'b'", "!"],
    "shout": lambda word, sign="!": word + sign,
}


def _draw(kind: type[Environment], template: str) -> str:
    loader = DictLoader({**_PARTS, "page.html": template})
    return kind(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("page.html").render(_WORDS)


@pytest.mark.parametrize("name", _TEMPLATES)
def test_they_draw_what_jinja_draws(name: str) -> None:
    assert _draw(_Lean, _TEMPLATES[name]) == _draw(Environment, _TEMPLATES[name])


@pytest.mark.parametrize(
    "template",
    [
        "{{ absent('x') }}",
        "{{ said.absent }}",
        _HEAD + "{{ ui.absent('x') }}",
        _HEAD + "{{ ui.tag() }}",
        _HEAD + "{{ ui.tag('x', unknown=1) }}",
        _HEAD + "{{ ui.tag('x', 'y', true, 4) }}",
        _HEAD + "{{ ui.tag('x', text='y') }}",
        _HEAD + "{{ ui.framed('x') }}",
    ],
)
def test_they_refuse_what_jinja_refuses(template: str) -> None:
    with pytest.raises((UndefinedError, TypeError)) as usual:
        _draw(Environment, template)
    with pytest.raises(type(usual.value)):
        _draw(_Lean, template)
