"""What an organisation said when it began an earlier case of this kind in the round, for the page that begins it anew."""

from __future__ import annotations

from dataclasses import replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.queries.cases.start_options import starter_of
from service.casework.reading.earlier_application import EarlierAnswers, earlier_answers, with_files
from service.catalog.applications import is_application


@guarded("case.start")
def view_earlier_start(desk: Desk, actor: Actor, process: str, parent_id: int | None) -> EarlierAnswers | None:
    """Return the answers of the form that began the last ended case of the actor's own organisation, without its files.

    None where there was no such case; raises NotFound.
    """
    if parent_id is None:
        return None
    with desk.store.read() as tx:
        parent = tx.cases.get(parent_id)
        package = desk.packages.get(parent.definition, tx)
        info = package.process(process)
        seat = starter_of(actor, package, info)
        role = package.jurisdiction.roles.get(seat.role) if seat is not None else None
        if seat is None or role is None or not role.subject or not info.start_form or not is_application(package, info):
            return None
        found = earlier_answers(desk, tx, actor, parent, process, info.start_form, seat.body_id)
    if found is None:
        return None
    return replace(found, values=with_files(found.values, dict.fromkeys(found.files)), files=())
