"""Retry all incidents of one cause: after a mail server or a template was mended, nobody clicks a hundred times.

The runner of all batches does it case by case, each in a transaction that notes what became of it: with progress,
stopped, resumed. What failed outside of any case is only put back into its queue, some at a time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from service.casework.access.acting import acting
from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.batches.run_chunk import CHUNK, chunk, run_chunk
from service.casework.desk.desk import Desk
from service.casework.due.open_incidents import open_incident_of
from service.casework.due.retry_incident import NOT_TRIED, can_try, put_back, retry_services
from service.casework.interventions.batch import DONE, REFUSED, NotedBatch
from service.casework.interventions.kinds import RETRY
from service.domain.text import Text
from service.store import NewWork, Transaction
from service.store.models import IncidentRow, InterventionBatchRow, WorkItemRow

WORK = "retries"
"""Kind of the work item that retries the incidents of a chunk of cases."""

_AGAIN = Text("已重试，办件继续办理", "tried again: the case goes on")
_QUEUED = Text(
    "已重新排队，随即再办；办成以后异常自行消除", "put back into the queue; its incident closes once it went well"
)
_SETTLED = Text("已经没有这一原因的异常，没有重试。", "No incident of this cause is left there: nothing was tried.")
_FAILED = Text("重试后仍未成功，原因见异常处置中的说明。", "It failed again: the incident on the desk says why.")


@dataclass(frozen=True, slots=True)
class BegunRetry:
    """What begins to be retried: ``incidents`` in all; ``batch`` goes over the cases, None where none is in a case.

    ``before`` where somebody had begun it, so that nothing was begun now.
    """

    incidents: int
    batch: int | None
    before: bool = False


@guarded("incident.retry")
def retry_alike(desk: Desk, actor: Actor, incident_id: int) -> BegunRetry:
    """Begin to retry every open incident of the jurisdiction that is like ``incident_id``.

    The second of two clicks gets the batch of the first.

    Raises NotFound, NotAllowed, and Conflict when it is settled already.
    """
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        tx.turns.retry_cause(row.jurisdiction, row.cause)
        inside, outside = tx.incidents.count_of_cause(row.jurisdiction, row.cause)
        if outside:
            now = desk.clock.now()
            first = {"jurisdiction": row.jurisdiction, "cause": row.cause, "person": actor.person_id or 0}
            tx.work.enqueue_many([_outside(first, f"{row.id}:{now.isoformat()}", now)], now)
        given = {"jurisdiction": row.jurisdiction, "cause": row.cause}
        begun = next((one.id for one in tx.interventions.under_way(RETRY) if one.given == given), None)
        if begun is not None or not inside:
            return BegunRetry(inside + outside, begun, before=begun is not None)
        return BegunRetry(inside + outside, _begin(desk, tx, actor, row, given))


def retry_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Retry the incidents of the next cases of a batch, or those outside of cases, and leave the work item that goes on."""
    if "batch" in item.payload:
        run_chunk(desk, item, _Retries())
    else:
        _put_back_some(desk, item)


def _outside(asked: dict[str, Any], key: str, now: datetime) -> NewWork:
    """Return the work item that puts back what failed outside of cases."""
    return NewWork(WORK, None, f"{WORK}:outside:{key}", asked, now)


def _put_back_some(desk: Desk, item: WorkItemRow) -> None:
    asked, now = dict(item.payload), desk.clock.now()
    with desk.store.write() as tx:
        tx.work.demand_claimed(item)
        author = acting(tx, int(asked["person"]), now)
        rows: list[IncidentRow] = []
        if author.administers(asked["jurisdiction"]):
            rows = tx.incidents.outside_cases(asked["jurisdiction"], asked["cause"], CHUNK, asked.get("before"))
        for row in rows:
            put_back(desk, tx, author, row)
        if len(rows) == CHUNK:
            before = rows[-1].id
            tx.work.enqueue_many([_outside({**asked, "before": before}, f"{before}:{item.id}", now)], now)
        tx.work.finish(item, now)


class _Retries(NotedBatch):
    """How the incidents of one cause are retried, case by case."""

    work = WORK

    def change(self, desk: Desk, author: Actor, row: InterventionBatchRow, case_id: int, item: WorkItemRow) -> None:
        with desk.store.write() as tx:
            state, said = _retried(desk, tx, author, case_id, row.given["cause"])
            tx.work.demand_claimed(item)
            tx.interventions.note(row.id, case_id, state, said, desk.clock.now())


def _retried(desk: Desk, tx: Transaction, author: Actor, case_id: int, cause: str) -> tuple[str, dict[str, object]]:
    found = [one for one in tx.incidents.of_case(case_id) if one.cause == cause and one.resolved_at is None]
    if not found:
        return REFUSED, dict(_SETTLED.as_json())
    work = [one for one in found if one.work_item_id is not None]
    steps = [one for one in found if one.work_item_id is None]
    put = [one for one in work if put_back(desk, tx, author, one)]
    tried = [one for one in steps if can_try(tx, one)]
    if tried and not retry_services(desk, tx, author, case_id, tried):
        return REFUSED, dict(_FAILED.as_json())
    if len(tried) < len(steps):
        return REFUSED, dict(NOT_TRIED.as_json())
    lines = [*([_AGAIN] if steps else []), *([_QUEUED] if put else [])]
    return (DONE, {"changes": [one.as_json() for one in lines]}) if lines else (REFUSED, dict(_SETTLED.as_json()))


def _begin(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow, given: Mapping[str, str]) -> int:
    now, what = desk.clock.now(), str(row.what.get("zh", ""))
    begun = InterventionBatchRow(
        kind=RETRY, given=dict(given), reason=what, dry=False, person_id=actor.person_id or 0, at=now
    )
    batch = tx.interventions.begin_for_cause(begun, row.jurisdiction, row.cause)
    tx.work.enqueue_many([chunk(WORK, batch, 0, now)], now)
    return batch
