"""Which settings a scenario asks for while it is played: those that it never asks for cannot change its course."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from service.store import types

_asked: set[str] = set()
_shared: dict[str, Watched] = {}


class Watched(dict[str, Any]):
    """Values of a case that note the names they are asked for; who goes through them all asks for all."""

    def __getitem__(self, name: str) -> Any:
        _asked.add(name)
        return super().__getitem__(name)

    def get(self, name: str, default: Any = None) -> Any:
        """Return a value and note its name."""
        _asked.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        _asked.add(str(name))
        return super().__contains__(name)

    def __iter__(self) -> Iterator[str]:
        _asked.update(super().keys())
        return super().__iter__()

    def keys(self) -> Any:
        """Return the names and note all of them."""
        _asked.update(super().keys())
        return super().keys()

    def items(self) -> Any:
        """Return names and values and note all of them."""
        _asked.update(super().keys())
        return super().items()

    def values(self) -> Any:
        """Return the values and note all names."""
        _asked.update(super().keys())
        return super().values()


def _watched(text: Any) -> Any:
    if not isinstance(text, str):
        return text
    if text not in _shared:
        found = types.from_text(text)
        _shared[text] = Watched(found) if isinstance(found, dict) else found
    return _shared[text]


@contextmanager
def watching() -> Iterator[set[str]]:
    """Collect the names of the settings that whatever is played meanwhile asks for; read it when the block has ended."""
    _asked.clear()
    found: set[str] = set()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(types, "_read_once", _watched)
        yield found
    found |= _asked
