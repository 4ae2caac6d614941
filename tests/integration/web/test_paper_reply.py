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
    refused = office.post(path, answer)
    assert (refused.status_code, "请上传盖章的书面答复扫描件" in refused.text) == (422, True)
    early = office.post(path, {**answer, "received_on": "2026-04-01", "reply": (io.BytesIO(PDF), "复函.pdf")})
    assert "收到日期应在2026年4月3日" in early.text
    assert office.post(path, {**answer, "reply": (io.BytesIO(PDF), "复函.pdf")}).status_code == 302
    with stage.desk.store.read() as tx:
        row = tx.forms.of_case(case, "department_opinion")[-1]
        assert row.body_id is not None
        assert (tx.bodies.get(row.body_id).name, row.data["opinion"]) == (body, "pass")
    page = words(office.get(f"/cases/{case}").text)
    assert f"（代{body}） 录入书面答复：2026年4月7日收到" in page
    assert "已经答复" in office.get(path).text
    stage.advance(datetime(2026, 5, 8, 9, tzinfo=CHINA))
    office = Browser(app, SimpleNamespace(desk=stage.desk, people=people), "office")  # type: ignore[arg-type]
    assert f'href="{late}">{silent}' in office.get(f"/cases/{case}").text
    note = {"received_on": "2026-05-07", "words": "未发现违法情形", "scan": (io.BytesIO(PDF), "复函.pdf")}
    assert office.post(late, note).status_code == 302
    page = words(office.get(f"/cases/{case}").text)
    assert re.search(silent + r"对“[^”]+”的书面答复：2026年5月7日收到，期限为2026年4月20日，逾期10个工作日", page)
    with stage.desk.store.read() as tx:
        assert len(tx.forms.of_case(case, "department_opinion")) == 1, "what is late does not count"
