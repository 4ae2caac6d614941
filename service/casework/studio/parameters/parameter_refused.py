"""What was typed of a parameter is refused, with the field to change."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.domain.errors import Invalid
from service.domain.text import Text


class ParameterRefused(Invalid):
    """What was typed of a parameter is refused; ``field`` is the one of `TypedParameter` to change."""

    def __init__(self, message: Text, field: str) -> None:
        super().__init__(message)
        self.field = field


@contextmanager
def refused_at(field: str) -> Iterator[None]:
    """Let what is refused within this block name ``field``."""
    try:
        yield
    except Invalid as error:
        raise ParameterRefused(error.message, field) from error
