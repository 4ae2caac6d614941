"""Let running cases count by the corrected calendar: what would move, case by case, and moving it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import SYSTEM, Actor
from service.casework.access.guards import guarded
from service.casework.batches.run_chunk import build_batch_work, run_chunk
from service.casework.desk.calendars import former_calendars, list_differing_states, refresh_calendars
from service.casework.desk.desk import Desk
from service.casework.interventions.batch import DONE, REFUSED, WAITING, NotedBatch
from service.casework.interventions.kinds import RECOUNT
from service.casework.reading.case_loading import open_read_only
from service.casework.reading.published import published, select_administered_places, select_overseen_places
from service.casework.step.fill import in_words
from service.casework.step.limits.calendar import (
    CalendarMove,
    limit_moves,
    map_undecided_moves,
    moves_in,
)
from service.casework.step.limits.changes import record_change
from service.casework.step.limits.move import move_limits
from service.casework.step.limits.useful_days import KEPT
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.domain.calendar import WorkingCalendar
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import CaseRow, InterventionBatchRow, WorkItemRow

PAGE = 100
"""Running cases that one look goes through."""

_MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class CaseMoves:
    """A case whose limits would move, or of which nobody can say, for the reason ``problem``."""

    case: CaseRow
    moves: tuple[CalendarMove, ...]
    may_apply: bool
    problem: Text | None = None

    @property
    def going(self) -> tuple[CalendarMove, ...]:
        """The limits that move, or that wait for a decision: all but those that keep their day whatever is decided."""
        return tuple(move for move in self.moves if move.stays is None)


@dataclass(frozen=True, slots=True)
class CalendarMoves:
    """Cases with limits to move among those ``looked`` at; ``before`` is the id to go on with, None at the end.

    ``may_begin``: the actor administers one of the places, so those of all running cases there are theirs to move;
    False where no calendar was ever corrected.
    """

    cases: tuple[CaseMoves, ...]
    looked: int
    before: int | None
    may_begin: bool = False


@dataclass(frozen=True, slots=True)
class DaysCorrected:
    """What became of one case: limits that moved, that keep their day by decision, that wait for one; or why nothing did.

    ``stays`` says of limits why they keep their day whatever was decided.
    """

    case_id: int
    title: str
    moved: int = 0
    kept: int = 0
    waiting: int = 0
    changes: tuple[Text, ...] = ()
    stays: tuple[Text, ...] = ()
    refusal: Text | None = None


@guarded("calendar.foresee")
def view_calendar_moves(desk: Desk, actor: Actor, jurisdiction: str = "", before: int | None = None) -> CalendarMoves:
    """Return what the calendars in force would move in running cases of the actor's places, newest case first."""
    refresh_calendars(desk)
    if not (former := former_calendars(desk)):
        return CalendarMoves((), 0, None)
    with desk.store.read() as tx:
        jurisdictions = published(desk, tx).jurisdictions()
        places = sorted(jurisdictions) if actor is SYSTEM else select_overseen_places(actor, jurisdictions)
        chosen = [place for place in places if jurisdiction in ("", place)]
        running = CaseFilter(chosen, live=True, recused=sorted(actor.recused))
        rows = tx.cases.search(running, before, PAGE)
    views = [_look_at_case(desk, actor, row, former) for row in rows]
    more = rows[-1].id if len(rows) == PAGE else None
    mine = any(actor.administers(place) for place in chosen)
    return CalendarMoves(tuple(view for view in views if view.moves or view.problem), len(rows), more, mine)


@guarded("calendar.correct")
def correct_days(
    desk: Desk,
    actor: Actor,
    case_ids: Sequence[int],
    reason: str,
    lapse: Collection[str] = (),
    keep: Collection[str] = (),
) -> tuple[DaysCorrected, ...]:
    """Let the limits of ``case_ids`` end as the calendars in force say, each case in a transaction of its own.

    A limit whose new day is over already moves only where its key is in ``lapse``; in ``keep`` it keeps its day by this
    decision; else it waits for one. Once more does nothing that was done. Raises Invalid without cases or reason.
    """
    if not case_ids:
        raise Invalid(Text("请至少选择一件办件。", "Choose at least one case."))
    why = require_why(reason)
    refresh_calendars(desk)
    decided = (frozenset(lapse), frozenset(keep))
    return tuple(_try_correct_case(desk, actor, ident, why, *decided) for ident in sorted(set(case_ids)))


