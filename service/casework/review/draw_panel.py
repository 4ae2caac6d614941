"""Forming panels: the draw, the office's choice, and who follows when somebody falls out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from service.casework.jsonable import jsonable
from service.casework.review.pool import Listed, candidates, register_of_experts
from service.casework.review.record import fingerprint_of, frozen, result_of
from service.casework.review.seed import seed_of
from service.casework.review.ties import Lookback, conflicts_in_pool, same_employer
from service.casework.step import Step
from service.domain.errors import Invalid
from service.domain.review import Candidate, Draw, DrawRules, Exclusion, TooFewExperts, draw
from service.domain.text import Text
from service.sdk.review import DrawOrder, PanelView
from service.store.review_rows import PanelMemberRow, PanelRow


def draw_panel(step: Step, order: DrawOrder, clauses: Sequence[str]) -> PanelView:
    """Form the panel of a stage; a stage that was drawn keeps its panel, and the attempt goes on record.

    Raises:
        Invalid: an even number of places where it must be odd.
    """
    known = step.tx.panels.at(step.case.id, order.stage)
    if known is not None:
        step.audit(
            "draw_refused",
            f"“{order.stage}”已经抽取过评审专家，不重复抽取，沿用原结果；更换个别专家须说明原因",
            None,
            {"panel": known.id, "asked": jsonable(_asked(order))},
        )
        return view_panel(step, known, fresh=None, repeated=True)
    cases = _applications(step, order)
    round_ = _Pool.of(step, order, [body for _, body in cases])
    rules = DrawRules(order.places, order.sector, order.from_sector, order.per_body, order.odd)
    try:
        drawn = round_.choose(rules, order, 1)
    except TooFewExperts as few:
        step.audit("draw_failed", f"抽取评审专家未成：{few.message.zh}", None, {"stage": order.stage})
        return PanelView(order.stage, None, short=order.places, problem=few.message.zh)
    ident = round_.keep(rules, order, drawn, 1, "", ())
    leader = order.leader or round_.person(drawn.chosen[0].id)
    settings = {**jsonable(dict(order.settings)), "order": jsonable(_asked(order)), "clauses": list(clauses)}
    panel = step.tx.panels.form(
        cases,
        jurisdiction=step.case.jurisdiction,
        case_id=step.case.id,
        stage=order.stage,
        state="open",
        leader_id=leader,
        settings=settings,
        formed_at=step.now,
    )
    round_.seat(panel, ident, drawn.chosen)
    names = "、".join(c.name for c in drawn.chosen)
    words = "随机抽取" if order.method == "random_draw" else "选定"
    step.audit("draw", f"{words}评审专家：{names}", None, {"draw": ident, "seed": round_.seed(order.stage, 1)})
    return view_panel(step, step.tx.panels.at(step.case.id, order.stage), fresh=[c.id for c in drawn.chosen])


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


def refill_panel(step: Step, panel: PanelRow, reason: str) -> PanelView:
    """Draw for the empty places of a panel, by the rules under which it was formed."""
    order = DrawOrder(**panel.settings["order"])
    members = step.tx.panels.members([panel.id])
    missing = order.places - sum(m.state == "active" for m in members)
    if missing <= 0:
        return view_panel(step, panel)
    pool = _Pool.of(step, order, [c.body_id for c in step.tx.panels.cases(panel.id)])
    number = len(step.tx.panels.draws(panel.case_id, panel.stage)) + 1
    sitting = pool.seated(members, active=True)
    wanted = max(order.from_sector - sum(order.sector in c.sectors for c in sitting), 0)
    rules = DrawRules(missing, order.sector, min(wanted, missing), order.per_body, False)
    pool.conflicts.update(same_employer(pool.candidates, sitting, order.per_body))
    taken = [c.id for c in pool.seated(members, active=False)]
    try:
        drawn = pool.draw(rules, order.stage, number, taken)
    except TooFewExperts as few:
        step.audit("draw_failed", f"补抽评审专家未成：{few.message.zh}", None, {"stage": panel.stage})
        return view_panel(step, panel, problem=few.message.zh)
    ident = pool.keep(rules, order, drawn, number, reason, taken, method="random_draw")
    pool.seat(panel.id, ident, drawn.chosen)
    if panel.leader_id is None:
        step.tx.panels.update(panel.id, leader_id=pool.person(drawn.chosen[0].id))
    names = "、".join(c.name for c in drawn.chosen)
    step.audit("draw", f"补抽评审专家：{names}（{reason}）", None, {"draw": ident})
    return view_panel(step, step.tx.panels.at(step.case.id, panel.stage) or panel, fresh=[c.id for c in drawn.chosen])


def view_panel(
    step: Step,
    panel: PanelRow | None,
    *,
    fresh: Collection[int] | None = (),
    repeated: bool = False,
    problem: str = "",
) -> PanelView:
    """Return a panel as operations see it; ``fresh`` are expert ids, None: who joined by the last draw."""
    assert panel is not None
    members = [m for m in step.tx.panels.members([panel.id]) if m.state == "active"]
    sent = {
        s.person_id
        for s in step.tx.panels.sheets([step.case.id], panel.stage)
        if s.state == "valid" and s.kind == "own"
    }
    newest = max((m.draw_id for m in members), default=0)
    return PanelView(
        panel.stage,
        panel.id,
        tuple(m.person_id for m in members),
        tuple(m.person_id for m in members if (m.draw_id == newest if fresh is None else m.expert_id in fresh)),
        tuple(m.person_id for m in members if m.person_id not in sent),
        panel.leader_id,
        max(int(panel.settings["order"]["places"]) - len(members), 0),
        repeated,
        problem,
    )


@dataclass(slots=True)
class _Pool:
    """The register as one draw sees it."""

    step: Step
    listed: dict[int, Listed]
    candidates: list[Candidate]
    conflicts: dict[int, Text]

    @classmethod
    def of(cls, step: Step, order: DrawOrder, bodies: Sequence[int]) -> _Pool:
        """Read the register and what speaks against anybody."""
        listed = register_of_experts(step.tx, step.case.jurisdiction)
        busy = step.tx.panels.busy(step.case.jurisdiction, order.stage)
        conflicts = conflicts_in_pool(step, [x.row for x in listed], bodies, Lookback.of(order, step.today))
        found = candidates(step, listed, order.condition, busy, order.exclusive)
        return cls(step, {x.row.id: x for x in listed}, found, conflicts)

    def person(self, expert: int) -> int:
        return self.listed[expert].row.person_id

    def seed(self, stage: str, number: int) -> str:
        return seed_of(self.step, stage, number).value

    def seated(self, members: Sequence[PanelMemberRow], *, active: bool) -> list[Candidate]:
        known = {m.expert_id for m in members if m.state == "active" or not active}
        return [c for c in self.candidates if c.id in known]

    def draw(self, rules: DrawRules, stage: str, number: int, taken: Collection[int]) -> Draw:
        return draw(self.candidates, rules, self.seed(stage, number), self.conflicts, taken)

    def choose(self, rules: DrawRules, order: DrawOrder, number: int) -> Draw:
        if order.method == "random_draw":
            return self.draw(rules, order.stage, number, ())
        if order.method != "office_choice":
            raise Invalid(
                Text(f"不认识的产生方式“{order.method}”。", f"Unknown way to form a panel: “{order.method}”.")
            )
        return self._chosen(rules, order, number)

    def _chosen(self, rules: DrawRules, order: DrawOrder, number: int) -> Draw:
        """Take the office's choice, refusing whoever a draw would have passed over."""
        wanted = dict.fromkeys(int(p) for p in order.chosen)
        by_person = {x.row.person_id: x.row.id for x in self.listed.values()}
        picked = [c for p in wanted for c in self.candidates if c.id == by_person.get(p)]
        refused = [Exclusion(c, reason) for c in picked if (reason := c.unfit or self.conflicts.get(c.id))]
        few = len(picked) < rules.places or len(picked) != len(wanted)
        even = rules.odd and len(picked) % 2 == 0
        if refused or few or even:
            raise TooFewExperts(_refusal(refused, len(picked), rules))
        if crowded := _crowded(picked, rules):
            raise TooFewExperts(crowded)
        if sum(rules.sector in c.sectors for c in picked) < rules.from_sector:
            raise TooFewExperts(
                Text(
                    f"评审组中须有本行业（{rules.sector}）专家至少{rules.from_sector}人，请另选。",
                    f"The panel needs at least {rules.from_sector} of the sector “{rules.sector}”: choose others.",
                )
            )
        rest = tuple(c for c in self.candidates if c not in picked)
        return Draw(self.seed(order.stage, number), tuple(c.id for c in self.candidates), tuple(picked), rest, ())

    def keep(
        self,
        rules: DrawRules,
        order: DrawOrder,
        drawn: Draw,
        number: int,
        reason: str,
        taken: Collection[int],
        method: str = "",
    ) -> int:
        """Put the draw on record; returns its id."""
        step = self.step
        more = {
            "condition": order.condition,
            "interests": list(order.interests),
            "lookback_years": order.lookback_years,
            **({"lookback_months": dict(order.lookback_months)} if order.lookback_months else {}),
            **({"lookback_from": order.lookback_from} if order.lookback_from else {}),
        }
        columns = frozen(self.candidates, rules, seed_of(step, order.stage, number), self.conflicts, taken, more)
        columns["result"] = result_of(drawn)
        return step.tx.panels.insert_draw(
            **columns,
            jurisdiction=step.case.jurisdiction,
            case_id=step.case.id,
            stage=order.stage,
            number=number,
            method=method or order.method,
            reason=reason,
            fingerprint=fingerprint_of(columns),
            drawn_at=step.now,
            drawn_by=step.actor.person_id,
        )

    def seat(self, panel: int, drawing: int, chosen: Sequence[Candidate]) -> None:
        self.step.tx.panels.add_members(
            [
                {
                    "panel_id": panel,
                    "person_id": self.person(c.id),
                    "expert_id": c.id,
                    "draw_id": drawing,
                    "state": "active",
                    "reason": "",
                    "since": self.step.now,
                    "until": None,
                }
                for c in chosen
            ]
        )


