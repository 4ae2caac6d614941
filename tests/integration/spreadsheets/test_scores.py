from __future__ import annotations

import base64
import io
import json

import pytest

from service.casework.spreadsheets.scores import export_scores, import_scores, open_sheets
from service.casework.tasks.complete import complete_task
from service.domain.errors import NotAllowed
from service.domain.review import field_of
from service.domain.spreadsheets.import_report import LineOutcome
from service.office.tables import read_rows
from service.office.workbooks import write_xlsx
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests
from tests.support.review import SCORED, ReviewBench, sheet


def handed(browser: Browser, path: str) -> list[list[str]]:
    """Return the lines of a list that a program gets."""
    return read_rows("a.xlsx", base64.b64decode(browser.get(f"/api/v1/{path}").json["content"]))


def reported(browser: Browser, path: str, sent: dict[str, object]) -> list[object]:
    """Return what a program is told of each line of a list that it sends."""
    told = browser.send("POST", f"/api/v1/{path}", sent)
    assert told.status_code == 200, told.text[:300]
    return told.json["lines"]


def filled(bench: ReviewBench, person: int, percent: object = 60) -> list[list[str]]:
    columns, rows = open_sheets(bench.desk, bench.member(person))
    for row in rows:
        row[5], row[6] = percent, "方法系统"
    return read_rows("a.xlsx", write_xlsx("评分", columns, rows))


