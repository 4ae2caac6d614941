"""Let all running cases count by the corrected calendar, by the runner of all batches: with progress, stopped, resumed.

Each case moves in a transaction of its own, which notes what became of it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.batches.run_chunk import chunk, run_chunk
from service.casework.desk.calendars import refresh_calendars
from service.casework.desk.desk import Desk
from service.casework.due.correct_days import DaysCorrected, correct_case, demand_why
from service.casework.interventions.batch import DONE, REFUSED, WAITING, NotedBatch
from service.casework.interventions.kinds import RECOUNT
from service.casework.reading.published import administered, published
from service.domain.errors import Invalid
from service.domain.text import Text
from service.store import CaseFilter, Transaction
from service.store.models import InterventionBatchRow, WorkItemRow

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
        reason=demand_why(reason),
        dry=False,
        person_id=actor.person_id or 0,
        at=desk.clock.now(),
    )
    with desk.store.read() as tx:
        cases = list(_running(desk, tx, actor, jurisdiction))
    if not cases:
        raise Invalid(Text("没有正在办理的办件。", "No case is running there."))
    with desk.store.write() as tx:
        tx.turns.correct_days(row.person_id)
        for other in tx.interventions.of_person(row.person_id):
            alike = (other.kind, other.given, other.reason) == (row.kind, row.given, row.reason)
            if alike and tx.interventions.counts(other.id).get(WAITING):
                return other.id
        batch = tx.interventions.begin(row, cases)
        tx.work.enqueue_many([chunk(WORK, batch, 0, row.at)], row.at)
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
            tx.work.demand_claimed(item)
            if done.waiting and not done.moved and not done.kept:
                tx.interventions.note(row.id, case_id, REFUSED, _held(done).as_json(), desk.clock.now())
            else:
                lines = [line.as_json() for line in _lines(done)]
                tx.interventions.note(row.id, case_id, DONE, {"changes": lines}, desk.clock.now())


def _running(desk: Desk, tx: Transaction, actor: Actor, jurisdiction: str) -> Iterator[int]:
    """Yield the numbers of the running cases of the actor's places, oldest first."""
    mine = administered(actor, published(desk, tx).jurisdictions())
    places = [place for place in mine if jurisdiction in ("", place)]
    chosen, after = CaseFilter(places, live=True, recused=sorted(actor.recused)), 0
    while page := tx.cases.numbers_after(after, _PAGE, chosen):
        yield from page
        after = page[-1]


def _lines(done: DaysCorrected) -> Iterator[Text]:
    yield from done.changes
    if done.kept:
        yield Text(f"按决定保留 {done.kept} 项", f"kept by decision: {done.kept}")
    if done.waiting:
        yield _held(done)
    yield from done.stays
    if not (done.moved or done.kept or done.stays):
        yield Text("期限与现在的日历一致，没有改动", "its limits agree with the calendar: nothing is changed")


def _held(done: DaysCorrected) -> Text:
    return Text(
        f"{done.waiting} 项新的期限已经过去，一改就届满，没有改动：请在“日历更正”逐项决定",
        f"{done.waiting} would lapse at once and are left: decide on them at “Corrected calendar”",
    )
