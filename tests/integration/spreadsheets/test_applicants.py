from __future__ import annotations

import base64
from typing import Any

import pytest

from service.casework.access.actor import Actor
from service.casework.people.factors.sessions import open_session
from service.casework.simulate.stage.stage import PlayState
from service.casework.spreadsheets.applicants import export_applicants, import_applicants
from service.domain.errors import Invalid, NotAllowed
from service.domain.spreadsheets.import_report import LineOutcome
from service.web import create_app
from tests.support.browsers import settings_for_tests

KEY = "urumqi/quality_award"
HEAD = ["申报组织", "统一社会信用代码", "申报途径", "审核推荐单位", "收件日期", "本组织自愿申报"]
CODE, OTHER = "91350100M000100Y43", "92110105MA0000010G"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def dated(stage: PlayState) -> list[str]:
    """Return the headings as the city's start form has them."""
    _, columns, _ = export_applicants(stage.desk, stage.cast.actor("office"), stage.case("届"))
    return [c.title.zh for c in columns if not c.given]


def by_program(stage: PlayState, actor: Actor, path: str, sent: dict[str, str]) -> dict[str, Any]:
    """Return what a program is answered that sends JSON."""
    app = create_app(stage.desk, settings_for_tests())
    token = open_session(stage.desk, actor.person_id or 0, 1)
    answer = app.test_client(use_cookies=False).post(
        f"/api/v1/{path}", json=sent, headers={"Authorization": f"Bearer {token}"}
    )
    assert answer.status_code == 200, answer.text
    return answer.json or {}


def rows(stage: PlayState) -> list[list[str]]:
    return [
        dated(stage),
        ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局", "", "", "是"],
        ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局", "", "", "是"],
        ["坏代码公司", "91350100M000100Y44", "网上申报", "天山区", "天山区市场监管局", "", "", "是"],
        ["无此单位公司", OTHER, "网上申报", "天山区", "火星区", "", "", "是"],
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
    assert export_applicants(round_open.desk, office, here).rows == []
    done = import_applicants(round_open.desk, office, here, rows(round_open), commit=True)
    again = import_applicants(round_open.desk, office, here, rows(round_open), commit=True)
    assert (done.taken, again.taken, again.lines[0].outcome) == (1, 0, LineOutcome.KNOWN)
    _, columns, [exported] = export_applicants(round_open.desk, office, here)
    assert exported[:5] == ["外地公司", CODE, "网上申报", "天山区", "天山区市场监管局"]
    assert exported[[c.id for c in columns].index("_state")] == "办理中"


def test_what_came_on_paper_needs_the_counter_s_receipt_and_each_case_gets_it(round_open: PlayState) -> None:
    office, here = round_open.cast.actor("office"), round_open.case("届")
    table = [
        dated(round_open),
        ["纸质公司", CODE, "纸质材料（工作人员补录）", "天山区", "天山区市场监管局", "", "2026-03-02", "是"],
    ]
    [line] = import_applicants(round_open.desk, office, here, table).lines
    assert line.outcome is LineOutcome.REFUSED
    assert "收件凭据" in line.reason.zh
    start, sent = (
        f"start/{KEY}/application/uploads?parent={here}",
        {"name": "凭据.pdf", "content": base64.b64encode(PDF).decode()},
    )
    kept = by_program(round_open, office, start, {**sent, "field": "counter_receipt"})["id"]
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
