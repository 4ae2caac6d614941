"""The cards of a round: who holds an application since when, what is left, what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_urge
from service.casework.desk.desk import Desk
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in
from service.casework.queries.rounds.round_lines import BoardLine, among
from service.casework.queries.rounds.round_waits import RoundWaits, by_case, holder, soonest, timer_name
from service.casework.queries.tasks.task_list import note_word
from service.catalog import Package
from service.catalog.award import PUBLIC
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.text import Text
from service.store import BoardTask, BoardTimer, CasesBelow, Transaction


@dataclass(frozen=True, slots=True)
class Flag:
    """Something about a case that the eye should find; ``tone`` is one of late, soon, wait, info."""

    text: Text
    tone: str


@dataclass(frozen=True, slots=True)
class Card:
    """An applicant's case; ``stage`` is the id of a column, ``since`` when it came to whom it waits for now.

    ``holder`` is the body or person it is with, "" while it waits for time or others, without the person for
    heads who only lead the place; ``what`` what is to be done. What has nothing of its own to wait for is told what the
    round waits for, with whom and until when.
    ``came`` are the ids of all stages that it ever came to. ``urges`` when it waits for others whom the reader may urge.
    """

    id: int
    name: str
    number: str
    stage: str
    holder: str
    what: str
    since: datetime
    days: int
    limit: TimeLimit
    flags: tuple[Flag, ...]
    ended: bool
    came: tuple[str, ...] = ()
    urges: bool = False


class CardMaker:
    """Makes the cards of some lines, by one question of each kind about all of them."""

    def __init__(
        self,
        desk: Desk,
        tx: Transaction,
        actor: Actor,
        package: Package,
        below: CasesBelow,
        above: RoundWaits | None,
    ) -> None:
        self._tx, self._actor, self._package, self._below = tx, actor, package, below
        self._above, self._now = above, desk.clock.now()
        self._named = actor.oversees(package.jurisdiction.id)  # heads who only lead learn of no reviewer
        self._calendar: WorkingCalendar = desk.calendar(package.jurisdiction.calendar)

    def made(self, lines: Sequence[BoardLine]) -> list[Card]:
        """Return the card of each line, in their order."""
        some = among(self._below, [line.id for line in lines])
        tasks, timers = by_case(self._tx.board.tasks(some)), by_case(self._tx.board.timers(some))
        beside: dict[int, set[str]] = {}
        for case_id, kind in self._tx.board.beside(some):
            beside.setdefault(case_id, set()).add(kind)
        return [
            self._card(line, tasks.get(line.id, []), timers.get(line.id, []), beside.get(line.id, set()))
            for line in lines
        ]

    def _card(
        self, line: BoardLine, tasks: Sequence[BoardTask], timers: Sequence[BoardTimer], beside: set[str]
    ) -> Card:
        above = self._above if line.bare else None
        since = max(line.since, above.since) if above else line.since
        state = state_in(line.status)
        limit = NO_LIMIT if line.ended else soonest(self._calendar, self._now, state, tasks, timers)
        limit = above.limit if above else limit
        holders = dict.fromkeys(holder(self._package, task, line.name, named=self._named) for task in tasks)
        what = "、".join(dict.fromkeys(task.title.removeprefix(f"{line.name}：") for task in tasks))
        return Card(
            line.id,
            line.name,
            line.number,
            line.stage,
            above.holder if above else "、".join(holders),
            what or (above.what if above else "" if line.ended else self._waits(timers)),
            since,
            max((local_date(self._now) - local_date(since)).days, 0),
            limit,
            () if line.ended else tuple(self._flags(line, tasks, limit, beside)),
            line.ended,
            line.came,
            line.status == "running" and any(may_urge(self._actor, task) for task in tasks),
        )

    def _waits(self, timers: Sequence[BoardTimer]) -> str:
        name = next(filter(None, (timer_name(self._package, timer) for timer in timers)), "")
        return f"等待“{name}”" if name else "等待其他环节"

    def _flags(self, line: BoardLine, tasks: Sequence[BoardTask], limit: TimeLimit, beside: set[str]) -> Iterable[Flag]:
        if limit.late:
            yield Flag(Text("逾期", "late"), "late")
        if "" in beside:
            yield Flag(Text("异常", "incident"), "late")
        if line.status == "suspended":
            yield Flag(Text("暂停", "suspended"), "soon")
        if any(self._is_objection(kind) for kind in beside):
            yield Flag(Text("异议", "objection"), "soon")
        for zh, en in dict.fromkeys((note_word(task.note, "zh"), note_word(task.note, "en")) for task in tasks):
            if zh:
                yield Flag(Text(zh, en), "info")

    def _is_objection(self, kind: str) -> bool:
        info = self._package.award.processes.get(kind)
        return info is not None and PUBLIC in info.started_by
