"""Notices on their pages: corrected, found, handed out as files, calendar and feed."""

import hashlib
import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from lxml import etree
from werkzeug.test import TestResponse

from service.casework.access.actor import Actor, Seat
from service.casework.notices.recall import recall_notice
from service.casework.public.throttle import FEED, LIMITS
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.verbs import DOERS
from service.store import Store
from tests.support.browsers import Browse, Browser, browser_of
from tests.support.desks import Bench
from tests.support.half_seasons import season_until


def person_of(bench: Bench, login: str, body: str) -> Actor:
    """Add somebody who examines for a district's authority."""
    with bench.desk.store.write() as tx:
        ident = tx.bodies.upsert("testville", body, kind="authority", name=f"{body}区市场监管局", details={})
    person = bench.add_person(login, "office", ident)
    return Actor(person, login, (Seat("testville", "office", ident, body, f"{body}区市场监管局", "authority"),))


@pytest.fixture
def posted(bench: Bench) -> str:
    """The address of a running notice that a district has posted."""
    poster = person_of(bench, "poster", "东")
    bench.decided(by=poster)
    return "/notices/1"


CHANGE = {"title": "更正后的公示", "text": "名称已更正", "reason": "名称有误", "of_substance": "yes"}


def seen_at(browser: Browser, posted: str) -> str:
    (seen,) = re.findall(r'name="seen" value="(\w+)"', browser.get(f"{posted}/correct").text)
    return seen


def correct(browser: Browser, posted: str, typed: dict[str, str]) -> TestResponse:
    return browser.post(f"{posted}/correct", {**typed, "seen": seen_at(browser, posted)})


def test_the_notice_names_the_district_that_posted_it(browse: Browse, posted: str) -> None:
    assert "东区市场监管局" in browse().get(posted).text


def test_a_colleague_corrects_it_and_the_new_one_is_the_districts_still(
    bench: Bench, browse: Browse, posted: str
) -> None:
    person_of(bench, "colleague", "东")
    me = browse("colleague")
    assert f"{posted}/correct" in me.get(posted).text
    assert correct(me, posted, CHANGE).headers["Location"] == "/notices/2"
    with bench.desk.store.read() as tx:
        first, second = tx.notices.select(case_id=1)
    assert (first.state, second.state, second.title) == ("corrected", "running", "更正后的公示")
    assert "东区市场监管局" in browse().get("/notices/2").text
    assert "/notices/2/correct" in me.get("/notices/2").text
    assert [me.get(f"{posted}/{act}").status_code for act in ("correct", "recall")] == [409, 409]
    assert 'href="/notices/2"' in browse().get(posted).text
    assert "更正说明：名称有误" in browse().get("/notices/2").text


def test_a_name_in_the_list_is_corrected_in_its_cell_and_numbers_stay_numbers(
    bench: Bench, browse: Browse, posted: str
) -> None:
    with bench.desk.store.write() as tx:
        content = tx.notices.get(1).content | {"entries": [{"组织名称": "甲公司", "得分": 600}]}
        tx.notices.change(1, content=content)
    me = browse("poster")
    page = me.get(f"{posted}/correct").text
    assert 'name="entry-0-0" value="甲公司"' in page
    typed = {**CHANGE, "of_substance": "no", "entry-0-0": "甲股份公司", "entry-0-1": "600"}
    assert correct(me, posted, typed).headers["Location"] == posted
    with bench.desk.store.read() as tx:
        assert tx.notices.get(1).content["entries"] == [{"组织名称": "甲股份公司", "得分": 600}]


def test_who_opened_it_before_a_colleague_corrected_it_reads_that_first(
    bench: Bench, browse: Browse, posted: str
) -> None:
    person_of(bench, "colleague", "东")
    me, other = browse("poster"), browse("colleague")
    mine = {**CHANGE, "of_substance": "no", "text": "乙改。", "seen": seen_at(me, posted)}
    assert other.post(f"{posted}/correct", {**mine, "text": "甲改。\n第二段。"}).headers["Location"] == posted
    answer = me.post(f"{posted}/correct", mine)
    assert (answer.status_code, "在您打开之后已经更正过" in answer.text) == (409, True)
    assert ("<p>甲改。</p><p>第二段。</p>" in answer.text, "乙改。" in answer.text) == (True, True)
    assert "甲改。" in browse().get(posted).text
    (now,) = re.findall(r'name="seen" value="(\w+)"', answer.text)
    assert me.post(f"{posted}/correct", {**mine, "seen": now}).headers["Location"] == posted
    assert "乙改。" in browse().get(posted).text


@pytest.mark.parametrize("act", ["correct", "recall"])
def test_another_district_and_an_organisation_cannot_touch_it(
    bench: Bench, browse: Browse, posted: str, act: str
) -> None:
    person_of(bench, "elsewhere", "西")
    for who in ("elsewhere", "applicant"):
        me = browse(who)
        assert f"{posted}/{act}" not in me.get(posted).text
        for refused in (me.get(f"{posted}/{act}"), me.post(f"{posted}/{act}", CHANGE)):
            assert (refused.status_code, "发布单位或者办公室" in refused.text) == (403, True), who
    with bench.desk.store.read() as tx:
        assert tx.notices.get(1).state == "running"