def require_why(reason: str) -> str:
    """Return the reason without blanks around it; raises Invalid where there is none or it is too long."""
    if not 1 <= len(reason.strip()) <= _MOST_REASON:
        raise Invalid(
            Text(
                f"请写明理由，不超过{_MOST_REASON}字，会记入每个办件的记录并告知有关人员。",
                f"Say why, in {_MOST_REASON} characters; it goes on record in every case and to those concerned.",
            )
        )
    return reason.strip()


def _look_at_case(desk: Desk, actor: Actor, row: CaseRow, former: Sequence[Mapping[str, WorkingCalendar]]) -> CaseMoves:
    """Return what would move in a case; one whose calendar was the same in all ``former`` states is not loaded."""
    may = actor.administers(row.jurisdiction)
    try:
        with desk.store.read() as tx:
            place = desk.packages.get(row.definition, tx).jurisdiction
            if not list_differing_states(former, desk, place.calendar):
                return CaseMoves(row, (), may)
            return CaseMoves(row, moves_in(open_read_only(desk, tx, tx.cases.get(row.id), actor)), may)
    except LaurelError as error:
        return CaseMoves(row, (), may, error.message)


def _try_correct_case(
    desk: Desk, actor: Actor, case_id: int, reason: str, lapse: frozenset[str], keep: frozenset[str]
) -> DaysCorrected:
    try:
        with desk.store.write() as tx:
            return correct_case(desk, tx, actor, case_id, reason, lapse, keep)
    except LaurelError as refusal:
        return DaysCorrected(case_id, "", refusal=refusal.message)


def correct_case(
    desk: Desk, tx: Transaction, actor: Actor, case_id: int, reason: str, lapse: Collection[str], keep: Collection[str]
) -> DaysCorrected:
    """Move the limits of one case in the transaction ``tx``, as `correct_days` does; raises NotAllowed, Conflict."""
    step = open_step(desk, tx, case_id, actor)
    if not actor.administers(step.case.jurisdiction):
        raise NotAllowed(
            Text("按更正的日历改动期限由本辖区管理员办理。", "Only an administrator of the jurisdiction may do this.")
        )
    if step.case.status == "ended":
        raise Conflict(Text("办件已经结束。", "The case has ended."))
    all_moves = moves_in(step)
    moves = [move for move in all_moves if move.stays is None]
    open_ = map_undecided_moves(moves, lapse)
    unchanged_moves = [move for move in open_.values() if move.key in keep]
    if any(move.useful for move in unchanged_moves):
        unchanged_moves = [move for move in open_.values() if move.key in keep or not (move.held or move.useful)]
    going = [move for move in moves if not {move.key, move.follows} & open_.keys()]
    for move in going:
        lapsed = f"，{'已经过去' if move.useful else '随即届满'}（经决定）" if move.held else ""
        record_change(step, move.change, f"日历更正{lapsed}", move.articles)
    for move in unchanged_moves:
        story = f"“{move.change.name}”的期限保留{in_words(move.change.old)}，不按更正后的日历改为{in_words(move.change.new)}：{reason}"
        step.audit(KEPT, story, None, {"key": move.key, "day": move.change.new.isoformat(), "reason": reason})
    if going or unchanged_moves:
        zh, en = (
            "工作日历已经更正，期限按更正后的日历计算",
            "The working calendar was corrected; the limit is counted by it",
        )
        move_limits(step, limit_moves(step, going), Text(f"{zh}：{reason}", f"{en}: {reason}"))
        save_step(step)
    waiting = len(open_) - len(unchanged_moves)
    sentences = tuple(move.change.words for move in going)
    stays = tuple(dict.fromkeys(move.stays for move in all_moves if move.stays is not None))
    return DaysCorrected(step.case.id, step.case.title, len(going), len(unchanged_moves), waiting, sentences, stays)


