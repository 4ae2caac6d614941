"""One person begins a case in two windows: neither replaces what is kept of the other, and what comes second can be read."""

from __future__ import annotations

import re
from collections.abc import Callable
from types import SimpleNamespace

from service.store import Store
from service.web import create_app
from tests.support.browsers import Browse, Browser, settings_for_tests
from tests.support.desks import PACKAGE, Bench
from tests.support.half_seasons import season

PAGE = f"/start/{PACKAGE}/application"
KEEP = f"/typed?page={PAGE}"


def window(browser: Browser) -> dict[str, str]:
    """Open the form; return what its page sends along with what is typed."""
    text = browser.get(PAGE).text
    return dict(re.findall(r'name="(typed_page|typed_shown)" value="([^"]*)"', text))


def test_a_second_window_does_not_replace_what_is_kept_of_the_first(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    first, second = window(me), window(me)
    assert me.post(KEEP, {"ready": "on", **first}).status_code == 200
    refused = me.post(KEEP, {"ready": "", **second})
    assert refused.status_code == 409
    assert "另一个窗口" in refused.text
    later = me.get(PAGE).text
    assert "您上次填写的内容已恢复" in later
    assert re.search(r'name="ready"[^>]*checked', later)
    third = window(me)
    assert third["typed_shown"] == first["typed_page"]
    assert me.post(KEEP, {"ready": "", **third}).status_code == 200


def test_what_is_kept_of_one_window_outlives_what_another_sent(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    first, second = window(me), window(me)
    assert me.post(KEEP, {"ready": "on", **first}).status_code == 200
    assert me.post(PAGE, {"ready": "on", "do": "submit", **second}, page="/portal").status_code == 302
    assert "您上次填写的内容已恢复" in me.get(PAGE).text


def test_what_is_sent_when_nothing_can_be_begun_any_more_is_shown_to_be_copied(
    sqlite_url: str, open_store: Callable[[str], Store]
) -> None:
    stage = season("kizilsu/quality_award", "accepted", open_store(sqlite_url), 2)
    people = SimpleNamespace(desk=stage.desk, people={"甲": stage.cast.actor("甲").person_id})
    me = Browser(create_app(stage.desk, settings_for_tests()), people, "甲")  # type: ignore[arg-type]
    with stage.desk.store.read() as tx:
        parent = tx.cases.get(stage.case("甲")).parent_id
    start = f"/start/kizilsu/quality_award/candidacy?parent={parent}"
    assert "您填写而没有提交的内容" not in me.get(start).text
    late = me.post(start, {"do": "submit", "district": "outside"})
    assert late.status_code == 409
    assert "已有办理中的申报" in late.text
    assert "您填写而没有提交的内容" in late.text
