"""A value inside of others, as forms and facts hold them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any


def value_at(values: object, path: Iterable[object]) -> Any:
    """Return what stands at ``path``, the names from the outermost on; None where nothing does, or where a list is on the way."""
    for name in path:
        values = values.get(str(name)) if isinstance(values, Mapping) else None
    return values
