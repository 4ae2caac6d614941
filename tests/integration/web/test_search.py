"""One field finds cases, organisations, people, documents and steps, for each reader what they may see."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from service.casework.access.actor import SYSTEM
from service.casework.queries.searching.search import MOST
from service.casework.soundness.checks import check_search_table
from service.casework.soundness.fault import Unsound
from service.casework.soundness.nightly import rebuild_search_table
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.tasks.claim import claim_task
from service.store.models import BodyRow, DocumentRow, MembershipRow, UploadRow
from service.store.models.work import search_gram
from service.store.queries.search import WALKED
from tests.support import records
from tests.support.browsers import Browse
from tests.support.case_copies import copies_of
from tests.support.desks import Bench


@pytest.fixture
def case(bench: Bench) -> int:
    """An application whose first task its applicant has taken, with a letter; and people of elsewhere."""
    case = bench.started()
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.applicant, task.id)
    with bench.desk.store.write() as tx:
        tx.documents.insert(
            DocumentRow(
                jurisdiction="testville",
                case_id=case,
                template="t",
                title="受理通知书",
                number="试质受〔2026〕17号",
                content={},
                issued_at=bench.clock.now(),
            )
        )
        far = tx.bodies.upsert("*", "FAR", kind="organisation", name="外地无关公司")
        stranger = records.person(tx, "outsider", name="欧阳外人")
        tx.memberships.give(
            MembershipRow(person_id=stranger, body_id=far, jurisdiction="*", role="applicant", since=bench.clock.now())
        )
    return case


def kinds(page: str) -> set[str]:
    return set(re.findall(r'<section class="card" id="(\w+)"', page))


def test_a_document_is_found_by_its_number(case: int, browse: Browse) -> None:
    for login in ("office", "applicant"):
        page = browse(login).get("/search?q=2026〕17").text
        assert kinds(page) == {"documents"}
        assert f'href="/cases/{case}"' in page


def test_an_organisation_its_people_and_its_cases(case: int, bench: Bench, browse: Browse) -> None:
    with bench.desk.store.read() as tx:
        subject: BodyRow = tx.bodies.get(tx.cases.get(case).subject_id or 0)
    page = browse("office").get(f"/search?q={subject.name}").text
    assert {"cases", "bodies"} <= kinds(page)
    assert "bodies" not in kinds(browse("applicant").get(f"/search?q={subject.name}").text)
    part = browse("office").seek(bench.applicant.name[:-1]).get_json()
    assert part["people"] == []  # who is shown masked is not guessed part by part
    mine = browse("office").get(f"/search?q={bench.applicant.name}").text
    assert "people" in kinds(mine)
    people = browse("office").seek(bench.applicant.name).get_json()["people"]
    assert [[one["id"] for one in person["cases"]] for person in people] == [[case]]
    assert bench.applicant.name not in {person["name"] for person in people}  # masked: the office administers nobody
    assert people[0]["name"].startswith(bench.applicant.name[0])


def test_who_is_masked_takes_nobodys_place_among_those_found(case: int, bench: Bench, browse: Browse) -> None:
    with bench.desk.store.write() as tx:
        subject = tx.cases.get(case).subject_id
        assert subject is not None
        for number in range(MOST + 2):
            place, body = ("testville", records.body(tx, "BUREAU", "testville")) if number == 0 else ("*", subject)
            person = records.person(tx, f"zhuge{number}", name=f"诸葛明远{number}")
            tx.memberships.give(
                MembershipRow(
                    person_id=person, body_id=body, jurisdiction=place, role="office", since=bench.clock.now()
                )
            )
    found = browse("office").seek("诸葛明远").get_json()
    assert [one["name"] for one in found["people"]] == ["诸葛明远0"]
    assert "people" not in found["more"]


@pytest.mark.usefixtures("case")
def test_people_and_organisations_of_elsewhere_are_nobodys(browse: Browse) -> None:
    for text in ("欧阳外人", "外地无关"):
        page = browse("office").get(f"/search?q={text}").text
        assert kinds(page) == set()
        assert "没有找到" in page


def record(bench: Bench, case: int, **facts: object) -> None:
    """Let a step record facts."""
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, case, bench.office)
        step.set_facts(facts)
        save_step(step)


def test_a_case_is_found_by_what_its_facts_say_now(case: int, bench: Bench, browse: Browse) -> None:
    rows = [{"name": "白杨商行", "code": "65010219800101001X", "case": n} for n in range(9)]
    record(bench, case, note="灰楼三层资料室", decided=True, rows=rows, roll=[f"欧阳唱票{n}" for n in range(9)])
    office = browse("office")
    page = office.get("/search?q=三层资料").text
    assert kinds(page) == {"facts"}
    assert "灰楼三层资料室" in page
    assert 'name="sought_on" value="/search"' in office.get("/monitor").text
    [found] = office.seek("白杨商行").get_json()["facts"]
    assert (found["id"], [(f["name"], f["value"]["zh"]) for f in found["facts"]]) == (case, [("rows", "白杨商行")])
    for unseen in ("65010219800101001X", "欧阳唱票"):  # beside a name, or in a list that the case shows by its size
        assert office.seek(unseen).get_json()["facts"] == []
    assert kinds(browse("applicant").get("/search?q=三层资料").text) == set()
    record(bench, case, note="红楼一层接待室")
    assert kinds(office.get("/search?q=三层资料").text) == set()
    assert kinds(office.get("/search?q=一层接待").text) == {"facts"}


def test_a_case_is_found_by_the_names_of_files_that_were_handed_in(case: int, bench: Bench, browse: Browse) -> None:
    kept = {"field": "f", "kind": "application/pdf", "size": 1, "sha256": "0" * 64, "at": bench.clock.now()}
    names = {"a": "营业执照副本.pdf", "b": "核心工艺.pdf", "c": "还没有交.pdf", "d": "撤下的.pdf"}
    with bench.desk.store.write() as tx:
        for ident, name in names.items():
            tx.uploads.add(UploadRow(id=ident, name=name, person_id=bench.applicant.person_id, **kept))
        tx.uploads.claim(["a", "b", "d"], case, None, bench.applicant.person_id)
        tx.uploads.mark_secret(["b"], "trade_secret")
        tx.uploads.remove("d", bench.clock.now())
    office = browse("office")
    page = office.get("/search?q=执照副本").text
    assert kinds(page) == {"files"}
    assert 'href="/uploads/a"' in page
    [found] = office.seek("执照 PDF").get_json()["files"]
    assert (found["case_id"], found["upload_id"], found["name"]) == (case, "a", "营业执照副本.pdf")
    for unseen in ("核心工艺", "还没有交", "撤下的"):
        assert office.seek(unseen).get_json()["files"] == [], unseen
    assert browse("applicant").seek("执照副本").get_json()["files"] == []
    assert [f for f in check_search_table(bench.desk) if not isinstance(f, int)] == []
    with bench.desk.store.write() as tx:
        tx._connection.execute(sa.delete(search_gram).where(search_gram.c.subject == "file"))
    assert [f.what.zh for f in check_search_table(bench.desk) if isinstance(f, Unsound)] == [f"附件所属办件 {case}"]
    rebuild_search_table(bench.desk, SYSTEM)
    assert [f["upload_id"] for f in office.seek("执照副本").get_json()["files"]] == ["a"]


def test_nobody_is_found_by_what_a_form_marks_personal(case: int, bench: Bench, browse: Browse) -> None:
    record(bench, case, contact="诸葛孔明", note="青砖小院")
    assert [f["id"] for f in browse("office").seek("青砖小院").get_json()["facts"]] == [case]
    assert browse("office").seek("诸葛孔明").get_json()["facts"] == []
    with bench.desk.store.read() as tx:
        assert "孔明" not in (tx.cases.get(case).findable or "")


def test_a_group_of_which_too_many_have_the_words_counts_no_rows(bench: Bench, browse: Browse) -> None:
    """Organisations of elsewhere have the words; so many that not all are looked at, and none is the reader's to see."""
    with bench.desk.store.write() as tx:
        copies_of(tx).organisations(["外地青砖公司"] * (WALKED + 1))
    page = browse("office").get("/search?q=外地青砖公司").text
    (group,) = re.findall(r'<section class="card" id="bodies">.*?</section>', page, re.DOTALL)
    assert "没有逐一查看" in group
    assert ("前 0 条" in group, 'class="count"' in group) == (False, False)
