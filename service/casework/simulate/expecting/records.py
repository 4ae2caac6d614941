"""Records of a case for expectations: one reader for every kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from service.casework.queries.downloads.files import open_upload
from service.casework.reading.case_loading import open_read_only, token_data
from service.casework.reading.history import events_of
from service.casework.reading.lacked import describe_missing_facts
from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.ballots import ballots
from service.casework.simulate.stage.stage import PlayState
from service.casework.step.limits.days import NO_DUE_DATE, get_statutory_limit
from service.casework.step.step import Step
from service.casework.tasks.prefill import first_values
from service.domain.calendar import local_date
from service.domain.errors import NotAllowed, NotFound
from service.domain.output.composed_document import written
from service.domain.text import Text
from service.sdk import PERSON
from service.store.models import TaskRow

Row = Mapping[str, Any]
Facts = list[dict[str, Any]]
EMPTY = "empty"
"""Key of what a finding lacked, as a sentence: no expectation asks for it."""


def files(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``file: 配方.pdf, reader: committee, opens: false``: who may open a submitted file; the access is recorded."""
    if "reader" not in row or "opens" not in row or "no" in row:
        raise ScenarioMistake(
            Text(
                f"期望 {dict(row)} 须写明由谁查看（reader）和能否打开（opens: true 或 false，不写 no）。",
                f"Expectation {dict(row)} must say who reads (reader) and whether it opens (opens: true or false, not no).",
            )
        )
    with stage.desk.store.read() as tx:
        handed_in = tx.uploads.list_of_case(stage.case(row["case"]))
    named = [upload for upload in handed_in if upload.name == row["file"]]
    return [
        {"file": upload.name, "reader": row["reader"], "opens": _can_open(stage, str(row["reader"]), upload.id)}
        for upload in named
    ]


def _can_open(stage: PlayState, reader: str, upload: str) -> bool:
    try:
        open_upload(stage.desk, stage.cast.actor(reader), upload).content.close()
    except (NotAllowed, NotFound):
        return False
    return True


def list_prefilled_fields(stage: PlayState, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """``prefill: settle_acceptance, contains: 同届申报``: what the office finds in the open task's form."""
    reader = stage.cast.actor("office")
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(row["case"]))
        step = open_read_only(stage.desk, tx, case, reader)
        return [
            {"prefill": task.element, "text": _task_words(step, task)}
            for task in tx.tasks.select(case_id=case.id)
            if task.state == "open" and task.form
        ]


def _task_words(step: Step, task: TaskRow) -> str:
    consequence = step.element(task.process_id, task.element).consequence
    says = step.text(consequence, token_data(step, task)) if consequence else ""
    return says + json.dumps(first_values(step, task), ensure_ascii=False, default=str)


def _format_day(instant: datetime | None) -> str | None:
    return None if instant is None else local_date(instant).isoformat()


def _read_outcome(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(row["case"]))
    return [{"outcome": case.outcome, "status": case.status, "on": _format_day(case.ended_at), "number": case.number}]


