"""Forming and refilling panels: by draw or by the office's choice, and replacing members who leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.casework.desk.jsonable import jsonable
from service.casework.review.follow_panel import follow_panel
from service.casework.review.panel_pool import PanelPool, kept_outside, rules_of
from service.casework.review.ties import same_employer
from service.casework.review.told_shortage import told_shortage
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subjects_of_cases, subjects_of_panel
from service.domain.errors import Invalid
from service.domain.review import DrawRules, TooFewExperts
from service.domain.text import Text
from service.sdk.review import DrawOrder, PanelView
from service.store.models import PanelRow

_NO_PROBLEM = Text("", "")


def draw_panel(step: Step, order: DrawOrder, clauses: Sequence[str]) -> PanelView:
    """Form the panel of a stage; a stage that was drawn keeps its panel, whose members all declare again, on record.

    Raises:
        Invalid: an even number of places where it must be odd.
    """
    known = step.tx.panels.at(step.case.id, order.stage)
    if known is not None and known.draw_id is not None:
        return _of_group(step, known)
    if order.method == "group":
        raise Invalid(
            Text(
                f"“{step.case.title}”还没有编入专业组，请先在届次中按专业组组成评审组。",
                f"“{step.case.title}” is in no group yet: form the panels of the groups in the round first.",
            )
        )
    if known is not None:
        step.audit(
            "draw_refused",
            f"“{order.stage}”已经抽取过评审专家，不重复抽取，沿用原结果；更换个别专家须说明原因",
            None,
            {"panel": known.id, "asked": asked(order)},
        )
        return view_panel(step, known, fresh=_active_experts(step, known), repeated=True)
    cases = applications_of(step, order)
    round_ = PanelPool.of(step, order, subjects_of_cases(step.tx, [case for case, _ in cases]))
    rules = rules_of(order, order.places)
    try:
        drawn = round_.choose(rules, order, 1)
    except TooFewExperts as few:
        told = told_shortage(step, few, clauses)
        step.audit("draw_failed", f"抽取评审专家未成：{told.zh}", None, {"stage": order.stage})
        return PanelView(order.stage, None, short=order.places, problem=told.zh, problem_en=told.en)
    ident = round_.keep(rules, order, drawn, 1, "", ())
    panel = step.tx.panels.form(cases, _formed(step, order, clauses, [round_.person(c.id) for c in drawn.chosen]))
    round_.seat(panel, ident, drawn.chosen)
    names = "、".join(c.name for c in drawn.chosen)
    words = "随机抽取" if order.method == "random_draw" else "选定"
    step.audit("draw", f"{words}评审专家：{names}", None, {"draw": ident, "seed": round_.seed(order.stage, 1).value})
    formed = step.tx.panels.at(step.case.id, order.stage)
    assert formed is not None
    follow_panel(step, formed)
    return view_panel(step, formed, fresh=[c.id for c in drawn.chosen])


def _formed(step: Step, order: DrawOrder, clauses: Sequence[str], people: Sequence[int]) -> PanelRow:
    """Return the row of a new panel of ``people``, the first of whom leads it where none of them was named."""
    return PanelRow(
        jurisdiction=step.case.jurisdiction,
        case_id=step.case.id,
        stage=order.stage,
        leader_id=order.leader if order.leader in people else people[0],
        settings={**jsonable(dict(order.settings)), "order": asked(order), "clauses": list(clauses)},
        formed_at=step.now,
    )


def leave_panel(step: Step, panel: PanelRow, person: int, state: str, reason: str) -> None:
    """Take an active member off a panel; the leader's place passes to the first who stays."""
    active = [m for m in step.tx.panels.members([panel.id]) if m.state == "active"]
    if person not in {m.person_id for m in active}:
        raise Invalid(Text("此人不在该评审组中，无需更换。", "That person is not on the panel."))
    step.tx.panels.change_member(panel.id, person, state=state, reason=reason, until=step.now)
    rest = [m.person_id for m in active if m.person_id != person]
    if panel.leader_id == person:
        step.tx.panels.update(panel.id, leader_id=rest[0] if rest else None)
    name = step.tx.people.person(person).name
    step.audit("panel", f"{name}退出评审组：{reason}", None, {"panel": panel.id, "person": person, "state": state})
    follow_panel(step, panel)


