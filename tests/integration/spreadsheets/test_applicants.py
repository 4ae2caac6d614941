from __future__ import annotations

import io

import pytest

from service.casework.simulate.stage import PlayState
from service.casework.spreadsheets.export_applicants import export_applicants
from service.casework.spreadsheets.import_applicants import import_applicants
from service.casework.tasks.attach_upload import attach_upload
from service.domain.errors import Invalid, NotAllowed
from service.domain.forms import UploadRules
from service.domain.import_report import LineOutcome

HEAD = ["申报组织", "统一社会信用代码", "申报途径", "审核推荐单位", "收件日期", "本组织自愿申报"]
CODE, OTHER = "91350100M000100Y43", "92110105MA0000010G"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def dated(stage: PlayState) -> list[str]:
    """Return the headings as the city's start form has them."""
    columns, _ = export_applicants(stage.desk, stage.cast.actor("office"), stage.case("届"))
    return [c.title.zh for c in columns if not c.given]


def rows(stage: PlayState) -> list[list[str]]:
    return [
        dated(stage),
        ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局", "", "是"],
        ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局", "", "是"],
        ["坏代码公司", "91350100M000100Y44", "网上申报", "天山区", "天山区市场监管局", "", "是"],
        ["无此单位公司", OTHER, "网上申报", "天山区", "火星区", "", "是"],
    ]


def test_applications_are_entered_once_and_every_other_line_says_why_not(round_open: PlayState) -> None:
    office, here = round_open.cast.actor("office"), round_open.case("届")
    look = import_applicants(round_open.desk, office, here, rows(round_open))
    assert [line.outcome for line in look.lines] == [
        LineOutcome.TAKEN,
        LineOutcome.REFUSED,
        LineOutcome.REFUSED,
        LineOutcome.REFUSED,
    ]
    assert [line.field.zh for line in look.lines[1:] if line.field] == [
        "统一社会信用代码",
        "统一社会信用代码",
        "审核推荐单位",
    ]
    assert "第2行" in look.lines[1].reason.zh
    assert export_applicants(round_open.desk, office, here)[1] == []
    done = import_applicants(round_open.desk, office, here, rows(round_open), commit=True)
    again = import_applicants(round_open.desk, office, here, rows(round_open), commit=True)
    assert (done.taken, again.taken, again.lines[0].outcome) == (1, 0, LineOutcome.KNOWN)
    columns, [exported] = export_applicants(round_open.desk, office, here)
    assert exported[:5] == ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局"]
    assert exported[[c.id for c in columns].index("_state")] == "办理中"


def test_what_came_on_paper_needs_the_counter_s_receipt_and_each_case_gets_it(round_open: PlayState) -> None:
    office, here = round_open.cast.actor("office"), round_open.case("届")
    table = [
        dated(round_open),
        ["纸质公司", CODE, "纸质材料（工作人员补录）", "天山区", "天山区市场监管局", "2026-03-02", "是"],
    ]
    [line] = import_applicants(round_open.desk, office, here, table).lines
    assert line.outcome is LineOutcome.REFUSED
    assert "收件凭据" in line.reason.zh
    kept = attach_upload(round_open.desk, office, None, "counter_receipt", "凭据.pdf", io.BytesIO(PDF), UploadRules())
    report = import_applicants(round_open.desk, office, here, table, kept.id, commit=True)
    assert report.taken == 1, report.lines
    with round_open.desk.store.read() as tx:
        [case] = tx.cases.children(here, "application")
        [attached] = tx.uploads.of_case(case.id)
    assert (attached.name, attached.id == kept.id) == ("凭据.pdf", False)


def test_only_the_city_s_office_imports_and_only_into_a_round(round_open: PlayState) -> None:
    here = round_open.case("届")
    for actor in (round_open.cast.actor("甲"), round_open.cast.actor("audit_unit@tianshan")):
        with pytest.raises(NotAllowed):
            import_applicants(round_open.desk, actor, here, rows(round_open))
        with pytest.raises(NotAllowed):
            export_applicants(round_open.desk, actor, here)
    with pytest.raises(Invalid, match="模板"):
        import_applicants(round_open.desk, round_open.cast.actor("office"), here, [["名字"], ["甲"]])
