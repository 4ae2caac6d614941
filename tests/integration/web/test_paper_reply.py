"""The office enters what a department replied on paper: in time for it, after that as a late reply."""

import io
import re
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from service.domain.calendar import CHINA
from service.store import Store
from service.web import create_app
from tests.support.browsers import Browser, settings_for_tests, words
from tests.support.half_seasons import season_until

PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def test_a_reply_in_time_counts_for_its_department_and_a_late_one_is_noted(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until("urumqi/quality_award", "correction_succeeds", open_store(sqlite_url), "give_opinion", "甲")
    case = stage.case("甲")
    move = next(move for move in stage.scenario.moves if move.value == "give_opinion")
    stage.pass_time(move)
    people = {who: stage.cast.actor(who).person_id for who in ("office", "department@ecology")}
    app = create_app(stage.desk, settings_for_tests())
    office, other = (Browser(app, SimpleNamespace(desk=stage.desk, people=people), who) for who in people)  # type: ignore[arg-type]
    asked = re.findall(r'href="(/tasks/\d+/paper)">([^<]+)', office.get(f"/cases/{case}").text)
    assert len(asked) == 4
    (path, body), (late, silent) = asked[:2]
    assert other.get(path).status_code == 403
    answer = {"received_on": "2026-04-07", "opinion": "pass", "handler": "经办人"}
    assert re.search(r"盖章的复函.*?必填", office.get(path).text, re.DOTALL)
    refused = office.post(path, {"received_on": "2026-04-01"})
    marked = {re.sub(r"^f-", "", name) for name in re.findall(r'id="(f-\w+)-error"', refused.text)}
    assert (refused.status_code, marked) == (422, {"received_on", "opinion", "handler", "reply"})
    early = office.post(path, {**answer, "received_on": "2026-04-01", "reply": (io.BytesIO(PDF), "复函.pdf")})
    assert "收到日期应在2026年4月3日" in early.text
    assert office.post(path, {**answer, "reply": (io.BytesIO(PDF), "复函.pdf")}).status_code == 302
    with stage.desk.store.read() as tx:
        row = tx.forms.of_case(case, "department_opinion")[-1]
        assert row.body_id is not None
        assert (tx.bodies.get(row.body_id).name, row.data["opinion"]) == (body, "pass")
    page = words(office.get(f"/cases/{case}").text)
    assert f"（代{body}） 录入书面答复：2026年4月7日收到" in page
    assert "不能取回" not in page
    assert "已经答复" in office.get(path).text
    stage.advance(datetime(2026, 5, 8, 9, tzinfo=CHINA))
    office = Browser(app, SimpleNamespace(desk=stage.desk, people=people), "office")  # type: ignore[arg-type]
    assert f'href="{late}">{silent}' in office.get(f"/cases/{case}").text
    note = {"received_on": "2026-05-07", "words": "未发现违法情形", "scan": (io.BytesIO(PDF), "复函.pdf")}
    refused = office.post(late, {**note, "words": "", "received_on": "5月"})
    assert [refused.text.count(f'id="f-{name}-error"') for name in ("received_on", "words", "scan")] == [1, 1, 0]
    (scan,) = re.findall(r'name="scan_id" value="([^"]+)"', refused.text)
    assert (
        office.post(late, {"received_on": note["received_on"], "words": note["words"], "scan_id": scan}).status_code
        == 302
    )
    page = words(office.get(f"/cases/{case}").text)
    assert re.search(silent + r"对“[^”]+”的书面答复：2026年5月7日收到，期限为2026年4月20日，逾期10个工作日", page)
    with stage.desk.store.read() as tx:
        assert len(tx.forms.of_case(case, "department_opinion")) == 1, "what is late does not count"


def test_a_department_that_looks_into_an_objection_may_report_on_paper(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season_until(
        "ganzhou/quality_award", "objection_after_submission", open_store(sqlite_url), "investigate_elsewhere", "异甲"
    )
    people = SimpleNamespace(desk=stage.desk, people={"office": stage.cast.actor("office").person_id})
    office = Browser(create_app(stage.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    ((path, body),) = re.findall(r'href="(/tasks/\d+/paper)">([^<]+)', office.get(f"/cases/{stage.case('异甲')}").text)
    day = stage.clock.now().date().isoformat()
    report = {"received_on": day, "facts": "未发现事故。", "opinion": "untrue", "reasons": "查无记录。"}
    assert office.post(path, {**report, "report": (io.BytesIO(PDF), "核查报告.pdf")}).status_code == 302
    assert f"（代{body}） 录入书面答复" in words(office.get(f"/cases/{stage.case('异甲')}").text)
