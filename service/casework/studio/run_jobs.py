"""Carry out the parts of the studio's jobs, beside all other due work."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from types import MappingProxyType

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.due.run_item import run_item
from service.casework.studio.check_beside import CHECK, check_part, start_check
from service.casework.studio.handbook import HANDBOOK, make_handbook, print_part
from service.casework.studio.jobs import WORK, JobPart, JobState, get_job_request, part_work
from service.casework.studio.scenarios.run_scenarios import SCENARIOS, play_part, run_scenarios
from service.domain.errors import LaurelError
from service.domain.text import Text
from service.store import Busy, Transaction, Unreachable
from service.store.models import StudioJobRow, WorkItemRow

_LOG = logging.getLogger(__name__)
_PARTS: Mapping[str, Callable[[Desk, StudioJobRow], JobPart]] = MappingProxyType(
    {SCENARIOS: play_part, HANDBOOK: print_part, CHECK: check_part}
)


@guarded("work.run")
def carry_out(desk: Desk, actor: Actor, item: WorkItemRow) -> None:
    """Carry out a claimed work item of any kind; any exception leaves nothing of it committed."""
    if item.kind == WORK:
        _run_part(desk, item)
    else:
        run_item(desk, actor, item)


@guarded("draft.view")
def restart_job(desk: Desk, actor: Actor, draft: int, job: int) -> int:
    """Start a job of ``draft`` again, on the draft as it is now; returns the new job's number.

    Raises NotFound when it was forgotten, Conflict while it runs.
    """
    request = get_job_request(desk, actor, draft, job)
    if request["work"] == HANDBOOK:
        return make_handbook(desk, actor, draft, request["side"], request["language"])
    if request["work"] == CHECK:
        return start_check(desk, actor, draft, request.get("base"))
    return run_scenarios(desk, actor, draft, request["paths"])


def _run_part(desk: Desk, item: WorkItemRow) -> None:
    with desk.store.read() as tx:
        row = tx.studio_jobs.find(id=int(item.payload["job"]))
    part: JobPart | None = None
    trouble: Text | None = None
    if row is not None and row.ended_at is None:
        try:
            part = _PARTS[row.asked["work"]](desk, row)
        except (Busy, Unreachable):
            raise
        except LaurelError as refusal:
            trouble = refusal.message
        except Exception:
            _LOG.exception("job %s of the studio failed", row.id)
            trouble = _describe_fault(row.id)
    with desk.store.write() as tx:
        if row is not None and (part or trouble):
            _save_part(desk, tx, row, part, trouble)
        tx.work.finish(item, desk.clock.now())


def _save_part(desk: Desk, tx: Transaction, row: StudioJobRow, part: JobPart | None, trouble: Text | None) -> None:
    """Keep what a part came to; where others are left, leave the work item of the next."""
    now, done, running = desk.clock.now(), row.done + 1, {"id": row.id, "ended_at": None}
    if part is None:
        trouble_data = trouble.as_json() if trouble else None
        tx.studio_jobs.change_where(running, state=JobState.FAILED, trouble=trouble_data, ended_at=now)
        return
    part.keep(tx)
    changes: dict[str, object] = {"done": done, "doing": part.doing.as_json()}
    if done < row.total:
        tx.studio_jobs.change_where(running, **changes)
        tx.work.enqueue_many([part_work(row.id, done, desk)], now)
    else:
        tx.studio_jobs.change_where(running, **changes, state=JobState.DONE, result=part.result, ended_at=now)


def _describe_fault(job: int) -> Text:
    """Return what a designer reads of a fault of the program: what it was stands in the log."""
    return Text(
        f"程序出错，没有做完。请重新开始；再次出错的，请把“运算 {job} 号”告诉管理员，原因记在程序日志中。",
        f"The program failed, so this is not finished. Start it again; if it fails again, tell the administrator of "
        f"job {job}: the log has the cause.",
    )
