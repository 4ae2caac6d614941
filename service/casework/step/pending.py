"""Pending writes of a step: queued work and history."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.store import AuditEvent, NewWork


@dataclass(slots=True)
class Pending:
    """Work and events collected while a step runs; a failed handler's part is discarded."""

    work: list[NewWork] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)

    def mark(self) -> tuple[int, int]:
        """Return where both lists end now."""
        return len(self.work), len(self.events)

    def cut(self, mark: tuple[int, int]) -> None:
        """Drop what was added after ``mark``."""
        del self.work[mark[0] :]
        del self.events[mark[1] :]
