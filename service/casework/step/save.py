"""Save a step: everything it changed, written together, and the instance put into the cache."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.step.announce import announce_notices, announce_tasks
from service.casework.step.case_state import BY_ITSELF, Cause, pack_case_state
from service.casework.step.facts import events_to_keep, findable_of
from service.casework.step.limits.move import follow_facts
from service.casework.step.project import project_instance
from service.casework.step.standstill import report_standstill
from service.casework.step.step import Step
from service.store import NewWork
from service.store.models import TaskRow
from service.store.types import to_text


def save_step(step: Step, cause: Cause = BY_ITSELF) -> list[TaskRow]:
    """Write projections, queued work, history and the case row; returns the tasks that are new.

    Raises:
        Stale: another step of the case was saved meanwhile.
    """
    fresh = project_instance(step, cause)
    changed = to_text(step.facts) != to_text(step.facts_before)  # in the letters that are kept
    if changed:
        follow_facts(step, fresh)
    if cause.returned is None or cause.returned.assignee is None:  # what somebody took back is in their hands
        announce_tasks(step, fresh)
    announce_notices(step)
    report_standstill(step)
    tx, case = step.tx, step.case
    tx.crash("projected")
    if step.pending.work:
        work: list[NewWork] = sorted(step.pending.work, key=_looks_at_barriers)
        tx.work.enqueue_many(work, step.now)
    tx.crash("work-queued")
    state = step.instance.dump(small=not step.desk.store.in_memory)
    stored = pack_case_state(step.projection, state)
    seq, digest = tx.history.append(case.id, case.audit_seq, case.audit_hash, events_to_keep(step))
    tx.crash("history-written")
    tx.cases.save(
        case,
        state=stored,
        facts=step.facts,
        audit_seq=seq,
        audit_hash=digest,
        changed_at=step.now,
        **step.changes,
        **_build_findable_column(step, changed),
    )
    tx.crash("case-saved")
    step.engine_state = state
    tx.after_commit(lambda: cache_instance(step))
    return fresh


def _build_findable_column(step: Step, changed: bool) -> Mapping[str, str]:
    """Return the column by which the case is found, where another version or other facts (``changed``) may change it."""
    case = step.case
    if not changed and "definition" not in step.changes and case.findable is not None:
        return {}
    return {"findable": findable_of(step.package, step.facts)}


def cache_instance(step: Step) -> None:
    """Put the instance into the engine's cache for the next step; one that has moved since it was saved is dropped."""
    step.desk.engine.cache(step.case.definition, step.engine_state, step.instance)


def _looks_at_barriers(work: NewWork) -> bool:
    """Return whether ``work`` re-evaluates the barriers of a parent case, which comes last.

    What the step tells other cases has then reached them: an objection that ends and strikes a candidate
    must not let the round list it first.
    """
    return work.kind == "barrier"
