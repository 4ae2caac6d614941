"""Where every applicant of a round stands: who holds the case since when, what is left, what is wrong with it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_urge
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in
from service.casework.queries.list_tasks import note_word
from service.casework.queries.round_stages import came_to, round_stages
from service.casework.queries.round_waits import by_case, round_waits, soonest, timer_name
from service.casework.reading.case_summary import outcome_words
from service.casework.spreadsheets.export_access import round_seen
from service.catalog import Package, ProcessInfo
from service.catalog.award import PUBLIC
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.errors import NotFound
from service.domain.text import Text
from service.store import BoardCall, BoardCase, BoardTask, BoardTimer, CasesBelow, Transaction
from service.store.rows import CaseRow

_ITSELF = "申报组织"
WHAT = Text("申报进展", "progress of applications")
ORDERS = ("late", "waiting", "stage", "holder", "name")
"""How the table is ordered: what is due or late first, who waits longest, by stage, by holder, by name."""


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


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A stage with the cases that stand in it; ``entered``: how many ever came to it, ``late`` of those that stand."""

    id: str
    name: Text
    cards: tuple[Card, ...]
    entered: int
    late: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """The round and its columns by the diagram, then one for each outcome; ``overseen`` when its cases open to the reader."""

    round: CaseRow
    package: Package
    kind: ProcessInfo
    columns: tuple[BoardColumn, ...]
    overseen: bool = True

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards, by columns."""
        return tuple(card for column in self.columns for card in column.cards)


@guarded("board.view")
def view_board(desk: Desk, actor: Actor, round_id: int) -> BoardView:
    """Return the board of a round; cases the actor is recused from are left out.

    Raises:
        NotAllowed: the actor neither oversees nor leads the round's jurisdiction.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        return read_board(desk, tx, actor, round_id)


def read_board(desk: Desk, tx: Transaction, actor: Actor, round_id: int) -> BoardView:
    """Return the board within a unit of work; raises as `view_board`."""
    case, package = round_seen(desk, tx, actor, round_id, WHAT)
    return board_of(desk, tx, actor, case, package)


def board_of(
    desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package, *, marked: bool = True
) -> BoardView:
    """Return the board of a round that the actor oversees or leads; raises NotFound where no organisation applies below it.

    Cards that are not ``marked`` do not tell of incidents, objections and the stages that they came to: none is looked for then.
    """
    kind = applied_below(package, case)
    below = CasesBelow(case.id, kind.key, tuple(sorted(actor.recused)))
    rows = tx.board.cases(below)
    came = came_to(tx, package, kind, below) if marked else {}
    standing = _standing(tx.board.standing(below, kind.process))
    cards = _Cards(desk, tx, actor, package, case, below, marked=marked).made(rows, standing, came)
    return BoardView(case, package, kind, tuple(_columns(package, kind, cards)), actor.oversees(case.jurisdiction))


def applies_below(package: Package, case: CaseRow) -> ProcessInfo | None:
    """Return the kind of case by which organisations apply below ``case``, None where none does."""
    kinds = package.award.processes.values()
    return next((k for k in kinds if k.parent == case.process and k.one_per_subject), None)


def applied_below(package: Package, case: CaseRow) -> ProcessInfo:
    """Return the kind of case by which organisations apply below ``case``; raises NotFound."""
    found = applies_below(package, case)
    if found is None:
        raise NotFound(
            Text(
                f"“{case.title}”之下没有单位申报，所以没有进展看板。",
                f"Nobody applies below “{case.title}”: it has no board.",
            )
        )
    return found


