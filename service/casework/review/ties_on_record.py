"""Ties of experts to organisations and recusals: put on record, lifted with a reason."""

from __future__ import annotations

from datetime import date

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.review.expert_register import demand_office, note_change
from service.casework.review.ties import KINDS
from service.casework.subjects.case_subjects import subject_ids
from service.domain.errors import Invalid, NotAllowed
from service.domain.text import Text
from service.store import Transaction
from service.store.rows import ExpertRow, InterestRow


@guarded("experts.manage")
def note_interest(
    desk: Desk, actor: Actor, expert_id: int, body_id: int, kind: str, text: str, last_day: date | None
) -> Text | None:
    """Record an interest of an expert in an organisation, as matching finds it; raises Invalid.

    Returns what is left to do where the expert reviews that organisation now: their score would count.
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
        tx.experts.add_interest(
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
        titles = _reviews_of(tx, row, body_id)
    if not titles:
        return None
    return Text(
        f"该专家正在评审：{'、'.join(titles)}。请到评审组页面更换，换下以前其评分仍然计入。",
        f"The expert is reviewing {', '.join(titles)}: replace them on the page of the panel, or their score counts.",
    )


def _reviews_of(tx: Transaction, expert: ExpertRow, body: int) -> list[str]:
    """Return the titles of an organisation's applications that an expert reviews in a stage that is not over."""
    running = tx.panels.running_of(expert.person_id, expert.jurisdiction)
    cases = {ident: tx.cases.get(ident) for _, ident, _ in running}
    open_panels = {p.id for ident in cases for p in tx.panels.of_case(ident) if p.state == "open"}
    about = [cases[ident] for panel, ident, _ in running if panel in open_panels]
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
