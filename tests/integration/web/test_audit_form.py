"""The form of an audit: beside each item what the applicant states, its files, and what the program found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import html

from tests.bench.season import AUDITOR, TASK, prepare
from tests.support.browsers import mark_of
from tests.support.counted_person import CountedPerson


class Auditor(CountedPerson):
    """An auditor with the page of the task that waits, and all that stands beside the items of its form."""

    def __init__(self, folder: Path) -> None:
        stage, _ = prepare(folder, 1)
        person = stage.cast.actor(AUDITOR).person_id
        assert person is not None
        super().__init__(stage.desk, person)
        with self.store.read() as tx:
            open_tasks = [t for case in stage.cases.values() for t in tx.tasks.open_of_case(case)]
        self.address = f"/tasks/{next(t.id for t in open_tasks if t.element == TASK)}"

    @staticmethod
    def beside(item: str, page: str) -> str:
        """Return in words what stands beside an item of the page, "" where nothing does."""
        found = html.fromstring(page).xpath(f"//fieldset[@id='f-{item}']//details[contains(@class,'beside-item')]")
        return " ".join(" ".join(one.text_content().split()) for one in found)


@pytest.fixture(scope="module")
def auditor(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Auditor]:
    found = Auditor(tmp_path_factory.mktemp("auditor"))
    yield found
    found.store.close()


def test_statement_files_and_findings_stand_beside_the_item_that_cites_the_clause(auditor: Auditor) -> None:
    page = auditor.client.get(auditor.address).text
    operation = auditor.beside("conditions-operation", page)
    assert "正常运营已满规定年限" in operation
    assert "来源：" in operation
    assert "第九条" in operation
    credit = auditor.beside("credit_check", page)
    assert "信用报告" in credit
    assert re.search(r"href=\"/tasks/[0-9]+[?]beside=f", page)  # the file opens beside the form
    assert "系统查得：符合" in auditor.beside("internal_notice_checked", page)
    complete = auditor.beside("completeness", page)
    assert "系统查得：符合 尚缺：无" in complete
    assert "来源：乌鲁木齐市人民政府质量奖申报表：" in complete  # the files that the form looks for
    assert "申报：" not in complete
    assert "申报：设立地：" in auditor.beside("registration", page)  # whose statement it is stands before it
    method = auditor.beside("conditions-quality_management", page)
    assert "系统查得：符合 具备规定的质量管理基础之一" in method  # by another way than a method of its own
    assert "系统查得" not in auditor.beside("truthfulness", page)


def test_all_in_order_leaves_open_and_names_an_item_whose_proof_was_not_attached(auditor: Auditor) -> None:
    page = auditor.client.get(auditor.address).text
    sent = {"csrf_token": mark_of(page), "_normal": "*"}
    filled = auditor.client.post(f"{auditor.address}/form", data=sent).text
    assert "credit_check" in chosen_items(filled)
    with auditor.store.write() as tx:
        (row,) = [row for row in tx.forms.select(form="application") if row.data["evidence"]["credit_report"]]
        tx.forms.change(row.id, data={**row.data, "evidence": {**row.data["evidence"], "credit_report": []}})
    filled = auditor.client.post(f"{auditor.address}/form", data=sent).text
    assert "credit_check" not in chosen_items(filled)
    assert re.search("没有代填，系统查得：没有上传“[^”]*信用报告", filled)


def chosen_items(page: str) -> set[str]:
    """Return the items of a form of which a choice is taken."""
    return {str(name) for name in html.fromstring(page).xpath("//input[@type='radio'][@checked]/@name")}
