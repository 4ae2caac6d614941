"""The end of a unit of work: everything the step changed, written together."""

from __future__ import annotations

from service.casework.blob import pack
from service.casework.project import project
from service.casework.step import Step


def save_step(step: Step) -> None:
    """Write projections, queued work, history and the case row; raises Stale when somebody else stepped meanwhile."""
    project(step)
    tx, case = step.tx, step.case
    tx.crash("projected")
    if step.pending.work:
        tx.work.enqueue_many(step.pending.work, step.now)
    tx.crash("work-queued")
    seq, digest = tx.history.append(case.id, case.audit_seq, case.audit_hash, step.pending.events)
    tx.crash("history-written")
    state = step.instance.dump()
    tx.cases.save(
        case.id,
        case.version,
        state=pack(step.projection, state),
        facts=step.facts,
        audit_seq=seq,
        audit_hash=digest,
        changed_at=step.now,
        **step.changes,
    )
    tx.crash("case-saved")
    step.engine_state = state
    tx.after_commit(lambda: keep_awake(step))


def keep_awake(step: Step) -> None:
    """Leave the instance for the next step; what has moved since it was saved is forgotten instead."""
    step.desk.engine.keep(step.case.definition, step.engine_state, step.instance)
