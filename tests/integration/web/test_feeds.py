"""Calendars and readers subscribe to what is public; a notice is passed on by code, address and picture."""

import re
from datetime import timedelta

import pytest
from flask import Flask
from lxml import etree

from service.casework.public.throttle import FEED, LIMITS
from tests.integration.web.test_notices import posted  # noqa: F401  a fixture
from tests.support.browsers import Browse
from tests.support.desks import Bench

ATOM = "{http://www.w3.org/2005/Atom}"


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def test_a_calendar_holds_the_days_of_a_running_notice(browse: Browse, bench: Bench, posted: str) -> None:  # noqa: F811
    with bench.desk.store.read() as tx:
        [row] = tx.notices.list_public("testville")
    answer = browse().get("/portal/testville/notices.ics")
    text = unfolded(answer.text)
    assert answer.mimetype == "text/calendar"
    assert f"DTSTART;VALUE=DATE:{row.first_day:%Y%m%d}" in text
    after = row.last_day.toordinal() + 1
    assert f"DTEND;VALUE=DATE:{type(row.last_day).fromordinal(after):%Y%m%d}" in text  # the last day is part of it
    assert f"SUMMARY:公示：{row.title}" in text
    assert "URL:http://127.0.0.1:8000/notices/1" in text


def test_a_page_offers_the_feeds_of_its_city_and_of_no_other(demo: Flask) -> None:
    visitor = demo.test_client()
    offered = [
        set(re.findall(r'href="(/portal[^"]*/notices\.\w+)"', visitor.get(path).text))
        for path in ("/portal/urumqi", "/portal?of=every-city")
    ]
    assert offered == [{"/portal/urumqi/notices.atom", "/portal/urumqi/notices.ics"}, set()]


def test_a_feed_names_each_notice_with_its_period(browse: Browse, posted: str) -> None:  # noqa: F811
    tree = etree.fromstring(browse().get("/portal/testville/notices.atom").data)
    [entry] = tree.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "http://127.0.0.1:8000/notices/1"
    assert re.search(r"公示期：\d{4}年\d+月\d+日至\d{4}年\d+月\d+日", entry.findtext(f"{ATOM}summary") or "")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "东区市场监管局"  # type: ignore[union-attr]


def test_a_reader_that_asks_again_gets_it_only_once(browse: Browse, posted: str) -> None:  # noqa: F811
    visitor = browse()
    mark = visitor.get("/portal/testville/notices.atom").headers["ETag"]
    again = visitor.get("/portal/testville/notices.atom", headers={"If-None-Match": mark})
    assert (again.status_code, again.data) == (304, b"")


def test_a_feed_asked_ten_times_a_second_is_told_when_to_come_back(
    browse: Browse, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.casework.public.throttle.LIMITS", {**LIMITS, FEED: 4})
    monkeypatch.setattr("service.casework.public.throttle.AT_ONCE", {FEED: 2})
    visitor, told = browse(), []
    for _ in range(2):
        told += [visitor.get("/portal/testville/notices.atom") for _ in range(3)]
        bench.clock.move_to(bench.clock.now() + timedelta(seconds=61))
    told.append(visitor.get("/portal/testville/notices.ics"))
    assert [answer.status_code for answer in told] == [200, 200, 429, 200, 200, 429, 429]
    assert [told[at].headers["Retry-After"] for at in (2, 6)] == ["60", "3600"]
    assert "一分钟内读取订阅超过" in told[2].text
    assert "每小时读一次即可" in told[6].text
