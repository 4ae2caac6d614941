"""After the program was away, or its clock doubtful: a time limit that would lapse unseen runs until another day, if the office says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.interventions.move_group import move_group, notices_ending, window_until
from service.casework.step.behind_gateway import timed
from service.casework.step.fill import in_words
from service.casework.step.limit_group import group_of
from service.casework.step.notify_moved_dates import notify_moved_dates
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.step.time_limits import ends_around
from service.domain.calendar import Window, local_date
from service.domain.calendar.dates import full
from service.domain.errors import Conflict, Invalid, NotAllowed, NotFound
from service.domain.text import Text
from service.store.rows import WorkItemRow

_MOST_REASON = 300
_LONGEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NotExtended:
    """A limit that ends as it would have, and why; ``case_title`` is empty where the case is none of the decider's."""

    item: int
    case_id: int | None
    case_title: str
    why: Text


@dataclass(frozen=True, slots=True)
class Extended:
    """How many limits run on, and those that do not."""

    extended: int
    refused: tuple[NotExtended, ...] = ()


def may_decide(actor: Actor, jurisdiction: str) -> bool:
    """Return whether ``actor`` decides on limits of a place: of its office, or its administrator."""
    return actor.administers(jurisdiction) or actor.in_office(jurisdiction)


@guarded("lapse.decide")
def extend_lapsed(desk: Desk, actor: Actor, hold: int, items: Sequence[int], last_day: date, reason: str) -> Extended:
    """Let limits that wait for the clock's confirmation run until ``last_day``; returns how many do, and why the others do not.

    Each moves in a transaction of its own, on record, with notice to those concerned; once more does nothing. What one of
    several is refused for stops none of the others; one that is asked for alone raises it.

    Raises:
        Invalid: nothing is chosen, the day is over, far away or a rest day there, or no reason is given.
        NotFound: a limit that is none.
        NotAllowed: a limit of another place.
        Conflict: the time has been confirmed meanwhile, or a limit around one of them ends before the day.
    """
    today = local_date(desk.clock.now())
    if not items or not today <= last_day <= today + _LONGEST:
        raise Invalid(
            Text(
                f"请选择期限，并填写不早于今天（{in_words(today)}）、不超过一年的日期。",
                f"Choose limits, and a day from {full(today).en} on, within a year.",
            )
        )
    if not 1 <= len(reason.strip()) <= _MOST_REASON:
        raise Invalid(
            Text(
                f"请写明理由，不超过{_MOST_REASON}字，会记入办件的记录并告知有关人员。",
                f"Say why, in {_MOST_REASON} characters; it goes on record and to those concerned.",
            )
        )
    chosen, done, refused = sorted(set(items)), 0, list[NotExtended]()
    for item in chosen:
        try:
            done += _one(desk, actor, hold, item, last_day, reason.strip())
        except NotFound as refusal:
            if len(chosen) == 1:
                raise
            refused.append(NotExtended(item, None, "", refusal.message))
        except (Conflict, Invalid, NotAllowed) as refusal:
            if len(chosen) == 1:
                raise
            refused.append(_refused(desk, actor, item, refusal.message))
    return Extended(done, tuple(refused))


def _refused(desk: Desk, actor: Actor, ident: int, why: Text) -> NotExtended:
    with desk.store.read() as tx:
        case_id = tx.work.get(ident).case_id
        case = None if case_id is None else tx.cases.get(case_id)
    if case is None or not may_decide(actor, case.jurisdiction):
        return NotExtended(ident, None, "", why)
    return NotExtended(ident, case.id, case.title, why)


def _one(desk: Desk, actor: Actor, hold: int, ident: int, last_day: date, reason: str) -> bool:
    with desk.store.write() as tx:
        if tx.clock.get(hold).released_at is not None:
            raise Conflict(
                Text("系统时间已经确认过了，期限已经照常办理。", "The time has been confirmed: limits go on.")
            )
        item = tx.work.get(ident)
        if (
            item.kind != "timer"
            or item.case_id is None
            or not may_decide(actor, tx.cases.get(item.case_id).jurisdiction)
        ):
            raise NotAllowed(
                Text("只能决定本辖区办件的期限。", "Only limits of cases of your own jurisdiction can be decided on.")
            )
        step = open_step(desk, tx, item.case_id, actor)
        engine_id = str(item.payload["engine_id"])
        waiting = next((timer for timer in step.instance.timers() if timer.id == engine_id), None)
        if waiting is None or waiting.due != item.due_at or item.due_at > step.now:
            return False
        _extend(step, item, last_day, reason)
        return True


def _extend(step: Step, item: WorkItemRow, last_day: date, reason: str) -> None:
    element = timed(step.package, item.process_id or "", item.element or "")
    name, old = element.name or element.id, local_date(item.due_at - timedelta(seconds=1))
    why = Text(
        f"系统停机或者时间有疑问期间期限届满，经办公室决定顺延：{reason}",
        f"It ended while the system was away or its clock in doubt; the office let it run on: {reason}",
    )
    group = group_of(step, f"timer:{item.payload['engine_id']}")
    assert group is not None, "it was looked up just now"
    until = window_until(step, last_day, why)
    _demand_inside(step, str(item.payload["engine_id"]), name, until)
    moved = move_group(step, group, until, notices_ending(step, group))
    story = f"“{name}”的期限由{in_words(old)}顺延至{in_words(last_day)}：{reason}"
    step.audit("extended", story, element.id, {"from": old.isoformat(), "to": last_day.isoformat()})
    notify_moved_dates(step, moved, why)
    save_step(step)


def _demand_inside(step: Step, timer_id: str, name: str, until: Window) -> None:
    """Raise Conflict where a limit around a timer would cut it off before its new day: nobody could use the days given."""
    timer = next(one for one in step.instance.timers() if one.id == timer_id)
    around = next((end for end in ends_around(step, timer) if end.at > step.now), None)
    if around is not None and around.at < until.ends_at:
        day = local_date(around.at - timedelta(seconds=1))
        raise Conflict(
            Text(
                f"“{name}”之外的“{around.name}”在{in_words(day)}届满，更早：请顺延到那一天以内，或者先在“干预”中依法改那一个期限。",
                f"“{around.name}” around “{name}” ends on {full(day).en}, before it: choose a day within, or first move that limit"
                " on a legal ground (interventions).",
            )
        )
