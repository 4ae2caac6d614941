"""A committee's sitting: called by the office, signed in to by phone, its minutes drafted."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO

import pytest
from docx import Document

from service.casework.review.decide_recusals import record_recusal
from service.casework.step.save import save_step
from service.casework.step.step import open_step
from service.store import Store
from service.store.models import DocumentRow
from tests.integration.ballots.test_recusal import FIRST, keep, opened
from tests.support import records
from tests.support.ballots import Hall, make_hall
from tests.support.browsers import Browser, make_app

CALLED = {
    "role": "leading_group",
    "title": "第三次全体会议",
    "room": "市政府三楼会议室",
    "starts_at": "2026-03-02 13:30",
    "agenda": "听取评审情况汇报\n\n投票表决拟奖名单",
}
MORNING = datetime(2026, 3, 2, 4, 30, tzinfo=UTC)


@pytest.fixture
def hall(sqlite_store: Store) -> Hall:
    return make_hall(sqlite_store)


@pytest.fixture
def browse(hall: Hall) -> Callable[[str], Browser]:
    app = make_app(hall)  # type: ignore[arg-type]
    return lambda login: Browser(app, hall, login)


@pytest.fixture
def sitting(hall: Hall, browse: Callable[[str], Browser]) -> str:
    case, _ = hall.open()
    answer = browse("teller1").post(f"/cases/{case}/sittings", CALLED)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["Location"])


def test_members_are_told_and_sign_in_by_one_click(hall: Hall, browse: Callable[[str], Browser], sitting: str) -> None:
    me = browse("member1")
    with hall.desk.store.read() as tx:
        (told,) = [
            row.text
            for row in tx.mail.select("-id", limit=50, person_id=hall.people["member1"])
            if "第三次全体会议" in row.subject
        ]
    assert "2. 投票表决拟奖名单" in told
    assert told.endswith(f"\n{sitting}")
    assert "You are called" not in told
    assert ("起可以签到" in me.get(sitting).text, 'value="sign"' in me.get(sitting).text) == (True, False)
    early = me.post(f"{sitting}/attend", {"do": "sign"}, page=sitting)
    assert (early.status_code, "还没到签到时间" in early.text) == (409, True)
    assert ("现在不能这样办" in early.text, "已被他人更改" in early.text) == (True, False)
    hall.clock.move_to(MORNING)
    for _ in range(2):
        assert me.post(f"{sitting}/attend", {"do": "sign"}).status_code == 303
    page = me.get(sitting).text
    assert ("您已签到" in page, "签到：1 人，名单上共 9 人" in page) == (True, True)
    assert 'href="/ballots/1"' in page
    assert browse("stranger").get(sitting).status_code == 403
    assert browse("stranger").post(f"{sitting}/attend").status_code == 403
    assert me.post(f"{sitting}/minutes", {"version": "1", "words": "x"}).status_code == 403
    assert me.get(f"{sitting}?format=docx").status_code == 403
    not_mine = me.post(f"{sitting}/attend", {"person": hall.people["member2"]})
    assert not_mine.status_code == 403


def test_one_press_too_many_calls_no_second_sitting(hall: Hall, browse: Callable[[str], Browser], sitting: str) -> None:
    office, page = browse("teller1"), "/cases/1/sittings"
    assert 'name="beside"' not in office.get(page).text
    again = office.post(page, CALLED)
    assert (again.status_code, "已经召集了会议“第三次全体会议”" in again.text) == (422, True)
    assert ('name="beside"' in again.text, "听取评审情况汇报" in again.text) == (True, True)
    with hall.desk.store.read() as tx:
        assert len(tx.sittings.select(case_id=1)) == 1
    assert office.post(page, {**CALLED, "starts_at": "2026-03-02 15:30"}).status_code == 303
    assert office.post(page, {**CALLED, "title": "分组会"}).status_code == 422
    assert office.post(page, {**CALLED, "title": "监督组会议", "room": "二楼"}).status_code == 303
    assert office.post(page, {**CALLED, "title": "分组会", "beside": "yes"}).status_code == 303


def test_the_office_calls_some_of_a_committee(hall: Hall, browse: Callable[[str], Browser]) -> None:
    case, _ = hall.open()
    office, page, one = browse("teller1"), f"/cases/{case}/sittings", hall.people["member1"]
    assert re.search(rf'name="person" value="{one}"', office.get(page).text)
    stranger = office.post(page, {**CALLED, "person": [one, hall.people["teller1"]]})
    assert (stranger.status_code, "不担任所选的角色" in stranger.text) == (422, True)
    called = office.post(page, {**CALLED, "person": one}).headers["Location"]
    with hall.desk.store.read() as tx:
        (member,) = tx.sitting_members.select(sitting_id=int(called.rpartition("/")[2]))
    assert member.person_id == one


def test_who_left_the_committee_neither_opens_its_sitting_nor_signs_in(
    hall: Hall, browse: Callable[[str], Browser], sitting: str
) -> None:
    hall.clock.move_to(MORNING)
    with hall.desk.store.write() as tx:
        (held,) = tx.memberships.select(person_id=hall.people["member1"])
        tx.memberships.change(held.id, until=hall.clock.now())
        tx.memberships.give(
            replace(held, id=0, role="applicant", jurisdiction="*", body_id=hall.stranger.seats[0].body_id, until=None)
        )
    page = browse("teller1").get(sitting)
    assert re.findall(r'<th scope="row">(\w+) <span[^>]*>已不任职', page.text) == ["member1"]
    draft = Document(BytesIO(browse("teller1").get(f"{sitting}?format=docx").data))
    assert "会前已不担任该角色（1人）：member1" in [p.text for p in draft.paragraphs]
    gone = browse("member1")
    assert gone.get(sitting).status_code == 403
    assert gone.post(f"{sitting}/attend").status_code == 403


def test_the_office_records_attendance_and_drafts_the_minutes(
    hall: Hall, browse: Callable[[str], Browser], sitting: str
) -> None:
    office = browse("teller1")
    hall.clock.move_to(MORNING)
    browse("member1").post(f"{sitting}/attend")
    office.post(f"{sitting}/attend", {"person": hall.people["member2"], "do": "sign"})
    office.post(f"{sitting}/attend", {"person": hall.people["member3"], "do": "excuse"})
    assert "办公室代记" in office.get(sitting).text
    office.post(f"{sitting}/minutes", {"version": "1", "words": "会议同意拟奖名单。", "do": "save"})
    stale = office.post(f"{sitting}/minutes", {"version": "1", "words": "别的", "do": "save"}, page=sitting)
    assert (stale.status_code, "有了变化" in stale.text) == (409, True)
    closing = {"version": "2", "words": "会议同意拟奖名单。", "do": "close", "uncounted": "yes"}
    office.post(f"{sitting}/minutes", closing)
    closed = browse("member4").post(f"{sitting}/attend", page=sitting)
    assert (closed.status_code, "会议已经结束" in closed.text) == (409, True)
    text = "\n".join(p.text for p in Document(BytesIO(office.get(f"{sitting}?format=docx").data)).paragraphs)
    for said in ("出席（2人）：member1、member2", "请假（1人）：member3", "会议同意拟奖名单", "2. 投票表决拟奖名单"):
        assert said in text
    assert "会议尚未结束" not in text
    assert browse("member1").get(f"{sitting}?format=docx").status_code == 403


def test_who_signs_in_after_the_day_is_sent_to_the_office(
    hall: Hall, browse: Callable[[str], Browser], sitting: str
) -> None:
    hall.clock.move_to(MORNING + timedelta(days=1))
    page = browse("member1").get(sitting).text
    assert ('value="sign"' in page, "请告知办公室代记" in page) == (False, True)
    assert "请核对到会情况" in browse("teller1").get(sitting).text
    late = browse("member1").post(f"{sitting}/attend", {"do": "sign"}, page=sitting)
    assert (late.status_code, "请办公室代记" in late.text) == (409, True)
    noted = browse("teller1").post(f"{sitting}/attend", {"person": str(hall.people["member1"]), "do": "sign"})
    assert noted.status_code == 303


def test_minutes_say_how_many_voted_and_never_who(hall: Hall, browse: Callable[[str], Browser], sitting: str) -> None:
    office = browse("teller1")
    with hall.desk.store.read() as tx:
        name = tx.sitting_members.select(sitting_id=1)[0].name
    told = office.post(f"{sitting}/minutes", {"version": "1", "words": f"{name}投票赞成。", "do": "save"}, page=sitting)
    assert (told.status_code, "不写谁投了什么票" in told.text, f"{name}投票赞成" in told.text) == (422, True, True)
    kept = office.post(f"{sitting}/minutes", {"version": "1", "words": f"{name}汇报。6票赞成。", "do": "save"})
    assert kept.status_code == 303


def test_the_page_says_who_is_recused_from_whom_and_lists_the_ballots_in_order(
    hall: Hall, browse: Callable[[str], Browser]
) -> None:
    case, first, bodies = opened(hall)
    keep(hall, case, 2, bodies[FIRST])
    with hall.desk.store.write() as tx:
        tx.ballots.insert(replace(hall.ballot(first), id=0, box="second", title="第二张表决票"))
    sitting = str(browse("teller1").post(f"/cases/{case}/sittings", CALLED).headers["Location"])
    page = browse("member1").get(sitting).text
    assert re.search(r"member2：甲公司", page)
    assert page.index(hall.ballot(first).title) < page.index("第二张表决票")
    told = browse("teller1").get(sitting).text
    assert "曾任职" in told
    assert "曾任职" not in page, "the ground is for who decided on it"
    assert ("签到人数预先填入表单" in told, "签到人数预先填入表单" in page) == (True, False)
    with hall.desk.store.write() as tx:
        tx.ballots.change(first, cast=hall.ballot(first).issued)
    assert "全部已投票，等待计票" in browse("member1").get(sitting).text


def test_a_sitting_without_sense_is_refused_with_what_was_typed(hall: Hall, browse: Callable[[str], Browser]) -> None:
    case, _ = hall.open()
    office, page = browse("teller1"), f"/cases/{case}/sittings"
    for change, said in (
        ({"agenda": " "}, "请写议程"),
        ({"starts_at": "2026-02-30 09:00"}, "时间请写成"),
        ({"starts_at": "2026-01-05 09:30"}, "时间已过"),
        ({"starts_at": "9999-12-31T23:59-08:00"}, "核对年份"),
        ({"role": "administrator"}, "没有人担任"),
    ):
        answer = office.post(page, {**CALLED, **change}, page=page)
        assert (answer.status_code, said in answer.text, "市政府三楼" in answer.text) == (422, True, True)
    assert browse("member1").post(page, CALLED).status_code == 403
    assert browse("supervisor").get(page).status_code == 200


def _issued(hall: Hall, case: int, title: str) -> int:
    """Issue a document of a case; returns its number."""
    with hall.desk.store.write() as tx:
        place = tx.cases.get(case).jurisdiction
        row = DocumentRow(
            jurisdiction=place,
            case_id=case,
            template="report",
            title=title,
            number=f"甲文〔2026〕{title}",
            content={},
            issued_at=hall.clock.now(),
        )
        return tx.documents.insert(row)


def _without_ballot(hall: Hall, like: int) -> tuple[int, int, int]:
    """Add a round that nobody votes on, with one application; returns both, and the organisation of the application."""
    with hall.desk.store.write() as tx:
        known = tx.cases.get(like)
        same = {"definition": known.definition, "jurisdiction": known.jurisdiction, "award": known.award}
        body = tx.bodies.upsert("*", "91650100MA70000017", kind="organisation", name="丙公司", details={})
        above = records.case(tx, **same, process="round", title="另一轮评审")
        return above, records.case(tx, **same, parent_id=above, title="丙公司申报", subject_id=body), body


def test_papers_laid_before_a_sitting_are_read_by_who_is_called_alone(
    hall: Hall, browse: Callable[[str], Browser]
) -> None:
    case, below, _ = _without_ballot(hall, hall.open()[0])
    report, inside, letter = (
        _issued(hall, about, title) for about, title in ((case, "评审报告"), (case, "内部呈批件"), (below, "核查意见"))
    )
    office, me = browse("teller1"), browse("member1")
    place = str(office.post(f"/cases/{case}/sittings", CALLED).headers["Location"])
    page = office.get(place).text
    assert ("还没有放入材料" in page, "评审报告" in page, "核查意见" in page) == (True, True, True)
    assert "评审报告" not in me.get(place).text
    assert me.get(f"/documents/{report}").status_code == 403
    assert me.post(f"{place}/papers", {"version": "1", "paper": str(report)}, page=place).status_code == 403
    laid = office.post(f"{place}/papers", {"version": "1", "paper": [str(report), str(letter)]}, page=place)
    assert laid.status_code == 303
    assert "的材料：甲文〔2026〕评审报告、甲文〔2026〕核查意见" in office.get("/log").text
    page = me.get(place).text
    assert ("评审报告" in page, "核查意见" in page, "内部呈批件" in page) == (True, True, False)
    assert [me.get(f"/documents/{one}").status_code for one in (report, letter, inside)] == [
        409,
        409,
        403,
    ]  # being made
    assert browse("stranger").get(f"/documents/{report}").status_code == 403
    draft = Document(BytesIO(office.get(f"{place}?format=docx").data))
    assert "会议材料：《评审报告》；《核查意见》" in [p.text for p in draft.paragraphs]
    stale = office.post(f"{place}/papers", {"version": "1", "paper": str(inside)}, page=place)
    assert (stale.status_code, "重新打开" in stale.text) == (409, True)
    foreign = office.post(f"{place}/papers", {"version": "2", "paper": "999"}, page=place)
    assert (foreign.status_code, "不属于本次会议的办件" in foreign.text) == (422, True)
    assert office.post(f"{place}/papers", {"version": "2", "paper": str(inside)}, page=place).status_code == 303
    assert [me.get(f"/documents/{one}").status_code for one in (report, letter, inside)] == [403, 403, 409]
    office.post(f"{place}/minutes", {"version": "3", "do": "cancel"}, page=place)
    assert me.get(f"/documents/{inside}").status_code == 403


def test_who_is_recused_reads_no_papers_of_the_round(hall: Hall, browse: Callable[[str], Browser]) -> None:
    voted, _ = hall.open()
    case, below, body = _without_ballot(hall, voted)
    report, letter = _issued(hall, case, "评审报告"), _issued(hall, below, "核查意见")
    office, me = browse("teller1"), browse("member1")
    place = str(office.post(f"/cases/{case}/sittings", CALLED).headers["Location"])
    office.post(f"{place}/papers", {"version": "1", "paper": [str(report), str(letter)]}, page=place)
    with hall.desk.store.write() as tx:
        elsewhere = tx.bodies.upsert("*", "91650100MA70000099", kind="organisation", name="丁公司", details={})
    keep(hall, voted, 1, elsewhere)  # not of this round
    assert [me.get(f"/documents/{one}").status_code for one in (report, letter)] == [409, 409]
    keep(hall, voted, 1, body)
    page = me.get(place).text
    assert ("评审报告" in page, "核查意见" in page) == (False, False)
    assert "另有 2 件材料因回避不向您开放" in page
    assert [me.get(f"/documents/{one}").status_code for one in (report, letter)] == [403, 403]
    assert browse("member2").get(f"/documents/{report}").status_code == 409  # being made, not refused


def test_papers_that_a_clerk_may_not_see_stay_where_others_laid_them(
    hall: Hall, browse: Callable[[str], Browser]
) -> None:
    voted, _ = hall.open()
    case, below, body = _without_ballot(hall, voted)
    report, letter = _issued(hall, case, "评审报告"), _issued(hall, below, "核查意见")
    first, second = browse("teller1"), browse("teller2")
    place = str(first.post(f"/cases/{case}/sittings", CALLED).headers["Location"])
    first.post(f"{place}/papers", {"version": "1", "paper": [str(letter)]}, page=place)
    clerk = hall.people["teller2"]
    with hall.desk.store.write() as tx:
        step = open_step(hall.desk, tx, voted, hall.office)
        record_recusal(step, clerk, body, "曾任职", "challenged", ())
        save_step(step)
    assert "核查意见" not in second.get(place).text
    assert second.post(f"{place}/papers", {"version": "2", "paper": [str(report)]}, page=place).status_code == 303
    page = first.get(place).text
    assert ("核查意见" in page, "评审报告" in page) == (True, True)


def test_whoever_is_called_and_whoever_called_find_the_sitting_among_appointments(
    hall: Hall, browse: Callable[[str], Browser], sitting: str
) -> None:
    for login, finds in (("teller1", True), ("member1", True), ("stranger", False)):
        answer = browse(login).get("/appointments")
        assert (f'<a href="{sitting}">第三次全体会议</a>' in answer.text) is finds, (login, answer.status_code)
    hall.clock.move_to(MORNING + timedelta(days=1))
    assert sitting not in browse("teller1").get("/appointments").text


def test_who_is_recused_finds_no_sitting_about_that_case(hall: Hall, browse: Callable[[str], Browser]) -> None:
    voted, _ = hall.open()
    _, below, body = _without_ballot(hall, voted)
    place = str(browse("teller1").post(f"/cases/{below}/sittings", CALLED).headers["Location"])
    keep(hall, voted, 1, body)
    found = {who: place in browse(who).get("/appointments").text for who in ("teller1", "member1", "member2")}
    assert found == {"teller1": True, "member1": False, "member2": True}
