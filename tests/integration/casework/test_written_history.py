"""Nothing is decided by an event that somebody changed in the database: the act is refused, and an incident names row and table."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.access.altered_state import RowAltered
from service.casework.archives.gather import gather_case, start_archive
from service.casework.ballots.enter_hall_vote import enter_hall_vote
from service.casework.ballots.repeat_count import repeat_count
from service.casework.cases.start import start_case
from service.casework.desk.desk import Desk
from service.casework.interventions.offers import view_interventions
from service.casework.people.rights.suspension import reinstate_person, suspend_person
from service.casework.retention.erase_case import Wish, erase_case
from service.casework.soundness.anchors import set_anchor
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.tasks.complete import complete_task
from service.domain.ballots import HallSheet
from service.domain.retention import PERSONAL
from service.store import Store
from service.store.rows.history import audit
from service.store.seals.altered import HistoryAltered
from tests.integration.interventions.test_command import message_lost
from tests.integration.interventions.test_interventions import do
from tests.support.ballots import Hall, make_hall, paper
from tests.support.desks import PACKAGE, Bench
from tests.support.first_start import first_start

SHEET = HallSheet((1, 2, 3, 4), 1, {"quality:c1": (3, 0, 0), "quality:c2": (2, 1, 0), "quality:c3": (0, 2, 1)})


@pytest.fixture
def hall(store: Store, tmp_path: Path) -> Hall:
    """Nine members about to vote, once on SQLite and once on PostgreSQL."""
    return make_hall(store, tmp_path / "keys")


@contextmanager
def changed(
    desk: Desk, case: int, wanted: Callable[[Mapping[str, Any]], bool], change: Callable[[Any], dict[str, Any]]
) -> Iterator[int]:
    """Let the newest event that is ``wanted`` hold other values, as who has the database alone does; put back at the end.

    Yields its number.
    """
    with desk.store.write() as tx:
        rows = tx._connection.execute(sa.select(audit).where(audit.c.case_id == case).order_by(audit.c.seq)).mappings()
        row = [dict(one) for one in rows if wanted(one)][-1]
        put(tx._connection, row["id"], change(row))
    yield int(row["seq"])
    with desk.store.write() as tx:
        put(tx._connection, row["id"], row)


def put(connection: sa.Connection, ident: int, values: Mapping[str, Any]) -> None:
    given = {name: value for name, value in values.items() if name != "id"}
    assert connection.execute(sa.update(audit).where(audit.c.id == ident).values(**given)).rowcount == 1


def without(name: str) -> Callable[[Any], dict[str, Any]]:
    return lambda row: {"data": {key: value for key, value in row["data"].items() if key != name}}


def refused(desk: Desk, case: int, seq: int, act: Callable[[], object]) -> None:
    """The act is refused with a sentence, and an incident of the case says which event it is."""
    named = f"table audit, the row with case_id {case} and seq {seq}"
    with pytest.raises(HistoryAltered) as found:
        act()
    assert named in found.value.message.en
    with desk.store.read() as tx:
        assert [one for one in tx.incidents.of_case(case) if named in one.what["en"]]


def test_a_count_whose_record_somebody_changed_is_neither_signed_nor_of_an_older_program(hall: Hall) -> None:
    case, ballot = hall.open()
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()

    def repeated() -> bool | None:
        return repeat_count(hall.desk, hall.office, ballot).signed

    assert repeated() is True
    with changed(hall.desk, case, lambda row: "signature" in row["data"], without("signature")) as seq:
        refused(hall.desk, case, seq, repeated)
    assert repeated() is True


def test_a_history_whose_end_was_cut_off_vouches_for_no_count(hall: Hall) -> None:
    case, ballot = hall.open()
    hall.everybody(ballot, [paper("yyn")] * 9)
    hall.drain()
    set_anchor(hall.desk, SYSTEM)
    with hall.desk.store.write() as tx:
        rows = tx.history.whole(case)
        (count,) = (row for row in rows if "signature" in row.data)
        tx._connection.execute(sa.delete(audit).where(audit.c.case_id == case, audit.c.seq >= count.seq))
        tx._connection.execute(
            sa.text("update case_instance set audit_seq = :seq, audit_hash = :hash where id = :case"),
            {"seq": count.seq - 1, "hash": count.previous, "case": case},
        )
    refused(hall.desk, case, rows[-1].seq, lambda: repeat_count(hall.desk, hall.office, ballot))
    assert hall.ballot(ballot).state == "counted"


def test_no_second_tally_is_held_against_a_first_of_which_the_history_was_changed(hall: Hall) -> None:
    case, ballot = hall.open()
    enter_hall_vote(hall.desk, hall.tellers[0], ballot, SHEET)
    with changed(hall.desk, case, lambda row: "sheet" in row["data"], without("sheet")) as seq:
        refused(hall.desk, case, seq, lambda: enter_hall_vote(hall.desk, hall.supervisor, ballot, SHEET))
    assert hall.ballot(ballot).cast == 0
    assert enter_hall_vote(hall.desk, hall.supervisor, ballot, SHEET)


def test_no_message_is_sent_again_by_a_history_that_says_it_was_not_caught(bench: Bench) -> None:
    case = message_lost(bench)
    with changed(bench.desk, case, lambda row: row["action"] == "completed", lambda _row: {"action": "x"}) as seq:
        refused(bench.desk, case, seq, lambda: do(bench, "message", case, message="notice_corrected"))
        offered = view_interventions(bench.desk, bench.admin, case).offered["message"]
        (told,) = (one.refusal for one in offered if one.value == "notice_corrected")
        assert told is not None
        assert f"seq {seq}" in told.en
    do(bench, "message", case, message="notice_corrected")


def test_no_role_is_given_back_by_a_suspension_that_somebody_wrote(bench: Bench) -> None:
    desk, person = bench.desk, bench.people["office"]
    case = start_case(desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    with desk.store.write() as tx:
        step = open_step(desk, tx, case, SYSTEM)
        taken = suspend_person(step, person)
        save_step(step)

    def give_back() -> None:
        with desk.store.write() as tx:
            step = open_step(desk, tx, case, SYSTEM)
            reinstate_person(step, person, taken)
            save_step(step)

    with changed(desk, case, lambda row: row["action"] == "suspension", lambda _row: {"text": "别的"}):
        with pytest.raises(HistoryAltered):
            give_back()
        with desk.store.read() as tx:
            assert not tx.people.memberships(person, bench.clock.now())
    give_back()


def ended(bench: Bench) -> int:
    """Return an application that was refused."""
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in (
        (bench.applicant, {"founded_on": "2010-05-01", "contact": "张三丰"}),
        (bench.office, {"decision": "fail", "reason": "材料不全"}),
    ):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    bench.drain()
    assert bench.case(case).status == "ended"
    return case


def test_neither_an_erasure_nor_an_archive_takes_in_what_was_changed(bench: Bench) -> None:
    desk, case = bench.desk, ended(bench)
    first_start(desk)
    archive = start_archive(desk, bench.office, case, "移交档案室", full=True)

    def erase() -> None:
        with desk.store.write() as tx:
            erase_case(desk, tx, case, Wish(1, frozenset((PERSONAL,)), "期满", bench.office))

    with changed(desk, case, lambda row: row["action"] == "completed", lambda row: {"text": f"{row['text']}。"}):
        for act in (erase, lambda: gather_case(desk, archive, case)):
            with pytest.raises(HistoryAltered):
                act()
    where = f"id = (select max(id) from form_result where case_id = {case})"
    with desk.store.write() as tx:
        was = tx._connection.scalar(sa.text(f"select element from form_result where {where}"))
        tx._connection.execute(sa.text(f"update form_result set element = 'other' where {where}"))
    for act in (erase, lambda: gather_case(desk, archive, case)):
        with pytest.raises(RowAltered) as found:
            act()
        assert "column element in row" in found.value.what.en
    with desk.store.write() as tx:
        tx._connection.execute(sa.text(f"update form_result set element = :was where {where}"), {"was": was})
    gather_case(desk, archive, case)
    erase()
