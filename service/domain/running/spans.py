"""Spans: what took how long within a request or a piece of due work, for whoever traces the installation.

Nothing is measured until somebody who listens was given to `trace_with`; until then a span costs a call. A span says
kinds and numbers, never what somebody typed or is called.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext

Opened = Callable[[str, Mapping[str, str | int]], AbstractContextManager[object]]
"""Opens a span of a name with attributes; it lasts as long as the context."""

_NONE: AbstractContextManager[object] = nullcontext()
_opened: list[Opened] = []


def trace_with(opened: Opened | None) -> None:
    """Let every span from now on be opened by ``opened``; None: nobody listens any more."""
    _opened[:] = [] if opened is None else [opened]


def span(name: str, **attributes: str | int | None) -> AbstractContextManager[object]:
    """Return a span that lasts as long as the context; attributes that are None are not said."""
    if not _opened:
        return _NONE
    return _opened[0](name, {f"laurel.{key}": value for key, value in attributes.items() if value is not None})