def _read_facts(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        case = tx.cases.get(stage.case(row["case"]))
    return [{"fact": name, "value": value, "text": _as_text(value)} for name, value in case.facts.items()]


def _as_text(value: object) -> str:
    """Return a fact's value as text: what lists and contexts hold is looked into as well."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _read_notices(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.notices.select(case_id=stage.case(row["case"]))
    return [
        {
            "notice": n.kind,
            "first_day": n.first_day.isoformat(),
            "last_day": n.last_day.isoformat(),
            "posted_on": _format_day(n.posted_at),
            "state": n.state,
            "objections": n.objections,
            "provisional": bool(n.period.get("provisional")),
            "audience": n.audience,
            "clauses": n.clauses,
            "text": f"{n.title}{n.content}",
        }
        for n in rows
    ]


def _read_findings(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.findings.select(case_id=stage.case(row["case"]), current=True)
    return [
        {
            "finding": f.ground,
            "result": f.result,
            "decided_by": f.decided_by,
            "clauses": f.clauses,
            "supplied_by": f.supplied_by,
            "text": f.text,
            EMPTY: describe_missing_facts(stage.package, f),
        }
        for f in rows
    ]


def _read_documents(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.documents.select(case_id=stage.case(row["case"]))
        people = {int(to.removeprefix(PERSON)) for d in rows for to in d.recipients if to.startswith(PERSON)}
        names = {f"{PERSON}{ident}": name for ident, name in tx.people.named(people).items()}
    return [
        {
            "document": d.template,
            "on": _format_day(d.issued_at),
            "number": d.content.get("number"),
            "produced": d.sha256 is not None,
            "to": [names.get(to, to) for to in d.recipients],
            "clauses": d.clauses,
            "text": written(d.content),
        }
        for d in rows
    ]


def _read_reached(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.visits.select(case_id=stage.case(row["case"]))
    return [{"reached": v.element, "on": _format_day(v.at)} for v in rows]


def _read_tasks(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.tasks.select(case_id=stage.case(row["case"]))
        bodies = tx.bodies.by_id([t.body_id for t in rows if t.body_id is not None])
    return [
        {
            "task": t.element,
            "state": t.state,
            "role": t.role,
            "body": bodies[t.body_id].key if t.body_id is not None else None,
            "due": due_day(t),
            "useful_until": t.due_reason["last_day"] if (t.due_reason or {}).get("useful") else None,
            "provisional": (t.due_reason or {}).get("provisional", False),
            "kind": t.kind,
            "on": _format_day(t.created_at),
            "clauses": t.clauses,
            "text": f"{t.title}{t.note or ''}",
        }
        for t in rows
    ]


def due_day(row: TaskRow) -> str | None:
    """Return the last day of a task's own limit, counted or given as a date; None where it has none."""
    until, reason = get_statutory_limit(row)
    counted = (reason or {}).get("last_day")
    if counted is not None or until == NO_DUE_DATE:
        return counted and str(counted)
    return _format_day(until - timedelta(microseconds=1))


def _read_waiting(stage: PlayState, row: Row) -> Facts:
    return [{**f, "waiting": f["task"]} for f in _read_tasks(stage, row) if f["state"] == "open"]


def _read_mail(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.mail.select(case_id=stage.case(row["case"]))
        names = tx.people.named([m.person_id for m in rows if m.person_id is not None])
    return [
        {"mail": names.get(m.person_id or 0), "on": _format_day(m.queued_at), "text": f"{m.subject}{m.text}"}
        for m in rows
    ]


def _read_history(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.history.newest(stage.case(row["case"]), 10_000)
    return [
        {
            "history": e.action,
            "on": _format_day(e.at),
            "element": e.element,
            "text": f"{row.text}：{e.reason}" if e.reason else row.text,
        }
        for row, e in zip(rows, events_of(rows), strict=True)
    ]


def _read_timers(stage: PlayState, row: Row) -> Facts:
    with stage.desk.store.read() as tx:
        rows = tx.work.of_case(stage.case(row["case"]))
    return [
        {
            "timer": w.payload.get("element"),
            "last_day": w.payload.get("last_day"),
            "due": _format_day(w.due_at),
            "provisional": w.provisional,
            "state": w.state,
        }
        for w in rows
        if w.kind == "timer"
    ]


def _read_panels(stage: PlayState, row: Row) -> Facts:
    """Return who sits, or sat, on the panels that review the case."""
    with stage.desk.store.read() as tx:
        panels = {p.id: p for p in tx.panels.of_case(stage.case(row["case"]))}
        members = tx.panel_members.select(panel_id=list(panels))
        names = tx.people.named({m.person_id for m in members})
    return [
        {
            "panel": panels[m.panel_id].stage,
            "member": names[m.person_id],
            "state": m.state,
            "leader": panels[m.panel_id].leader_id == m.person_id,
            "on": _format_day(m.since),
        }
        for m in members
    ]


def _read_parties(stage: PlayState, row: Row) -> Facts:
    """Return the bodies that hold a role in the case: they may see it and are written to."""
    with stage.desk.store.read() as tx:
        parties = tx.cases.parties(stage.case(row["case"]))
    return [
        {"party": role, "body": body.key, "text": body.name}
        for role, party_bodies in parties.items()
        for body in party_bodies
    ]


def _read_awards(stage: PlayState, row: Row) -> Facts:
    """Return what is on record of the awards of the case's organisation, with what was noted later."""
    with stage.desk.store.read() as tx:
        subject = tx.cases.get(stage.case(row["case"])).subject_id
        rows = tx.awards.list_of_body(subject) if subject is not None else []
    return [
        {**a.details, "award": a.tier, "number": a.number, "decided_on": a.decided_on, "revoked_on": a.revoked_on}
        for a in rows
    ]


def _read_sanctions(stage: PlayState, row: Row) -> Facts:
    """Return the sanctions on record against the case's organisation."""
    with stage.desk.store.read() as tx:
        subject = tx.cases.get(stage.case(row["case"])).subject_id
        rows = tx.sanctions.select(body_id=subject) if subject is not None else []
    return [
        {
            "sanction": s.ground,
            "effect": s.effect,
            "from_day": s.from_day,
            "last_day": s.last_day,
            "clauses": s.clauses,
        }
        for s in rows
    ]


KINDS: Mapping[str, Callable[[PlayState, Row], Facts]] = {
    "notice": _read_notices,
    "finding": _read_findings,
    "document": _read_documents,
    "reached": _read_reached,
    "task": _read_tasks,
    "waiting": _read_waiting,
    "prefill": list_prefilled_fields,
    "mail": _read_mail,
    "history": _read_history,
    "timer": _read_timers,
    "panel": _read_panels,
    "party": _read_parties,
    "sanction": _read_sanctions,
    "fact": _read_facts,
    "file": files,
    "outcome": _read_outcome,
    "status": _read_outcome,
    "ballot": ballots,
    "award": _read_awards,
}
"""What an expectation may look at."""
