"""What the log says of rows that count for nothing: some of each table by name within an hour, of the others how many."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

_LOG = logging.getLogger(__name__)

NAMED = 20
"""So many rows of a table are named within an hour; who wrote thousands must not fill the disk with lines."""

HOUR = 3600.0
"""Seconds."""


@dataclass
class _Hour:
    until: float
    named: int = 0
    left_out: int = 0


class ToldRows:
    """Tells in the log of rows that were written beside the program; ``clock`` counts seconds and is never set."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._hours, self._one = clock, dict[str, _Hour](), Lock()

    def tell(self, table: str, row: object) -> None:
        """Name a row, or count it where enough of its table were named in this hour."""
        with self._one:
            hour = self._hours.get(table)
            if hour is None or self._clock() >= hour.until:
                left_out = 0 if hour is None else hour.left_out
                if left_out:
                    _LOG.error("%s more rows of table %s were written beside the program", left_out, table)
                hour = self._hours[table] = _Hour(self._clock() + HOUR)
            if hour.named < NAMED:
                hour.named += 1
                _LOG.error(
                    "a row of table %s (%s) was written beside the program and counts for nothing: run laurel audit verify;"
                    " after restoring a backup of an older program, laurel audit record-rows",
                    table,
                    row,
                )
                return
            if not hour.left_out:
                _LOG.error(
                    "more rows of table %s were written beside the program; they are not named here for an hour: run laurel"
                    " audit verify",
                    table,
                )
            hour.left_out += 1
