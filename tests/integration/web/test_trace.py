"""The whole trace of a case, and its forms, as pages and as documents: masked as the case is, refused likewise."""

import io

import pytest
from docx import Document

from service.casework.queries.cases.trace import view_trace
from service.casework.tasks.complete import complete_task
from service.store.models import FindingRow
from tests.support.browsers import Browse, words
from tests.support.desks import Bench


@pytest.fixture
def case(bench: Bench) -> int:
    return bench.submitted()


def read(content: bytes) -> str:
    file = Document(io.BytesIO(content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in file.paragraphs), *cells])


def test_the_trace_says_who_did_what_by_which_article_and_until_when(browse: Browse, case: int) -> None:
    shown = words(browse("office").get(f"/cases/{case}/process").text)
    begun, submitted = (shown.index(act) for act in ("发起“", "提交“"))
    assert shown.index("办理过程") < submitted < begun, "what happened last is read first"
    assert "期限和公示" in shown
    assert "适用的设置" in shown


def test_findings_are_told_to_the_applicant_once_the_case_has_ended(bench: Bench, browse: Browse, case: int) -> None:
    row = FindingRow(
        case_id=case, table="t", ground="g", result="not_met", text="x", decided_by="department",
        supplied_by="office", at=bench.clock.now(),
    )  # fmt: skip
    with bench.desk.store.write() as tx:
        tx.findings.replace(case, "t", [row])
    assert view_trace(bench.desk, bench.office, case).findings
    assert list(view_trace(bench.desk, bench.applicant, case).findings) == []


def test_a_form_on_paper_masks_what_its_page_masks(bench: Bench, browse: Browse, case: int) -> None:
    with bench.desk.store.read() as tx:
        form = next(row.id for row in tx.forms.of_case(case) if "contact" in row.data)
    own, office = (read(browse(who).get(f"/cases/{case}/forms/{form}.docx").data) for who in ("applicant", "office"))
    assert "张三" in own
    assert "张三" not in office
    assert "2010年5月1日" in office


def test_the_trace_of_another_organisation_is_refused(browse: Browse, case: int) -> None:
    for path in ("process", "forms/1.pdf"):
        assert browse("stranger").get(f"/cases/{case}/{path}").status_code in (403, 404), path
        assert browse().get(f"/cases/{case}/{path}").status_code in (302, 401), path


def test_the_applicant_opens_no_form_that_its_case_page_does_not_list(bench: Bench, browse: Browse, case: int) -> None:
    (task,) = bench.tasks(case)
    complete_task(bench.desk, bench.office, task.id, task.version, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        review = next(row.id for row in tx.forms.of_case(case) if row.task_id == task.id)
    theirs, form = browse("applicant"), f"/cases/{case}/forms/{review}"
    assert f'href="{form}"' not in theirs.get(f"/cases/{case}").text
    for path in (form, f"{form}.docx", f"{form}.pdf", f"/api/v1{form}"):
        assert theirs.get(path).status_code == 404, path
    assert theirs.post(f"{form}/reveal").status_code in (403, 404)
    assert browse("office").get(form).status_code == 200
