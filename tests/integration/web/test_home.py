"""Who signs in lands where their work is; an empty place says what comes next."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook

from service.casework.cases.notes import note_read, write_note
from service.casework.people.factors.sessions import acting_as
from service.casework.people.rights.deputies import appoint_deputy
from service.casework.queries.cases.comes_next import limited_by
from service.casework.queries.cases.start_options import StartOption, list_start_options
from service.casework.queries.own_place.home import own_place, view_home
from service.casework.queries.own_place.next_up import called_to
from service.casework.queries.people.deputies import view_deputies
from service.casework.reading.notes import INSTRUCTION
from service.casework.reading.published import published
from service.casework.review.sittings import EARLY
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.calendar import local_date
from service.store import CaseFilter
from service.web.demo.cities import personas
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.demonstration import demonstration, person_of


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("home"))
    yield app
    app.extensions[DESK].store.close()


@pytest.mark.parametrize(
    ("login", "place"),
    [
        ("designer", "/studio"),
        ("org.03", r"/cases/\d+"),  # one running application: the application itself
        ("org.11", "/home"),  # none yet
        ("office.wang", "/home"),
        ("tianshan.zhao", "/home"),
        ("government.tian", "/home"),
        ("yn.expert.2", "/home"),
        ("admin", "/monitor"),
    ],
)
def test_each_lands_at_their_own_work(demo: Flask, login: str, place: str) -> None:
    actor = acting_as(demo.extensions[DESK], login)
    assert actor is not None
    assert re.fullmatch(place, own_place(demo.extensions[DESK], actor))


def test_a_member_with_one_open_ballot_lands_on_it(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    members = [persona.login for persona in personas() if persona.city == "ganzhou"]
    found = set()
    for login in members:
        actor = acting_as(desk, login)
        if actor is not None and own_place(desk, actor).startswith("/ballots/"):
            found.add(login)
    assert found


def test_the_office_sees_its_round_and_what_comes_next(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, "office.wang")
    assert actor is not None
    home = view_home(desk, actor)
    assert sum(column.count for column in home.rounds[0].columns) == home.rounds[0].applied > 20
    assert not home.tasks  # nothing claimed yet
    assert "异议" in home.unclaimed[0].title  # three working days; the examinations have no limit
    assert home.unclaimed[0].limit.last_day is not None
    page = play(demo, "office.wang").get("/home").text
    assert "本单位待认领" in page
    assert "申报进展" in page


def test_an_empty_place_says_what_comes_next(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, "gz.dai")
    assert actor is not None
    home = view_home(desk, actor)
    assert not home.tasks
    assert home.coming
    assert home.coming[0].limit.last_day is not None
    assert home.coming[0].case in play(demo, "gz.dai").get("/home").text
    assert "现在没有需要您办理的事项" in play(demo, "gz.xia").get("/home").text
    asked = play(demo, "kz.meng")
    assert "请您会签" in asked.get("/home").text
    assert "现在没有需要您办理的事项" not in asked.get("/home").text
    assert "您名下没有待办，另有 1 件请您会签。" in asked.get("/tasks").text


def test_who_is_asked_to_a_register_of_another_city_finds_that_in_their_place(office: Flask) -> None:
    expert = play(office, "expert.1")
    page = expert.get("/home").text
    assert "伊宁市邀请您加入评审专家库" in page
    assert "现在没有需要您办理的事项" not in page
    answer = re.search(r'action="(/invitations/\d+)"', expert.get("/inbox").text)
    mark = re.search(r'name="csrf-token" content="([^"]+)"', page)
    assert answer
    assert mark
    assert expert.post(answer[1], data={"accept": "yes", "csrf_token": mark[1]}).status_code == 302
    assert "邀请您加入评审专家库" not in expert.get("/home").text
    with office.extensions[DESK].store.read() as tx:
        person = tx.people.by_login("expert.1")
        assert person is not None
        assert {row.jurisdiction: row.status for row in tx.experts.entries_of(person.id)} == {
            "urumqi": "active",
            "yining": "active",
        }


def test_who_is_called_to_a_sitting_finds_papers_there(demo: Flask) -> None:
    desk, called = demo.extensions[DESK], dict[int, str]()
    for persona in personas():
        actor = acting_as(desk, persona.login)
        with desk.store.read() as tx:
            found = called_to(tx, actor, desk.clock.now()) if actor is not None else ()
            called |= {row.id: persona.login for row in found if tx.sittings.papers_around(row.case_id, 1)}
    assert len(called) > 3
    for number, login in called.items():
        assert "办公室没有为本次会议放入材料" not in play(demo, login).get(f"/sittings/{number}").text


def test_what_comes_next_is_the_step_not_its_failure(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    with desk.store.read() as tx:
        known = {package.jurisdiction.id: package for package in published(desk, tx).packages}
    urumqi, qingyuan = known["urumqi"], known["qingyuan"]
    assert limited_by(urumqi, "urumqi_application", "deadline_passed") == "填报与内部公示"
    assert limited_by(qingyuan, "qingyuan_follow_up", "check_lapsed") == "年度监督检查"
    assert limited_by(qingyuan, "qingyuan_follow_up", "check_opens") != "年度监督检查"
    for path in ("/home", "/tasks"):
        assert "申报截止未报送" not in play(demo, "org.09").get(path, follow_redirects=True).text


@pytest.mark.parametrize(
    ("login", "says"),
    [
        ("expert.1", ["评审员培训会", "登记动员情况", "还剩 7 个工作日", "受理名单公示"]),
        ("gz.xia", ["质量发展工作领导小组会议"]),
    ],
)
def test_an_empty_list_says_what_comes_next_and_when(demo: Flask, login: str, says: list[str]) -> None:
    client = play(demo, login)
    for path in ("/tasks?scope=mine", "/ballots", "/tasks/signs"):
        main = client.get(path).text.partition("<main")[2]
        assert any(words in main for words in ("现在没有待办", "还没有您参加的表决", "没有请您会签的事项"))
        assert [words for words in says if words not in main] == [], path
    assert "接下来" not in client.get("/tasks?q=没有这样的").text  # a list that is narrowed is another question


@pytest.mark.parametrize("login", ["fagai.chen", "expert.1"])
def test_who_oversees_nothing_is_told_where_the_round_stands(demo: Flask, login: str) -> None:
    desk = demo.extensions[DESK]
    actor = acting_as(desk, login)
    assert actor is not None
    [stands] = view_home(desk, actor).under_way
    page = play(demo, login).get("/home").text
    assert f"<strong>{stands.now.name}</strong>" in page
    assert stands.limit.last_day is not None
    assert f"{stands.limit.last_day:%-m月%-d日}" in page
    assert all(stage.name in page for stage in stands.after)
    assert "/board" not in page  # whom a case waits for is for those who oversee it


FIGURE = r'<a class="figure[^"]*" href="/tasks\?scope=to_do(?:&amp;due=(\w+))?"><b>(\d+)</b>'


@pytest.mark.parametrize("login", ["yn.expert.2", "office.wang", "qy.jiang", "qy.xiang"])
def test_figures_are_those_of_the_list_they_open(demo: Flask, login: str) -> None:
    client = play(demo, login)
    assert_figures_are_true(client)


def assert_figures_are_true(client: FlaskClient) -> dict[str, int]:
    """Compare every figure of the place with the rows of the list that it opens; returns the figures."""
    page = client.get("/home").text
    figures = {due: int(count) for due, count in re.findall(FIGURE, page)}
    assert figures[""] > 0
    assert set(figures) == {"", "late", "today", "week"}
    for due, count in figures.items():
        listed = client.get(f"/tasks?scope=to_do&due={due}").text
        assert listed.count("data-row=") == count, due
    for scope, count in re.findall(r'href="/tasks\?scope=(mine|unclaimed)">[^<]*?(\d+)', page):
        listed = client.get(f"/tasks?scope={scope}").text
        assert listed.count("data-row=") == int(count) or "另有" in page, scope
    return figures


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Flask]:
    """The demonstration for one test, which changes it."""
    app = demonstration(tmp_path)
    yield app
    app.extensions[DESK].store.close()


def test_who_claims_one_task_still_sees_what_the_office_has_to_claim(office: Flask) -> None:
    desk, wang = office.extensions[DESK], person_of(office, "office.wang")
    before = view_home(desk, wang)
    claim_task(desk, wang, before.unclaimed[1].id)
    after = view_home(desk, wang)
    assert [task.id for task in after.tasks] == [before.unclaimed[1].id]
    assert before.unclaimed[0].id in {task.id for task in after.unclaimed}, "the objection has three days and waits on"
    assert (after.due.held, after.due.unclaimed) == (1, before.due.unclaimed - 1)
    assert after.due.all == before.due.all
    browser = play(office, "office.wang")
    page = browser.get("/home").text
    assert page.index("需要您办理") < page.index("本单位待认领")
    assert assert_figures_are_true(browser)[""] == before.due.all


def test_an_instruction_stands_in_the_reader_s_place_until_it_was_read(office: Flask) -> None:
    desk, wang, head = office.extensions[DESK], person_of(office, "office.wang"), person_of(office, "government.tian")
    case = view_home(desk, wang).rounds[0].id
    note = write_note(desk, head, case, "月底前报我", INSTRUCTION, wang.person_id)
    page = play(office, "office.wang").get("/home").text
    assert "待阅的批示和抄送" in page
    assert f'href="/cases/{case}/notes"' in page
    assert "月底前报我" in page
    assert not view_home(desk, person_of(office, "office.li")).to_read, "it is for one person"
    note_read(desk, wang, note)
    assert "待阅的批示和抄送" not in play(office, "office.wang").get("/home").text


def test_who_withdrew_is_led_to_apply_again_until_the_closing_day(office: Flask) -> None:
    again = re.compile(r'<a class="btn" href="(/start/urumqi/quality_award/application\?parent=\d+)">重新申报</a>')
    path = own_place(office.extensions[DESK], person_of(office, "org.07"))
    page = play(office, "org.07").get(path).text
    assert "申报组织撤回" in page
    [way] = again.findall(page)
    assert play(office, "org.07").get(way).status_code == 200
    assert "0991-0000100" in page, "whom to ask, as the city has set it"
    assert not again.search(play(office, "office.wang").get(path).text)
    assert not again.search(play(office, "org.01").get("/").text), "its application runs"
    office.extensions[DESK].clock.move_to(datetime(2026, 4, 1, 1, tzinfo=UTC))
    assert not again.search(play(office, "org.07").get(path).text)


def test_what_a_colleague_has_claimed_is_neither_listed_nor_counted(office: Flask) -> None:
    desk, wang, li = office.extensions[DESK], person_of(office, "office.wang"), person_of(office, "office.li")
    before = view_home(desk, wang)
    claim_task(desk, li, before.unclaimed[0].id)
    after = view_home(desk, wang)
    assert before.unclaimed[0].id not in {task.id for task in after.unclaimed}
    assert after.due.unclaimed == after.due.all == before.due.all - 1
    browser = play(office, "office.wang")
    assert_figures_are_true(browser)
    assert f"待认领 {after.due.unclaimed} 项" in browser.get("/home").text
    listed = browser.get("/tasks?scope=unclaimed").text
    assert listed.count("data-row=") == after.due.unclaimed
    assert "已认领" not in re.sub(r"<script.*?</script>", "", listed, flags=re.DOTALL)
    empty = browser.get("/tasks?scope=mine").text
    assert f"本单位还有 {after.due.unclaimed} 项可以认领" in empty
    assert 'href="/tasks?scope=unclaimed"' in empty


def test_who_stands_in_for_another_finds_what_they_hold_under_their_name(office: Flask) -> None:
    desk, wang = office.extensions[DESK], person_of(office, "office.wang")
    held = view_home(desk, wang).unclaimed[0]
    claim_task(desk, wang, held.id)
    li, today = person_of(office, "office.li"), local_date(desk.clock.now())
    roles = [role.id for role in view_deputies(desk, wang).roles]
    appoint_deputy(desk, wang, li.person_id or 0, roles, today, today + timedelta(days=3), "出差")
    home = view_home(desk, person_of(office, "office.li"))
    assert [(task.id, task.stands_for) for task in home.tasks] == [(held.id, wang.name)]
    browser = play(office, "office.li")
    assert f"代{wang.name}" in browser.get("/home").text
    assert f"代{wang.name}" in browser.get("/tasks?scope=mine").text
    assert_figures_are_true(browser)


def test_who_asked_for_a_measure_sees_that_it_waits_where_nothing_else_does(demo: Flask) -> None:
    desk, zhou = demo.extensions[DESK], person_of(demo, "qy.zhou")
    (confirms,) = view_home(desk, zhou).unclaimed
    assert confirms.title == "核实纠正情况"
    complete_task(desk, zhou, confirms.id, None, {"fixed": "yes", "findings": "登记已经补全。"})
    home = view_home(desk, zhou)
    assert home.due.all == 0
    assert len(home.begun) == 2
    assert all(one.what == "落实纠正措施" and one.who for one in home.begun)
    assert [one.limit.late for one in home.begun] == [True, False], "what is late stands first"
    page = play(demo, "qy.zhou").get("/home").text
    assert "您发起的，等他人办理" in page
    assert all(f'href="/cases/{one.id}"' in page for one in home.begun)
    assert [one.process for one in home.begun_over] == ["intervention"], "and what came of the one that ended"
    assert "您发起的，近两周有结果" in page
    assert not view_home(desk, person_of(demo, "qy.jiang")).begun, "who has tasks of their own sees these"


def test_an_expert_at_a_score_sheet_is_led_to_declare_a_tie_found_only_now(demo: Flask) -> None:
    task = view_home(demo.extensions[DESK], person_of(demo, "yn.expert.1")).tasks[0]
    page = play(demo, "yn.expert.1").get(f"/tasks/{task.id}").text
    assert "不要再评分" in page
    assert f'href="/tasks/{task.id}/tie"' in page


def test_a_place_of_one_s_own_costs_few_statements(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    for login, most in (("office.wang", 12), ("org.11", 8), ("yn.expert.2", 12)):
        actor = acting_as(desk, login)
        assert actor is not None
        view_home(desk, actor)
        with desk.store.statements() as seen:
            view_home(desk, actor)
        assert len([sql for sql, _ in seen if not sql.startswith("PRAGMA")]) <= most, login


def test_an_applicant_finds_the_notices_of_its_round_and_its_entry_in_the_register(demo: Flask) -> None:
    found = set()
    for persona in (one for one in personas() if one.city == "qingyuan" and one.login.startswith("qy.org")):
        browser = play(demo, persona.login)
        for case in re.findall(r'href="(/cases/\d+)"', browser.get("/cases").text):
            page = browser.get(case).text
            entry = re.search(r'href="(/register/\w+/\d+)"', page)
            found.add(("结果在哪里查" in page, entry is not None))
            if entry:
                assert f'href="{case}"' in browser.get(entry[1]).text, "its entry leads back to its case and papers"
    assert {(True, True), (True, False)} <= found


def test_everybody_in_the_demonstration_has_something_to_do(demo: Flask) -> None:
    """A task, a ballot, a sitting to sign in to now, an application; who administers or draws: what waits there."""
    desk, idle = demo.extensions[DESK], []
    for persona in personas():
        actor = acting_as(desk, persona.login)
        assert actor is not None
        if own_place(desk, actor) in ("/studio", "/monitor"):
            continue
        home = view_home(desk, actor)
        open_now = [row for row in home.called if row.starts_at - EARLY <= desk.clock.now()]
        if not (home.due.all or open_now or home.ballots or home.applicant):
            idle.append(persona.login)
    assert idle == []
    assert "撤回申报到表决为止" in play(demo, "designer.2").get("/studio").text


def test_a_bad_rating_and_a_registration_wait_in_the_demonstration(demo: Flask) -> None:
    assert "差评待答复" in play(demo, "qy.jiang").get("/home").text
    assert "材料清单也不清楚" in play(demo, "qy.jiang").get("/ratings").text
    district = play(demo, "tianshan.zhao")
    assert "1 个组织的注册等待核实" in district.get("/home").text
    assert "天山示范检测科技有限公司" in district.get("/registrations").text


def test_an_applicant_without_a_case_sees_its_own_place_first(demo: Flask) -> None:
    applicant = play(demo, "org.11")
    start = applicant.get("/start").text.partition("<main")[2]
    own, others = start.split("<details")
    assert ("乌鲁木齐市" in own, "甘州区" in own, "甘州区" in others) == (True, False, True)
    assert 'href="/portal/urumqi"' in applicant.get("/home").text
    portal = applicant.get("/portal").text
    assert ('href="/portal/urumqi" aria-current' in portal, "正在公示" in portal) == (True, True)


@pytest.mark.parametrize("path", ["/tasks/done", "/tasks/passed-on", "/notes", "/appointments", "/inbox", "/cases"])
def test_every_empty_list_of_one_s_own_says_what_comes_next_and_when(demo: Flask, path: str) -> None:
    page = play(demo, "expert.6").get(path).text.partition("<main")[2]
    if 'class="empty"' in page:
        assert "评审员培训会" in page
        assert "还剩 7 个工作日" in page


def test_a_message_about_a_registration_leads_to_it(demo: Flask) -> None:
    verifier = play(demo, "tianshan.zhao")
    number = re.search(r'href="(/inbox/\d+)">待核实注册', verifier.get("/inbox").text)
    assert number
    page = verifier.get(number[1]).text
    assert '<a class="btn" href="/registrations">去核实</a>' in page
    assert verifier.get("/registrations").status_code == 200


def test_a_kind_below_many_cases_is_one_choice_and_leaves_none_out(demo: Flask) -> None:
    page = play(demo, "office.wang").get("/start").text
    kind = page.partition("<h2>异议</h2>")[2].partition("</form>")[0]
    running = [one.parent_id for one in _started_below(demo, "office.wang", "objection")]
    assert len(running) > 20
    assert [f'<option value="{one}">' in kind for one in running] == [True] * len(running)
    assert "/objection?parent=" not in page


def test_an_organisation_begins_below_its_own_case_however_many_came_after(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    with desk.store.read() as tx:
        after = {one.subject_id: one.id for one in tx.cases.search(CaseFilter(["qingyuan"], "supervision", live=True))}
    winners = [acting_as(desk, one.login) for one in personas() if one.city == "qingyuan"]
    own = [(one, after[seat.body_id]) for one in winners if one for seat in one.seats if seat.body_id in after]
    assert len(own) > 1
    for actor, case in own:
        assert f"promotion?parent={case}" in "".join(one.url for one in list_start_options(desk, actor, most=1))


def test_the_list_of_cases_says_where_each_stands(demo: Flask) -> None:
    district = play(demo, "tianshan.zhao")
    page = district.get("/cases").text
    states = dict(re.findall(r'class="row-link"[^>]*>([^<]+)</a>.*?class="stands">(.*?)</td>', page, re.DOTALL))
    assert "审核申报材料" in states["示范口腔医院有限公司"]
    assert "等待“内部公示期满”" in states["乌鲁木齐示范区第一人民医院"]
    listed = district.get("/api/v1/cases").get_json()["cases"]
    told = {one["title"]: one["steps"] for one in listed}
    assert told["示范口腔医院有限公司"] == [{"zh": "审核申报材料", "en": "Audit opinion"}]


def test_the_table_of_cases_names_kinds_and_steps_in_the_language_of_its_reader(demo: Flask) -> None:
    district = play(demo, "tianshan.zhao")
    district.get("/language?to=en")
    table = load_workbook(io.BytesIO(district.get("/cases.xlsx").data)).active
    assert table is not None
    rows = [[str(cell or "") for cell in row] for row in table.iter_rows(min_row=2, values_only=True)]
    assert "Audit opinion" in [row[6] for row in rows]
    assert [words for row in rows for words in (row[2], *row[5:]) if re.search("[\u4e00-\u9fff]", words)] == []


def test_nobody_is_offered_what_never_comes_to_them(demo: Flask) -> None:
    assert "待阅的批示与抄送" in play(demo, "office.wang").get("/inbox").text
    assert "待阅的批示与抄送" not in play(demo, "org.03").get("/inbox").text
    assert "data-bulk-told" in play(demo, "office.wang").get("/tasks?scope=body").text
    assert "data-bulk-told" not in play(demo, "yn.expert.1").get("/tasks").text


def _started_below(demo: Flask, login: str, process: str) -> list[StartOption]:
    actor = acting_as(demo.extensions[DESK], login)
    assert actor is not None
    return [one for one in list_start_options(demo.extensions[DESK], actor) if one.process == process]
