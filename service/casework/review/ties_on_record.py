"""Ties of experts to organisations and recusals: put on record, lifted with a reason."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.case_access import (
    require_not_recused,
    require_open,
    require_running,
    require_task,
    seat_for,
)
from service.casework.access.declarations import DECLARATION, DECLARED, awaits_recusal
from service.casework.access.guards import guarded
from service.casework.ballots.declare_recusal import recuse_from_votes
from service.casework.desk.desk import Desk
from service.casework.review.decide_recusals import conflicts_of, note_declarations
from service.casework.review.draw_panel import send_change
from service.casework.review.drop_reviewer import can_reopen, reopen_stage, tell_round
from service.casework.review.register_of_experts import note_change, require_office
from service.casework.review.sheets import panel_of
from service.casework.step.post import letter_rows, put
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.step.submission import CheckedForm, record
from service.casework.subjects.case_subjects import subject_ids
from service.casework.subjects.ties import KINDS
from service.catalog.scoring.scoring import edition_of
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.domain.text import Text
from service.store import Stale, Transaction
from service.store.models import ExpertRow, InterestRow, PanelRow, RecusalRow, TaskRow


@guarded("experts.manage")
def note_interest(
    desk: Desk, actor: Actor, expert_id: int, body_id: int, kind: str, text: str, last_day: date | None
) -> Text | None:
    """Record an interest of an expert in an organisation, as matching finds it; raises Invalid.

    Where the expert reviews that organisation now, the review stops until it is decided whether they are recused; where they
    are to vote on it, they are recused from that vote. Returns that, and what is left to do where their score counts in a
    stage that is over, or their paper is in the box.
    """
    if kind not in KINDS:
        raise Invalid(Text("请选择利害关系的种类。", "Choose the kind of interest."))
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        require_office(actor, row.jurisdiction)
        body = next(
            (
                organisation
                for organisation in tx.bodies.list_organisations_in(row.jurisdiction)
                if organisation.id == body_id
            ),
            None,
        )
        if body is None:
            raise Invalid(
                Text(
                    "请从列表中选择组织：只能登记与本地办件中的组织的利害关系。",
                    "Choose the organisation from the list: it must be one with a case in this place.",
                )
            )
        tie = tx.interests.insert(
            InterestRow(
                person_id=row.person_id,
                body_id=body_id,
                kind=kind,
                last_day=last_day,
                source="record",
                text=text.strip(),
                noted_at=desk.clock.now(),
            )
        )
        note_change(desk, tx, actor, expert_id, "interest", f"登记与{body.name}的利害关系", {"kind": kind})
    stopped = stop_reviews(desk, actor, row.jurisdiction, row.person_id, tie)
    recused, voted = recuse_from_votes(desk, actor, row.jurisdiction, row.person_id, body_id)
    with desk.store.read() as tx:
        over = _stages_over(tx, row, body_id)
    sentences = []
    if stopped:
        sentences.append(
            Text(
                f"该专家正在评审：{'、'.join(stopped)}。评审已经停下，等决定是否回避；回避的，其评分作废，补抽专家重新汇总。",
                f"The expert is reviewing {', '.join(stopped)}: the review has stopped until it is decided whether they are "
                "recused; if so, their score is void, and they are replaced.",
            )
        )
    if over:
        sentences.append(
            Text(
                f"其评分已经计入这些已结束阶段的得分：{'、'.join(over)}。",
                f"Their score counts in the result of stages that are over: {', '.join(over)}.",
            )
        )
    if recused:
        sentences.append(
            Text(
                f"该专家在这些表决的名册上，已经回避，不就该组织投票：{'、'.join(recused)}。",
                f"The expert is on the roll of these votes and is recused from that organisation: {', '.join(recused)}.",
            )
        )
    if voted:
        sentences.append(
            Text(
                f"该专家在这些表决中已经投票，选票不能取出：{'、'.join(voted)}；须回避的，由两人在该表决的页面上作废后重新投票。",
                f"The expert has voted already in {', '.join(voted)}, and no paper can be taken out: where they have to be recused,"
                " two people make the vote void on its page and it is called anew.",
            )
        )
    return Text("".join(x.zh for x in sentences), " ".join(x.en for x in sentences)) if sentences else None


@guarded("experts.manage")
def stop_reviews(desk: Desk, actor: Actor, jurisdiction: str, person: int, tie: int) -> list[str]:
    """Let each running review of whoever has a fresh tie on record decide on it; returns the titles of these cases."""
    with desk.store.read() as tx:
        running = tx.panels.running_of(person, jurisdiction)
    titles = []
    for panel_id, case_id, _ in running:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case_id, actor)
            panel = next(p for p in tx.panels.of_case(case_id) if p.id == panel_id)
            if not any(conflict.person == person for conflict in conflicts_of(step, panel, DECLARATION)):
                continue
            if panel.state == "open":
                send_change(step, panel, person, tie)
            elif can_reopen(step):
                reopen_stage(step, panel, f"tie:{tie}", "评审专家新登记了利害关系，重新开启评审，决定是否回避")
                tell_round(step, panel, f"tie:{tie}")
            else:
                continue
            save_step(step)
            titles.append(step.case.title)
    return titles


def _stages_over(tx: Transaction, expert: ExpertRow, body: int) -> list[str]:
    """Return the titles of an organisation's running applications in which a stage with the expert's sheet is over."""
    running = tx.panels.running_of(expert.person_id, expert.jurisdiction)
    cases = {ident: tx.cases.get(ident) for _, ident, _ in running}
    over = {p.id for ident in cases for p in tx.panels.of_case(ident) if p.state != "open"}
    about = [cases[ident] for panel, ident, _ in running if panel in over]
    return list(dict.fromkeys(case.title for case in about if body in subject_ids(case)))


@guarded("experts.manage")
def lift_recusal(desk: Desk, actor: Actor, recusal_id: int, reason: str) -> None:
    """End a recusal whose ground has ceased, with a reason.

    Raises:
        NotAllowed: it is the actor's own, or belongs to another jurisdiction.
        Stale: it has ended already.
    """
    if not reason.strip():
        raise Invalid(Text("请写明解除回避的原因。", "Say why the recusal ends."))
    with desk.store.write() as tx:
        row = tx.recusals.get(recusal_id)
        require_office(actor, row.jurisdiction)
        if row.person_id == actor.person_id:
            raise NotAllowed(
                Text(
                    "不能解除本人的回避，请由办公室其他人员办理。",
                    "Nobody ends their own recusal: ask a colleague of the office.",
                )
            )
        live = {"id": recusal_id, "lifted_at": None}
        if not tx.recusals.change_where(live, lifted_at=desk.clock.now(), lifted_reason=reason.strip()):
            raise Stale
        _tell_lifted(desk, tx, row, reason.strip())
        expert = tx.experts.find(jurisdiction=row.jurisdiction, person_id=row.person_id)
        if expert is not None:
            name = tx.bodies.get(row.body_id).name
            note_change(desk, tx, actor, expert.id, "recusal", f"解除对{name}的回避：{reason.strip()}", {})


def _tell_lifted(desk: Desk, tx: Transaction, row: RecusalRow, reason: str) -> None:
    """Tell whoever was told of a recusal that it has ended."""
    name, now = tx.bodies.get(row.body_id).name, desk.clock.now()
    subject = Text(f"解除回避：{name}", f"No longer recused: {name}")
    text = Text(
        f"您对{name}的回避已经解除。原因：{reason}\n已经因回避作出的安排（评分、名册）不因此改变。",
        f"You are no longer recused from {name}. Reason: {reason}\nWhat was arranged meanwhile, sheets and rolls, stays as it is.",
    )
    rows = letter_rows([tx.people.get(row.person_id)], row.case_id, f"recusal-lifted:{row.id}", subject, text, now)
    tx.work.enqueue_many(put(desk, tx, rows, now), now)


_MOST = 500
"""Letters of what a tie is said to be; as in the form of the step for it."""


@guarded("review.declare")
def declare_late_tie(desk: Desk, actor: Actor, task_id: int, kind: str, text: str) -> None:
    """Put a tie to the applicant whose sheet the actor has before them on record, and stop the review until it is decided.

    Until then the file of the applicant is closed to them and no sheet of theirs is taken.

    Raises:
        NotAllowed: the task is not theirs, or they are not on the panel.
        Invalid: the task scores nothing, or nothing is said of the tie.
        Conflict: the task is over, or their recusal was decided before or waits to be.
    """
    with desk.store.write() as tx:
        task = tx.tasks.get(task_id)
        step = open_step(desk, tx, task.case_id, actor)
        task = tx.tasks.lock(task_id)
        require_task(actor, task)
        require_not_recused(actor, step.case)
        require_open(task)
        require_running(step.case)
        panel = _panel_scored(step, task)
        if awaits_recusal(tx, actor.person_id or 0, step.case):
            raise Conflict(Text("您已经申明，正等决定是否回避。", "You have declared it already; it is to be decided."))
        _record_declaration(step, task, kind, text.strip())
        if not awaits_recusal(tx, actor.person_id or 0, step.case):
            raise Conflict(
                Text(
                    "您是否回避该组织已经决定过；有新情况的，请告知办公室。",
                    "Your recusal from this organisation was decided before; tell the office what is new.",
                )
            )
        note_declarations(step, panel, DECLARATION)
        step.audit("recusal", f"{actor.name}评审中申明利害关系，等决定是否回避", task.element, {"task": task.id})
        send_change(step, panel, actor.person_id or 0, task.id)
        save_step(step)


def _panel_scored(step: Step, task: TaskRow) -> PanelRow:
    """Return the open panel for which a task scores; raises Invalid where it scores nothing, or nobody declares here."""
    if edition_of(task.form or "") is None or not step.package.has_form(DECLARATION):
        raise Invalid(Text("只能在本人的评分事项中申明。", "A tie is declared beside one's own score sheet."))
    return panel_of(step, task)


def _record_declaration(step: Step, task: TaskRow, kind: str, text: str) -> None:
    """Keep the declaration as one submitted beside the task, with what it says and nothing that was not said."""
    if kind not in KINDS:
        raise Invalid(Text("请选择利害关系的种类。", "Choose the kind of interest."), field="kind")
    if not text:
        raise Invalid(Text("请写明是什么关系。", "Say what the tie is."), field="text")
    data = {DECLARED[0]: "yes", DECLARED[1]: [{"kind": kind, "text": text[:_MOST]}]}
    seat = seat_for(step.actor, task)
    record(step, DECLARATION, task.element, CheckedForm(data, {}), task_id=None, body_id=seat.body_id if seat else None)
