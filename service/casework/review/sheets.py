"""Submission of score sheets: checked against the scoring edition and kept as records, never lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.declarations import DECLARATION, LATE_TIE_WAITS, late_declarations
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.reading.case_loading import token_data
from service.casework.step.history import append_case_event
from service.casework.step.step import Step
from service.casework.step.submission import FormInvalid
from service.catalog.scoring.scoring import CONSENSUS, SCORE_WORDS, edition_of
from service.domain.errors import Conflict, NotAllowed
from service.domain.forms import FieldError
from service.domain.review import ItemScore, Sheet, check_sheet, exact, field_of, read_sheet
from service.domain.text import Text
from service.store.models import PanelRow, SheetRow, TaskRow


def check_scores(step: Step, task: TaskRow, data: Mapping[str, Any], typed: Mapping[str, Any]) -> None:
    """Check a score sheet against its edition: in band, complete, with reasons unless the city asks for none.

    Other forms pass. Raises FormInvalid.
    """
    ident = edition_of(task.form or "")
    if ident is None:
        return
    edition = step.package.edition(ident)
    if step.case.parameters.get(SCORE_WORDS) is False:
        edition = replace(edition, reasons=False)
    sheet = read_sheet(edition, data)
    errors = [
        FieldError(f"{field_of(e.item)}.{e.field}", _get_item_name(sheet, e.item), e.text, refused=e.refused)
        for e in check_sheet(sheet, complete=True)
    ]
    if errors:
        raise FormInvalid(errors, typed)


def keep_sheet(step: Step, task: TaskRow, data: Mapping[str, Any]) -> None:
    """Keep a submitted score sheet as a record of its stage.

    Raises:
        NotAllowed: the sender is no active member of the panel that reviews this case.
        Conflict: it is still to be decided whether they are recused, as they declared a tie beside the sheet.
    """
    ident = edition_of(task.form or "")
    if ident is None or step.actor.person_id is None:
        return
    step.submissions(DECLARATION)
    if step.actor.person_id in late_declarations(step.tx, step.case):
        raise Conflict(LATE_TIE_WAITS)
    panel = panel_of(step, task)
    step.tx.sheets.change_where({"task_id": task.id, "state": "valid"}, state="taken_back", reason="重新提交")
    _insert_sheet(step, panel.stage, task, read_sheet(step.package.edition(ident), data), data)


@guarded("task.complete")
def keep_other_version(desk: Desk, actor: Actor, task_id: int, submission: Mapping[str, Any]) -> None:
    """Keep the entries of the slower of two people who filled in the same sheet, so that nothing is lost."""
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        ident = edition_of(task.form or "")
        beaten = task.state == "done" and task.done_by != actor.person_id
        if not beaten or ident is None or actor.person_id is None:
            return
        if not tx.panels.reviews(actor.person_id, task.case_id):
            return
        case = tx.cases.get(task.case_id)
        edition = desk.packages.get(case.definition, tx).edition(ident)
        stage = next((s.stage for s in reversed(tx.sheets.select(case_id=case.id)) if s.task_id == task_id), "")
        sheet = read_sheet(edition, submission)
        tx.sheets.insert(
            SheetRow(
                **_build_columns(case.id, stage, task, sheet, submission),
                person_id=actor.person_id,
                state="conflict",
                reason="他人已先提交",
                at=desk.clock.now(),
            )
        )
        words = f"{actor.name}提交“{task.title}”时他人已先提交，其内容另存备查"
        append_case_event(desk, tx, case.id, actor, "sheet_conflict", words, task.element)


def panel_of(step: Step, task: TaskRow) -> PanelRow:
    """Return the open panel of the stage of ``task``; raises NotAllowed where the actor is not on it."""
    person = step.actor.person_id
    panels = [p for p in step.tx.panels.of_case(step.case.id) if p.state == "open"]
    # a stage reopened for want of sheets runs beside a later one of the same case
    review = token_data(step, task).get("review")
    stage = review.get("stage") if isinstance(review, Mapping) else None
    panels = [p for p in panels if p.stage == stage] or panels
    mine = {
        m.panel_id
        for m in step.tx.panel_members.select(panel_id=[p.id for p in panels])
        if m.person_id == person and m.state == "active"
    }
    member_panels = [p for p in panels if p.id in mine]
    if not member_panels:
        raise NotAllowed(
            Text(
                f"您不是“{step.case.title}”评审组的成员，不能提交“{task.title}”。",
                f"You are not on the panel that reviews “{step.case.title}”.",
            )
        )
    return member_panels[-1]


def _insert_sheet(step: Step, stage: str, task: TaskRow, sheet: Sheet, data: Mapping[str, Any]) -> None:
    columns = _build_columns(step.case.id, stage, task, sheet, data) | {"person_id": step.actor.person_id}
    step.tx.sheets.insert(SheetRow(**columns, state="valid", at=step.now))


def _build_columns(case: int, stage: str, task: TaskRow, sheet: Sheet, data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "case_id": case,
        "stage": stage,
        "task_id": task.id,
        "kind": "consensus" if (task.form or "").startswith(CONSENSUS) else "own",
        "edition": sheet.edition.id,
        "scores": {
            item: _build_score_entry(score, data.get(field_of(item)) or {}) for item, score in sheet.scores.items()
        },
        "points": exact(sheet.total),
    }


def _build_score_entry(score: ItemScore, filled: Mapping[str, Any]) -> dict[str, Any]:
    entry = {"percent": score.percent, "strengths": score.strengths, "improvements": score.improvements}
    reason = filled.get("reason")
    return {**entry, "reason": str(reason)} if reason else entry


def _get_item_name(sheet: Sheet, item: str) -> Text:
    name = f"{item} {sheet.edition.items[item].name}" if item in sheet.edition.items else item
    return Text(name, name)
