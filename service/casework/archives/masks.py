"""Personal values of a case, masked wherever they stand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from service.domain.forms import Form, masked

_SHORTEST = 2
"""A single letter says nothing about anybody, and stands everywhere."""

_SIZE = "size"
"""Under this stands how large a file is that was added to a form: as a number it stands anywhere."""

_DIGEST = re.compile(r"[0-9a-f]{64}")
"""A fingerprint, which tells nothing of anybody whatever digits it has."""


class Masks:
    """Knows the ``values`` of personal and secret fields, as people typed them; the longest come first.

    ``shown`` is what stands in the place of one.
    """

    def __init__(
        self,
        forms: Sequence[tuple[Form, Mapping[str, Any]]],
        names: Iterable[str] = (),
        shown: Callable[[object], str] = masked,
    ) -> None:
        values = {value for form, data in forms for path in form.withheld(False) for value in typed_at(data, path)}
        values |= set(names)
        self._shown = shown
        self.values = sorted((v for v in values if len(v) >= _SHORTEST), key=len, reverse=True)
        lines = {"".join(line.split()) for value in self.values for line in value.splitlines()}
        self._lines = [line for line in lines if len(line) >= _SHORTEST]

    def text(self, text: str) -> str:
        """Return ``text`` with every personal value in it masked."""
        if _DIGEST.fullmatch(text):
            return text
        for value in self.values:
            if value in text:
                text = text.replace(value, self._shown(value))
        return text

    def anywhere(self, value: Any) -> Any:
        """Return a JSON value with the texts in it masked; names of fields stay."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            shown: dict[Any, Any] = {}
            for name, inner in value.items():
                told = self._name(name)
                while told in shown:  # two people whose names look the same once masked
                    told += "′"
                shown[told] = self.anywhere(inner)
            return shown
        if isinstance(value, list | tuple):
            return [self.anywhere(inner) for inner in value]
        return self._shown(str(value)) if not isinstance(value, bool) and str(value) in self.values else value

    def touch(self, value: Any) -> bool:
        """Return whether a personal value stands anywhere in ``value``."""
        return bool(self.anywhere(value) != value)

    def stands_in_document(self, content: Any) -> bool:
        """Return whether any line of a personal value stands in what a document says, however its lines are broken."""
        texts = ["".join(text.split()) for text in _texts(content)]
        return any(line in text for text in texts for line in self._lines)

    def _name(self, name: Any) -> Any:
        """Return the name of a field as it is, and a name that a person has, masked."""
        plain = not isinstance(name, str) or (name.isascii() and name.isidentifier())
        return name if plain else self.text(name)


def typed_at(data: Any, path: str) -> Iterator[str]:
    """Yield what was typed at the path of a field (``staff[].name``), as texts."""
    yield from _at(data, path.replace("[]", "").split("."))


def _texts(value: Any) -> Iterator[str]:
    """Yield every text and number of a JSON value as it is written, names of fields too."""
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield str(name)
            yield from _texts(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _texts(inner)
    elif value is not None and not isinstance(value, bool):
        yield str(value)


def _at(value: Any, path: Sequence[str]) -> Iterator[str]:
    """Yield the texts at a path, through rows."""
    if isinstance(value, list | tuple):
        for row in value:
            yield from _at(row, path)
    elif not path:
        if isinstance(value, Mapping):
            for name, inner in value.items():
                if name != _SIZE:
                    yield from _at(inner, path)
        elif value not in (None, "", True, False):
            yield str(value)
    elif isinstance(value, Mapping):
        yield from _at(value.get(path[0]), path[1:])