def test_the_office_may_correct_for_everybody(browse: Browse, posted: str) -> None:
    assert correct(browse("office"), posted, CHANGE).headers["Location"] == "/notices/2"
    assert "更正后的公示" in browse().get("/notices/2").text


def test_anybody_downloads_a_public_notice_with_its_hash(bench: Bench, browse: Browse, posted: str) -> None:
    visitor = browse()
    page = visitor.get(posted).text
    answer = visitor.get(f"{posted}/document.docx")
    assert answer.status_code == 200
    assert hashlib.sha256(answer.data).hexdigest() in page
    assert visitor.get(f"{posted}/document.docx").data == answer.data, "the same notice gives the same bytes"
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        text = archive.read("word/document.xml").decode()
    with bench.desk.store.read() as tx:
        row = tx.notices.get(int(posted.rsplit("/", 1)[1]))
    assert row.title in text
    assert row.fingerprint in text
    assert "公示期：2026年3月3日至2026年3月9日" in text
    assert "poster" not in text, "who works at the office is nobody's business"


def test_an_announcement_has_no_period_and_asks_for_no_objections(bench: Bench, browse: Browse, posted: str) -> None:
    visitor = browse()
    with bench.desk.store.write() as tx:
        content = tx.notices.get(1).content | {"announcement": True, "issuer": "测试市人民政府"}
        tx.notices.change(1, content=content)
    with zipfile.ZipFile(io.BytesIO(visitor.get(f"{posted}/document.docx").data)) as archive:
        file = archive.read("word/document.xml").decode()
    for text in (visitor.get(posted).text, file):
        assert "测试市人民政府" in text
        assert "公示期" not in text
        assert "异议" not in text
    bench.clock.move_to(bench.clock.now() + timedelta(days=60))
    with bench.desk.store.write() as tx:
        tx.notices.change(1, state="closed")
    assert "已公布" in visitor.get(posted).text


def test_a_notice_is_offered_as_no_other_file_and_an_internal_one_not_at_all(
    bench: Bench, browse: Browse, posted: str
) -> None:
    assert browse().get(f"{posted}/document.html").status_code == 404
    with bench.desk.store.write() as tx:
        tx.notices.change(int(posted.rsplit("/", 1)[1]), audience="internal")
    assert browse().get(f"{posted}/document.docx").status_code == 404
    assert browse("office").get(f"{posted}/document.docx").status_code == 404


def test_a_notice_left_standing_after_its_period_is_late_for_nobody(bench: Bench, browse: Browse, posted: str) -> None:
    bench.clock.move_to(bench.clock.now() + timedelta(days=60))
    for page in (posted, "/portal"):
        text = browse().get(page).text
        assert "期限已满" in text
        assert "已逾期" not in text


def test_the_portal_says_of_each_notice_how_it_ended(bench: Bench, browse: Browse, posted: str) -> None:
    said = {}
    for state, announcement in (("closed", False), ("closed", True), ("recalled", False)):
        with bench.desk.store.write() as tx:
            content = tx.notices.get(1).content | {"announcement": announcement}
            tx.notices.change(1, state=state, content=content)
        said[state, announcement] = browse().get("/portal").text
    assert "已结束，无异议" in said["closed", False]
    assert "无异议" not in said["closed", True]
    assert "已收回" in said["recalled", False]


def test_a_notice_posted_anew_tells_of_objections_before_it_was_corrected(
    bench: Bench, browse: Browse, posted: str
) -> None:
    assert correct(browse("poster"), posted, CHANGE).headers["Location"] == "/notices/2"
    bench.clock.move_to(bench.clock.now() + timedelta(days=60))
    with bench.desk.store.write() as tx:
        tx.notices.change(1, objections=1)
        content = tx.notices.get(2).content | {"objections": "有异议的，请书面提出。"}
        tx.notices.change(2, state="closed", content=content)
    assert "期间没有收到异议，更正前收到异议 1 件" in browse().get("/notices/2").text
    portal = browse().get("/portal").text
    assert "已结束，更正前收到异议 1 件" in portal
    assert "已更正，重新公示，收到异议 1 件" in portal
    assert "无异议" not in portal