def test_an_expert_fills_in_drafts_and_sends_them_in_by_hand(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    person, table = task.assignee_id, filled(scoring, task.assignee_id)
    expert = scoring.member(person)
    assert import_scores(scoring.desk, expert, table).taken == len(table) - 1
    with scoring.desk.store.read() as tx:
        assert tx.forms.draft(task.id, person) is None
    report = import_scores(scoring.desk, expert, table, commit=True)
    with scoring.desk.store.read() as tx:
        draft = tx.forms.draft(task.id, person).data
    assert draft[field_of("4.1.2")]["percent"] == "60"
    assert (report.taken, len(draft)) == (len(table) - 1, len(table) - 1)
    assert {r.outcome for r in import_scores(scoring.desk, expert, table, commit=True).lines} == {LineOutcome.KNOWN}
    assert [t.state for t in scoring.tasks("score") if t.id == task.id] == ["open"]


def test_what_was_sent_in_is_never_overwritten(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    expert, table = scoring.member(task.assignee_id), filled(scoring, task.assignee_id)
    complete_task(scoring.desk, expert, task.id, task.version, sheet(scoring, 70))
    reports = import_scores(scoring.desk, expert, table, commit=True).lines
    assert {r.outcome for r in reports} == {LineOutcome.REFUSED}
    assert "已经提交" in reports[0].reason.zh


def test_wrong_lines_are_left_out_and_nobody_fills_in_for_another(scoring: ReviewBench) -> None:
    [task, other, *_] = scoring.tasks("score")
    expert, table = scoring.member(task.assignee_id), filled(scoring, task.assignee_id)
    table[1][5], table[2][2], table[3][1], table[4][5] = "63", "9.9.9", "别的公司", "很高"
    reports = import_scores(scoring.desk, expert, table, commit=True).lines
    assert [r.outcome for r in reports[:4]] == [LineOutcome.REFUSED] * 4
    assert [r.field.zh for r in reports[:4] if r.field] == ["得分率（%）", "条款", "申报组织", "得分率（%）"]
    assert {r.outcome for r in reports[4:]} == {LineOutcome.TAKEN}
    stranger = import_scores(scoring.desk, scoring.member(other.assignee_id), table).lines
    assert {r.outcome for r in stranger} == {LineOutcome.REFUSED}


def test_the_office_takes_all_scores_out(scoring: ReviewBench) -> None:
    scoring.play(SCORED)
    office, here = scoring.actor("office"), scoring.case("届")
    columns, rows = export_scores(scoring.desk, office, here)
    assert len(rows) == 3 * len(scoring.stage.package.edition("gbt19580-2012").items)
    assert {row[8] for row in rows} == {60, 70, 20}
    assert [c.title.zh for c in columns][4] == "专家"
    with scoring.desk.store.read() as tx:
        assert any(e.text.startswith("导出评分") for e in tx.history.of_case(here))
        assert tx.history.verify(here) is None
    for actor in (scoring.actor("甲"), scoring.member(scoring.active()[0])):
        with pytest.raises(NotAllowed):
            export_scores(scoring.desk, actor, here)


def test_pages_take_a_table_from_the_look_to_the_result(scoring: ReviewBench) -> None:
    [task, *_] = scoring.tasks("score")
    scoring.people["expert"] = task.assignee_id
    scoring.actor("office")
    scoring.actor("甲")
    app = create_app(scoring.desk, settings_for_tests())
    browser = Browser(app, scoring, "expert")  # type: ignore[arg-type]
    assert "/lists/scores" in browser.get(f"/tasks/{task.id}").text
    download = browser.get("/lists/scores/template.xlsx")
    rows = read_rows("a.xlsx", download.data)
    assert "attachment" in download.headers["Content-Disposition"]
    for row in rows[1:]:
        row += [""] * (8 - len(row))
        row[5], row[6] = "60", "=1+1"
    content = "\n".join(",".join(row) for row in rows).encode()
    look = browser.post(
        "/lists/scores", {"file": (io.BytesIO(content), "评分.csv")}, content_type="multipart/form-data"
    )
    assert look.status_code == 200
    assert "尚未导入" in look.text

    done = browser.post("/lists/scores/confirm", {"rows": json.dumps(rows)})
    assert "已完成" in done.text
    bad = browser.post("/lists/scores", {"file": (io.BytesIO(b"junk"), "a.xlsx")}, content_type="multipart/form-data")
    assert bad.status_code == 422
    assert "不是可读的" in bad.text
    office = Browser(app, scoring, "office")  # type: ignore[arg-type]
    here = scoring.case("届")
    for path in ("/lists/experts?place=riverton", "/lists/experts/template.xlsx?place=riverton", "/experts.xlsx?jurisdiction=riverton",
                 f"/cases/{here}/scores.xlsx", f"/cases/{here}/applicants.xlsx", f"/lists/applicants?place={here}", "/register/riverton/prize.xlsx",
                 "/register/import/riverton/prize.xlsx", "/register", "/register/import", f"/cases/{here}"):  # fmt: skip
        for language in ("zh", "en"):
            office.get(f"/language?to={language}")
            assert office.get(path).status_code == 200, path
    for sender, place, table in (
        (browser, "lists/scores", rows),
        (office, "lists/experts", read_rows("a.xlsx", office.get("/experts.xlsx?jurisdiction=riverton").data)),
        (office, f"cases/{here}/applicants", [[*handed(office, f"cases/{here}/applicants/template")[0]], ["甲公司"]]),
    ):
        sent = {"name": "a.csv", "content": base64.b64encode("\n".join(map(",".join, table)).encode()).decode()}
        more = {"jurisdiction": "riverton"} if place.endswith("experts") else {}
        assert len(reported(sender, place, sent | more)) == len(table) - 1
    past = [*handed(office, "lists/awards/riverton/prize"), ["甲公司"]]
    assert len(reported(office, "register/riverton/prize/import", {"rows": past})) == len(past) - 1
    applicant = Browser(app, scoring, "甲")  # type: ignore[arg-type]
    for path in (
        "/lists/experts?place=riverton",
        f"/lists/applicants?place={here}",
        f"/cases/{here}/scores.xlsx",
        f"/cases/{here}/reviewers",
        "/experts.xlsx?jurisdiction=riverton",
    ):
        assert applicant.get(path).status_code == 403, path
    assert office.get("/lists/none").status_code == 404