def refill_panel(step: Step, panel: PanelRow, reason: str) -> PanelView:
    """Draw for the vacant places of a panel, by the rules under which it was formed."""
    order = DrawOrder(**panel.settings["order"])
    members = step.tx.panels.members([panel.id])
    missing = order.places - sum(m.state == "active" for m in members)
    if missing <= 0:
        return view_panel(step, panel)
    group = step.tx.panels.draw(panel.draw_id) if panel.draw_id is not None else None
    pool = PanelPool.of(step, order, subjects_of_panel(step.tx, panel.id), group)
    number = len(step.tx.panels.draws(panel.case_id, panel.stage)) + (1 if group is None else 2)
    sitting = pool.seated(members, active=True)
    wanted = max(order.from_sector - sum(order.sector in c.sectors for c in sitting), 0)
    outside = max(kept_outside(order, order.places) - sum(c.outside for c in sitting), 0)
    rules = DrawRules(
        missing,
        order.sector,
        min(wanted, missing),
        order.per_body,
        False,
        min(outside, missing),
        order.outside_name,
        [one.id for one in sitting],
    )
    pool.colleagues = same_employer(pool.candidates, sitting, order.per_body)
    taken = [c.id for c in pool.seated(members, active=False)]
    try:
        drawn = pool.draw(rules, order.stage, number, taken)
    except TooFewExperts as few:
        told = told_shortage(step, few, panel.settings.get("clauses", ()))
        step.audit("draw_failed", f"补抽评审专家未成：{told.zh}", None, {"stage": panel.stage})
        return view_panel(step, panel, problem=told)
    ident = pool.keep(rules, order, drawn, number, reason, taken, method="random_draw")
    pool.seat(panel.id, ident, drawn.chosen)
    if panel.leader_id is None:
        step.tx.panels.update(panel.id, leader_id=pool.person(drawn.chosen[0].id))
    names = "、".join(c.name for c in drawn.chosen)
    step.audit("draw", f"补抽评审专家：{names}（{reason}）", None, {"draw": ident})
    follow_panel(step, panel)
    return view_panel(step, step.tx.panels.at(step.case.id, panel.stage) or panel, fresh=[c.id for c in drawn.chosen])


def view_panel(
    step: Step,
    panel: PanelRow | None,
    *,
    fresh: Collection[int] = (),
    repeated: bool = False,
    problem: Text = _NO_PROBLEM,
) -> PanelView:
    """Return a panel as operations see it; ``fresh`` are expert ids."""
    assert panel is not None
    members = [m for m in step.tx.panels.members([panel.id]) if m.state == "active"]
    sent = {
        s.person_id
        for s in step.tx.panels.sheets([step.case.id], panel.stage)
        if s.state == "valid" and s.kind == "own"
    }
    return PanelView(
        panel.stage,
        panel.id,
        tuple(m.person_id for m in members),
        tuple(m.person_id for m in members if m.expert_id in fresh),
        tuple(m.person_id for m in members if m.person_id not in sent),
        panel.leader_id,
        max(int(panel.settings["order"]["places"]) - len(members), 0),
        repeated,
        problem.zh,
        problem.en,
    )


def applications_of(step: Step, order: DrawOrder) -> list[tuple[int, int]]:
    """Return (case, applicant's body) of what the panel will review; raises Invalid when there is no applicant."""
    rows = [step.tx.cases.get(int(ident)) for ident in order.applications] or [step.case]
    if any(row.subject_id is None for row in rows):
        raise Invalid(
            Text(
                "评审组须对应有申报组织的办件。", "A panel reviews cases that have an applicant; name the applications."
            )
        )
    return [(row.id, row.subject_id) for row in rows if row.subject_id is not None]


def asked(order: DrawOrder) -> Mapping[str, Any]:
    """Return an order as it is recorded."""
    return dict(jsonable({**asdict(order), "settings": {}}))


def _of_group(step: Step, panel: PanelRow) -> PanelView:
    """Return the panel an application has from its group; members with a conflict of interest are replaced."""
    refilled = refill_panel(step, panel, "与申报组织有利害关系者不参加本件")
    problem = Text(refilled.problem, refilled.problem_en)
    return view_panel(step, panel, fresh=_active_experts(step, panel), problem=problem)


def _active_experts(step: Step, panel: PanelRow) -> list[int]:
    members = step.tx.panels.members([panel.id])
    return [m.expert_id for m in members if m.state == "active" and m.expert_id is not None]
