"""Terminate a case before its own end, with a document that says why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.ballots.box import OPEN
from service.casework.desk.desk import Desk
from service.casework.interventions.effect import Effect
from service.casework.interventions.given import text_of
from service.casework.interventions.intervene import Done, InterventionAsked, apply_intervention, list_concerned_people
from service.casework.notices.recall import mark_recalled
from service.casework.step.project import queue_parent_barriers
from service.casework.step.step import Step
from service.catalog import BodyKind
from service.domain.errors import Conflict
from service.domain.text import Text
from service.store.models import DocumentRow
from service.store.queries.case_tree import TERMINATED


@guarded("case.terminate")
def terminate_case(
    desk: Desk, actor: Actor, case_id: int, request: InterventionAsked, values: Mapping[str, Any]
) -> Effect:
    """End a case now: every task, timer and running notice ends with it, and a document is issued.

    ``values``: basis, the clause or decision it rests on.

    Raises:
        Invalid: no basis or no reason.
        Conflict: a ballot of the case is open, or cases below it run.
    """

    def end_case(step: Step) -> Done:
        basis = text_of(values, "basis", Text("终止的依据", "the basis"))
        _require_free(step)
        people = list_concerned_people(step)
        for notice in step.tx.notices.select(case_id=case_id):
            mark_recalled(step, notice, f"办件终止：{request.told or basis}")
        step.instance.terminate()
        step.change(status="ended", outcome=TERMINATED, ended_at=step.now)
        step.audit("ended", "办件结束：终止办理", None, {"outcome": TERMINATED, "reason": request.told or basis})
        _issue_decision(step, basis, request.told)
        queue_parent_barriers(step)
        text = Text(f"终止办理。依据：{basis}。", f"was terminated. Basis: {basis}.")
        return Done(text, tell=people)

    return apply_intervention(desk, actor, case_id, request, end_case)


def _require_free(step: Step) -> None:
    about = [step.case.id, *([step.case.parent_id] if step.case.parent_id is not None else [])]
    if any(ballot.state == OPEN for case in about for ballot in step.tx.ballots.select(case_id=case)):
        raise Conflict(
            Text(
                "正在表决，管理员不能以终止代替表决的结果。请等表决截止，或者由办公室写明原因在表决页提前截止。",
                "A ballot is open, and ending the case would take its place: wait for its close, or for the office to"
                " close it early on its page, with a reason.",
            )
        )
    below = sum(1 for child in step.tx.cases.select(parent_id=step.case.id) if child.status != "ended")
    if below:
        raise Conflict(
            Text(
                f"还有{below}件下属办件没有结束，请先终止它们（可以批量）或者等它们办结。",
                f"Cases below it still run ({below}): terminate them first (in one batch), or wait for them.",
            )
        )


def _issue_decision(step: Step, basis: str, reason: str) -> None:
    """Issue the decision in the office's name, to the organisation the case is about."""
    office = next((b.name for b in step.package.jurisdiction.bodies if b.kind is BodyKind.OFFICE), "办公室")
    subject = step.tx.bodies.get(step.case.subject_id).name if step.case.subject_id is not None else ""
    kind = step.package.process(step.case.process).name
    number = f"（{step.case.number}）" if step.case.number else ""
    title = f"关于终止办理“{step.case.title}”的告知书"[:300]
    content = {
        "layout": "official",
        "head": "",
        "title": title,
        "number": None,
        "addressee": f"{subject}：" if subject else "",
        "paragraphs": [
            f"“{step.case.title}”{number}（{kind}）自即日起终止办理。",
            *([f"原因：{reason.rstrip('。')}。"] if reason else []),
            f"依据：{basis.rstrip('。')}。",
            "终止前已经提交的材料和办理记录继续保存。对终止有异议的，可以向办公室提出。",
        ],
        "signature": office,
        "copies": [],
        "note": [],
        "attachments": [],
        "date": step.today.isoformat(),
    }
    roles = [role for role, role_info in step.package.jurisdiction.roles.items() if role_info.subject]
    row = DocumentRow(
        jurisdiction=step.case.jurisdiction,
        case_id=step.case.id,
        template="case_termination",
        title=title,
        content=content,
        recipients=roles[:1] if step.case.subject_id is not None else [],
        issued_at=step.now,
    )
    ident = step.tx.documents.insert(row)
    step.queue("document", f"document:{ident}", {"document": ident})
    step.audit("document", f"制发《{title}》", None, {"document": ident})
