"""Who signs in lands where their work is; an empty place says what comes next."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.casework.cases.notes import note_read, write_note
from service.casework.cases.start import start_case
from service.casework.people.factors.sessions import acting_as
from service.casework.people.rights.deputies import appoint_deputy
from service.casework.queries.own_place.home import get_work_address, view_home
from service.casework.queries.people.deputies import view_deputies
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.queries.tasks.task_list import TaskQuery, list_tasks
from service.casework.reading.notes import INSTRUCTION
from service.casework.tasks.claim import claim_task
from service.domain.calendar import local_date
from service.web.demo.cities import list_personas
from service.web.frame.requests.current import DESK
from tests.integration.web.test_demo import play
from tests.support.browsers import words
from tests.support.demonstration import demonstration, person_of


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
        ("kz.jiang", "/home"),  # called to a sitting today, and asked for an opinion
        ("admin", "/monitor"),
    ],
)
def test_each_lands_at_their_own_work(demo: Flask, login: str, place: str) -> None:
    actor = acting_as(demo.extensions[DESK], login)
    assert actor is not None
    assert re.fullmatch(place, get_work_address(demo.extensions[DESK], actor))


def test_a_member_with_one_open_ballot_lands_on_it(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    members = [persona.login for persona in list_personas() if persona.city == "ganzhou"]
    found = set()
    for login in members:
        actor = acting_as(desk, login)
        if actor is not None and get_work_address(desk, actor).startswith("/ballots/"):
            found.add(login)
    assert found


def test_a_department_reads_what_others_said_only_once_it_has_said_its_own(demo: Flask) -> None:
    desk, found = demo.extensions[DESK], 0
    for login in ("kz.jiang", "kz.su"):
        actor = person_of(demo, login)
        with desk.store.read() as tx:
            asked = [
                (task, tx.forms.of_case(task.case_id, task.form))
                for task in tx.tasks.select(state="open", form="relevant_department_opinion")
                if task.body_id in actor.body_ids
            ]
        for task, said in asked:
            pages = [play(demo, login).get(path).text for path in (f"/tasks/{task.id}", f"/cases/{task.case_id}")]
            assert not [row.id for row in said for page in pages if f"/forms/{row.id}" in page]
            found += len(said)
    assert found


@pytest.mark.parametrize(("login", "title"), [("kz.mahmut", "作出取消决定"), ("yn.expert.1", "评分")])
def test_a_government_and_a_reviewer_are_told_what_waits_for_them(demo: Flask, login: str, title: str) -> None:
    assert re.search(f"请您办理：“[^”]*{title}”", play(demo, login).get("/inbox").text)


def test_the_check_of_another_year_starts_afresh_and_says_by_when(demo: Flask) -> None:
    with demo.extensions[DESK].store.read() as tx:
        (check,) = tx.tasks.select(state="open", form="yearly_check", jurisdiction="qingyuan")
        opinion = tx.tasks.select(state="open", form="relevant_department_opinion", jurisdiction="kizilsu")[0]
    shown = play(demo, "qy.jiang").get(f"/tasks/{check.id}").text
    assert "上次填写" not in shown
    assert "99.5%" not in shown
    due = play(demo, "kz.akrem").get(f"/tasks/{opinion.id}").text
    assert "次日起算5个工作日" in due
    assert "条文没有写明天数，由本地设定" in due


def test_dates_that_a_diagram_supplies_are_words(demo: Flask) -> None:
    with demo.extensions[DESK].store.read() as tx:
        review = tx.tasks.select(state="open", element="formal_review", jurisdiction="kizilsu")[0]
    shown = play(demo, "kz.akrem").get(f"/tasks/{review.id}").text
    assert re.search(r"公示：\d{4}年\d+月\d+日至\d{4}年", shown)


def test_votes_not_cast_are_one_line_of_a_round(demo: Flask) -> None:
    with demo.extensions[DESK].store.read() as tx:
        votes = tx.tasks.select(state="open", kind="ballot", jurisdiction="ganzhou")
    assert f"，还有 {len(votes)} 票未投" in play(demo, "gz.dai").get(f"/cases/{votes[0].case_id}").text


def test_an_office_is_told_what_is_late_with_other_bodies_and_led_to_it(demo: Flask) -> None:
    desk = demo.extensions[DESK]
    many = 0
    for login in ("office.wang", "gz.gao", "yn.jin", "qy.jiang"):
        office = acting_as(desk, login)
        if office is None:
            continue
        elsewhere, late = (list_tasks(desk, office, TaskQuery("others", due=due)).lines for due in ("", "late"))
        assert not any(line.holds for line in elsewhere), login
        assert view_home(desk, office).due.late_elsewhere == len(late), login
        many += len(elsewhere)
    assert many


def test_the_log_is_handed_out_as_it_is_narrowed(demo: Flask) -> None:
    supervisor = play(demo, "gz.dai")
    everything, narrowed = (
        supervisor.get(f"/log?{query}format=csv").get_data(as_text=True) for query in ("", "q=高秀兰&")
    )
    rows = narrowed.splitlines()[1:]
    assert rows
    assert all("高秀兰" in row for row in rows)
    assert len(everything.splitlines()) > len(rows)


@pytest.mark.parametrize("page", ["/log", "/cases?process=round"])
def test_a_supervisor_has_the_workbook_of_scores_in_one_press(demo: Flask, page: str) -> None:
    scored = r'href="/cases/\d+/score-book.xlsx">([^<]+)'
    assert re.findall(scored, play(demo, "qy.zhou").get(page).text) == ["第一届庆元县人民政府质量奖"]
    assert not re.findall(scored, play(demo, "qy.xiang").get("/cases?process=round").text), "a department has none"
    with demo.extensions[DESK].store.read() as tx:
        assert not tx.acts.select(action="scores.export"), "to be offered it is not to have taken it"


def test_the_log_finds_all_of_a_case_by_its_name(demo: Flask) -> None:
    browser, newest = play(demo, "qy.zhou"), r'href="/cases/(\d+)"[^>]*>([^<]+)</a>'
    lines = re.findall(newest, browser.get("/log").text)
    ident, title = lines[-1]
    found = re.findall(newest, browser.get("/log", query_string={"q": title}).text)
    assert len([line for line in found if line[0] == ident]) >= len([line for line in lines if line[0] == ident])


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
    assert re.search(r'href="/start/urumqi/quality_award/application\?parent=\d+">登记纸质申报</a>', page)
    assert f'href="/cases/{home.rounds[0].id}/sittings">召集会议</a>' in page
    assert "召集会议" not in play(demo, "government.tian").get("/home").text, "the office calls them"
    shown = words(play(demo, "office.wang").get(f"/cases/{home.rounds[0].id}").text)
    assert "申报截止 （进行中） 到2026年3月31日" in shown, (
        "the round takes applications, whoever reports on the mobilisation"
    )
    assert "正在等待" not in shown, "the same day stands with the tasks that it ends"
    assert "办法有效期满" not in shown, "what runs in the background is not waited for while something else is"
    assert "决定停办" not in shown
    posted = words(play(demo, "office.wang").get("/cases/22").text)
    assert "正在等待：内部公示期满" in posted
    assert "正在等待：填报与内部公示" not in posted, "what is waited for stands inside this stage"
    assert not view_home(desk, person_of(demo, "government.tian")).coming, (
        "an applicant's own notice is not its business"
    )


def test_whoever_gives_an_opinion_finds_their_own_name_as_the_handler(demo: Flask) -> None:
    client = play(demo, "kz.kurban")
    task = re.findall(r'href="(/tasks/\d+)"', client.get("/tasks?scope=body").text)[0]
    page = client.get(task).text
    assert re.search(r'<input value="库尔班·热合曼"[^>]* name="handler"', page)


def test_an_office_opens_the_form_of_an_announcement_from_its_place(demo: Flask) -> None:
    client, led = play(demo, "gz.gao"), "/start?of=announcement"
    assert f'href="{led}">发布公告</a>' in client.get("/home").text
    assert led not in play(demo, "gz.mao").get("/home").text
    assert re.fullmatch(r"/start/ganzhou/quality_award/announcement\?parent=\d+", client.get(led).location or "")
    assert client.get("/start?of=nothing").status_code == 200, "what there is none of leads to all there is"


def test_an_objection_is_called_by_whom_it_is_about(demo: Flask) -> None:
    shown = words(play(demo, "gz.gao").get("/cases?process=objection").text)
    assert "关于甘州示范绿洲种业有限公司的异议 甘质奖异〔2026〕1号" in shown


@pytest.mark.parametrize("page", ["/tasks?scope=visible", "/log"])
def test_a_list_names_the_city_to_whom_watches_several(demo: Flask, page: str) -> None:
    cities = set(re.findall(r'<span class="mute small keep">([^<]+)</span>', play(demo, "admin").get(page).text))
    assert cities
    assert cities <= {"乌鲁木齐市", "甘州区", "克孜勒苏柯尔克孜自治州", "伊宁市", "庆元县"}
    assert '<span class="mute small keep">' not in play(demo, "office.wang").get(page).text


def test_the_steps_below_the_monitor_are_of_one_place_and_say_of_which(demo: Flask) -> None:
    admin = play(demo, "admin")
    assert "各环节在办" not in admin.get("/monitor").text
    assert ">伊宁市各环节在办<" in admin.get("/monitor?jurisdiction=yining").text
    assert ">各环节在办<" in play(demo, "office.wang").get("/monitor").text


def test_a_regulation_has_its_articles_before_the_steps_and_the_diagram(demo: Flask) -> None:
    page = play(demo, "").get("/portal/urumqi/quality_award/regulation").text
    places = [page.index(mark) for mark in ('id="clauses"', 'id="WQ-12-2"', 'id="steps"', 'class="diagram-frame')]
    assert places == sorted(places)


def test_a_role_that_may_not_is_left_out_of_an_action_on_a_phone(demo: Flask) -> None:
    page = play(demo, "admin").get("/permissions").text
    assert 'class="cards-on-phone permission-rows"' in page
    assert re.search(r'<td class="is-none" data-label="公众" title="不可以">—', page)


FIGURE = r'<a class="figure[^"]*" href="/tasks\?scope=to_do(?:&amp;due=(\w+))?"><b>(\d+)</b>'


@pytest.mark.parametrize(
    ("login", "case", "expected"),
    [
        ("org.02", 22, "您之后要办理的： 提交公示证明"),
        ("org.05", 23, "您之后要办理的： 张贴内部公示"),
        ("qy.org.04", 112, "您之后要办理的： 报送申报材料 （最迟2026年4月10日（周五））"),
        ("yn.org.14", 81, "您之后要办理的： 报送年度报告"),
        ("org.01", 12, "需要补正、答辩等时会发消息给您"),
    ],
)
def test_an_applicant_reads_what_is_next_to_do(demo: Flask, login: str, case: int, expected: str) -> None:
    shown = words(play(demo, login).get(f"/cases/{case}").text)
    assert expected in shown.partition("接下来：")[0]


@pytest.mark.parametrize(
    ("login", "page", "place"), [("org.01", "/cases/12", "我的申报"), ("leading.he", "/sittings/1", "会议")]
)
def test_the_way_to_a_page_begins_at_the_place_of_the_reader_s_menu(
    demo: Flask, login: str, page: str, place: str
) -> None:
    way = words(play(demo, login).get(page).text.partition('class="crumbs"')[2].partition("</nav>")[0])
    assert way.partition(">")[2].split()[0] == place


def assert_figures_are_true(client: FlaskClient) -> dict[str, int]:
    """Compare every figure of the place with the rows of the list that it opens; returns the figures."""
    page = client.get("/home").text
    figures = {due: int(count) for due, count in re.findall(FIGURE, page)}
    assert figures[""] > 0
    assert set(figures) == {"", "late", "today", "soon"}
    for due, count in figures.items():
        listed = client.get(f"/tasks?scope=to_do&due={due}").text
        assert listed.count("data-row=") == count, due
    for scope, count in re.findall(r'href="/tasks\?scope=(mine|unclaimed)">[^<]*?(\d+)', page):
        listed = client.get(f"/tasks?scope={scope}").text
        assert listed.count("data-row=") == int(count) or "另有" in page, scope
    return figures


def test_an_administrator_shortens_the_list_of_roles_by_typing(demo: Flask) -> None:
    assert '<select id="new-seat" name="seat" required data-narrow' in play(demo, "admin").get("/people/new").text


def test_an_applicant_begins_from_their_place_where_a_round_is_open(demo: Flask) -> None:
    client = play(demo, "org.11")
    page = client.get("/home").text
    [way] = re.findall(r'<a class="btn btn-main" href="([^"]+)">开始申报</a>', page)
    assert "没有需要您办理" not in page, "what can be begun stands alone"
    assert "请在2026年3月" in words(client.get(way).text), "until when it can be sent in time"
    assert "开始申报</a>" not in play(demo, "org.03").get("/home").text, "its application runs"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Flask]:
    """The demonstration for one test, which changes it."""
    app = demonstration(tmp_path)
    yield app
    app.extensions[DESK].store.close()


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
    path = get_work_address(office.extensions[DESK], person_of(office, "org.07"))
    page = play(office, "org.07").get(path).text
    assert "申报组织撤回" in page
    [way] = again.findall(page)
    assert play(office, "org.07").get(way).status_code == 200
    assert "0991-0000100" in page, "whom to ask, as the city has set it"
    assert not again.search(play(office, "office.wang").get(path).text)
    assert not again.search(play(office, "org.01").get("/").text), "its application runs"
    desk, kept = (
        office.extensions[DESK],
        {"channel": "online", "voluntary": True, "district": "gaoxin", "audit_unit": "gaoxin"},
    )
    round_id = int(way.rpartition("=")[2])
    for login in ("org.07", "org.11"):
        me = person_of(office, login)
        case = start_case(desk, me, "urumqi/quality_award", "application", round_id, kept)
        with desk.store.read() as tx:
            [task] = tx.tasks.open_of_case(case)
        form = view_task_form(desk, me, task.id)
        if login == "org.11":
            assert form.filled_from is None, "nothing of another organisation"
            assert "contact_name" not in form.values["organisation"]
            continue
        assert form.values["organisation"]["contact_name"] == "李四平"
        assert form.values["evidence"]["licence"] == [], "a file belongs to the case that it came with"
        assert not list(iterate_ticks(form.values)), "what is declared is ticked anew, wherever it stands"
        page = words(play(office, login).get(f"/tasks/{task.id}").text)
        assert "声明和承诺请重新勾选" in page
        assert "已按本届2026年3月9日（周一）提交过的内容填好" in page
    office.extensions[DESK].clock.move_to(datetime(2026, 4, 1, 1, tzinfo=UTC))
    assert not again.search(play(office, "org.07").get(path).text)


def iterate_ticks(values: object) -> Iterator[object]:
    """Yield what is ticked in a form, in its groups and rows too."""
    if values is True:
        yield values
    for value in values.values() if isinstance(values, dict) else values if isinstance(values, list) else ():
        yield from iterate_ticks(value)


def test_what_nobody_has_claimed_is_listed_under_one_name(demo: Flask) -> None:
    browser = play(demo, "office.wang")
    listed = browser.get("/tasks?scope=unclaimed").text
    assert "待认领" not in listed, "it is all of the body's"
    assert 'href="/tasks?scope=body" aria-current="page"' in listed
    assert "批量提交" not in listed, "every one of them is filled in by itself"
    assert "勾选后可以一起认领、转办" in listed


def test_who_fills_in_an_application_reads_whom_to_ask(demo: Flask) -> None:
    browser = play(demo, "org.03")
    [task] = re.findall(
        r'href="(/tasks/\d+)"', browser.get(get_work_address(demo.extensions[DESK], person_of(demo, "org.03"))).text
    )[:1]
    assert "填写中有疑问的，请问" in browser.get(task).text
    assert "填写中有疑问的，请问" not in play(demo, "office.wang").get("/tasks/140").text


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


def test_an_expert_at_a_score_sheet_is_led_to_declare_a_tie_found_only_now(demo: Flask) -> None:
    task = view_home(demo.extensions[DESK], person_of(demo, "yn.expert.1")).tasks[0]
    page = play(demo, "yn.expert.1").get(f"/tasks/{task.id}").text
    assert "不要再评分" in page
    assert "评分一经提交不能修改，也不能取回" in page.partition('class="action-bar"')[2]
    assert f'href="/tasks/{task.id}/tie"' in page
