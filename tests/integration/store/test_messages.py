from __future__ import annotations

from typing import Any

import pytest

from service.domain.errors import NotFound
from service.store import Store
from service.store.rows import DefinitionRow, IncidentRow, MailRow
from tests.support import records
from tests.support.records import NOON


def letter(key: str, person_id: int | None, **columns: Any) -> MailRow:
    return MailRow(subject="通知", text="…", effect_key=key, queued_at=NOON, person_id=person_id, **columns)


def test_a_message_is_queued_once_per_effect(store: Store) -> None:
    with store.write() as tx:
        li = records.person(tx)
        assert tx.mail.queue_many([letter("a", li), letter("b", None, address="x@example.org")]) == ["a", "b"]
        assert tx.mail.queue_many([letter("a", li)]) == []
        queued = tx.mail.by_key("b")
        assert queued is not None
        tx.mail.mark_sent(queued.id, NOON)
        assert tx.mail.get(queued.id).sent_at == NOON
        with pytest.raises(NotFound):
            tx.mail.get(99)


def test_the_inbox_is_newest_first_and_remembers_what_was_read(store: Store) -> None:
    with store.write() as tx:
        li, wang = records.person(tx, "li"), records.person(tx, "wang")
        tx.mail.queue_many([letter("1", li), letter("2", wang), letter("3", li)])
        newest, oldest = tx.mail.inbox(li)
        assert (newest.effect_key, oldest.effect_key) == ("3", "1")
        assert tx.mail.inbox(li, before=newest.id) == [oldest]
        assert tx.mail.mark_read(li, NOON, [newest.id, 2]) == 1
        assert (tx.mail.unread(li), tx.mail.unread(wang)) == (1, 1)
        assert tx.mail.mark_read(li, NOON) == 1


def test_a_message_between_cases_waits_until_caught(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        assert tx.inbox.deliver(case_id, "decided", {"结果": "同意"}, "k1", NOON)
        assert not tx.inbox.deliver(case_id, "decided", {}, "k1", NOON)
        [waiting] = tx.inbox.waiting(case_id)
        assert waiting.payload == {"结果": "同意"}
        tx.inbox.caught(waiting, NOON)
        assert tx.inbox.waiting(case_id) == []


def test_one_version_of_a_package_is_current(store: Store) -> None:
    with store.write() as tx:
        for version in ("v1", "v2"):
            records.definition(tx, version)
        published = {"package": "city/award", "published_at": NOON, "published_by": "test"}
        assert not tx.definitions.insert(DefinitionRow(version="v1", content=b"other", **published))
        assert tx.definitions.current("city/award") is None
        tx.definitions.set_current("city/award", "v1")
        tx.definitions.set_current("city/award", "v2")
        assert [row.version for row in tx.definitions.currents()] == ["v2"]
        assert tx.definitions.current("city/award") == tx.definitions.get("v2")
        assert {row.version for row in tx.definitions.versions("city/award")} == {"v1", "v2"}
        with pytest.raises(NotFound):
            tx.definitions.set_current("city/award", "v3")
        with pytest.raises(NotFound):
            tx.definitions.get("v3")


def incident(case_id: int, engine_id: str) -> dict[str, Any]:
    words = {"zh": "…", "en": "…"}
    report = {"what": words, "consequence": words, "remedy": words, "detail": "boom", "since": NOON}
    return {"jurisdiction": "city", "case_id": case_id, "engine_id": engine_id, "kind": "handler", **report}


def test_the_same_incident_again_is_counted_not_repeated(store: Store) -> None:
    with store.write() as tx:
        case_id = records.case(tx)
        first = tx.incidents.open(IncidentRow(**incident(case_id, "e1")))
        assert tx.incidents.open(IncidentRow(**incident(case_id, "e1"))) == first
        second = tx.incidents.open(IncidentRow(**incident(case_id, "e2")))
        assert [(row.id, row.count) for row in tx.incidents.list_open(["city"])] == [(second, 1), (first, 2)]
        tx.incidents.resolve(first, NOON, None)
        tx.incidents.resolve(second, NOON, None)
        assert tx.incidents.list_open() == []
        assert tx.incidents.open(IncidentRow(**incident(case_id, "e1"))) not in (first, second)
        assert len(tx.incidents.of_case(case_id)) == 3
        assert tx.incidents.get(first).resolved_at == NOON
