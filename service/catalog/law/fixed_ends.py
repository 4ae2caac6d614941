"""Ends that a way through a diagram meets or misses, and the clauses behind them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from service.catalog.bpmn.model import SLOT, Element
from service.catalog.law.clause_slots import bind_once


@dataclass(frozen=True, slots=True)
class FixedEnd:
    """An instant that does not wait: the element that names it, when, and the clauses it carries out."""

    at: datetime
    name: str
    clauses: tuple[str, ...] = ()

    def bound_by(self, call: Element) -> FixedEnd:
        """Return the same as the caller of its diagram cites it: the slots in place of which ``call`` has clauses."""
        if not any(clause_id.startswith(SLOT) for clause_id in self.clauses):
            return self
        return replace(self, clauses=bind_once(self.clauses, call))


@dataclass(frozen=True, slots=True)
class Missed:
    """Which end is missed, and the wait that lasts until after it (None when no wait lies between)."""

    end: FixedEnd
    wait: FixedEnd | None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When the way reaches a point, the last wait before it, and the first end that it missed."""

    at: datetime
    wait: FixedEnd | None = None
    missed: Missed | None = None

    @property
    def order(self) -> tuple[bool, datetime]:
        """What sorts arrivals: those that missed nothing first, the earlier before the later."""
        return self.missed is not None, self.at

    def by(self, end: FixedEnd) -> Arrival:
        """Return the same, having to be there before ``end``."""
        return self if self.missed or self.at < end.at else replace(self, missed=Missed(end, self.wait))

    def bound_by(self, call: Element, since: Arrival | None = None) -> Arrival:
        """Return the same with the slots of the diagram that ``call`` calls filled in; not in what was met ``since``."""
        wait, missed = self.wait, self.missed
        if wait is not None and (since is None or wait is not since.wait):
            wait = wait.bound_by(call)
        if missed is not None and (since is None or missed is not since.missed):
            before = missed.wait
            missed = Missed(missed.end.bound_by(call), wait if before is self.wait else before)
        return self if (wait, missed) == (self.wait, self.missed) else replace(self, wait=wait, missed=missed)
