"""Compile texts of form-js, with the expressions in them."""

from __future__ import annotations

import re

from service.domain.forms.common import COMMON_PROPERTIES, common
from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Shown
from service.domain.forms.reading import Component
from service.domain.text import Text, spoken

SHOWN = {"text"}


def compile_shown(component: Component) -> Shown:
    """Compile a component without a value.

    Raises:
        FormRefused: for loops in texts.
    """
    component.properties.only(COMMON_PROPERTIES | {"text_en"}, "properties")
    said = spoken(component.properties.raw, "text", component.string("text")).as_json()
    return Shown(
        pieces={language: _pieces(component, words) for language, words in said.items()},
        **common(component),
    )


def _pieces(component: Component, text: str) -> tuple[str | FormExpression, ...]:
    if re.search(r"\{\{\s*[#/]", text):
        raise component.refuse(
            "文本中用了 {{#if}} 或 {{#loop}}",
            "the text uses {{#if}} or {{#loop}}",
            Text("请改用“隐藏条件”或表格", "Use a hide condition or a table"),
        )
    parts = re.split(r"\{\{(.+?)\}\}", text)
    return tuple(component.compile("text", part.strip()) if index % 2 else part for index, part in enumerate(parts))
