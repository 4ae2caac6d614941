"""What the register says of a reviewer and the applicants, told beside the form in which they declare their interests."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.declarations import DECLARATION
from service.casework.review.employers import works_for
from service.casework.review.ties import interest_words
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subjects_of_panel
from service.domain.forms import Form
from service.domain.text import Text


def own_ties(step: Step, actor: Actor, form: Form | None) -> tuple[Text, ...]:
    """Return each tie on record between the reader and an applicant whom their panel reviews; () beside another form."""
    if form is None or form.id != DECLARATION or actor.person_id is None:
        return ()
    tx = step.tx
    panels = tx.panels.of_case(step.case.id)
    bodies = tx.people.bodies_by_id({body for panel in panels for body in subjects_of_panel(tx, panel.id)})
    entry = tx.experts.of_person(step.case.jurisdiction, actor.person_id)
    employed = [body for body in bodies.values() if entry is not None and works_for(entry, body)]
    noted = [row for row in tx.experts.interests_of(actor.person_id) if row.body_id in bodies]
    return (
        *(_told(body.name, Text("您的工作单位就是申报组织", "it is your employer")) for body in employed),
        *(_told(bodies[row.body_id].name, interest_words(row)) for row in noted),
    )


def _told(applicant: str, tie: Text) -> Text:
    return Text(
        f"记录显示您与{applicant}有利害关系：{tie.zh}。请如实申明；没有申明的，也会按记录提交决定是否回避。",
        f"On record is a tie of yours to {applicant}: {tie.en}. Declare it; without that it is put before those who decide "
        "on recusals all the same.",
    )