def test_every_running_notice_is_on_some_page(
    bench: Bench, browse: Browse, posted: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.casework.queries.public.portal.RUNNING", 2)
    monkeypatch.setattr("service.casework.queries.public.portal.PAGE", 2)
    with bench.desk.store.write() as tx:
        first = tx.notices.get(int(posted.rpartition("/")[2]))
        for days in (1, 2, 3, 4):
            state = "closed" if days == 2 else "running"
            tx.notices.insert(replace(first, id=0, state=state, posted_at=first.posted_at - timedelta(days=days)))
    seen, after = [], ""
    while after is not None:
        page = browse().get(f"/api/v1/notices?after={after}" if after else "/api/v1/notices").get_json()
        seen += [one["id"] for one in (*page["running"], *page["past"])]
        after = page["next"]
    assert sorted(seen) == [1, 2, 3, 4, 5]


def test_a_page_of_earlier_notices_does_not_say_that_none_is_running(bench: Bench, browse: Browse, posted: str) -> None:
    with bench.desk.store.write() as tx:
        running = tx.notices.get(int(posted.rpartition("/")[2]))
        tx.notices.insert(replace(running, id=0, state="closed", posted_at=running.posted_at - timedelta(days=9)))
    assert "已结束的公示" in browse().get("/portal").text
    later = browse().get("/portal?of=every-city&before=2099-01-01_9").text
    assert ("更早的公示" in later, "目前没有正在进行的公示" in later) == (True, False)


@pytest.fixture
def listed(bench: Bench, posted: str) -> str:
    """A running notice whose list names two organisations, and an internal one that names them, too."""
    with bench.desk.store.write() as tx:
        row = tx.notices.get(1)
        tx.notices.change(
            1, content={**row.content, "entries": [{"组织": "青山机械厂", "分数": 9}, {"组织": "长河纺织"}]}
        )
        tx.notices.insert(replace(tx.notices.get(1), id=0, title="内部通报", audience="internal"))
    return posted


def test_notices_of_the_same_days_stand_in_one_row(browse: Browse, bench: Bench, listed: str) -> None:
    with bench.desk.store.write() as tx:
        for _ in range(4):
            tx.notices.insert(replace(tx.notices.get(1), id=0))
    page = browse().get("/portal/testville").text
    assert page.count('<details class="notice-group">') == 1
    assert page.count(f'<li><a href="{listed}">') == 1


@pytest.mark.parametrize("words", ["青山", "长河 公示", "机械厂"])
@pytest.mark.parametrize("place", ["/portal?of=every-city&", "/portal/testville?"])
def test_a_notice_is_found_by_its_title_and_the_names_of_its_list(
    browse: Browse, listed: str, words: str, place: str
) -> None:
    page = browse().get(f"{place}q={words}").text
    assert f'href="{listed}"' in page
    assert "内部通报" not in page
    assert f'value="{words}"' in page  # what was typed stays


ATOM = "{http://www.w3.org/2005/Atom}"


def unfolded(text: str) -> str:
    return text.replace("\r\n ", "")


def test_a_calendar_holds_the_days_of_a_running_notice(browse: Browse, bench: Bench, posted: str) -> None:
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


def test_a_feed_names_each_notice_with_its_period(browse: Browse, posted: str) -> None:
    tree = etree.fromstring(browse().get("/portal/testville/notices.atom").data)
    [entry] = tree.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") == "http://127.0.0.1:8000/notices/1"
    assert re.search(r"公示期：\d{4}年\d+月\d+日至\d{4}年\d+月\d+日", entry.findtext(f"{ATOM}summary") or "")
    assert entry.find(f"{ATOM}author/{ATOM}name").text == "东区市场监管局"  # type: ignore[union-attr]


def test_a_reader_that_asks_again_gets_it_only_once(browse: Browse, posted: str) -> None:
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


def _remove_file(stage: PlayState, notice: int, upload: str) -> None:
    with stage.desk.store.write() as tx:
        tx.uploads.remove(upload, stage.clock.now())


def _recall(stage: PlayState, notice: int, upload: str) -> None:
    recall_notice(stage.desk, stage.cast.actor("office"), notice, "表格有误")


@pytest.mark.parametrize(("take_away", "linked"), [(_remove_file, True), (_recall, False)])
def test_anybody_opens_the_files_of_an_announcement(
    sqlite_store: Store,
    take_away: Callable[[PlayState, int, str], None],
    linked: bool,
) -> None:
    stage = season_until("ganzhou/quality_award", "free_announcement", sqlite_store, "write_announcement", "公告一")
    move = next(move for move in stage.scenario.moves if move.value == "write_announcement")
    DOERS[move.verb](stage, move, stage.cast.actor("office"))
    visitor = browser_of(stage)
    assert "关于征集评审专家的公告" in visitor.get("/portal").text
    with stage.desk.store.read() as tx:
        (notice,) = tx.notices.select()
    (file,) = notice.content["files"]
    at = f"/notices/{notice.id}/files/{file['id']}"
    assert f'<a href="{at}">报名表.pdf</a>' in visitor.get(f"/notices/{notice.id}").text
    assert visitor.get(at).data.startswith(b"%PDF")
    assert visitor.get(f"/uploads/{file['id']}").status_code != 200
    assert visitor.get(f"/notices/{notice.id}/files/another").status_code == 404
    take_away(stage, notice.id, file["id"])
    assert visitor.get(at).status_code == 404
    assert (f'href="{at}"' in visitor.get(f"/notices/{notice.id}").text) is linked
