from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace

import psycopg
import pytest

from service.domain.errors import NotFound
from service.store import Stale, Store
from service.store.models import FormResultRow, InboxRow, UploadRow
from tests.support import records
from tests.support.records import NOON
from tests.support.waiting import until


def test_the_second_of_two_steps_from_the_same_version_is_refused(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        before = tx.cases.get(case_id)
        tx.cases.save(before, status="suspended")
        with pytest.raises(Stale):
            tx.cases.save(before, status="ended")
        assert tx.cases.lock(case_id).status == "suspended"
        assert tx.cases.get(case_id).version == 2


def test_a_task_comes_with_its_locked_case_and_whether_somebody_may_keep_a_draft(store: Store) -> None:
    """On PostgreSQL a draft may come until the task is done: nobody can say that there is none."""
    with store.write() as tx:
        case = records.case(tx)
        (number,) = tx.tasks.insert_many([records.task(case)])
        person = records.person(tx)
    with store.write() as tx:
        found = tx.tasks.with_locked_case(number)
        assert (found.task, found.case, found.drafted) == (
            tx.tasks.get(number),
            tx.cases.get(case),
            store.dialect == "postgresql",
        )
        tx.drafts.save(number, person, {"a": 1}, NOON)
        assert tx.tasks.with_locked_case(number).drafted
        with pytest.raises(NotFound, match="待办"):
            tx.tasks.with_locked_case(number + 1)


def test_what_was_submitted_is_read_anew_where_a_case_was_changed_while_its_lock_was_waited_for(
    postgres_url: str, open_store: Callable[[str], Store]
) -> None:
    store = open_store(postgres_url)
    with store.write() as tx:
        case = records.case(tx)
        (number,) = tx.tasks.insert_many([records.task(case)])
    locked = threading.Event()

    def submit() -> None:
        with store.write() as tx:
            before = tx.cases.lock(case)
            tx.forms.insert(FormResultRow(case_id=case, element="a", form="f", data={}, at=NOON))
            tx.cases.save(before, status="suspended")
            locked.set()
            until(lambda: _somebody_waits(postgres_url))

    def read() -> None:
        locked.wait(120)
        with store.write() as tx:
            found = tx.tasks.with_locked_case(number)
            assert (found.case.status, found.forms) == ("suspended", None)
            assert len(tx.forms.of_case(case)) == 1

    with ThreadPoolExecutor(2) as people:
        for done in [people.submit(submit), people.submit(read)]:
            done.result(60)


def _somebody_waits(url: str) -> bool:
    """Return whether a session of the database waits for a lock."""
    with closing(psycopg.connect(url.replace("+psycopg", ""))) as looking:
        [(count,)] = looking.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        ).fetchall()
    return bool(count)


def test_a_submission_taken_back_no_longer_counts(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        [task_id] = tx.tasks.insert_many([records.task(case_id)])
        common = {"case_id": case_id, "element": "Accept", "form": "acceptance", "at": NOON}
        tx.forms.insert(FormResultRow(**common, task_id=task_id, data={"意见": "不予受理"}))
        assert tx.forms.mark_taken_back(task_id, NOON) == 1
        kept = tx.forms.insert(FormResultRow(**common, task_id=task_id, data={"意见": "受理"}))
        assert [(row.id, row.data) for row in tx.forms.of_case(case_id, "acceptance")] == [(kept, {"意见": "受理"})]
        assert tx.forms.of_case(case_id, "other") == []


def test_uploads_are_claimed_once_by_one_case(store: Store) -> None:
    digest, size = store.files.put("证明".encode())
    with store.write() as tx:
        ours, theirs = records.case(tx), records.case(tx, definition="v1")
        [task_id] = tx.tasks.insert_many([records.task(ours)])
        row = {"field": "proof", "name": "证明.txt", "kind": "text/plain", "size": size, "sha256": digest, "at": NOON}
        tx.uploads.add(UploadRow(id="u1", **row))
        tx.uploads.add(UploadRow(id="of another", **row, person_id=records.person(tx)))
        assert tx.uploads.claim(["of another"], ours, task_id, person_id=records.person(tx, login="second")) == 0
        assert tx.uploads.claim(["u1", "unknown"], ours, task_id) == 1
        assert tx.uploads.claim(["u1"], theirs, None) == 0
        assert [one.id for one in tx.uploads.list_of_case(ours)] == ["u1"]
        tx.uploads.remove("u1", NOON)
        assert tx.uploads.list_of_case(ours) == []
        assert tx.uploads.get("u1").removed_at == NOON
    with store.files.open(digest) as file:
        assert file.read().decode() == "证明"


def test_a_message_between_cases_waits_until_caught(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        row = InboxRow(case_id=case_id, message="decided", payload={"结果": "同意"}, effect_key="k1")
        assert tx.inbox.insert_new(row)
        assert not tx.inbox.insert_new(replace(row, payload={}))
        [waiting] = tx.inbox.select(case_id=case_id, caught_at=None)
        assert waiting.payload == {"结果": "同意"}
        tx.inbox.change(waiting.id, caught_at=NOON)
        assert tx.inbox.select(case_id=case_id, caught_at=None) == []


def test_who_holds_a_role_in_a_case_is_replaced_by_whom_it_is_handed_to(store: Store) -> None:
    """A unit to which an audit or an inquiry no longer belongs sees the case no more."""
    with store.write() as tx:
        case, other = records.case(tx), records.case(tx)
        first, second, adviser = (records.body(tx, key) for key in ("U1", "U2", "U3"))
        tx.cases.bind(other, "audit_unit", first)
        tx.cases.bind(case, "audit_unit", first)
        tx.cases.bind(case, "adviser", adviser)
        for _ in range(2):
            tx.cases.bind(case, "audit_unit", second)
            held = {role: [body.id for body in bodies] for role, bodies in tx.cases.parties(case).items()}
            assert held == {"audit_unit": [second], "adviser": [adviser]}
        assert [body.id for body in tx.cases.parties(other)["audit_unit"]] == [first]
