"""Retry all incidents of one cause: after a mail server or a template was mended, nobody clicks a hundred times.

The runner of all batches does it case by case, each in a transaction that notes what became of it: with progress,
stopped, resumed. What failed outside of any case is only put back into its queue, which is done at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.batches.run_chunk import chunk, run_chunk
from service.casework.desk.desk import Desk
from service.casework.due.open_incidents import open_incident_of
from service.casework.due.retry_incident import NOT_TRIED, can_try, put_back, retry_services
from service.casework.interventions.batch import DONE, REFUSED, WAITING, NotedBatch
from service.casework.interventions.kinds import RETRY
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import IncidentRow, InterventionBatchRow, WorkItemRow

WORK = "retries"
"""Kind of the work item that retries the incidents of a chunk of cases."""

_PAGE = 1000
_AGAIN = Text("已重试，办件继续办理", "tried again: the case goes on")
_QUEUED = Text("已重新排队，随即再办", "put back into the queue, it is done again presently")
_SETTLED = Text("已经没有这一原因的异常，没有重试。", "No incident of this cause is left there: nothing was tried.")
_FAILED = Text("重试后仍未成功，原因见异常处置中新的说明。", "It failed again: the new incident on the desk says why.")


@dataclass(frozen=True, slots=True)
class BegunRetry:
    """What begins to be retried: ``incidents`` in all; ``batch`` goes over the cases, None where none is in a case."""

    incidents: int
    batch: int | None


@guarded("incident.retry")
def retry_alike(desk: Desk, actor: Actor, incident_id: int) -> BegunRetry:
    """Begin to retry every open incident of the jurisdiction that is like ``incident_id``.

    The second of two clicks gets the batch of the first.

    Raises NotFound, NotAllowed, and Conflict when it is settled already.
    """
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        alike = list(_alike(tx, row))
        cases = sorted({one.case_id for one in alike if one.case_id is not None})
        for one in alike:
            if one.case_id is None:
                put_back(desk, tx, actor, one)
        return BegunRetry(len(alike), _begin(desk, tx, actor, row, cases) if cases else None)


def retry_chunk(desk: Desk, item: WorkItemRow) -> None:
    """Retry the incidents of the next cases of a batch, and leave the work item that goes on."""
    run_chunk(desk, item, _Retries())


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


def _begin(desk: Desk, tx: Transaction, actor: Actor, row: IncidentRow, cases: Sequence[int]) -> int:
    given, now = {"jurisdiction": row.jurisdiction, "cause": row.cause}, desk.clock.now()
    person = actor.person_id or 0
    for other in tx.interventions.of_person(person):
        if (other.kind, other.given) == (RETRY, given) and tx.interventions.counts(other.id).get(WAITING):
            return other.id
    what = str(row.what.get("zh", ""))
    begun = InterventionBatchRow(kind=RETRY, given=given, reason=what, dry=False, person_id=person, at=now)
    batch = tx.interventions.begin(begun, cases)
    tx.work.enqueue_many([chunk(WORK, batch, 0, now)], now)
    return batch


def _alike(tx: Transaction, row: IncidentRow) -> Iterator[IncidentRow]:
    before: int | None = None
    while page := tx.incidents.of_cause(row.jurisdiction, row.cause, _PAGE, before):
        yield from page
        before = page[-1].id
