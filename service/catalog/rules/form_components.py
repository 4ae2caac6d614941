"""The components of a form's file, as the rules about forms read them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any


def components_within(components: Any) -> Iterator[Mapping[str, Any]]:
    """Yield components and those inside of them, in the order of the file; what is none is left out."""
    for item in components if isinstance(components, list) else ():
        if isinstance(item, dict):
            yield item
            yield from components_within(item.get("components"))


def place_of(item: Mapping[str, Any]) -> str:
    """Return what a problem names a component by: its id, or its key where it has none."""
    return str(item.get("id") or item.get("key") or "")
