"""Word layouts filled in: the members that hold tags, with the values of a document in their places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import SandboxedEnvironment

from service.domain.errors import Invalid
from service.domain.text import Text

Templates: TypeAlias = Mapping[str, Template]
"""What is filled in, by the name of the member."""

_MISTAKES = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What a tag can bring about that asks for what no document has."""


def templates_of(tagged: Mapping[str, str]) -> Templates:
    """Return members that hold tags (see `service.office.layout_tags`), ready to be filled in; raises Invalid."""
    environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    try:
        return {name: environment.from_string(text) for name, text in tagged.items()}
    except TemplateError as mistake:
        raise _build_refusal(mistake) from mistake


def fill_layout(templates: Templates, values: Mapping[str, Any]) -> dict[str, str]:
    """Return the members with ``values`` in the places of their tags; raises Invalid."""
    try:
        return {name: template.render(values) for name, template in templates.items()}
    except _MISTAKES as mistake:
        raise _build_refusal(mistake) from mistake


def _build_refusal(mistake: Exception) -> Invalid:
    words = str(mistake) or type(mistake).__name__
    return Invalid(Text(words, words))
