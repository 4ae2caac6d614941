"""Appointments follow the panel: who joins it is told when and where, who leaves need not come any more."""

from __future__ import annotations

from service.casework.review.appointments import tell, when
from service.casework.step.step import Step
from service.domain.text import Text
from service.store.models import AppointmentRow, PanelRow

_LEFT = Text("您已不在该评审组，这项安排不再需要您到场。", "You are no longer on the panel: you need not come to this.")


def follow_panel(step: Step, panel: PanelRow) -> None:
    """Let the appointments of ``panel`` that are still to come, or go on, be those of its members as they are now.

    It goes on record as a change of the panel, whose members applicants are not told. Who was to come to one that is over
    stays on record. Where somebody who joins has another appointment at that time, nothing is refused: they are told and
    it goes on record, and the office moves one of the two or replaces them.
    """
    coming = [
        row
        for one in step.tx.panels.cases(panel.id)
        for row in step.tx.panels.appointments_of(one.case_id)
        if row.stage == panel.stage and row.state == "planned" and row.ends_at > step.now
    ]
    if not coming:
        return
    active = [m.person_id for m in step.tx.panels.members([panel.id]) if m.state == "active"]
    for row in coming:
        if set(active) != set(row.people) or row.panel_id != panel.id:
            _follow(step, row, panel.id, active)


def _follow(step: Step, row: AppointmentRow, panel: int, active: list[int]) -> None:
    joining = [person for person in active if person not in row.people]
    leaving = [person for person in row.people if person not in active]
    step.tx.panels.change_appointment(row.id, row.version, people=active, panel_id=panel)
    row = step.tx.panels.appointment(row.id)
    names = step.tx.people.named({*joining, *leaving})
    changes = [("参加", joining), ("不再参加", leaving)]
    said = "；".join(f"{word}：{'、'.join(names[one] for one in people)}" for word, people in changes if people)
    if said:
        words = f"评审组有变动，安排随之变动（{when(row.starts_at, row.ends_at).zh}）：{said}"
        step.audit("panel", words, None, {"appointment": row.id, "joining": joining, "leaving": leaving})
    for person in joining:
        tell(step, row, [person], Text("评审安排", "Appointment"), _beside(step, row, person, names[person]))
    if leaving:
        tell(step, row, leaving, Text("不必再到场", "You need not come"), _LEFT)


def _beside(step: Step, row: AppointmentRow, person: int, name: str) -> Text | None:
    """Return what somebody who joins has at the same time, None where nothing; it goes on record too."""
    others = [
        when(other.starts_at, other.ends_at)
        for other in step.tx.panels.appointments(row.jurisdiction, row.starts_at, row.ends_at)
        if other.id != row.id and person in other.people
    ]
    if not others:
        return None
    zh, en = "、".join(span.zh for span in others), ", ".join(span.en for span in others)
    step.audit("panel", f"{name}在这段时间另有评审安排（{zh}），须改期或者更换", None, {"appointment": row.id})
    return Text(
        f"您在这段时间另有评审安排（{zh}），请告知办公室。",
        f"You have another appointment at that time ({en}): please tell the office.",
    )