WORK = "recount"
"""Kind of the work item that moves the limits of a chunk."""

_PAGE = 1000


@guarded("calendar.correct")
def begin_correction(
    desk: Desk,
    actor: Actor,
    reason: str,
    jurisdiction: str = "",
    lapse: Collection[str] = (),
    keep: Collection[str] = (),
) -> int:
    """Begin to move the limits of every running case of the actor's places (or of ``jurisdiction``); returns the batch.

    ``lapse`` and ``keep`` decide on limits as in `correct_days`. The second of two clicks gets the batch of the first.

    Raises Invalid without a reason, or where no case runs there.
    """
    row = InterventionBatchRow(
        kind=RECOUNT,
        given={"jurisdiction": jurisdiction, "lapse": sorted(set(lapse)), "keep": sorted(set(keep))},
        reason=require_why(reason),
        dry=False,
        person_id=actor.person_id or 0,
        at=desk.clock.now(),
    )
    with desk.store.read() as tx:
        cases = list(_iterate_running_cases(desk, tx, actor, jurisdiction))
    if not cases:
        raise Invalid(Text("没有正在办理的办件。", "No case is running there."))
    with desk.store.write() as tx:
        tx.turns.take(f"corrections {row.person_id}")
        for other in tx.interventions.select("-id", limit=20, person_id=row.person_id):
            alike = (other.kind, other.given, other.reason) == (row.kind, row.given, row.reason)
            if alike and tx.intervention_results.count_by("state", batch_id=other.id).get(WAITING):
                return other.id
        batch = tx.interventions.begin(row, cases)
        tx.work.enqueue_many([build_batch_work(WORK, batch, 0, row.at)], row.at)
    return batch


def correct_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Move the limits of the next cases of a batch, and leave the work item that goes on."""
    refresh_calendars(desk)
    run_chunk(desk, item, _Corrections())


class _Corrections(NotedBatch):
    """How the limits of all cases move, case by case."""

    work = WORK

    def change(self, desk: Desk, author: Actor, row: InterventionBatchRow, case_id: int, item: WorkItemRow) -> None:
        lapse, keep = row.given["lapse"], row.given["keep"]
        with desk.store.write() as tx:
            done = correct_case(desk, tx, author, case_id, row.reason, lapse, keep)
            tx.work.require_claimed(item)
            if done.waiting and not done.moved and not done.kept:
                tx.intervention_results.note(
                    row.id, case_id, REFUSED, _describe_pending_limits(done).as_json(), desk.clock.now()
                )
            else:
                lines = [line.as_json() for line in _describe_correction(done)]
                tx.intervention_results.note(row.id, case_id, DONE, {"changes": lines}, desk.clock.now())


def _iterate_running_cases(desk: Desk, tx: Transaction, actor: Actor, jurisdiction: str) -> Iterator[int]:
    """Yield the numbers of the running cases of the actor's places, oldest first."""
    mine = select_administered_places(actor, published(desk, tx).jurisdictions())
    places = [place for place in mine if jurisdiction in ("", place)]
    chosen, after = CaseFilter(places, live=True, recused=sorted(actor.recused)), 0
    while page := tx.cases.numbers_after(after, _PAGE, chosen):
        yield from page
        after = page[-1]


def _describe_correction(done: DaysCorrected) -> Iterator[Text]:
    yield from done.changes
    if done.kept:
        yield Text(f"按决定保留 {done.kept} 项", f"kept by decision: {done.kept}")
    if done.waiting:
        yield _describe_pending_limits(done)
    yield from done.stays
    if not (done.moved or done.kept or done.stays):
        yield Text("期限与现在的日历一致，没有改动", "its limits agree with the calendar: nothing is changed")


def _describe_pending_limits(done: DaysCorrected) -> Text:
    return Text(
        f"{done.waiting} 项新的期限已经过去，一改就届满，没有改动：请在“日历更正”逐项决定",
        f"{done.waiting} would lapse at once and are left: decide on them at “Corrected calendar”",
    )
