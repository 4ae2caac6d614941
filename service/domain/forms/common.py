"""Common properties of form components: words, layout, citation, condition."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypedDict

from service.domain.forms.expressions import FormExpression
from service.domain.forms.reading import Component
from service.domain.text import Text, join_sentences, read_translated_text

COMMON_PROPERTIES = frozenset({"clauses", "label_en", "description_en", "help", "help_en", "unseen"})


class Common(TypedDict):
    """The keyword arguments shared by every node."""

    id: str
    label: Text
    hint: Text
    hide: FormExpression | None
    clauses: tuple[str, ...]
    unseen: bool
    row: str | None
    columns: int | None


def read_common_properties(component: Component) -> Common:
    """Read what every component has."""
    row, columns = _read_layout(component)
    return Common(
        id=component.id,
        label=_read_label(component),
        hint=_read_hint(component),
        hide=_read_hide_condition(component),
        clauses=component.properties.words("clauses"),
        unseen=_is_unseen(component),
        row=row,
        columns=columns,
    )


def _is_unseen(component: Component) -> bool:
    """Return whether the field is for the diagram alone: a key that comes with the first values and means nothing to people."""
    unseen = component.properties.flag("unseen")
    if unseen and component.raw.get("readonly") is not True:
        raise component.refuse(
            "不显示的字段必须只读",
            "a field that is not shown has to be read-only",
            Text("请同时设为只读，或去掉 unseen", "Make it read-only too, or take unseen away"),
        )
    return unseen


def _read_label(component: Component) -> Text:
    for key in ("label", "dateLabel", "timeLabel"):
        if component.has(key):
            return read_translated_text(component.properties.raw, "label", component.string(key))
    return Text("", component.properties.string("label_en"))


def _read_hint(component: Component) -> Text:
    properties = component.properties
    texts = [
        read_translated_text(properties.raw, "description", component.string("description")),
        read_translated_text(properties.raw, "help", properties.string("help")),
    ]
    wanted = read_purpose(component)
    if wanted.zh:
        texts.append(join_sentences([Text("用途：", "Purpose: "), wanted], ""))
    return join_sentences([text for text in texts if text.zh], " ")


def read_purpose(component: Component) -> Text:
    """Return what personal data are asked for, as the form says it; empty where it says nothing."""
    return read_translated_text(component.properties.raw, "purpose", component.properties.string("purpose"))


def _read_hide_condition(component: Component) -> FormExpression | None:
    conditional = component.raw.get("conditional") or {}
    if not isinstance(conditional, Mapping):
        raise component.refuse("conditional 应为键值表", "conditional should be a mapping")
    condition = Component({"id": component.id, **conditional}, component.names)
    condition.only({"hide"}, "conditional")
    return condition.formula("hide") if condition.has("hide") else None


def _read_layout(component: Component) -> tuple[str | None, int | None]:
    raw_layout = component.raw.get("layout") or {}
    if not isinstance(raw_layout, Mapping):
        raise component.refuse("layout 应为键值表", "layout should be a mapping")
    layout = Component({"id": component.id, **raw_layout})
    columns = layout.whole("columns")
    return layout.string("row") or None, min(max(columns, 1), 16) if columns else None
