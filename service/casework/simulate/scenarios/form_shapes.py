"""The fields of a form as a scenario gives them: choices, days, files, groups, rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from service.casework.simulate.scenarios.shapes import Like, ValueShape
from service.catalog import Package
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import LaurelError
from service.domain.text import Text

_LIKE = {
    "textfield": Like.TEXT,
    "textarea": Like.LONG,
    "number": Like.NUMBER,
    "checkbox": Like.YES,
    "radio": Like.CHOICE,
    "select": Like.CHOICE,
    "checklist": Like.SEVERAL,
    "taglist": Like.SEVERAL,
    "upload": Like.FILE,
    "group": Like.GROUP,
    "dynamiclist": Like.ROWS,
}
SAMPLE = "样例.pdf"
"""The file that stands for any."""


def form_shapes(package: Package, form: str) -> tuple[ValueShape, ...]:
    """Return the fields of ``form``; none where the package has no form of that name that can be read."""
    if not form or "{" in form or edition_of(form) or not package.has_form(form):
        return ()
    try:
        return tuple(_shapes(package.form(form).get("components")))
    except LaurelError:  # the check says what is wrong with the form
        return ()


def _shapes(components: Any) -> Iterator[ValueShape]:
    for one in components if isinstance(components, list) else ():
        kind, key = str(one.get("type")), str(one.get("path") or one.get("key") or "")
        if kind == "group" and not one.get("path"):
            yield from _shapes(one.get("components"))
        elif kind == "datetime" and key:
            whole = one.get("subtype", "date") != "date"
            yield ValueShape(key, _label(one, key), Like.MOMENT if whole else Like.DAY)
        elif kind in _LIKE and key:
            yield _shape(one, key, _LIKE[kind])


def _shape(one: Mapping[str, Any], key: str, like: Like) -> ValueShape:
    label = _label(one, key)
    inner = tuple(_shapes(one.get("components"))) if like in (Like.GROUP, Like.ROWS) else ()
    options = tuple(_option(option) for option in one.get("values") or () if isinstance(option, Mapping))
    if like is Like.FILE:
        options = tuple((name, Text(name, name)) for name in dict.fromkeys((f"{label.zh}.pdf", SAMPLE)))
    return ValueShape(key, label, like, options, inner, str(one.get("valuesExpression") or ""))


def _option(option: Mapping[str, Any]) -> tuple[str, Text]:
    value = str(option.get("value"))
    label = str(option.get("label", value))
    english = option.get("label_en") or (option.get("properties") or {}).get("label_en")
    return value, Text(label, str(english or label))


def _label(one: Mapping[str, Any], key: str) -> Text:
    label = str(one.get("label") or one.get("dateLabel") or key)
    return Text(label, str((one.get("properties") or {}).get("label_en") or label))
