"""Service of operations: expert review, with panels, recusals, scores and appointments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.access.declarations import DECLARATION
from service.casework.review.appointments import DoubleBooked, book, note_missed
from service.casework.review.decide_recusals import conflicts_of, decide_recusals
from service.casework.review.disqualify import disqualify_expert
from service.casework.review.draw_panel import draw_panel, refill_panel, view_panel
from service.casework.review.ranking import rank_cases, rank_record
from service.casework.review.results import agree_scores, collect_scores
from service.casework.step.step import Step
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.sdk import ElementView, Json
from service.sdk.review import AppointmentView, Booking, DrawOrder, PanelView, RankOrder, StageResult, Standing, Tie
from service.store.models import PanelRow


class ReviewPort:
    """Panels, recusals, scores and appointments, over the running step."""

    def __init__(self, step: Step, element: ElementView) -> None:
        self._step, self._element = step, element

    def draw(self, order: DrawOrder) -> PanelView:
        """Form the panel of a stage, once."""
        return draw_panel(self._step, order, self._element.clauses)

    def panel(self, stage: str) -> PanelView:
        """Return the panel of a stage as it stands."""
        return view_panel(self._step, self._get_panel(stage), fresh=self._list_undeclared_experts(stage))

    def refill(self, stage: str) -> PanelView:
        """Draw for vacant places; members who have not declared yet count as new, whenever they joined."""
        filled = refill_panel(self._step, self._get_panel(stage), "补足评审组")
        problem = Text(filled.problem, filled.problem_en)
        return view_panel(
            self._step, self._get_panel(stage), fresh=self._list_undeclared_experts(stage), problem=problem
        )

    def conflicts(self, stage: str, declarations: str) -> Sequence[Tie]:
        """Return ties that are not decided yet."""
        return conflicts_of(self._step, self._get_panel(stage), declarations)

    def recuse(self, stage: str, decisions: Sequence[Mapping[str, Any]], below: str) -> PanelView:
        """Carry out decisions on recusal; members who have not declared yet count as new."""
        decided = decide_recusals(self._step, self._get_panel(stage), decisions, below, self._element.clauses)
        problem = Text(decided.problem, decided.problem_en)
        return view_panel(
            self._step, self._get_panel(stage), fresh=self._list_undeclared_experts(stage), problem=problem
        )

    def disqualify(
        self, person: str, reason: str, until: date | None, scores: str
    ) -> Sequence[Mapping[str, Any]] | None:
        """Strike an expert off."""
        return disqualify_expert(self._step, person, reason, until, scores)

    def collect(self, stage: str, how: str, divergence: int, least: int) -> StageResult:
        """Combine the valid sheets."""
        return collect_scores(self._step, stage, how, divergence, least)

    def agree(self, stage: str) -> StageResult:
        """Take the consensus sheet as the result."""
        return agree_scores(self._step, stage)

    def full_marks(self, edition: str) -> str:
        """Return what the sheet of an edition adds up to."""
        return str(self._step.package.edition(edition).points)

    def score_anew(self, stage: str, reason: str) -> PanelView:
        """Let the sheets of this case in a stage no longer count, and open its panel again, if it has one by now."""
        tx, case_id = self._step.tx, self._step.case.id
        panel = tx.panels.at(case_id, stage)
        if panel is None:
            return PanelView(stage, None)
        valid = {"case_id": case_id, "stage": stage, "state": "valid", "task_id__ne": None}
        tx.sheets.change_where(valid, state="dropped", reason=reason)
        tx.panels.change(panel.id, state="open")
        self._step.audit("scores", f"原评分作废：{reason}", None, {"stage": stage})
        return self.panel(stage)

    def close(self, stage: str) -> None:
        """Note that the stage is over; one that never had a panel has nothing to close."""
        panel = self._step.tx.panels.at(self._step.case.id, stage)
        if panel is not None:
            self._step.tx.panels.change(panel.id, state="closed")

    def rank(self, order: RankOrder) -> Sequence[Standing]:
        """Rank applications and say who goes on."""
        return rank_cases(self._step, order)

    def rank_record(self, order: RankOrder, standings: Sequence[Standing]) -> Mapping[str, Json]:
        """Return everything that a ranking rests on, and what it came to, for the record."""
        return rank_record(self._step, order, standings)

    def appointment(self, stage: str) -> AppointmentView | None:
        """Return the appointment made last for a stage."""
        made = [row for row in self._step.tx.appointments.select(case_id=self._step.case.id) if row.stage == stage]
        last = max(made, key=lambda row: row.id, default=None)
        return AppointmentView(last.ends_at, last.state == "cancelled", last.note) if last is not None else None

    def book(self, booking: Booking) -> str:
        """Make an appointment; returns what stands against it, "" when it is made."""
        try:
            book(self._step, booking)
        except (DoubleBooked, Invalid) as refusal:
            self._step.audit("appointment", f"安排未成：{refusal.message.zh}", self._element.id)
            return refusal.message.zh
        return ""

    def missed(self, stage: str, reason: str) -> AppointmentView:
        """Note that the appointment made last for a stage did not take place, and why."""
        row = note_missed(self._step, stage, reason)
        return AppointmentView(row.ends_at, True, row.note)

    def _list_undeclared_experts(self, stage: str) -> list[int]:
        """Return the experts on the panel who have declared nothing since they joined, in no case that it reviews."""
        panel = self._get_panel(stage)
        cases = [c.case_id for c in self._step.tx.panel_cases.select(panel_id=panel.id)]
        rows = [r for case in cases for r in self._step.tx.forms.of_case(case, DECLARATION)]
        return [
            m.expert_id
            for m in self._step.tx.panel_members.select(panel_id=panel.id)
            if m.state == "active"
            and m.expert_id is not None
            and not any(r.person_id == m.person_id and r.at >= m.since for r in rows)
        ]

    def _get_panel(self, stage: str) -> PanelRow:
        panel = self._step.tx.panels.at(self._step.case.id, stage)
        if panel is None:
            raise NotFound(
                Text(
                    f"“{stage}”阶段还没有评审组，请先抽取或选定专家。",
                    f"Stage “{stage}” has no panel yet: draw or choose it first.",
                )
            )
        return panel
