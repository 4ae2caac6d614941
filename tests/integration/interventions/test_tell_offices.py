"""The office reads of a batch in one message, however many cases it was."""

from __future__ import annotations

from service.casework.interventions.batch import Selection, do_tried, start_batch
from service.store.rows import MailRow
from tests.integration.interventions.test_interventions import WHY, reviewed
from tests.support.desks import Bench


def _told(bench: Bench) -> list[MailRow]:
    with bench.desk.store.read() as tx:
        found = [row for ident in bench.people.values() for row in tx.mail.inbox(ident, 50)]
    return [row for row in found if row.subject.startswith("管理员干预")]


def test_the_office_gets_one_message_of_a_batch(both: Bench) -> None:
    cases = [reviewed(both) for _ in range(23)]
    trial = start_batch(both.desk, both.admin, Selection("suspend", cases, WHY, {}))
    both.drain()
    assert _told(both) == [], "a trial is told to nobody"
    do_tried(both.desk, both.admin, trial)
    both.drain()
    told = _told(both)
    assert len({row.person_id for row in told}) == len(told) > 0, "one message each"
    assert {row.subject for row in told} == {"管理员干预：暂停办理，23件"}
    assert all("另有3件" in row.text and WHY in row.text and row.case_id is None for row in told)
