"""Forms whose parts are known by what they are, whatever ids an editor gave them."""

from __future__ import annotations

import re
from typing import Any

_INSIDE = "components"
_LAYOUT = ("layout",)
_APART = re.compile(r"[,，、\s]+")


def known_by_key(form: Any) -> Any:
    """Return a form whose parts have their key, or kind and place, for an id; widths and rows of the page go."""
    return _known(form, "") if isinstance(form, dict) else form


def _known(part: Any, ident: str) -> Any:
    if not isinstance(part, dict):
        return part
    said = {name: _in_order(value) for name, value in sorted(part.items()) if name not in _LAYOUT}
    properties = said.get("properties")
    if isinstance(properties, dict) and isinstance(properties.get("clauses"), str):
        properties["clauses"] = ",".join(filter(None, _APART.split(properties["clauses"])))
    if ident:
        said["id"] = ident
    inside = said.get(_INSIDE)
    if isinstance(inside, list):
        said[_INSIDE] = [_known(item, _name(item, f"{ident}{place}")) for place, item in enumerate(inside, 1)]
    return said


def _in_order(value: Any) -> Any:
    """Return a setting with its own keys in one order; the order of lists is kept."""
    return {name: _in_order(held) for name, held in sorted(value.items())} if isinstance(value, dict) else value


def _name(part: Any, place: str) -> str:
    if not isinstance(part, dict):
        return ""
    own = part.get("key") or part.get("path") or part.get("from_pattern") or part.get("type")
    return f"{own}_{place}" if not part.get("key") else str(own)
