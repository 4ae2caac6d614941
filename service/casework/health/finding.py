"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from service.domain.text import Text


class Level(IntEnum):
    """How bad it is; the numbers are kept in the database."""

    FINE = 0
    WARNING = 1
    FAULT = 2


@dataclass(frozen=True, slots=True)
class HealthFinding:
    """One check: ``found`` holds the remedy where it is not fine. People are alarmed from level ``alarms_from`` on.

    ``looked`` is False where there is nothing to look at: it is not set, or has not run yet. Such a check is fine for
    alarms, and is never shown as fine.

    A larger ``newest`` than the one that they were told of is another of the same: they are told again.
    """

    name: str
    what: Text
    level: Level
    found: Text
    alarms_from: Level = Level.WARNING
    looked: bool = True
    newest: int = 0

    @property
    def ok(self) -> bool:
        """Whether the installation can be used as it is; a warning may wait."""
        return self.level < Level.FAULT
