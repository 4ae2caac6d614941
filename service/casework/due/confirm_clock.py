"""A doubtful clock: what it would let lapse, and the person who confirms it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.ending_tasks import ending_tasks
from service.casework.due.extend_lapsed import may_decide
from service.casework.reading.published import overseen, published
from service.casework.step.behind_gateway import timed
from service.casework.step.reminders import last_day_of
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.domain.wording.counted import counted
from service.domain.wording.lasting import lasting
from service.store import CaseFilter, TaskFilter, TaskSeat, Transaction
from service.store.rows import CaseRow, ClockHoldRow, WorkItemRow

_SHOWN = 50
"""How many limits one look shows."""
_LOOKED_AT = 500
"""Of so many tasks whose last day passed one look says which do not end with a limit."""
_MOST_REASON = 300


@dataclass(frozen=True, slots=True)
class LapsingLimit:
    """A time limit that passes as soon as the clock is confirmed; ``may_extend``: the reader may let it run on."""

    case_id: int
    case_title: str
    name: str
    due_at: datetime
    item: int = 0
    may_extend: bool = False


@dataclass(frozen=True, slots=True)
class MissedDay:
    """A task whose last day passed meanwhile; ``useful``: the last useful one, too late for what follows in time."""

    case_id: int
    case_title: str
    task: int
    title: str
    last_day: date
    useful: bool
    body: str
    """Who has it to do: a body, or the name of the role where that is any of them."""


@dataclass(frozen=True, slots=True)
class ClockDoubt:
    """Why nothing lapses, and what would; ``total`` counts all, ``limits`` are a page; ``after`` (due, item) goes on.

    What waits for more than the clock is none of them: a limit of a provisional day, of which the office is asked, or of a
    suspended case.

    ``missed`` are tasks whose last day passed since the clock was last known, soonest first; ``more_missed``: there may be
    others. A task that ends with one of the limits is none of them: it cannot be done once the clock is confirmed.

    ``hold`` is the newest doubt: who confirms it confirms what ``why`` says, and no doubt that comes meanwhile.
    """

    hold: ClockHoldRow
    why: Text
    now: datetime
    total: int
    limits: Sequence[LapsingLimit]
    may_confirm: bool
    after: tuple[datetime, int] | None = None
    missed: Sequence[MissedDay] = ()
    more_missed: bool = False


@guarded("monitor.view")
def view_clock_doubt(desk: Desk, actor: Actor, after: tuple[datetime, int] | None = None) -> ClockDoubt | None:
    """Return the open doubt about the clock, with the limits of the actor's places that wait for it; usually None.

    ``after`` is (due, item) of the last limit on the page before.
    """
    now = desk.clock.now()
    with desk.store.read() as tx:
        holds = tx.clock.holds()
        if not holds:
            return None
        known = published(desk, tx)
        places = overseen(actor, known.jurisdictions())
        mine = CaseFilter(places, status="running", recused=sorted(actor.recused))
        found = tx.work.timers(mine, after, _SHOWN + 1, until=now, settled=True)
        items = found[:_SHOWN]
        cases = {c.id: c for c in tx.cases.search(CaseFilter(ids=[item.case_id for item in items if item.case_id]))}
        limits = [
            LapsingLimit(
                item.case_id,
                cases[item.case_id].title,
                _name(desk, tx, cases[item.case_id], item),
                item.due_at,
                item.id,
                may_decide(actor, cases[item.case_id].jurisdiction),
            )
            for item in items
            if item.case_id
        ]
        total = tx.work.count_timers(mine, until=now, settled=True)
        missed, more_missed = _missed(desk, tx, actor, places, holds[0].expected_at, now)
    last = (items[-1].due_at, items[-1].id) if len(found) > _SHOWN else None
    return ClockDoubt(
        holds[-1],
        why_of(holds),
        now,
        total,
        limits,
        actor.administers("*"),
        last,
        missed,
        more_missed,
    )


def _missed(
    desk: Desk, tx: Transaction, actor: Actor, places: Sequence[str], since: datetime, now: datetime
) -> tuple[list[MissedDay], bool]:
    """Return the open tasks of places whose last day passed between two instants, and whether there may be others.

    Those that end with a limit that is over are left out.
    """
    chosen = TaskFilter(
        [TaskSeat(place, "*", None) for place in places],
        scope="overseen",
        due_from=since,
        due_before=now,
        recused=sorted(actor.recused),
    )
    looked_at = tx.tasks.list(chosen, limit=_LOOKED_AT) if places and since < now else []
    if not looked_at:
        return [], False
    found = tx.cases.search(CaseFilter(ids=sorted({row.case_id for row in looked_at})), limit=_LOOKED_AT)
    cases = {case.id: case for case in found}
    ending = ending_tasks(desk, tx, looked_at, cases, now)
    left = [row for row in looked_at if row.id not in ending]
    rows = left[:_SHOWN]
    bodies = tx.people.bodies_by_id({row.body_id for row in rows if row.body_id is not None})
    missed = [
        MissedDay(
            row.case_id,
            cases[row.case_id].title,
            row.id,
            row.title,
            last_day_of(row.due_at, row.due_reason),
            bool((row.due_reason or {}).get("chain")),
            bodies[row.body_id].name if row.body_id in bodies else _role(desk, tx, cases[row.case_id], row.role),
        )
        for row in rows
    ]
    return missed, len(left) > _SHOWN or len(looked_at) == _LOOKED_AT


def _role(desk: Desk, tx: Transaction, case: CaseRow, role: str) -> str:
    found = desk.packages.get(case.definition, tx).jurisdiction.roles.get(role)
    return found.name if found else ""


@guarded("clock.confirm")
def confirm_clock(desk: Desk, actor: Actor, hold: int, reason: str) -> None:
    """Settle a doubt and those before it, so that limits lapse again unless another came since.

    Raises NotAllowed, Invalid without a reason, NotFound, or Conflict where it was done already.
    """
    if not actor.administers("*"):
        raise NotAllowed(
            Text(
                "系统时间由全系统管理员确认，请与其联系。",
                "The system's time is confirmed by an administrator of the whole system: ask one.",
            )
        )
    reason = reason.strip()
    if not 1 <= len(reason) <= _MOST_REASON:
        raise Invalid(
            Text(f"请写明核对的情况，不超过{_MOST_REASON}字。", f"Say what was checked, in {_MOST_REASON} characters.")
        )
    with desk.store.write() as tx:
        if not tx.clock.release(tx.clock.get(hold).id, desk.clock.now(), actor.person_id, reason):
            raise Conflict(Text("系统时间已经确认过了。", "The time has been confirmed already."))
        tx.work.left_due = True


def why_of(holds: Sequence[ClockHoldRow]) -> Text:
    """Return what makes the clock doubtful, in words: the first doubt and, where others came since, the newest of them."""
    first = _why(holds[0])
    if len(holds) == 1:
        return first
    newest, between = _why(holds[-1]), len(holds) - 2
    more = (
        Text(f"其间另有{between}次异常。", f" {counted(between, 'other doubt')} came between.")
        if between
        else Text("", "")
    )
    return Text(f"{first.zh}{more.zh}其后又有变化：{newest.zh}", f"{first.en}{more.en} Since then: {newest.en}")


def _why(hold: ClockHoldRow) -> Text:
    gap = lasting(abs(hold.found_at - hold.expected_at))
    if hold.kind == "absence":
        return Text(
            f"系统停止运行了{gap.zh}才重新启动，其间可能有期限届满。",
            f"The system was away for {gap.en} before it started again; time limits may have ended meanwhile.",
        )
    if hold.kind == "backwards":
        return Text(f"服务器时钟比应有的时间慢了{gap.zh}。", f"The server's clock is {gap.en} behind.")
    return Text(f"服务器时钟突然快了{gap.zh}。", f"The server's clock suddenly went {gap.en} ahead.")


def _name(desk: Desk, tx: Transaction, case: CaseRow, item: WorkItemRow) -> str:
    process, element = item.process_id or "", item.element or ""
    drawn = timed(desk.packages.get(case.definition, tx), process, element)
    return drawn.name or drawn.id
