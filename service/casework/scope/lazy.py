"""Values by name that are read when they are first asked for, and names laid over others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Overlay(Mapping[str, Any]):
    """Names laid over a scope without copying it."""

    def __init__(self, extra: Mapping[str, Any], below: Mapping[str, Any]) -> None:
        self._extra, self._below = extra, below

    def __getitem__(self, name: str) -> Any:
        return self._extra[name] if name in self._extra else self._below[name]

    def __contains__(self, name: object) -> bool:
        return name in self._extra or name in self._below

    def get(self, name: str, otherwise: object = None) -> Any:
        """Return the value of ``name``, without raising on the way."""
        return self._extra[name] if name in self._extra else self._below.get(name, otherwise)

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._extra), **dict.fromkeys(self._below)})

    def __len__(self) -> int:
        return sum(1 for _ in self)


class LazyScope(Mapping[str, Any]):
    """Values by name, some of which are read from the store on first use."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values
        self._late: dict[str, Callable[[], Any]] = {}

    def set(self, name: str, value: object) -> None:
        """Set the value of ``name``."""
        self._values[name] = value

    def read(self, name: str, reader: Callable[[], Any]) -> None:
        """Read the value of ``name`` by ``reader`` on first use."""
        self._late[name] = reader

    def __getitem__(self, name: str) -> Any:
        if name not in self._values and name in self._late:
            self._values[name] = self._late[name]()
        return self._values[name]

    def __contains__(self, name: object) -> bool:
        return name in self._values or name in self._late

    def __iter__(self) -> Iterator[str]:
        return iter({**dict.fromkeys(self._values), **dict.fromkeys(self._late)})

    def __len__(self) -> int:
        return sum(1 for _ in self)
