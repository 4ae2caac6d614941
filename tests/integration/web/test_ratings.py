"""How an applicant found the handling of its case: rated once, a bad rating answered in time."""

from datetime import UTC, date, datetime

import pytest

from service.casework.cases.act_on_case import act_on_case
from tests.support.browsers import Browse
from tests.support.desks import Bench

REPORT = "/monitor/report?part=ratings"
BAD = {"grade": "2", "words": "补正通知看不懂"}


@pytest.fixture
def ended(bench: Bench) -> int:
    """An application that its applicant withdrew."""
    case_id = bench.started()
    act_on_case(bench.desk, bench.applicant, case_id, "withdraw", {"reason": "内部调整"})
    return case_id


def test_a_good_rating_asks_nothing_of_the_office(bench: Bench, browse: Browse, ended: int) -> None:
    me = browse("applicant")
    page = me.get(f"/cases/{ended}")
    assert page.text.count('name="grade"') == 5
    assert 'id="rating" class="no-print"' in me.get(f"/cases/{ended}").text, "no empty form on paper"
    assert me.post(f"/cases/{ended}/rating", {"grade": "5"}).status_code == 303
    assert 'id="rating">' in me.get(f"/cases/{ended}").text
    assert "非常满意" in me.get(f"/cases/{ended}").text
    again = me.post(f"/cases/{ended}/rating", {"grade": "1", "words": "x"}, page="/tasks")
    assert (again.status_code, "已经评价过" in again.text) == (409, True)
    office = browse("office")
    assert "没有待答复的差评" in office.get(REPORT).text
    assert "差评待答复" not in office.get("/home").text
    assert "好评 1 件（100%）" in office.get(REPORT).text


def test_a_bad_rating_is_answered_in_words_that_the_applicant_sees(bench: Bench, browse: Browse, ended: int) -> None:
    me, office = browse("applicant"), browse("office")
    refused = me.post(f"/cases/{ended}/rating", {"grade": "1"}, page=f"/cases/{ended}")
    assert (refused.status_code, "请写明哪里不满意" in refused.text) == (422, True)
    me.post(f"/cases/{ended}/rating", BAD)
    waits = me.get(f"/cases/{ended}")
    assert (waits.status_code, "办公室会在2026年3月24日" in waits.text) == (200, True), (
        "who rated sees by when it is answered"
    )
    assert "2026年3月24日" in bench.inbox("office")[0]
    assert bench.inbox("office")[0].endswith(f"\n/cases/{ended}/rating"), "its mail leads there"
    home = office.get("/home").text
    assert "1 件差评等待办公室答复" in home
    assert 'href="/monitor/report?part=ratings"><b>1</b> <span>差评待答复' in home
    assert "补正通知看不懂" in office.get(REPORT).text
    listed = office.get("/tasks").text
    assert (f'href="/cases/{ended}/rating">答复评价：' in listed, "3月24日" in listed) == (True, True)
    assert all("答复评价" not in browse(who).get("/tasks").text for who in ("applicant", "stranger", "admin"))
    assert "请您评价" not in me.get("/home").text
    assert "是本系统的默认" in office.get(f"/cases/{ended}/rating").text
    answer = f"/cases/{ended}/rating/answer"
    assert me.post(answer, {"words": "x"}).status_code == 403
    empty = office.post(answer, {"words": " "}, page=f"/cases/{ended}/rating")
    assert (empty.status_code, "请写明怎样整改" in empty.text) == (422, True)
    assert office.post(answer, {"words": "已改写通知"}).headers["Location"] == REPORT
    assert "已改写通知" in me.get(f"/cases/{ended}").text
    assert "答复评价" not in office.get("/tasks").text
    assert any("已改写通知" in text for text in bench.inbox("applicant"))
    twice = office.post(answer, {"words": "再答"}, page=REPORT)
    assert (twice.status_code, "已经答复" in twice.text) == (409, True)


def test_the_office_is_reminded_before_and_after_the_last_day(bench: Bench, browse: Browse, ended: int) -> None:
    browse("applicant").post(f"/cases/{ended}/rating", BAD)
    with bench.desk.store.read() as tx:
        assert tx.ratings.count_waiting(["testville"]) == (1, date(2026, 3, 24))
    told = []
    for moment in (datetime(2026, 3, 22, tzinfo=UTC), datetime(2026, 3, 25, tzinfo=UTC)):
        bench.advance(moment)
        told.append(bench.inbox("office")[0])
    assert "请于2026年3月24日前答复" in told[0]
    assert "已过" in told[1]
    assert "逾期未答复 1 件" in browse("office").get(REPORT).text


def test_only_the_organisation_of_an_ended_case_rates_it(bench: Bench, browse: Browse, ended: int) -> None:
    running = bench.started()
    early = browse("applicant").post(f"/cases/{running}/rating", {"grade": "5"}, page="/tasks")
    assert (early.status_code, "办结后才能评价" in early.text) == (409, True)
    for login in ("stranger", "office"):
        assert browse(login).post(f"/cases/{ended}/rating", {"grade": "5"}).status_code == 403
    assert browse("applicant").get(REPORT).status_code == 403
    bench.clock.move_to(datetime(2026, 12, 2, tzinfo=UTC))
    assert "请您评价" in browse("applicant").get("/home").text  # beside the one that runs
    bench.clock.move_to(datetime(2027, 6, 2, tzinfo=UTC))
    late = browse("applicant").post(f"/cases/{ended}/rating", {"grade": "5"}, page="/tasks")
    assert (late.status_code, "评价期已过" in late.text) == (409, True)
    page = browse("applicant").get(f"/cases/{ended}").text
    assert ('name="grade"' in page, "评价期已于" in page) == (False, True)


def test_whoever_is_recused_neither_reads_nor_answers(bench: Bench, browse: Browse, ended: int) -> None:
    bench.recuse("second", ended)
    browse("applicant").post(f"/cases/{ended}/rating", BAD)
    second = browse("second")
    assert "补正通知看不懂" not in second.get(REPORT).text
    assert second.get(f"/cases/{ended}/rating").status_code == 403
    assert second.post(f"/cases/{ended}/rating/answer", {"words": "x"}).status_code == 403
    assert not [text for text in bench.inbox("second") if "评价" in text]
