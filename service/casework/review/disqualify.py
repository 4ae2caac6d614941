"""Disqualify an expert by decision of a procedure: on the register and on every running panel."""

from __future__ import annotations

from datetime import date
from typing import Any

from service.casework.review.drop_reviewer import drop_from_panel
from service.casework.review.register_of_experts import note_change
from service.casework.scope.record import valid_sheets
from service.casework.step.step import Step
from service.domain.values.typed_numbers import whole_number
from service.store.models import ExpertRow, WorkItemRow

WORK = "reviewer"
"""Kind of the work item that removes a disqualified evaluator from the panels of a case."""


def disqualify_expert(
    step: Step, person: str, reason: str, until: date | None, scores: str
) -> list[dict[str, Any]] | None:
    """Disqualify an expert until a day, or for good.

    ``person`` is the row number of a person, never a name; ``scores`` drop, repeat or keep. Returns the running reviews that
    lose them, with how many sheets others have sent and whether they sent theirs, None when no entry of the register is meant.
    """
    row = _find_expert(step, person)
    if row is None:
        step.audit("register", f"没有选定人员（此人不在专家库中），没有取消任何人的专家资格：{reason}")
        return None
    step.tx.experts.step(
        row.id,
        row.version,
        status="disqualified",
        status_reason=reason,
        status_until=until,
        changed_at=step.now,
    )
    name = step.tx.people.get(row.person_id).name
    data = {"reason": reason, "until": until.isoformat() if until else None, "scores": scores, "case": step.case.id}
    note_change(step.desk, step.tx, step.actor, row.id, "disqualified", f"取消专家资格：{reason}", data)
    step.audit("register", f"取消{name}的专家资格：{reason}", None, {"expert": row.id})
    running = step.tx.panels.running_of(row.person_id, row.jurisdiction)
    for panel_id, case_id, stage in running:
        payload = {"panel": panel_id, "stage": stage, "person": row.person_id, "reason": reason, "scores": scores}
        step.queue(WORK, f"{WORK}:{row.id}:{row.version}:{panel_id}:{case_id}", payload, case_id=case_id)
    return [
        {
            "name": step.tx.cases.get(case_id).title,
            "stage": stage,
            "sheets": sum(person_id != row.person_id for person_id in scored_by),
            "scored": row.person_id in scored_by,
        }
        for case_id, stage, scored_by in (
            (case_id, stage, [s.person_id for s in valid_sheets(step.tx, case_id, stage)])
            for _, case_id, stage in running
        )
    ]


def remove_from_panel(step: Step, item: WorkItemRow) -> None:
    """Remove a disqualified evaluator from the panel of the step's case, as the work item says."""
    payload = item.payload
    drop_from_panel(
        step,
        int(payload["panel"]),
        str(payload["stage"]),
        int(payload["person"]),
        str(payload["reason"]),
        str(payload["scores"]),
    )


def _find_expert(step: Step, person: str) -> ExpertRow | None:
    """Return the register entry of a person by row number only: two people may have one name."""
    number = whole_number(person)
    return (
        None
        if number is None or len(person) > 18
        else step.tx.experts.find(jurisdiction=step.case.jurisdiction, person_id=number)
    )
