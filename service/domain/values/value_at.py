"""A value inside of others, as forms and facts hold them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any


def value_at(values: object, path: Iterable[object]) -> Any:
    """Return what stands at ``path``, the names from the outermost on; None where nothing does, or where a list is on the way."""
    for name in path:
        values = values.get(str(name)) if isinstance(values, Mapping) else None
    return values


def texts_at(values: object, path: str) -> Iterator[str]:
    """Yield what was typed at the path of a field (``staff[].name``), as texts; of a file all but its size."""
    yield from _texts_at(values, path.replace("[]", "").split("."))


def _texts_at(value: Any, path: Sequence[str]) -> Iterator[str]:
    if isinstance(value, list | tuple):
        for row in value:
            yield from _texts_at(row, path)
    elif not path:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                if name != "size":
                    yield from _texts_at(inner, path)
        elif value not in (None, "", True, False):
            yield str(value)
    elif isinstance(value, Mapping):
        yield from _texts_at(value.get(path[0]), path[1:])
