"""Where every applicant of a round stands: stages as columns with exact counts, and as many cards as are asked for."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from heapq import nsmallest
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_urge
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.lists import ListColumn, ListSpec, Say, Table
from service.casework.queries.limits import NO_LIMIT, TimeLimit, state_in
from service.casework.queries.rounds.round_lines import (
    OUTCOME,
    BoardLine,
    InStage,
    RoundLines,
    RoundWaits,
    describe_task_holder,
    find_awaited_condition,
    get_soonest_limit,
    round_lines,
    round_stages,
    round_waits,
    timer_name,
)
from service.casework.queries.tasks.task_list import note_word
from service.casework.reading.case_summary import outcome_words
from service.casework.spreadsheets.export_access import applied_below, note_export, round_overseen, round_seen
from service.catalog import Package, ProcessInfo
from service.catalog.award import PUBLIC
from service.domain.calendar import WorkingCalendar, local_date
from service.domain.errors import Invalid
from service.domain.spreadsheets.lists import CellKind
from service.domain.text import Text
from service.store import BoardTask, BoardTimer, CasesBelow, Transaction
from service.store.models import CaseRow


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


_UNQUALIFIED = "not_qualified"
"""Beside an application that was examined, found wanting, and waits with the others for the list."""


class CardMaker:
    """Makes the cards of some lines; what is open beside the cases is asked for once."""

    def __init__(
        self,
        desk: Desk,
        tx: Transaction,
        actor: Actor,
        package: Package,
        below: CasesBelow,
        read: RoundLines,
        above: RoundWaits | None,
    ) -> None:
        self._tx, self._actor, self._package, self._below = tx, actor, package, below
        self._read, self._above, self._now = read, above, desk.clock.now()
        self._named = actor.oversees(package.jurisdiction.id)  # heads who only lead learn of no reviewer
        self._calendar: WorkingCalendar = desk.calendar(package.jurisdiction.calendar)

    def made(self, lines: Sequence[BoardLine]) -> list[Card]:
        """Return the card of each line, in their order."""
        beside: dict[int, set[str]] = {}
        for case_id, kind in self._tx.board.beside(self._below):
            beside.setdefault(case_id, set()).add(kind)
        settled = [line.id for line in lines if line.bare] if self._named else []
        for case_id, facts in self._tx.board.facts(settled).items() if settled else ():
            if (facts or {}).get("qualification") == "not_qualified":
                beside.setdefault(case_id, set()).add(_UNQUALIFIED)
        tasks, timers = self._read.tasks, self._read.timers
        return [
            self._build_card(line, tasks.get(line.id, ()), timers.get(line.id, ()), beside.get(line.id, set()))
            for line in lines
        ]

    def _build_card(
        self, line: BoardLine, tasks: Sequence[BoardTask], timers: Sequence[BoardTimer], beside: set[str]
    ) -> Card:
        above = self._above if line.bare else None
        since = max(line.since, above.since) if above else line.since
        state = state_in(line.status)
        limit = NO_LIMIT if line.ended else get_soonest_limit(self._calendar, self._now, state, tasks, timers)
        limit = above.limit if above else limit
        holders = dict.fromkeys(
            describe_task_holder(self._package, task, line.name, named=self._named) for task in tasks
        )
        titles = (task.title.removeprefix(f"{line.name}：").replace(f"对{line.name}", "") for task in tasks)
        what = "、".join(dict.fromkeys(titles))
        return Card(
            line.id,
            line.name,
            line.number,
            line.stage,
            above.holder if above else "、".join(holders),
            what or ("" if line.ended else self._describe_waits(line, timers, beside)),
            since,
            max((local_date(self._now) - local_date(since)).days, 0),
            limit,
            () if line.ended else tuple(self._iterate_flags(line, tasks, limit, beside)),
            line.ended,
            line.came,
            line.status == "running" and any(may_urge(self._actor, task) for task in tasks),
        )

    def _describe_waits(self, line: BoardLine, timers: Sequence[BoardTimer], beside: set[str]) -> str:
        """Return the day that a case waits for, else what its round does, of which a condition holds up by an objection."""
        above = self._above if line.bare else None
        if above and above.limit.last_day is None and not above.holder and any(map(self._is_objection, beside)):
            return "异议审查中，办结后继续"
        name = next(filter(None, (timer_name(self._package, timer) for timer in timers)), "")
        return above.what if above else f"等待“{name}”" if name else "等待其他环节"

    def _iterate_flags(
        self, line: BoardLine, tasks: Sequence[BoardTask], limit: TimeLimit, beside: set[str]
    ) -> Iterable[Flag]:
        if limit.late:
            yield Flag(Text("逾期", "late"), "late")
        if "" in beside:
            yield Flag(Text("异常", "incident"), "late")
        if _UNQUALIFIED in beside:
            yield Flag(Text("审查不合格", "not qualified"), "soon")
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


WHAT = Text("申报进展", "progress of applications")
ORDERS = ("late", "waiting", "stage", "holder", "name")
"""How the table is ordered: what is due or late first, who waits longest, by stage, by holder, by name."""

PAGE = 100
"""So many lines has a page of the table, and for programs where they ask for no other number."""

MOST = 500
"""So many cards a program gets at once."""


@dataclass(frozen=True, slots=True)
class BoardColumn:
    """A stage: how many stand in it, how many of those are late, how many ever came to it; ``cards`` are the first of them."""

    id: str
    name: Text
    cards: tuple[Card, ...]
    count: int
    entered: int
    late: int


@dataclass(frozen=True, slots=True)
class BoardView:
    """The round and its columns by the diagram, then one for each outcome; ``overseen`` when its cases open to the reader.

    ``ids`` are all its applications, those without a card here too.
    """

    round: CaseRow
    package: Package
    kind: ProcessInfo
    columns: tuple[BoardColumn, ...]
    ids: frozenset[int]
    overseen: bool = True

    @property
    def cards(self) -> tuple[Card, ...]:
        """The cards that are shown, by columns."""
        return tuple(card for column in self.columns for card in column.cards)


@dataclass(frozen=True, slots=True)
class BoardTable:
    """A page of the round as a table, each card with its column; ``total`` are the lines of all pages up to ``last``."""

    board: BoardView
    lines: tuple[tuple[Card, BoardColumn], ...]
    page: int
    last: int
    total: int


@dataclass(frozen=True, slots=True)
class BoardPage:
    """The columns of a round with some of their cards; ``after`` is the case with which it goes on, None at its end."""

    board: BoardView
    after: int | None


@guarded("board.view")
def view_board(desk: Desk, actor: Actor, round_id: int, each: int | None = None) -> BoardView:
    """Return the board of a round, with the first ``each`` cards of every column; cases the actor is recused from are left out.

    Raises:
        NotAllowed: the actor neither oversees nor leads the round's jurisdiction.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        return board_of(desk, tx, actor, *round_seen(desk, tx, actor, round_id, WHAT), each=each)


