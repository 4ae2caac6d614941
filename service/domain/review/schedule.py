"""Defences and site visits: appointments without double booking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Appointment:
    """A person's time: an applicant before a panel in a room (or on site), from ``starts`` to ``ends``."""

    id: int
    applicant: int
    panel: int
    room: str
    starts: datetime
    ends: datetime
    people: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Clash:
    """Two appointments that cannot both be kept, and why."""

    first: Appointment
    second: Appointment
    reason: Text


def clashes(new: Appointment, others: Sequence[Appointment]) -> list[Clash]:
    """Return what stands against ``new``: the same room, panel, applicant or person at an overlapping time."""
    conflicts = []
    for other in others:
        if other.id == new.id or not (new.starts < other.ends and other.starts < new.ends):
            continue
        reason = _find_shared(new, other)
        if reason is not None:
            conflicts.append(Clash(new, other, reason))
    return conflicts


def _find_shared(a: Appointment, b: Appointment) -> Text | None:
    if a.room and a.room == b.room:
        return Text(f"{a.room}在这段时间已被占用", f"{a.room} is taken at that time")
    if a.applicant == b.applicant:
        return Text("该组织在这段时间另有安排", "the applicant has another appointment at that time")
    if a.panel == b.panel:
        return Text("该评审组在这段时间另有安排", "the panel has another appointment at that time")
    if a.people & b.people:
        return Text("有评审专家在这段时间另有安排", "an evaluator has another appointment at that time")
    return None
