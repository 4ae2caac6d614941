"""The search table: what is noted is what a reading of the rows themselves finds, in the places asked for alone."""

from __future__ import annotations

import random

import pytest
import sqlalchemy as sa

from service.store import CaseFilter, FoundValue, Store, Transaction, findable_text
from service.store.models import MembershipRow, UploadRow
from service.store.models.work import search_gram
from tests.support import records
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


def test_organisations_and_people_only_of_the_places_asked_for(store: Store) -> None:
    with store.write() as tx:
        here, joined, away = (records.body(tx, key, "*") for key in ("A1", "A2", "A3"))
        office = records.body(tx, "A-office", "city")
        case = records.case(tx, subject_id=here)
        tx.cases.bind(case, "recommender", joined)
        records.case(tx, definition="v1", subject_id=away, jurisdiction="far")
        assert tx.search.bodies(["city"], "单 a", (), 9) == []  # words of one character lead nowhere by themselves
        assert [b.id for b in tx.search.bodies(["city"], "单位", (), 9)] == [office, joined, here]
        assert [b.id for b in tx.search.bodies(["city"], "单位", [here], 2)] == [office, joined]
        assert [b.id for b in tx.search.bodies(["far"], "a3", (), 9)] == [away]
        for body, login in ((here, "l1"), (away, "l2")):
            person = records.person(tx, login, name="李建国")
            tx.memberships.give(
                MembershipRow(person_id=person, body_id=body, jurisdiction="*", role="applicant", since=NOON)
            )
        assert [p.login for p in tx.search.people(["city"], "建国", 9, named=True)] == ["l1"]
        assert [p.login for p in tx.search.people(["far"], "李建", 9, named=True)] == ["l2"]
        assert tx.search.people(["town"], "李建国", 9, named=True) == []
        assert tx.search.people(["city"], "建国", 9, named=False) == []
        assert [p.login for p in tx.search.people(["city"], "李建国", 9, named=False)] == ["l1"]


def test_nobody_is_found_by_an_identity_number(store: Store) -> None:
    with store.write() as tx:
        person = tx.bodies.upsert("*", "65010219800101001X", kind="individual", name="李建国")
        firm = tx.bodies.upsert("*", "91650102MA7750102B", kind="organisation", name="红旗超市")
        for subject in (person, firm):
            records.case(tx, definition=None if subject == person else "v1", subject_id=subject)
        assert [b.id for b in tx.search.bodies(["city"], "650102", (), 9)] == [firm]
        assert [b.id for b in tx.search.bodies(["city"], "建国", (), 9)] == [person]


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


# Values of facts and names of files: cases are found by them, each word in one value or in one name.

UNIT, OTHER = ("unit", "区市场监督管理局"), ("unit", "县工业和信息化局")
STAGE = ("stage", "审查中 being examined examining")


def case(tx: Transaction, definition: str | None, *values: tuple[str, str], place: str = "city") -> int:
    return records.case(tx, definition=definition, jurisdiction=place, findable=findable_text(values))


def found(tx: Transaction, text: str, *, recused: tuple[int, ...] = ()) -> list[tuple[int, str]]:
    return [(each.case_id, each.fact) for each in tx.search.values(["city"], text, recused, 9)[0]]


def test_a_value_leads_to_its_newest_cases_of_the_places_asked_for(store: Store) -> None:
    with store.write() as tx:
        subject = records.body(tx, "A1", "*")
        first, second = case(tx, None, UNIT, STAGE), case(tx, "v1", UNIT)
        case(tx, "v1", UNIT, place="far")
        about = records.case(tx, definition="v1", subject_id=subject, findable=findable_text([UNIT]))
        assert found(tx, "市场监督") == [(about, "unit"), (second, "unit"), (first, "unit")]
        assert found(tx, "市场监督", recused=(subject,)) == [(second, "unit"), (first, "unit")]
        assert found(tx, "EXAMINED 审查") == [(first, "stage")]
        assert found(tx, "市场 审查") == []  # in one value, every word
        assert found(tx, "stage") == []  # by what it says, not by the name of the fact
        assert tx.search.values(["city"], "市场", (), 2)[1], "there are more"
        for _ in range(5):
            case(tx, "v1", UNIT, STAGE)
        assert tx.search.values(["city"], "审查 监督", (), 2) == ([], False)
        both = case(tx, "v1", ("unit", "市场监督局审查科"))
        for _ in range(5):
            case(tx, "v1", UNIT, STAGE)
        assert tx.search.values(["city"], "审查 监督", (), 2) == ([FoundValue(both, "unit")], False)


def test_what_changed_is_found_by_the_new_value_alone(store: Store) -> None:
    with store.write() as tx:
        first, second = case(tx, None, UNIT, STAGE), case(tx, "v1", UNIT)
        tx.cases.save(tx.cases.get(first), findable=findable_text([STAGE, OTHER]))
        assert (found(tx, "市场监督"), found(tx, "工业和信"), found(tx, "审查中")) == (
            [(second, "unit")],
            [(first, "unit")],
            [(first, "stage")],
        )
        tx.cases.change(second, findable=findable_text([]))
        assert found(tx, "市场监督") == []
        assert not {row for row in noted(tx) if row[0] == "value" and row[2] == "监督"}
        assert tx.soundness.wrongly_searched(9) == []


def test_a_file_is_found_by_its_name_until_it_is_secret_or_gone(store: Store) -> None:
    with store.write() as tx:
        number = case(tx, None)
        for name in ("审计报告.pdf", "质量月报.pdf", "工艺秘密.pdf"):
            row = UploadRow(
                id=name, case_id=None, field="f", name=name, sha256=name, size=1, kind="application/pdf", at=NOON
            )
            tx.uploads.add(row)
        assert names(tx, "pdf") == [], "nobody handed them in yet"
        assert tx.uploads.claim(["审计报告.pdf", "质量月报.pdf", "工艺秘密.pdf"], number, None) == 3
        assert names(tx, "PDF 报") == ["审计报告.pdf", "质量月报.pdf"]
        tx.uploads.mark_secret(["工艺秘密.pdf"], "trade")
        tx.uploads.remove("质量月报.pdf", NOON)
        assert (names(tx, "pdf"), names(tx, "秘密"), names(tx, "质量")) == (["审计报告.pdf"], [], [])
        assert tx.soundness.wrongly_searched(9) == []
        tx.erasures.mark_uploads(number, ["审计报告.pdf"], "已清除", NOON)
        assert not [row for row in noted(tx) if row[0] == "file"]


def names(tx: Transaction, text: str) -> list[str]:
    return sorted(each.name for each in tx.search.files(["city"], text, (), 9))


def test_what_is_noted_wrongly_is_told_and_noted_anew(store: Store) -> None:
    with store.write() as tx:
        first, second = case(tx, None, UNIT), case(tx, "v1", OTHER)
        tx._connection.execute(
            sa.delete(search_gram).where(search_gram.c.row_id == first, search_gram.c.gram == "监督")
        )
        tx._connection.execute(
            sa.insert(search_gram).values(subject="case", jurisdiction="city", gram="没有", row_id=second)
        )
        assert set(tx.soundness.wrongly_searched(9)) == {("value", first), ("case", second)}
        tx.soundness.rebuild_search_table()
        assert tx.soundness.wrongly_searched(9) == []
        assert found(tx, "市场监督") == [(first, "unit")]
