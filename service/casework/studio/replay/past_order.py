"""In which order a past round was done, where several things bear the same instant: as its histories have them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from service.store import Transaction
from service.store.rows import (
    AuditRow,
    BallotRow,
    CaseRow,
    DrawRow,
    ExpertRow,
    FormResultRow,
    NoticeRow,
    PanelMemberRow,
    TaskRow,
)

LAST = 2**62
"""The place of what no history mentions: behind all of its instant."""

_BY_PEOPLE = ("started", "completed", "action", "panel", "notice", "sent_back", "taken_back", "suspended", "resumed")
"""What somebody did; everything else follows from it."""


@dataclass(slots=True)
class PastOrder:
    """The events of the cases of a round, oldest first; a place is twice an event's number, one less lies just before."""

    events: list[AuditRow] = field(default_factory=list)
    own: dict[int, list[AuditRow]] = field(default_factory=dict)
    tasks: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, tx: Transaction, cases: Iterable[CaseRow]) -> PastOrder:
        """Read the histories of ``cases``."""
        own = {case.id: tx.history.whole(case.id) for case in cases}
        events = sorted((event for rows in own.values() for event in rows), key=_number)
        done = {event.data.get("task", 0): place_of(event) for event in events if event.action == "completed"}
        return cls(events, own, done)

    def last(self, root: CaseRow) -> datetime:
        """Return when something last happened in a round, or below its ``root``."""
        return max((event.at for event in self.events), default=root.ended_at or root.started_at)

    def began(self, case: CaseRow) -> int:
        """Return the place at which a case was started."""
        return place_of(self.own[case.id][0]) if self.own[case.id] else 0

    def done(self, task: TaskRow) -> int:
        """Return the place at which a task was completed."""
        return self.tasks.get(task.id, LAST)

    def acted(self, case: int, forms: Iterable[FormResultRow]) -> Iterator[int]:
        """Yield the places of what was done outside tasks, by the ``forms`` that were filled in for it."""
        left = self.of_case(case, "action")
        for form in forms:
            fits = (event for event in left if (event.data.get("action"), event.at) == (form.element, form.at))
            event = next(fits, None)
            yield LAST if event is None else place_of(event)
            left = [other for other in left if other is not event]

    def of_case(self, case: int, *actions: str) -> list[AuditRow]:
        """Return what happened in a case of the kinds asked for."""
        return [event for event in self.own.get(case, ()) if event.action in actions]

    def noticed(self, notice: NoticeRow, at: datetime) -> int:
        """Return the place at which a notice was corrected or recalled ``at`` an instant; posting it is neither."""
        return self._first(
            notice.case_id,
            "notice",
            lambda e: e.data.get("notice") == notice.id and e.at == at and "fingerprint" not in e.data,
        )

    def replaced(self, case: int, member: PanelMemberRow) -> int:
        """Return the place at which a member of a panel was replaced."""
        left = ("replaced", member.panel_id, member.person_id)
        return self._first(
            case, "panel", lambda e: (e.data.get("state"), e.data.get("panel"), e.data.get("person")) == left
        )

    def voted(self, ballot: BallotRow, at: datetime) -> int:
        """Return the place of the votes of a ballot: behind its opening, just before what came of them ``at`` an instant."""
        named = [e for e in self.of_case(ballot.case_id, "ballot") if e.data.get("ballot") == ballot.id]
        if not named:
            return LAST
        counted = [e for e in named[1:] if e.at == at]
        return place_of(counted[0]) - 1 if counted else place_of(named[0])

    def enrolled(self, expert: ExpertRow, since: datetime, draws: Collection[DrawRow]) -> int:
        """Return the place at which an expert came on the register: before what led to the first draw that knew them."""
        known = {draw.id for draw in draws if any(int(one["id"]) == expert.id for one in draw.pool)}
        drawn = next((e for e in self.events if e.data.get("draw") in known), None)
        if drawn is None or drawn.at != since:
            return -1
        led = [e for e in self.own[drawn.case_id] if e.id < drawn.id and e.at == since and _by_somebody(e)]
        return place_of(led[-1] if led else drawn) - 1

    def _first(self, case: int, action: str, fits: Callable[[AuditRow], bool]) -> int:
        return next((place_of(event) for event in self.of_case(case, action) if fits(event)), LAST)


def _by_somebody(event: AuditRow) -> bool:
    return event.action in _BY_PEOPLE and not (event.action in ("panel", "notice") and event.person_id is None)


def _number(event: AuditRow) -> int:
    return event.id


def place_of(event: AuditRow) -> int:
    """Return the place of an event."""
    return 2 * event.id
