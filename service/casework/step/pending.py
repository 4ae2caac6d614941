"""Pending writes of a step: queued work, history and changes of facts."""

from __future__ import annotations

from dataclasses import dataclass, field

from service.domain.proof.fact_changes import FactChange
from service.store import AuditEvent, NewWork


@dataclass(slots=True)
class Pending:
    """Work, events and changes of facts collected while a step runs; a failed handler's part is discarded."""

    work: list[NewWork] = field(default_factory=list)
    events: list[AuditEvent] = field(default_factory=list)
    facts: list[FactChange] = field(default_factory=list)

    def mark(self) -> tuple[int, int, int]:
        """Return where the lists end now."""
        return len(self.work), len(self.events), len(self.facts)

    def cut(self, mark: tuple[int, int, int]) -> None:
        """Drop what was added after ``mark``."""
        del self.work[mark[0] :]
        del self.events[mark[1] :]
        del self.facts[mark[2] :]
