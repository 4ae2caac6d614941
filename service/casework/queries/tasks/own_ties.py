"""What the register says of a reviewer and the applicants, told beside the form in which they declare their interests."""

from __future__ import annotations

from collections.abc import Iterator

from service.casework.access.actor import Actor
from service.casework.access.declarations import DECLARATION
from service.casework.review.employers import works_for
from service.casework.review.ties import Lookback, interest_words
from service.casework.step.step import Step
from service.casework.subjects.case_subjects import subjects_of_panel
from service.domain.forms import Form
from service.domain.text import Text
from service.sdk.review import DrawOrder
from service.store.models import PanelRow


def own_ties(step: Step, actor: Actor, form: Form | None) -> tuple[Text, ...]:
    """Return each tie on record between the reader and an applicant whom their panel reviews; () beside another form."""
    if form is None or form.id != DECLARATION or actor.person_id is None:
        return ()
    told = [
        tie for panel in step.tx.panels.of_case(step.case.id) for tie in _ties_of_panel(step, actor.person_id, panel)
    ]
    return tuple(dict.fromkeys(told))


def _ties_of_panel(step: Step, person: int, panel: PanelRow) -> Iterator[Text]:
    """Yield those ties to the applicants of a panel that its rules count, as they do when recusals are decided."""
    tx, lookback = step.tx, Lookback.of(DrawOrder(**panel.settings["order"]), step.today)
    bodies = tx.people.bodies_by_id(set(subjects_of_panel(tx, panel.id)))
    entry = tx.experts.of_person(step.case.jurisdiction, person) if "employment" in lookback.kinds else None
    for body in bodies.values() if entry is not None else ():
        if entry is not None and works_for(entry, body):
            yield _told(body.name, Text("您的工作单位就是申报组织", "it is your employer"))
    for row in tx.experts.interests_of(person):
        if row.body_id in bodies and lookback.counts(row):
            yield _told(bodies[row.body_id].name, interest_words(row))


def _told(applicant: str, tie: Text) -> Text:
    return Text(
        f"记录显示您与{applicant}有利害关系：{tie.zh}。请如实申明；没有申明的，也会按记录提交决定是否回避。",
        f"On record is a tie of yours to {applicant}: {tie.en}. Declare it; without that it is put before those who decide "
        "on recusals all the same.",
    )