def _refusal(refused: Sequence[Exclusion], count: int, rules: DrawRules) -> Text:
    if refused:
        zh = "；".join(f"{e.candidate.name}：{e.reason.zh}" for e in refused)
        en = "; ".join(f"{e.candidate.name}: {e.reason.en}" for e in refused)
        return Text(f"以下人选不能参加评审：{zh}。请另选。", f"These cannot review: {en}. Choose others.")
    odd = "，且须为单数" if rules.odd else ""
    return Text(
        f"已选{count}人，至少需从专家库中选{rules.places}人{odd}。",
        f"{count} chosen; at least {rules.places} of the register are needed{', an odd number' if rules.odd else ''}.",
    )


def _crowded(picked: Sequence[Candidate], rules: DrawRules) -> Text | None:
    """Return why too many of the choice come from one employer, None where they do not."""
    bodies = Counter(c.body for c in picked if c.body)
    body = next((body for body, count in bodies.items() if count > rules.per_body), None)
    if body is None:
        return None
    names = "、".join(c.name for c in picked if c.body == body)
    return Text(
        f"同一单位至多{rules.per_body}人，{names}同属一个单位，请另选。",
        f"At most {rules.per_body} of one employer: {names} share theirs; choose others.",
    )


def _applications(step: Step, order: DrawOrder) -> list[tuple[int, int]]:
    """Return (case, applicant's body) of what the panel will review; raises Invalid when there is no applicant."""
    rows = [step.tx.cases.get(int(ident)) for ident in order.applications] or [step.case]
    found = [(row.id, row.subject_id) for row in rows if row.subject_id is not None]
    if len(found) != len(rows):
        raise Invalid(
            Text(
                "评审组须对应有申报组织的办件。", "A panel reviews cases that have an applicant; name the applications."
            )
        )
    return [(case, body) for case, body in found if body is not None]


def _asked(order: DrawOrder) -> Mapping[str, Any]:
    return {**asdict(order), "settings": {}}
