from __future__ import annotations

import pytest

from service.domain.errors import NotFound
from service.store import Store, Transaction
from service.store.rows import MembershipRow, SessionRow
from tests.support import records
from tests.support.records import DAY, NOON


def member(tx: Transaction, person_id: int, body_id: int, role: str = "office", **columns: object) -> int:
    fixed = {"person_id": person_id, "body_id": body_id, "jurisdiction": "city", "role": role, "since": NOON}
    return tx.people.add_membership(MembershipRow(**{**fixed, **columns}))


def test_a_person_is_found_by_id_and_by_login(store: Store) -> None:
    with store.write() as tx:
        li = records.person(tx, "li", email="li@example.org")
        tx.people.update_person(li, telephone="123")
        assert tx.people.person(li) == tx.people.by_login("li") == tx.people.everybody()[0]
        assert tx.people.person(li).telephone == "123"
        assert tx.people.by_login("wang") is None
        assert tx.people.named([li, 99]) == {li: "li"}
        with pytest.raises(NotFound):
            tx.people.person(99)


def test_a_body_is_brought_up_to_date_under_its_key(store: Store) -> None:
    with store.write() as tx:
        first = tx.people.upsert_body("city", "office", kind="authority", name="旧名", roles=["office", "recommender"])
        again = tx.people.upsert_body("city", "office", kind="authority", name="新名", roles=["office"])
        gone = tx.people.upsert_body("city", "old", kind="authority", name="撤销的单位", active=False, roles=["office"])
        assert first == again != gone
        assert [row.name for row in tx.people.bodies("city")] == ["新名"]
        assert [row.id for row in tx.people.bodies("city", "office")] == [first]
        assert tx.people.bodies("city", "recommender") == []
        found = tx.people.body_by_key("city", "old")
        assert found is not None
        assert found == tx.people.body(gone)


def test_memberships_hold_from_their_beginning_to_their_end(store: Store) -> None:
    with store.write() as tx:
        li, office = records.person(tx), records.body(tx)
        held = member(tx, li, office, until=NOON + DAY)
        assert [row.id for row in tx.people.memberships(li, NOON)] == [held]
        assert tx.people.memberships(li, NOON - DAY) == tx.people.memberships(li, NOON + DAY) == []
        assert member(tx, li, office) == held
        assert tx.people.memberships(li, NOON + DAY)[0].until is None
        tx.people.end_membership(held, NOON + DAY)
        assert tx.people.memberships(li, NOON + DAY) == []


def test_people_are_found_by_role_and_body(store: Store) -> None:
    with store.write() as tx:
        li, wang, zhao = (records.person(tx, login) for login in ("li", "wang", "zhao"))
        gone = records.person(tx, "gone", active=False)
        north, south = records.body(tx, "north"), records.body(tx, "south")
        member(tx, li, north)
        member(tx, wang, south)
        member(tx, zhao, north, jurisdiction="*")
        member(tx, gone, north)

        def found(body_id: int | None, role: str = "office") -> list[str]:
            return [row.login for row in tx.people.people_with("city", role, body_id, NOON)]

        assert found(north) == ["li", "zhao"]
        assert found(None) == ["li", "wang"]
        assert found(north, "decider") == []


def test_a_session_knows_its_person_until_it_expires(store: Store) -> None:
    with store.write() as tx:
        li, sessions = records.person(tx), tx.people.sessions
        times = {"created_at": NOON, "seen_at": NOON, "expires_at": NOON + DAY}
        sessions.open(SessionRow(id="s1", csrf="c", **times))
        assert sessions.with_seats("s1", NOON) is None
        sessions.update("s1", person_id=li, details={"language": "en"})
        with store.statements() as sent:
            signed = sessions.with_seats("s1", NOON)
        assert len(sent) == 1
        assert signed is not None
        assert (signed[0].details, signed[1]) == ({"language": "en"}, tx.people.person(li))
        assert sessions.with_seats("s1", NOON + DAY) is None
        sessions.touch("s1", NOON + DAY, NOON + DAY * 2)
        assert sessions.prune(NOON + DAY) == 0
        assert sessions.close_all(li) == 1
        assert sessions.get("s1") is None
