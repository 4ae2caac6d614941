"""The environment of evaluations: clock, calendar and the values frozen for the case."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from service.domain.calendar import Counting, Window, WorkingCalendar


@dataclass(slots=True)
class Environment:
    """The surroundings of one step of one instance.

    ``now``: aware instant. ``variables``: frozen values such as ``param`` and ``case``, visible to every expression;
    they win over token data of the same name. ``foresees``: a period from a day that is not known yet is counted from
    ``now``, for estimates of how long it will last.
    """

    now: datetime
    calendar: WorkingCalendar
    variables: Mapping[str, object]
    counting: Counting = field(default_factory=Counting)
    foresees: bool = False
    _windows: list[Window] = field(default_factory=list, init=False, repr=False)

    def note(self, window: Window) -> None:
        """Keep a window that a function of time computed."""
        self._windows.append(window)

    def take_windows(self) -> tuple[Window, ...]:
        """Return the windows noted since the last call, and forget them."""
        windows = tuple(self._windows)
        self._windows.clear()
        return windows
