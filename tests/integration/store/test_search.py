"""The search table: what triggers note is what a reading of the rows themselves finds, in the places asked for alone."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest
import sqlalchemy as sa

from service.store import CaseFilter, Store, Transaction
from service.store.repositories.cases.search import WALKED
from service.store.rows import DocumentRow, MembershipRow
from service.store.rows.cases import case as case_table
from service.store.rows.search import search_gram
from service.store.searching import note_anew
from tests.support import records
from tests.support.case_copies import copies_of
from tests.support.records import NOON

NAMES = ("红旗超市", "大红旗公司", "Red Flag 100%", "旗红_商店", "阿图什市蓝天纺织有限公司")
WORDS = ("红旗", "旗", "旗 红", "公司 蓝天", "100%", "RED", "d f", "_商", "没有", "〔2026〕", "2026 3号")


def fill(tx: Transaction, chance: random.Random) -> None:
    records.definition(tx)
    for number in range(40):
        name = chance.choice(NAMES)
        records.case(
            tx,
            definition="v1",
            jurisdiction=chance.choice(["city", "town", "far"]),
            title=f"{name}申报",
            number=f"质〔202{number % 9}〕{number}号" if number % 3 else None,
        )


@pytest.mark.parametrize("seed", range(3))
def test_cases_are_those_that_hold_every_word(store: Store, seed: int) -> None:
    with store.write() as tx:
        fill(tx, random.Random(seed))
        ids = [row.id for row in tx.cases.search(CaseFilter())]
        tx.cases.save(tx.cases.get(ids[0]), title="改名后的红旗", number="质〔2026〕3号")
        tx.cases.save(tx.cases.get(ids[1]), title="完全不同")
    with store.read() as tx:
        for text in WORDS:
            every = [
                row.id
                for row in tx.cases.search(CaseFilter(["city", "town"]), limit=200)
                if all(word in f"{row.title} {row.number or ''}".lower() for word in text.lower().split())
            ]
            asked = CaseFilter(["city", "town"], text=text)
            assert [row.id for row in tx.cases.search(asked, limit=200)] == every, text
            assert tx.cases.count(asked) == len(every)
            if len(every) > 1:
                assert [row.id for row in tx.cases.search(asked, every[0], 1)] == [every[1]]


def test_rows_of_before_are_noted_as_new_ones_are(store: Store) -> None:
    with store.write() as tx:
        fill(tx, random.Random(7))
        records.person(tx, "li", name="李建国")
        kept = noted(tx)
        tx._connection.execute(sa.delete(search_gram))
        note_anew(tx._connection)
        assert noted(tx) == kept
        assert len(kept) > 100


def test_what_is_gone_is_found_no_more(store: Store) -> None:
    with store.write() as tx:
        ident = records.case(tx, title="红旗超市", number="质1号")
        other = records.case(tx, definition="v1", title="红旗超市")
        tx._connection.execute(sa.delete(case_table).where(case_table.c.id == ident))
        assert {row_id for subject, _, _, row_id in noted(tx) if subject == "case"} == {other}


def test_organisations_and_people_only_of_the_places_asked_for(store: Store) -> None:
    with store.write() as tx:
        here, joined, away = (records.body(tx, key, "*") for key in ("A1", "A2", "A3"))
        office = records.body(tx, "A-office", "city")
        case = records.case(tx, subject_id=here)
        tx.cases.bind(case, "partner", joined)
        records.case(tx, definition="v1", subject_id=away, jurisdiction="far")
        assert tx.search.bodies(["city"], "单 a", (), 9) == []  # words of one character lead nowhere by themselves
        assert [b.id for b in tx.search.bodies(["city"], "单位", (), 9)] == [office, joined, here]
        assert [b.id for b in tx.search.bodies(["city"], "单位", [here], 2)] == [office, joined]
        assert [b.id for b in tx.search.bodies(["far"], "a3", (), 9)] == [away]
        for body, login in ((here, "l1"), (away, "l2")):
            person = records.person(tx, login, name="李建国")
            tx.people.add_membership(
                MembershipRow(person_id=person, body_id=body, jurisdiction="*", role="applicant", since=NOON)
            )
        assert [p.login for p in tx.search.people(["city"], "建国", 9, named=True)] == ["l1"]
        assert [p.login for p in tx.search.people(["far"], "李建", 9, named=True)] == ["l2"]
        assert tx.search.people(["town"], "李建国", 9, named=True) == []
        assert tx.search.people(["city"], "建国", 9, named=False) == []
        assert [p.login for p in tx.search.people(["city"], "李建国", 9, named=False)] == ["l1"]


def test_a_word_that_thousands_have_says_too_little(store: Store) -> None:
    with store.write() as tx:
        first, _ = copies_of(tx).organisations(["虚构岭品公司", *["虚构公司"] * WALKED])
        records.case(tx, subject_id=first)
        assert tx.search.bodies(["city"], "公司", (), 9) == []
        assert tx.search.too_common("body", "公司")
        assert [b.id for b in tx.search.bodies(["city"], "公司 岭品", (), 9)] == [first]
        assert not tx.search.too_common("body", "公司 岭品")
        assert not tx.search.too_common("person", "公司")


def test_nobody_is_found_by_an_identity_number(store: Store) -> None:
    with store.write() as tx:
        person = tx.people.upsert_body("*", "65010219800101001X", kind="individual", name="李建国")
        firm = tx.people.upsert_body("*", "91650102MA7750102B", kind="organisation", name="红旗超市")
        for subject in (person, firm):
            records.case(tx, definition=None if subject == person else "v1", subject_id=subject)
        assert [b.id for b in tx.search.bodies(["city"], "650102", (), 9)] == [firm]
        assert [b.id for b in tx.search.bodies(["city"], "建国", (), 9)] == [person]


def test_documents_by_number_for_a_place_or_for_a_party(store: Store) -> None:
    with store.write() as tx:
        mine, other = records.body(tx, "A1", "*"), records.body(tx, "A2", "*")
        case = records.case(tx, subject_id=mine)
        for number, place, about in (
            ("1", "city", case),
            ("2", "far", records.case(tx, definition="v1", subject_id=other)),
        ):
            tx.documents.insert(
                DocumentRow(
                    jurisdiction=place,
                    case_id=about,
                    template="t",
                    title="受理通知书",
                    number=f"克质受〔2026〕{number}号",
                    content={},
                    issued_at=NOON + timedelta(hours=1),
                )
            )
        found = tx.search.documents(CaseFilter(["city", "far"], text="质受 2026"), 9)
        assert [(d.number, d.case_id) for d in found] == [("克质受〔2026〕2号", case + 1), ("克质受〔2026〕1号", case)]
        assert len(tx.search.documents(CaseFilter(["far"], text="通知书"), 9)) == 1
        assert [d.case_id for d in tx.search.documents(CaseFilter(body_id=mine, text="通知书"), 9)] == [case]
        assert tx.search.documents(CaseFilter(["city"], text="通知书", recused=[mine]), 9) == []


def test_whose_task_it_is_unless_it_is_a_vote_or_for_one_alone(store: Store) -> None:
    with store.write() as tx:
        holder = records.person(tx)
        ids = [records.case(tx, definition=None if n == 0 else "v1") for n in range(4)]
        kinds = ({}, {"kind": "ballot"}, {"personal": True}, {"state": "done"})
        for case, columns in zip(ids, kinds, strict=True):
            tx.tasks.insert_many([records.task(case, assignee_id=holder, **columns)])
        assert [(h.person_id, h.case_id) for h in tx.search.held_by([holder], ["city"], ())] == [(holder, ids[0])]
        assert tx.search.held_by([holder], ["far"], ()) == []


def noted(tx: Transaction) -> list[tuple[str, str, str, int]]:
    statement = sa.select(search_gram).order_by(*search_gram.c)
    return [(a, b, c, d) for a, b, c, d in tx._connection.execute(statement)]
