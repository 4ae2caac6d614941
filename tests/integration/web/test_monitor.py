"""What an administrator sees and does when something is stuck."""

import re

import pytest

from tests.support.browsers import Browse, words
from tests.support.desks import BROKEN, Bench


@pytest.fixture
def stuck(bench: Bench) -> int:
    """An application whose notice could not be posted."""
    BROKEN.add("test.post")
    return bench.decided()


def test_an_incident_is_told_in_words_and_retried_until_it_is_gone(bench: Bench, browse: Browse, stuck: int) -> None:
    admin = browse("admin")
    page = words(admin.get("/monitor").text)
    assert "0 5个工作日内到期" in page, "what has no limit is not due soon"
    assert "2026年3月2日" in page
    assert "处置 1 件异常" in page
    desk = admin.get("/monitor/incidents").text
    for told in ("发布公示", "甲公司", "2026年3月2日", "怎么办", "重试"):
        assert told in words(desk)
    retry = re.findall(r"/monitor/incidents/\d+/settle", desk)[0]
    admin.post(retry, {"act": "one"})
    assert "重试仍未成功" in words(admin.get("/monitor/incidents").text)
    BROKEN.clear()
    admin.post(retry, {"act": "one"})
    after = words(admin.get("/monitor/incidents").text)
    assert "已重试" in after
    assert "没有异常" in after
    with bench.desk.store.read() as tx:
        assert [n.state for n in tx.notices.select(case_id=stuck)] == ["running"]


def test_all_incidents_of_a_kind_are_retried_at_once(bench: Bench, browse: Browse, stuck: int) -> None:
    """Case by case in the background, each with its result, and the history of each case says who tried."""
    other = bench.decided()
    admin = browse("admin")
    page = admin.get("/monitor/incidents").text
    assert "重试这一原因的全部 2 件" in page
    one = re.findall(r"/monitor/incidents/\d+/settle", page)[0]
    began = admin.post(one, {"act": "alike"})
    assert admin.post(one, {"act": "alike"}).location == began.location, "the second of two clicks"
    waits = admin.get(began.location).text
    assert "共 2 件，已办 0 件" in words(waits)
    asks = [re.findall(r'data-poll-url="([^"]+)"', page)[0] for page in (waits, admin.get("/monitor/batches").text)]
    assert [admin.get(address).json["count"] for address in asks] == [0, 0]
    bench.drain()
    for address, line in zip(asks, ("batch", "intervention-1"), strict=True):
        answer = admin.get(address).json
        assert (answer["count"], answer["message"]) == (2, "已全部办完，点此查看结果")
        assert answer["progress"][line] == {"done": 2, "total": 2, "words": "共 2 件，已办 2 件。"}
    failed = words(admin.get(began.location).text)
    assert "已重新执行或者排队的 0 件，不能重试的 2 件" in failed
    assert "重试后仍未成功" in failed
    BROKEN.clear()
    again = admin.post(one, {"act": "alike"}).location
    bench.drain()
    assert "已重新执行或者排队的 2 件，不能重试的 0 件" in words(admin.get(again).text)
    assert "没有异常" in words(admin.get("/monitor").text)
    assert words(admin.get("/monitor/batches").text).count("重试同一原因的异常") == 2
    with bench.desk.store.read() as tx:
        assert [n.state for case in (stuck, other) for n in tx.notices.select(case_id=case)] == ["running", "running"]
        assert all(any(event.action == "retried" for event in tx.history.newest(case)) for case in (stuck, other))
    assert admin.post(one, {"act": "alike"}).status_code == 302
    assert "已经处理" in words(admin.get("/monitor/incidents").text)


def test_the_office_reads_incidents_and_cannot_retry(browse: Browse, stuck: int) -> None:
    office = browse("office")
    desk = office.get("/monitor/incidents").text
    assert "发布公示" in words(desk)
    assert "/settle" not in desk
    assert office.post("/monitor/incidents/1/settle", {"act": "alike"}).status_code == 403
