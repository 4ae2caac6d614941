from __future__ import annotations

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.casework.spreadsheets.applicants import export_applicants, import_applicants
from service.domain.errors import Invalid, NotAllowed
from service.domain.spreadsheets.import_report import LineOutcome

from .conftest import keep_receipt

PAPER = "纸质材料（工作人员补录）"
HEAD = ["申报组织", "统一社会信用代码", "申报途径", "审核推荐单位", "收件日期", "申报组织自愿申报"]
CODE, OTHER = "91350100M000100Y43", "92110105MA0000010G"


def dated(stage: PlayState) -> list[str]:
    """Return the headings as the city's start form has them."""
    _, columns, _ = export_applicants(stage.desk, stage.cast.actor("office"), stage.case("届"))
    return [c.title.zh for c in columns if not c.given]


def rows(stage: PlayState) -> list[list[str]]:
    return [
        dated(stage),
        ["外地公司", CODE, PAPER, "天山区", "天山区市场监管局", "", "2026-03-02", "是"],
        ["外地公司", CODE, PAPER, "天山区", "天山区市场监管局", "", "2026-03-02", "是"],
        ["坏代码公司", "91350100M000100Y44", PAPER, "天山区", "天山区市场监管局", "", "2026-03-02", "是"],
        ["无此单位公司", OTHER, PAPER, "天山区", "火星区", "", "2026-03-02", "是"],
        ["网上公司", "91440300708461136T", "网上申报", "天山区", "天山区市场监管局", "", "", "是"],
    ]


def test_applications_are_entered_once_and_every_other_line_says_why_not(round_open: PlayState) -> None:
    office, here = round_open.cast.actor("office"), round_open.case("届")
    kept = keep_receipt(round_open, here)
    look = import_applicants(round_open.desk, office, here, rows(round_open), kept)
    assert [line.outcome for line in look.lines] == [LineOutcome.TAKEN, *[LineOutcome.REFUSED] * 4]
    assert [line.field.zh for line in look.lines[1:] if line.field] == [
        "统一社会信用代码",
        "统一社会信用代码",
        "审核推荐单位",
        "申报途径",
    ]
    assert "第2行" in look.lines[1].reason.zh
    assert export_applicants(round_open.desk, office, here).rows == []
    done = import_applicants(round_open.desk, office, here, rows(round_open), kept, commit=True)
    again = import_applicants(round_open.desk, office, here, rows(round_open), kept, commit=True)
    assert (done.taken, again.taken, again.lines[0].outcome) == (1, 0, LineOutcome.KNOWN)
    headings, first, *_ = rows(round_open)
    moved = [*first[:-2], "2026-03-03", first[-1], "已结束"]
    table = [[*headings, "办理状态"], [*first, "办理中"], moved]
    report = import_applicants(round_open.desk, office, here, table[:2], kept)
    assert report.lines[0].outcome is LineOutcome.KNOWN, report.lines
    [unread] = import_applicants(round_open.desk, office, here, [table[0], moved], kept).lines
    assert (unread.outcome, f"没有改：{headings[-2]}、办理状态。" in unread.reason.zh) == (LineOutcome.UNREAD, True), (
        unread
    )
    _, columns, [exported] = export_applicants(round_open.desk, office, here)
    assert exported[:5] == ["外地公司", CODE, PAPER, "天山区", "天山区市场监管局"]
    assert exported[[c.id for c in columns].index("_state")] == "办理中"
    with round_open.desk.store.write() as tx:
        [case] = tx.cases.select(parent_id=here, process="application")
        tx.cases.change(case.id, status="ended")
    ended = import_applicants(round_open.desk, office, here, rows(round_open), kept, commit=True).lines[0]
    assert (ended.outcome, "已经办结" in ended.reason.zh) == (LineOutcome.KNOWN, True)


def test_what_came_on_paper_needs_the_counter_s_receipt_and_each_case_gets_it(round_open: PlayState) -> None:
    office, here = round_open.cast.actor("office"), round_open.case("届")
    table = [
        dated(round_open),
        ["纸质公司", CODE, PAPER, "天山区", "天山区市场监管局", "", "2026-03-02", "是"],
    ]
    [line] = import_applicants(round_open.desk, office, here, table).lines
    assert line.outcome is LineOutcome.REFUSED
    assert "收件凭据" in line.reason.zh
    kept = keep_receipt(round_open, here)
    report = import_applicants(round_open.desk, office, here, table, kept, commit=True)
    assert report.taken == 1, report.lines
    with round_open.desk.store.read() as tx:
        [case] = tx.cases.select(parent_id=here, process="application")
        [attached] = tx.uploads.list_of_case(case.id)
    assert (attached.name, attached.id == kept) == ("凭据.pdf", False)


def test_only_the_city_s_office_imports_and_only_into_a_round(round_open: PlayState) -> None:
    here = round_open.case("届")
    for actor in (round_open.cast.actor("甲"), round_open.cast.actor("audit_unit@tianshan")):
        with pytest.raises(NotAllowed):
            import_applicants(round_open.desk, actor, here, rows(round_open))
        with pytest.raises(NotAllowed):
            export_applicants(round_open.desk, actor, here)
    with pytest.raises(Invalid, match="模板"):
        import_applicants(round_open.desk, round_open.cast.actor("office"), here, [["名字"], ["甲"]])
