"""Of a notice that ended before its last day, and of a case on which nobody voted, pages say nothing that was not so."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from service.web import create_app
from tests.integration.web.test_why_it_ended import page, to_the_end
from tests.support.browsers import Browser, settings_for_tests
from tests.support.half_seasons import season


@pytest.fixture
def withdrawn(sqlite_url: str, open_store: Callable[[str], Store]) -> PlayState:
    """An application that was withdrawn on 23 March; its public notice was to run until 26 March."""
    stage = season("urumqi/quality_award", "withdrawn", open_store(sqlite_url), 2)
    to_the_end(stage)
    return stage


def test_nobody_is_said_not_to_have_objected_before_the_last_day(withdrawn: PlayState) -> None:
    case = withdrawn.case("甲")
    with withdrawn.desk.store.read() as tx:
        notice = next(row for row in tx.notices.of_case(case) if row.audience == "public")
        kept = [event.text for event in tx.history.of_case(case)]
    assert "期满前终止（原定公示至2026年3月26日）" in " ".join(kept)
    for who in ("甲", "office"):
        shown = page(withdrawn, who, f"/cases/{case}")
        assert set(re.findall(rf"{notice.title}[^“]{{0,60}}(无异议|期满前终止)", shown)) == {"期满前终止"}
    posted = page(withdrawn, "office", f"/notices/{notice.id}")
    assert "公示期满前已终止" in posted
    assert "终止于 2026年3月23日" in posted
    assert "没有收到异议" not in posted


def test_votes_are_spoken_of_where_somebody_voted(withdrawn: PlayState) -> None:
    shown = page(withdrawn, "甲", f"/cases/{withdrawn.case('甲')}")
    assert "公布的结果以公示和公告为准" in shown
    assert "票数" not in shown


def test_the_list_of_notices_on_a_phone_calls_an_announcement_none_with_a_period(withdrawn: PlayState) -> None:
    people = SimpleNamespace(desk=withdrawn.desk, people={})
    browser = Browser(create_app(withdrawn.desk, settings_for_tests()), people)  # type: ignore[arg-type]
    rows = re.findall(r'<td data-label="(公布|公示期)" class="keep">(.*?)</td>', browser.get("/portal/urumqi").text)
    assert {label for label, said in rows if "公告" in said} == {"公布"}
    assert {label for label, said in rows if "公告" not in said} == {"公示期"}
