"""What a step will write at its end: queued work, history, documents, facts."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.store import AuditEvent, NewWork


@dataclass(slots=True)
class Pending:
    """Work and events collected while a step runs; a failed handler's part is cut off again."""

    work: list[NewWork] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)

    def mark(self) -> tuple[int, int]:
        """Return where both lists end now."""
        return len(self.work), len(self.events)

    def cut(self, mark: tuple[int, int]) -> None:
        """Drop what was added after ``mark``."""
        del self.work[mark[0] :]
        del self.events[mark[1] :]
