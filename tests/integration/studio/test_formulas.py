"""Help where a formula of a draft is written: words of the place, what is wrong, its value on a sample or a real case."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest

from service.casework.scope.record import RecordScope
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.pieces.judge_formula import TypedFormula, judge_formula
from service.casework.studio.pieces.trial_records import trial_record
from service.domain.errors import Invalid, NotAllowed
from tests.support.browsers import Browse, Browser
from tests.support.lakeside import KEY, Lakeside, amended_package

TABLE = f"processes/{KEY}/eligibility.dmn"
FORM = f"processes/{KEY}/forms/apply.json"
PERSONAL = ('"label_en": "Merit"', '"label_en": "Merit",\n        "personal": true')


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "条件")


def place(draft: int, what: str, path: str = TABLE, element: str = "", field: str = "cell") -> str:
    return f"/api/v1/drafts/{draft}/{what}?{urlencode({'path': path, 'element': element, 'field': field})}"


def words(browser: Browser, draft: int, **where: str) -> dict[str, Any]:
    found: dict[str, Any] = browser.get(place(draft, "words", **where)).get_json()
    return found


def judged(browser: Browser, draft: int, text: str, **more: Any) -> dict[str, Any]:
    found: dict[str, Any] = browser.send("POST", place(draft, "formula"), {"text": text, **more}).get_json()
    return found


def test_the_words_of_a_place_come_with_type_label_and_sample(browse: Browse, draft: int):
    found = words(browse("designer"), draft)

    names = {name["name"]: name for name in found["names"]}
    founded = next(entry for entry in names["apply"]["entries"] if entry["name"] == "founded")
    assert (founded["label"]["zh"], founded["kind"]["zh"], founded["sample"]) == ("成立日期", "日期", '"2020-05-01"')
    assert "条件具备，公示后受理" in found["sample"]["zh"]
    assert any(function["name"] == "workdays" for function in found["functions"])


def test_what_is_wrong_is_told_with_its_place_and_the_value_with_its_gaps(browse: Browse, draft: int):
    designer = browse("designer")

    (fault,) = judged(designer, draft, "aply.founded")["problems"]
    assert (fault["start"], fault["end"], fault["suggestion"]) == (0, 12, "apply.founded")
    value = judged(designer, draft, "param.min_years + 1")["value"]
    assert (value["shown"], value["gaps"]) == ("4", [])
    (gap,) = judged(designer, draft, 'apply.founded + "x" + apply.none')["value"]["gaps"]
    assert "apply.none" in gap["part"]
    assert judged(designer, draft, "> 3", kind="tests", input="param.min_years")["value"]["shown"] == "false"
    assert judged(designer, draft, "if a")["problems"][0]["severity"] == "error"


def test_what_loops_is_stopped_and_what_is_huge_is_refused(browse: Browse, draft: int):
    designer = browse("designer")

    assert "已停止" in judged(designer, draft, "sum(for a in 1..9999, b in 1..9999 return a)")["value"]["refused"]["zh"]
    assert "10000" in judged(designer, draft, "1 + " * 4000 + "1")["problems"][0]["message"]["zh"]
    assert designer.send("POST", place(draft, "formula"), {"text": "1" * 50_000}).status_code == 422


def test_facts_can_be_laid_over_the_sample(town: Lakeside, draft: int):
    def value(founded: str) -> str:
        typed = TypedFormula("date(apply.founded).year", facts={"apply.founded": founded})
        found = judge_formula(town.desk, town.designer, draft, TABLE, "", "cell", typed)
        assert found.value is not None
        return found.value.shown

    assert value('"2011-01-01"') == "2011"
    with pytest.raises(Invalid) as refused:
        value("2011 01")
    assert "apply.founded" in refused.value.message.zh


def test_a_real_case_is_read_by_who_may_look_at_it_with_personal_data_masked(town: Lakeside):
    town.deploy(amended_package({FORM: [PERSONAL]}))
    case = town.start("first")
    with town.desk.store.write() as tx:
        step = open_step(town.desk, tx, case, town.admin)
        typed = tx.forms.of_case(case)[0].data["merit"]
        step.set_facts({"merit": typed, "note": typed, "stage": "open"})
        save_step(step)
    mine = open_draft(town.desk, town.admin, KEY, "真实办件")

    found = judge_formula(town.desk, town.admin, mine, TABLE, "", "cell", TypedFormula("apply.merit", case=case))
    plain = judge_formula(town.desk, town.admin, mine, TABLE, "", "cell", TypedFormula("apply.founded", case=case))

    assert found.value is not None
    assert plain.value is not None
    assert found.value.shown == '"榫卯****"'
    assert plain.value.shown == '"2020-05-01"'
    for text, told in (("case.merit", '"榫卯****"'), ("case.note", '"榫卯****"'), ("case.stage", '"open"')):
        fact = judge_formula(town.desk, town.admin, mine, TABLE, "", "cell", TypedFormula(text, case=case))
        assert fact.value is not None
        assert fact.value.shown == told
    theirs = open_draft(town.desk, town.designer, KEY, "无权查看")
    with pytest.raises(NotAllowed):
        judge_formula(town.desk, town.designer, theirs, TABLE, "", "cell", TypedFormula("1", case=case))


def test_individuals_are_masked_wherever_a_real_case_speaks_of_them(town: Lakeside):
    number = "11010519491231002X"
    with town.desk.store.write() as tx:
        person = tx.people.upsert_body("*", number, kind="individual", name="司马相如")
    cases = [town.start("first"), town.start("second")]
    with town.desk.store.write() as tx:
        for case in cases:
            row = tx.cases.get(case)
            tx.cases.save(row, subject_id=person, title="司马相如")
            tx.cases.bind(case, "holder", person)
    mine = open_draft(town.desk, town.admin, KEY, "个人")
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, mine)
        record = trial_record(town.desk, tx, town.admin, tree, cases[0], {})
        told = {name: record.values[name] for name in record.values if name != "param"}
        assert "司马相如" in repr(RecordScope(tx, tree.package, tx.cases.get(cases[0]))["parties"])
    assert [name for name, value in told.items() if number in repr(value) or "司马相如" in repr(value)] == []
    assert told["parties"]["holder"]["name"].startswith("司")
