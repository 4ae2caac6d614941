"""A notice is signed, corrected and recalled by the body that posted it."""

import hashlib
import io
import re
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
from werkzeug.test import TestResponse

from service.casework.access.actor import Actor, Seat
from service.store.models import PersonRow
from tests.support.browsers import Browse, Browser
from tests.support.desks import Bench
from tests.support.records import hold_seat


def person_of(bench: Bench, login: str, body: str) -> Actor:
    """Add somebody who examines for a district's authority."""
    with bench.desk.store.write() as tx:
        ident = tx.bodies.upsert("testville", body, kind="authority", name=f"{body}区市场监管局", details={})
        person = tx.people.insert(PersonRow(
            login=login, name=login, password=None, email=None, telephone=None, language="zh", active=True,
            created_at=bench.clock.now(),
        ))  # fmt: skip
        hold_seat(tx, person, ident, "testville", "office", bench.clock.now())
    bench.people[login] = person
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
