"""Change properties and operation parameters of one element of a diagram; everything else keeps its bytes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.catalog.source.canonical import set_property
from service.catalog.source.format_xml import format_root
from service.catalog.source.xml import child, children, parse_xml
from service.domain.errors import NotFound
from service.domain.text import Text

_NUMBERS: Mapping[str, str] = {}
"""New parameters of an operation are numbers."""


def change_element(
    content: bytes,
    path: str,
    ident: str,
    properties: Mapping[str, str],
    parameters: Mapping[str, str | None],
    types: Mapping[str, str] = _NUMBERS,
) -> bytes:
    """Return a diagram whose element ``ident`` has these properties, and its operation these parameters.

    A parameter that is None goes; a new one is a number where ``types`` says nothing else. Raises NotFound, and XmlMistake for what is no diagram.
    """
    root = parse_xml(content, path)
    node = next((one for one in root.iter() if one.get("id") == ident), None)
    if node is None:
        raise NotFound(Text(f"{path} 中没有图元“{ident}”。", f"{path} has no element “{ident}”."))
    for name, value in properties.items():
        set_property(node, name, value)
    if parameters:
        _change_parameters(node, parameters, types)
    return format_root(root)


def _change_parameters(node: Any, parameters: Mapping[str, str | None], types: Mapping[str, str]) -> None:
    extensions = child(node, "extensionElements")
    call = None if extensions is None else child(extensions, "serviceTaskOperator")
    holder = None if call is None else child(call, "parameters")
    if holder is None:
        return
    known = {item.get("id"): item for item in children(holder, "parameter")}
    for name, value in parameters.items():
        if value is None and name in known:
            holder.remove(known[name])
        elif value is not None and name in known:
            known[name].set("value", value)
        elif value is not None:
            tag = next(iter(known.values())).tag if known else holder.tag.removesuffix("s")
            holder.append(holder.makeelement(tag, {"id": name, "type": types.get(name, "number"), "value": value}))
