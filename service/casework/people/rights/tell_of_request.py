"""Tell the administrators who can decide on a change of rights that one waits for them."""

from __future__ import annotations

from service.casework.access.actor import SECURITY_ADMINISTRATOR, SYSTEM_ADMINISTRATOR
from service.casework.desk.desk import Desk
from service.casework.people.rights.seats import BUILT_IN_ROLES, EVERYWHERE
from service.casework.people.tell_person import tell_person
from service.casework.step.fill import in_words
from service.domain.calendar import local_date
from service.domain.text import Text
from service.store import Transaction
from service.store.models import RightsRequestRow

_OTHER = {
    SYSTEM_ADMINISTRATOR: SECURITY_ADMINISTRATOR,
    SECURITY_ADMINISTRATOR: SYSTEM_ADMINISTRATOR,
}
SUBJECT = "一项权限变更等待您批准 / A change of rights waits for you"


def tell_of_request(desk: Desk, tx: Transaction, number: int, row: RightsRequestRow, change: Text) -> None:
    """Tell whoever holds the other office in the place of the request ``row``; not the person it is about."""
    now, last = desk.clock.now(), local_date(row.until)
    asker, about = tx.people.person(row.asked_by), tx.people.person(row.person_id)
    holding = {
        held.person_id
        for held in tx.rights.holders(_OTHER.get(row.asked_role, ""), now)
        if held.jurisdiction in (EVERYWHERE, row.place)
    }
    office = BUILT_IN_ROLES[row.asked_role]
    text = (
        f"{office.zh}{asker.name}提请{change.zh}：{about.name}（{about.login}）。请在“待批事项”中批准或者写明理由不批准；"
        f"{in_words(last)}以前没有办理的自动失效。\n"
        f"{asker.name}, {office.en}, asks for a change of rights ({change.en}): {about.name} ({about.login}). Confirm or"
        f" refuse it under “Requests” by {last}; then it lapses."
    )
    for ident in sorted(holding - {row.asked_by, row.person_id}):
        tell_person(desk, tx, tx.people.person(ident), SUBJECT, text, f"rights:{number}")
