"""XML elements by local name, whatever version of the standard their namespace names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

Tag = Any
"""An lxml element; lxml has no types."""


def tag_of(tag: Tag) -> str:
    """Return the local name; empty for comments and processing instructions."""
    return tag.tag.rpartition("}")[2] if isinstance(tag.tag, str) else ""


def children(tag: Tag, name: str) -> Iterator[Tag]:
    """Return the elements called ``name`` directly inside ``tag``."""
    return (part for part in tag if tag_of(part) == name)


def child(tag: Tag, name: str) -> Tag | None:
    """Return the first element called ``name`` directly inside ``tag``."""
    return next(children(tag, name), None)


def text_in(tag: Tag | None) -> str:
    """Return what stands in the ``text`` inside ``tag``."""
    text = None if tag is None else child(tag, "text")
    return "" if text is None else (text.text or "").strip()
