"""The environment in which a formula is tried: a day, a calendar, and the usual way of counting."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from service.domain.calendar import Window, WorkingCalendar
from service.domain.calendar.rules import Counting


@dataclass(slots=True)
class Trial:
    """What functions of time are handed; ``windows`` are the periods that were computed."""

    now: datetime
    calendar: WorkingCalendar
    counting: Counting = field(default_factory=Counting)
    windows: list[Window] = field(default_factory=list)
    foresees: bool = False

    def note(self, window: Window) -> None:
        """Keep a period that was computed."""
        self.windows.append(window)