class _Cards:
    """Makes the cards of a board from what its few questions answered."""

    def __init__(
        self,
        desk: Desk,
        tx: Transaction,
        actor: Actor,
        package: Package,
        above: CaseRow,
        below: CasesBelow,
        *,
        marked: bool,
    ) -> None:
        self._actor, self._package, self._now = actor, package, desk.clock.now()
        self._named = actor.oversees(package.jurisdiction.id)  # heads who only lead learn of no reviewer
        self._calendar: WorkingCalendar = desk.calendar(package.jurisdiction.calendar)
        self._tasks = by_case(tx.board.tasks(below))
        self._timers = by_case(tx.board.timers(below))
        own = (self._tasks.get(above.id, []), self._timers.get(above.id, []))
        drawn = package.process(above.process).process
        self._above = round_waits(package, drawn, self._calendar, self._now, state_in(above.status), *own)
        self._troubles = tx.board.troubles(below) if marked else set()
        opened = tx.board.opened_below(below) if marked else {}
        self._objections = {
            case_id
            for (case_id, kind), _ in opened.items()
            if (info := package.award.processes.get(kind)) is not None and PUBLIC in info.started_by
        }

    def made(
        self, rows: Sequence[BoardCase], standing: Mapping[int, BoardCall], came: Mapping[int, Collection[str]]
    ) -> list[Card]:
        return [self._card(row, standing.get(row.id), tuple(sorted(came.get(row.id, ())))) for row in rows]

    def _card(self, row: BoardCase, call: BoardCall | None, came: tuple[str, ...]) -> Card:
        tasks, timers = self._tasks.get(row.id, []), self._timers.get(row.id, [])
        ended = row.status == "ended"
        above = self._above if row.status == "running" and not tasks and not timers else None
        since = min((t.created_at for t in tasks), default=call.since if call else row.started_at)
        since = max(since, above.since) if above else since
        limit = NO_LIMIT if ended else soonest(self._calendar, self._now, state_in(row.status), tasks, timers)
        limit = above.limit if above else limit
        name = row.subject or row.title
        holders = dict.fromkeys(_holder(self._package, task, name, named=self._named) for task in tasks)
        what = "、".join(dict.fromkeys(task.title.removeprefix(f"{name}：") for task in tasks))
        return Card(
            row.id,
            name,
            row.number or "",
            f"outcome:{row.outcome or ''}" if ended else (call.element if call else ""),
            above.holder if above else "、".join(holders),
            what or (above.what if above else "" if ended else self._waits(timers)),
            (row.ended_at or since) if ended else since,
            max((local_date(self._now) - local_date(since)).days, 0),
            limit,
            () if ended else tuple(self._flags(row, tasks, limit)),
            ended,
            came,
            row.status == "running" and any(may_urge(self._actor, task) for task in tasks),
        )

    def _waits(self, timers: Sequence[BoardTimer]) -> str:
        name = next(filter(None, (timer_name(self._package, timer) for timer in timers)), "")
        return f"等待“{name}”" if name else "等待其他环节"

    def _flags(self, row: BoardCase, tasks: Sequence[BoardTask], limit: TimeLimit) -> Iterable[Flag]:
        if limit.late:
            yield Flag(Text("逾期", "late"), "late")
        if row.id in self._troubles:
            yield Flag(Text("异常", "incident"), "late")
        if row.status == "suspended":
            yield Flag(Text("暂停", "suspended"), "soon")
        if row.id in self._objections:
            yield Flag(Text("异议", "objection"), "soon")
        for zh, en in dict.fromkeys((note_word(task.note, "zh"), note_word(task.note, "en")) for task in tasks):
            if zh:
                yield Flag(Text(zh, en), "info")


def _columns(package: Package, kind: ProcessInfo, cards: Sequence[Card]) -> Iterable[BoardColumn]:
    entered = Counter(stage for card in cards for stage in card.came)
    if any(not card.ended and not card.stage for card in cards):
        yield _column("", Text("未进入环节", "before the first stage"), cards, 0)
    here = {card.stage for card in cards if not card.ended and card.stage}
    for stage in round_stages(package, kind, here | entered.keys()):
        yield _column(stage.id, Text(stage.name, stage.name), cards, entered[stage.id])
    for outcome in dict.fromkeys(card.stage for card in cards if card.ended):
        words = outcome_words(package, kind.key, outcome.removeprefix("outcome:"))
        yield _column(outcome, Text(words or "已结束", words or "ended"), cards, 0)


def _column(ident: str, name: Text, cards: Sequence[Card], entered: int) -> BoardColumn:
    here = sorted((card for card in cards if card.stage == ident), key=urgency)
    return BoardColumn(ident, name, tuple(here), entered or len(here), sum(card.limit.late for card in here))


def urgency(card: Card) -> tuple[bool, object, int]:
    """Return what orders cards: what is due soonest first, then who waits longest."""
    day = card.limit.last_day
    return day is None, day.toordinal() if day is not None else 0, -card.days


def ordered(view: BoardView, order: str, came: str = "") -> list[tuple[Card, BoardColumn]]:
    """Return the cards with their columns as the table lists them; an unknown ``order`` is the first of `ORDERS`.

    With ``came``, the id of a stage, only those that ever came to it.
    """
    pairs = [(card, column) for column in view.columns for card in column.cards if not came or came in card.came]
    if order == "waiting":
        return sorted(pairs, key=lambda pair: (pair[0].ended, -pair[0].days))
    if order == "holder":
        return sorted(pairs, key=lambda pair: (not pair[0].holder, pair[0].holder, urgency(pair[0])))
    if order == "name":
        return sorted(pairs, key=lambda pair: pair[0].name)
    if order == "stage":
        return pairs
    return sorted(pairs, key=lambda pair: (pair[0].ended, urgency(pair[0])))


def _standing(calls: Sequence[BoardCall]) -> dict[int, BoardCall]:
    """Return the stage that each case entered last of those it stands in."""
    found: dict[int, BoardCall] = {}
    for call in calls:
        if call.case_id not in found or call.since >= found[call.case_id].since:
            found[call.case_id] = call
    return found


def _holder(package: Package, task: BoardTask, applicant: str, *, named: bool) -> str:
    if task.body == applicant:
        return _ITSELF
    role = package.jurisdiction.roles.get(task.role)
    where = task.body or (role.name if role is not None else task.role)
    return f"{where}（{task.assignee}）" if task.assignee and named else where
