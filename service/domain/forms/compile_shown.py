"""Compile display components of form-js: text with expressions, images, tables, lines."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.domain.forms.common import COMMON_PROPERTIES, common
from service.domain.forms.expressions import FormExpression
from service.domain.forms.model import Option, Shown, ShownType
from service.domain.forms.reading import Component
from service.domain.text import Text, spoken

SHOWN = {kind.value for kind in ShownType}


def compile_shown(component: Component) -> Shown:
    """Compile a component without a value.

    Raises:
        FormRefused: for loops in texts and for images of other hosts.
    """
    component.properties.only(COMMON_PROPERTIES | {"text_en"}, "properties")
    said = spoken(component.properties.raw, "text", component.string("text")).as_json()
    return Shown(
        type=ShownType(component.type),
        pieces={language: _pieces(component, words) for language, words in said.items()},
        source=_source(component),
        columns_shown=_columns(component),
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


def _source(component: Component) -> str | FormExpression | None:
    text = component.string("source") or component.string("dataSource")
    if component.type == ShownType.IMAGE.value and not re.match(r"/(?!/)|=", text):
        raise component.refuse(
            "图片须是本站地址（以 / 开头）",
            "an image has to come from this site (its address starts with /)",
            Text("请先上传图片，再填写站内地址", "Upload the picture and use its address here"),
        )
    if component.type in (ShownType.TABLE.value, ShownType.DOCUMENTS.value):
        if not text:
            raise component.refuse("缺少 dataSource", "dataSource is missing")
        return component.compile("dataSource", text)
    return component.compile("source", text) if text.startswith("=") else text or None


def _columns(component: Component) -> tuple[Option, ...]:
    if component.type != ShownType.TABLE.value:
        return ()
    if component.has("columnsExpression"):
        raise component.refuse("表格的列须固定", "the columns of a table have to be fixed")
    return tuple(_column(raw) for raw in component.children("columns"))


def _column(raw: Mapping[str, object]) -> Option:
    label = str(raw.get("label") or raw.get("key") or "")
    return Option(str(raw.get("key") or ""), spoken(raw, "label", label))
