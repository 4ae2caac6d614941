"""The page and the command of retention: tried first, then erased with a reason and a confirmed number."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.casework.retention.view import view_retention
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.desks import Bench, make_bench

PERSON = "张三丰"


@pytest.fixture
def bench(sqlite_store: Store) -> Bench:
    """The small award, in which an application was refused long ago."""
    bench = make_bench(sqlite_store)
    bench.decided("fail", PERSON, reason=f"{PERSON}未补材料")
    bench.drain()
    bench.clock.move_to(datetime(2032, 3, 2, 1, tzinfo=UTC))
    return bench


def test_the_office_tries_then_erases_on_the_page(bench: Bench) -> None:
    office, here = Browser(make_app(bench), bench, "office"), "/monitor/retention"
    assert "归档与保存" in office.get("/monitor").text
    page = office.get(here).text
    assert "个人信息和附件" in page
    assert "清除不包括" in page
    assert 'rel="first"' not in page
    assert 'rel="first"' in office.get(f"{here}?before=1").text
    tried = office.post(f"{here}/trial", {"case": "1"}).text
    assert "没有改动任何内容" in tried
    assert PERSON in office.get("/cases/1").text or PERSON in str(rows(bench))
    wrong = office.post(f"{here}/erasures", {"case": "1", "reason": "期满", "count": "2"})
    assert (wrong.status_code, "请在“确认件数”中填写 1" in wrong.text) == (422, True)
    assert office.post(f"{here}/trial", {}).status_code == 422
    assert office.get(f"{here}?by=x").status_code == 422
    assert "没有到期的内容" in office.get(f"{here}?by=2027-01-01").text
    assert office.post(f"{here}/erasures", {"case": "1", "reason": "期满", "count": "1"}).status_code == 302
    assert "等待清除" in office.get(here).text
    bench.drain()
    assert "已清除" in office.get(here).text
    assert PERSON not in str(rows(bench))
    assert office.get("/cases/1").status_code == 200
    assert office.post(f"{here}/rules", {"jurisdiction": "testville"}).status_code == 403
    assert Browser(make_app(bench), bench, "applicant").get(here).status_code == 403


def rows(bench: Bench) -> list[object]:
    with bench.desk.store.read() as tx:
        return [*tx.case_content.of_case(1), *tx.history.select(case_id=1)]


def test_an_administrator_changes_a_time(bench: Bench) -> None:
    admin, here = Browser(make_app(bench), bench, "admin"), "/monitor/retention/rules"
    given = {"jurisdiction": "testville", "from_day": "2032-03-02", "reason": "档案室意见"}
    assert admin.post(here, {**given, "years.not_awarded.personal": "x"}).status_code == 422
    assert admin.post(here, {**given, "years.not_awarded.personal": ""}).status_code == 302
    view = view_retention(bench.desk, bench.admin, None)
    assert [sorted(one.due) for each in view.rounds for one in each.cases] == [["mails", "secret"]]
    [rule] = [one for one in view.rules["testville"] if one.name == "not_awarded.personal"]
    assert rule.years is None


def test_a_time_that_was_not_changed_does_not_take_back_one_that_comes(bench: Bench) -> None:
    admin, here = Browser(make_app(bench), bench, "admin"), "/monitor/retention"
    given = {"jurisdiction": "testville", "reason": "档案室意见"}
    shown = {"years.any.mails": "5", "shown.any.mails": "5", "years.any.sheets": "10", "shown.any.sheets": "10"}
    page = admin.get(here).text
    assert 'name="shown.any.mails" value="5"' in page
    assert "尚未施行" not in page
    later = {**given, **shown, "from_day": "2033-01-01", "years.any.mails": "3"}
    assert admin.post(f"{here}/rules", later).status_code == 302
    page = admin.get(here).text
    assert "消息和邮件：3 年，自2033年1月1日起" in page
    coming = view_retention(bench.desk, bench.admin, None).coming["testville"]
    assert {one.name: one.years for one in coming} == {"any.mails": 3}
    assert admin.post(f"{here}/rules", {**given, **shown, "from_day": "2034-01-01"}).status_code == 422