@guarded("board.view")
def list_board(
    desk: Desk, actor: Actor, round_id: int, order: str, came: str = "", stage: str | None = None, page: int = 1
) -> BoardTable:
    """Return a page of the round as a table, in an order of `ORDERS`; raises as `view_board`.

    With ``came``, the id of a stage, only those that ever came to it; with ``stage`` those that stand in that column. What
    names no column is passed over.
    """
    with desk.store.read() as tx:
        standing = _build_standing(desk, tx, actor, *round_seen(desk, tx, actor, round_id, WHAT))
        board = standing.view(0)
        columns = {column.id: column for column in board.columns}
        came, stage = came if came in columns else "", stage if stage in columns else None
        lines = standing.ordered(board.columns, order, came, stage)
        last = max(1, -(-len(lines) // PAGE))
        page = min(max(page, 1), last)
        cards = standing.maker.made(lines[(page - 1) * PAGE : page * PAGE])
        return BoardTable(board, tuple((card, columns[card.stage]) for card in cards), page, last, len(lines))


@guarded("board.view")
def page_board(
    desk: Desk, actor: Actor, round_id: int, stage: str | None = None, after: int = 0, limit: int = PAGE
) -> BoardPage:
    """Return the columns of a round, with the cards of ``limit`` cases after the case ``after``; raises as `view_board`.

    With ``stage`` only those that stand in that column. The oldest come first: a case that moves meanwhile is told at most
    once, and one that stays is passed over by no page.

    Raises:
        Invalid: the round has no such column.
    """
    with desk.store.read() as tx:
        standing = _build_standing(desk, tx, actor, *round_seen(desk, tx, actor, round_id, WHAT))
        standing.require_stage(stage)
        lines = [line for line in standing.read.lines if line.id > after and stage in (None, line.stage)]
        lines = nsmallest(limit + 1, lines, key=lambda line: line.id)
        page_lines = lines[:limit]
        return BoardPage(standing.showing(page_lines), page_lines[-1].id if len(lines) > limit else None)


def board_of(
    desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package, *, each: int | None = None
) -> BoardView:
    """Return the board of a round that the actor oversees or leads; raises NotFound where no organisation applies below it."""
    return _build_standing(desk, tx, actor, case, package).view(each)


def cards_in_order(
    desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package, order: str, came: str
) -> Iterator[tuple[Card, BoardColumn]]:
    """Yield all cards as the table has them; raises as `board_of`."""
    standing = _build_standing(desk, tx, actor, case, package)
    board_columns = standing.view(0).columns
    lines, columns = standing.ordered(board_columns, order, came, None), {column.id: column for column in board_columns}
    yield from ((card, columns[card.stage]) for card in standing.maker.made(lines))


def _build_standing(desk: Desk, tx: Transaction, actor: Actor, case: CaseRow, package: Package) -> _Standing:
    kind = applied_below(package, case)
    below = CasesBelow(case.id, kind.key, tuple(sorted(actor.recused)))
    read, now = round_lines(tx, package, kind, below), desk.clock.now()
    drawn = package.process(case.process).process
    calendar = desk.calendar(package.jurisdiction.calendar)
    own = (read.tasks.get(case.id, ()), read.timers.get(case.id, ()))
    above = round_waits(package, drawn, calendar, now, state_in(case.status), *own)
    if above is None and case.status != "ended":
        above = find_awaited_condition(package, tx.subscriptions.in_case(case.id))
    maker = CardMaker(desk, tx, actor, package, below, read, above)
    overseen = actor.oversees(case.jurisdiction)
    return _Standing(case, package, kind, read, above, local_date(now), maker, overseen)


@dataclass(frozen=True, slots=True)
class _Standing:
    """The lines of a round, what it waits for, and what makes cards of them."""

    round: CaseRow
    package: Package
    kind: ProcessInfo
    read: RoundLines
    above: RoundWaits | None
    today: date
    maker: CardMaker
    overseen: bool

    def view(self, each: int | None) -> BoardView:
        """Return the board with the first ``each`` cards of every column, all of them for None."""
        return self.showing(
            [line for stage_lines in self.read.stages.values() for line in self._list_first_lines(stage_lines, each)]
        )

    def showing(self, board_lines: Sequence[BoardLine]) -> BoardView:
        """Return the board with the cards of these lines, in their order."""
        cards: dict[str, list[Card]] = {}
        for card in self.maker.made(board_lines) if board_lines else ():
            cards.setdefault(card.stage, []).append(card)
        columns, ids = [], frozenset(line.id for line in self.read.lines)
        for ident, name, entered in self._iterate_columns():
            stage_lines = self.read.stages.get(ident, InStage((), (), ()))
            count = len(stage_lines.lines) + len(stage_lines.bare)
            late = bisect_left(stage_lines.days, self.today) + (len(stage_lines.bare) if self._above_is_late() else 0)
            columns.append(BoardColumn(ident, name, tuple(cards.get(ident, ())), count, entered or count, late))
        return BoardView(self.round, self.package, self.kind, tuple(columns), ids, self.overseen)

    def require_stage(self, stage: str | None) -> None:
        """Raise Invalid for the id of no column; an outcome that nobody has yet is one, and so is "" before the first stage."""
        stage_ids = [ident for ident, *_ in self._iterate_columns() if ident]
        if stage and not stage.startswith(OUTCOME) and stage not in stage_ids:
            raise Invalid(
                Text(
                    f"这一轮没有环节“{stage[:60]}”，有：{'、'.join(stage_ids)}。请核对 stage 后重新发送。",
                    f"This round has no stage “{stage[:60]}” but {', '.join(stage_ids)}: correct stage and send it again.",
                )
            )

    def _list_first_lines(self, stage: InStage, each: int | None) -> Sequence[BoardLine]:
        return sorted([*stage.lines[:each], *stage.bare[:each]], key=self.urgency)[:each]

    def _iterate_columns(self) -> Iterator[tuple[str, Text, int]]:
        entered = Counter[str]()
        for came, count in self.read.came.items():
            entered.update(dict.fromkeys(came, count))
        if "" in self.read.stages:
            yield "", Text("未进入环节", "before the first stage"), 0
        outcomes = [stage for stage in self.read.stages if stage.startswith(OUTCOME)]
        for stage in round_stages(
            self.package, self.kind, (self.read.stages.keys() - {"", *outcomes}) | entered.keys()
        ):
            yield stage.id, Text(stage.name, stage.name), entered[stage.id]
        for outcome in outcomes:
            words = outcome_words(self.package, self.kind.key, outcome.removeprefix(OUTCOME))
            yield outcome, Text(words or "已结束", words or "ended"), 0

    def _above_is_late(self) -> bool:
        return self.above is not None and self.above.limit.late

    def _get_last_day(self, line: BoardLine) -> date | None:
        return self.above.limit.last_day if line.bare and self.above else line.last_day

    def urgency(self, line: BoardLine) -> tuple[bool, date, Any]:
        """Return what orders lines: what is due soonest first, then who waits longest."""
        day = self._get_last_day(line)
        since = max(line.since, self.above.since) if line.bare and self.above else line.since
        return day is None, day or date.min, since

    def ordered(self, columns: Sequence[BoardColumn], order: str, came: str, stage: str | None) -> list[BoardLine]:
        """Return the lines as the table lists them; an unknown ``order`` is the first of `ORDERS`.

        With ``came``, the id of a stage, only those that ever came to it; with ``stage`` those that stand in that column.
        """
        lines = [
            line
            for line in self.read.lines
            if (not came or came in line.came) and (stage is None or line.stage == stage)
        ]
        at = {column.id: number for number, column in enumerate(columns)}
        keys: dict[str, Callable[[BoardLine], Any]] = {
            "waiting": lambda line: (line.ended, self.urgency(line)[2]),
            "holder": lambda line: (not self._get_holder(line), self._get_holder(line), self.urgency(line)),
            "name": lambda line: line.name,
            "stage": lambda line: (at[line.stage], self.urgency(line)),
        }
        return sorted(lines, key=keys.get(order, lambda line: (line.ended, self.urgency(line))))

    def _get_holder(self, line: BoardLine) -> str:
        return self.above.holder if line.bare and self.above else line.holder


BOARD: ListSpec[tuple[Card, BoardColumn]] = ListSpec(
    "",
    Text("申报进展", "Progress"),
    (
        ListColumn(Text("申报组织", "Applicant"), lambda line, _say: line[0].name),
        ListColumn(Text("申报编号", "Number"), lambda line, _say: line[0].number),
        ListColumn(Text("环节", "Stage"), lambda line, say: say(line[1].name)),
        ListColumn(Text("现由谁办理", "With"), lambda line, say: say(line[0].holder)),
        ListColumn(Text("事项", "Matter"), lambda line, say: say(line[0].what)),
        ListColumn(Text("自何日起", "Since"), lambda line, _say: local_date(line[0].since), kind=CellKind.DAY),
        ListColumn(Text("已等天数", "Days waited"), lambda line, _say: line[0].days, kind=CellKind.NUMBER),
        ListColumn(Text("期限", "Last day"), lambda line, _say: line[0].limit.last_day, kind=CellKind.DAY),
        ListColumn(Text("提示", "Flags"), lambda line, say: "、".join(say(flag.text) for flag in line[0].flags)),
    ),
)


@guarded("applicants.export")
def export_board(desk: Desk, actor: Actor, round_id: int, say: Say, order: str = "stage", came: str = "") -> Table:
    """Return the board of a round as a list; heads who only lead are refused.

    ``order`` and ``came`` are those of the board's table; an unknown ``order`` is its first.

    Raises:
        NotAllowed: the actor does not oversee the place of the round.
        NotFound: there is no such case, or no organisation applies below it.
    """
    with desk.store.read() as tx:
        seen = round_overseen(desk, tx, actor, round_id, WHAT)
        table = BOARD.make_table(cards_in_order(desk, tx, actor, *seen, order, came), say)
    with desk.store.write() as tx:
        note_export(desk, tx, actor, round_id, WHAT, len(table.rows))
    return table
