"""Hand an incident over to a named person, with a message."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated

from service.casework.access.actor import ADMINISTRATOR, DESIGNER, SYSTEM_ADMINISTRATOR, Actor
from service.casework.access.guards import guarded
from service.casework.access.roles import office_role
from service.casework.desk.desk import Desk
from service.casework.due.open_incidents import note_settled, open_incident_of
from service.casework.reading.published import published
from service.casework.step.post import letter_rows, put
from service.domain.errors import Invalid
from service.domain.text import Text, text_of
from service.domain.values.bounds import Named, RowId, ShortReason
from service.store import Transaction
from service.store.models import IncidentRow, PersonRow

LONGEST = 300


@guarded("incident.hand_over")
def hand_over_incident(
    desk: Desk,
    actor: Actor,
    incident_id: int,
    person_id: Annotated[RowId, Named("person")],
    message: ShortReason,
) -> str:
    """Tell ``person_id`` to take care of an incident, which stays open; returns their name.

    Raises:
        Invalid: no message, or somebody who is neither of the office nor draws or administers the place.
        NotAllowed, Conflict: another place's, or settled already.
    """
    said = message.strip()
    if not said or len(said) > LONGEST:
        raise Invalid(Text(f"请写明移交事项，{LONGEST}字以内。", f"Say what is to be done, in {LONGEST} characters."))
    with desk.store.write() as tx:
        row = open_incident_of(tx, actor, incident_id)
        to = next((p for p in receivers_of(desk, tx, row.jurisdiction) if p.id == person_id), None)
        if to is None:
            raise Invalid(
                Text(
                    "只能移交给本辖区的办公室人员、流程设计人员或者管理员。",
                    "Hand it to somebody of the office, a designer or an administrator of the place.",
                )
            )
        now = desk.clock.now()
        note_settled(desk, tx, actor, row, "handed_over", f"{actor.name}将异常移交{to.name}：{said}")
        tx.incidents.hand_over(row.id, to.id, said)
        key = f"mail:{row.case_id or 0}:handed:{row.id}:{now.isoformat()}"
        rows = letter_rows([to], row.case_id, key, _subject(row), _words(row, said, actor.name), now)
        tx.work.enqueue_many(put(desk, tx, rows, now), now)
    return to.name


def _subject(row: IncidentRow) -> Text:
    """Return the number alone: a designer learns by it of no organisation."""
    return Text(f"异常移交（编号 {row.id}）", f"An incident is handed to you (number {row.id})")


def _words(row: IncidentRow, said: str, by: str) -> Text:
    remedy = text_of(row.remedy)
    where, where_en = "", ""
    if row.case_id is not None:
        where = f"，办件 {row.case_id}，环节 {row.element or '—'}"
        where_en = f", case {row.case_id}, step {row.element or '—'}"
    return Text(
        f"{said}\n怎么办：{remedy.zh}\n（{by}移交{where}）",
        f"{said}\nWhat to do: {remedy.en}\n(handed over by {by}{where_en})",
    )


def receivers_of(desk: Desk, tx: Transaction, jurisdiction: str) -> Sequence[PersonRow]:
    """Return to whom an incident of a place may be handed over: its office, its designers and its administrators."""
    packages = published(desk, tx).of(jurisdiction)
    roles = dict.fromkeys(
        [*(office_role(package) for package in packages), DESIGNER, ADMINISTRATOR, SYSTEM_ADMINISTRATOR]
    )
    now = desk.clock.now()
    found = [p for role in roles for p in tx.people.people_with(jurisdiction, role, None, now)]
    return list({p.id: p for p in found}.values())
