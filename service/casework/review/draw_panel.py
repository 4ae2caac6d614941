"""Forming and refilling panels: by draw or by the office's choice, and replacing members who leave."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.case_access import require_not_recused, require_running
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.desk.jsonable import to_json_value
from service.casework.reading.citations import cite
from service.casework.review.appointments import follow_panel
from service.casework.review.pool import PanelPool, rules_of
from service.casework.step.post import add_page_link, letter_rows, put
from service.casework.step.save import save_step
from service.casework.step.step import Step, open_step
from service.casework.subjects.case_subjects import cases_of_panel
from service.casework.subjects.ties import same_employer
from service.domain.errors import Invalid, NotAllowed, NotFound
from service.domain.review import DrawRules, TooFewExperts
from service.domain.text import Text
from service.domain.wording.article_words import english_article
from service.sdk.messages import PANEL_CHANGED
from service.sdk.review import DrawOrder, PanelView
from service.store.models import CaseRow, PanelMemberRow, PanelRow


def explain_expert_shortage(step: Step, few: TooFewExperts, clauses: Sequence[str]) -> Text:
    """Return the sentence of ``few``, followed by the articles that the step which forms the panel cites."""
    articles = [citation.article for citation in cite(step.package, clauses)]
    shortage = few.message
    if not articles:
        return Text(
            f"{shortage.zh}（评审组的要求没有引用条款，是流程图上的取值。）",
            f"{shortage.en} (The rules of the panel cite no clause: they are values of the diagram.)",
        )
    return Text(
        f"{shortage.zh}（评审组的要求引用{'、'.join(articles)}。）",
        f"{shortage.en} (The rules of the panel cite {', '.join(english_article(article) for article in articles)}.)",
    )


_NO_PROBLEM = Text("", "")


def draw_panel(step: Step, order: DrawOrder, clauses: Sequence[str]) -> PanelView:
    """Form the panel of a stage; a stage that was drawn keeps its panel, whose members all declare again, on record.

    Raises:
        Invalid: an even number of places where it must be odd.
    """
    former_panel = step.tx.panels.at(step.case.id, order.stage)
    if former_panel is not None:
        step.audit(
            "draw_refused",
            f"“{order.stage}”已经抽取过评审专家，不重复抽取，沿用原结果；更换个别专家须说明原因",
            None,
            {"panel": former_panel.id, "asked": asked(order)},
        )
        return view_panel(step, former_panel, fresh=_active_experts(step, former_panel), repeated=True)
    cases = applications_of(step, order)
    round_ = PanelPool.of(step, order, [case for case, _ in cases])
    rules = rules_of(order, order.places)
    try:
        drawn = round_.choose(rules, order, 1)
    except TooFewExperts as few:
        shortage = explain_expert_shortage(step, few, clauses)
        step.audit("draw_failed", f"抽取评审专家未成：{shortage.zh}", None, {"stage": order.stage})
        return PanelView(order.stage, None, short=order.places, problem=shortage.zh, problem_en=shortage.en)
    ident = round_.keep(rules, order, drawn, 1, "", ())
    panel = step.tx.panels.form(
        cases, _build_panel_row(step, order, clauses, [round_.person(c.id) for c in drawn.chosen])
    )
    round_.seat(panel, ident, drawn.chosen)
    names = "、".join(c.name for c in drawn.chosen)
    words = "随机抽取" if order.method == "random_draw" else "选定"
    step.audit("draw", f"{words}评审专家：{names}", None, {"draw": ident, "seed": round_.seed(order.stage, 1).value})
    formed = step.tx.panels.at(step.case.id, order.stage)
    assert formed is not None
    follow_panel(step, formed)
    return view_panel(step, formed, fresh=[c.id for c in drawn.chosen])


def _build_panel_row(step: Step, order: DrawOrder, clauses: Sequence[str], people: Sequence[int]) -> PanelRow:
    """Return the row of a new panel of ``people``, the first of whom leads it where none of them was named."""
    return PanelRow(
        jurisdiction=step.case.jurisdiction,
        case_id=step.case.id,
        stage=order.stage,
        leader_id=order.leader if order.leader in people else people[0],
        settings={**to_json_value(dict(order.settings)), "order": asked(order), "clauses": list(clauses)},
    )


def leave_panel(step: Step, panel: PanelRow, person: int, state: str, reason: str) -> None:
    """Take an active member off a panel; the leader's place passes to the first who stays, and the history says to whom."""
    active = [m for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"]
    if person not in {m.person_id for m in active}:
        raise Invalid(Text("此人不在该评审组中，无需更换。", "That person is not on the panel."))
    step.tx.panel_members.change_where(
        {"panel_id": panel.id, "person_id": person}, state=state, reason=reason, until=step.now
    )
    rest = [m.person_id for m in active if m.person_id != person]
    heir = ""
    if panel.leader_id == person:
        step.tx.panels.change(panel.id, leader_id=rest[0] if rest else None)
        heir = f"，组长由{step.tx.people.get(rest[0]).name}接任" if rest else ""
    name = step.tx.people.get(person).name
    step.audit(
        "panel", f"{name}退出评审组{heir}：{reason}", None, {"panel": panel.id, "person": person, "state": state}
    )
    follow_panel(step, panel)


def refill_panel(step: Step, panel: PanelRow, reason: str) -> PanelView:
    """Draw for what a panel lacks by the rules under which it was formed: places, the sector, an odd number."""
    order = DrawOrder(**panel.settings["order"])
    members = step.tx.panel_members.select(panel_id=panel.id)
    missing = _count_missing(step, order, members)
    if not missing:
        return view_panel(step, panel)
    pool = PanelPool.of(step, order, cases_of_panel(step.tx, panel.id))
    number = len(step.tx.draws.select(case_id=panel.case_id, stage=panel.stage)) + 1
    sitting = pool.seated(members, active=True)
    rules = DrawRules(
        missing,
        order.sector,
        count_lacking_of_sector(step, order, members),
        False,
        [sitting_member.id for sitting_member in sitting],
    )
    pool.colleagues = same_employer(pool.candidates, sitting)
    taken = [c.id for c in pool.seated(members, active=False)]
    try:
        drawn = pool.draw(rules, order.stage, number, taken)
    except TooFewExperts as few:
        shortage = explain_expert_shortage(step, few, panel.settings.get("clauses", ()))
        step.audit("draw_failed", f"补抽评审专家未成：{shortage.zh}", None, {"stage": panel.stage})
        return view_panel(step, panel, problem=shortage)
    ident = pool.keep(rules, order, drawn, number, reason, taken, method="random_draw")
    pool.seat(panel.id, ident, drawn.chosen)
    if panel.leader_id is None:
        step.tx.panels.change(panel.id, leader_id=pool.person(drawn.chosen[0].id))
    names = "、".join(c.name for c in drawn.chosen)
    step.audit("draw", f"补抽评审专家：{names}（{reason}）", None, {"draw": ident})
    follow_panel(step, panel)
    return view_panel(step, step.tx.panels.at(step.case.id, panel.stage) or panel, fresh=[c.id for c in drawn.chosen])


def count_lacking_of_sector(step: Step, order: DrawOrder, members: Sequence[PanelMemberRow]) -> int:
    """Return how many experts of the sector a panel lacks among those who stay."""
    if not order.from_sector:
        return 0
    staying = step.tx.experts.by_id([m.expert_id for m in members if m.state == "active" and m.expert_id is not None])
    return max(order.from_sector - sum(order.sector in row.sectors for row in staying.values()), 0)


def _count_missing(step: Step, order: DrawOrder, members: Sequence[PanelMemberRow]) -> int:
    """Return how many must join a panel: for its places, for the sector, and one more where the number must be odd."""
    active = sum(m.state == "active" for m in members)
    missing = max(order.places - active, count_lacking_of_sector(step, order, members), 0)
    return missing + int(order.odd and (active + missing) % 2 == 0)


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
    members = [m for m in step.tx.panel_members.select(panel_id=panel.id) if m.state == "active"]
    order = DrawOrder(**panel.settings["order"])
    sent = {
        s.person_id
        for s in step.tx.sheets.select(case_id=step.case.id, stage=panel.stage)
        if s.state == "valid" and s.kind == "own"
    }
    return PanelView(
        panel.stage,
        panel.id,
        tuple(m.person_id for m in members),
        tuple(m.person_id for m in members if m.expert_id in fresh),
        tuple(m.person_id for m in members if m.person_id not in sent),
        panel.leader_id,
        _count_missing(step, order, members),
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
    return dict(to_json_value({**asdict(order), "settings": {}}))


def _active_experts(step: Step, panel: PanelRow) -> list[int]:
    members = step.tx.panel_members.select(panel_id=panel.id)
    return [m.expert_id for m in members if m.state == "active" and m.expert_id is not None]


def tell_replaced(step: Step, panel: PanelRow, person: int, reason: str) -> None:
    """Tell ``person`` that the office replaced them on ``panel``, why, and what follows; it always goes."""
    about = step.case.title
    text = Text(
        f"办公室已更换评审专家，您不再参加“{about}”的评审。\n理由：{reason}\n您未提交的评审事项已撤下；没有另行通知的，其他申报组织的评审不受影响。",
        f"The office replaced you: you no longer review “{about}”.\nReason: {reason}\nWhat you had not submitted is taken"
        " off your list. Your review of applicants of which no such message comes is not touched.",
    )
    rows = letter_rows(
        [step.tx.people.get(person)],
        step.case.id,
        f"replaced:{panel.id}:{person}",
        Text(f"不再参加评审：{about}", f"No longer a reviewer: {about}"),
        add_page_link(text, "/appointments"),
        step.now,
    )
    step.pending.work += put(step.desk, step.tx, rows, step.now)


@guarded("review.manage")
def replace_member(desk: Desk, actor: Actor, case_id: int, panel_id: int, person: int, reason: str) -> PanelView:
    """Remove a member (illness, other duties), draw a successor, and notify the case of its new panel.

    This is the only way to a second draw: for one named person, with a reason, on record.

    Raises:
        Invalid: no reason, or the person is not on the panel.
        NotAllowed: the actor is not of the office, or is recused.
        Conflict: the case is suspended or ended.
    """
    if not reason.strip():
        raise Invalid(Text("更换评审专家须写明原因，例如因病。", "Say why the evaluator is replaced, such as illness."))
    reason = reason.strip()
    with desk.store.write() as tx:
        step = open_step(desk, tx, case_id, actor)
        require_not_recused(actor, step.case)
        require_office(actor, step.case)
        require_running(step.case)
        panel = next((p for p in tx.panels.of_case(case_id) if p.id == panel_id), None)
        if panel is None:
            raise NotFound(Text("该办件没有这个评审组。", "The case has no such panel."))
        if panel.state != "open":
            raise Invalid(Text("该阶段评审已经结束，不能更换专家。", "That stage is over; nobody can be replaced."))
        leave_panel(step, panel, person, "replaced", reason)
        tx.sheets.drop(person, case_id, panel.stage, f"更换：{reason}")
        view = refill_panel(step, next(p for p in tx.panels.of_case(case_id) if p.id == panel_id), reason)
        send_change(step, panel, person)
        tell_replaced(step, panel, person, reason)
        save_step(step)
        return view


def send_change(step: Step, panel: PanelRow, person: int, tie: int | None = None) -> None:
    """Queue the message that lets the case look at its panel again: once per person who left, or per tie of a member."""
    key = f"message:{step.case.id}:{PANEL_CHANGED}:{panel.id}:{person}"
    if tie is not None:
        key = f"{key}:tie:{tie}"
    step.queue("message", key, {"message": PANEL_CHANGED, "payload": {"stage": panel.stage}})


def require_office(actor: Actor, case: CaseRow) -> None:
    """Raise NotAllowed unless the actor is of the office that keeps the panels of a case."""
    if not actor.in_office(case.jurisdiction):
        raise NotAllowed(Text("评审组由本辖区办公室管理。", "Panels are kept by the office of the jurisdiction."))
