"""Ties of experts to organisations and recusals: put on record, lifted with a reason."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.declarations import DECLARATION
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.decide_recusals import conflicts_of
from service.casework.review.expert_register import demand_office, note_change
from service.casework.review.replace_member import send_change
from service.casework.review.ties import KINDS
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.subjects.case_subjects import subject_ids
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.models import ExpertRow, InterestRow


@guarded("experts.manage")
def note_interest(
    desk: Desk, actor: Actor, expert_id: int, body_id: int, kind: str, text: str, last_day: date | None
) -> Text | None:
    """Record an interest of an expert in an organisation, as matching finds it; raises Invalid.

    Where the expert reviews that organisation now, the review stops until it is decided whether they are recused. Returns
    that, and what is left to do where their score counts in a stage that is over.
    """
    if kind not in KINDS:
        raise Invalid(Text("请选择利害关系的种类。", "Choose the kind of interest."))
    with desk.store.write() as tx:
        row = tx.experts.get(expert_id)
        demand_office(actor, row.jurisdiction)
        body = next((one for one in tx.people.organisations_known_in(row.jurisdiction) if one.id == body_id), None)
        if body is None:
            raise Invalid(
                Text(
                    "请从列表中选择组织：只能登记与本地办件中的组织的利害关系。",
                    "Choose the organisation from the list: it must be one with a case in this place.",
                )
            )
        tie = tx.experts.add_interest(
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
            if panel.state == "open" and any(one.person == person for one in conflicts_of(step, panel, DECLARATION)):
                send_change(step, panel, person, tie)
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
        row = tx.experts.recusal(recusal_id)
        demand_office(actor, row.jurisdiction)
        if row.person_id == actor.person_id:
            raise NotAllowed(
                Text(
                    "不能解除本人的回避，请由办公室其他人员办理。",
                    "Nobody ends their own recusal: ask a colleague of the office.",
                )
            )
        tx.experts.lift(recusal_id, desk.clock.now(), reason.strip())
        expert = tx.experts.of_person(row.jurisdiction, row.person_id)
        if expert is not None:
            name = tx.people.body(row.body_id).name
            note_change(desk, tx, actor, expert.id, "recusal", f"解除对{name}的回避：{reason.strip()}", {})
