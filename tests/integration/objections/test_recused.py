"""Who is recused from an organisation has no part in an objection to it, though the objection is about nobody by itself."""

from __future__ import annotations

import pytest

from service.casework.people.rights.seats import grant_seat
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.own_place.signs import whom_to_ask
from service.casework.tasks.delegate import delegate_task
from service.domain.errors import Invalid, NotAllowed
from service.store import Store
from service.store.models import PersonRow, RecusalRow
from tests.support.half_seasons import season_until


def test_who_is_recused_neither_reads_signs_nor_takes_over_an_objection(sqlite_store: Store) -> None:
    stage = season_until("urumqi/quality_award", "objections", sqlite_store, "check_objection", "一")
    office, now = stage.cast.actor("office"), stage.clock.now()
    with sqlite_store.write() as tx:
        colleague = tx.people.insert(PersonRow(login="colleague", name="同事", created_at=now))
        grant_seat(tx, colleague, office.seats[0], now)
    with sqlite_store.read() as tx:
        application = tx.cases.get(stage.case("甲"))
        (objection,) = tx.cases.select(parent_id=application.id, process="objection")
        (task,) = tx.tasks.open_of_case(objection.id)
    assert colleague in dict(whom_to_ask(stage.desk, office, task.id).own)
    assert application.subject_id is not None
    with sqlite_store.write() as tx:
        tx.recusals.insert_new(
            RecusalRow(
                jurisdiction="urumqi", person_id=colleague, body_id=application.subject_id, case_id=application.id,
                reason="配偶任职", source="decision", clauses=[], decided_at=now,
            )
        )  # fmt: skip
    assert colleague not in dict(whom_to_ask(stage.desk, office, task.id).own)
    with pytest.raises(Invalid, match="已经回避"):
        delegate_task(stage.desk, office, task.id, task.version, colleague, "请代办")
    with pytest.raises(NotAllowed, match="已经回避"):
        view_case(stage.desk, stage.cast.person(colleague), objection.id)
