"""What pages of a running season say to people who were never shown around: nothing untrue, nothing that cannot be done."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.domain.calendar import local_date
from service.store import CaseFilter
from service.web.demo.cities import cities
from tests.support.demonstration import demonstration


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    app = demonstration(tmp_path_factory.mktemp("said"))
    yield app
    app.extensions["laurel.desk"].store.close()


@pytest.fixture
def admin(demo: Flask) -> FlaskClient:
    return played(demo, "admin")


def played(app: Flask, login: str) -> FlaskClient:
    client = app.test_client()
    client.post("/demo/play", data={"person": login, "csrf_token": mark(client, "/portal")})
    return client


def mark(client: FlaskClient, path: str) -> str:
    return re.search(r'name="csrf-token" content="([^"]+)"', client.get(path).text)[1]  # type: ignore[index]


def words(page: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition("<main")[2]))


def round_of(app: Flask, city: str) -> int:
    """Return the round of a city that is under way."""
    with app.extensions["laurel.desk"].store.read() as tx:
        return next(row.id for row in tx.cases.search(CaseFilter([city], "round", live=True)))


def children(app: Flask, city: str) -> list[int]:
    """Return the running cases below the round of a city."""
    with app.extensions["laurel.desk"].store.read() as tx:
        return [row.id for row in tx.cases.children(round_of(app, city)) if row.status == "running"]


@pytest.mark.parametrize("city", [city.id for city in cities()])
def test_the_page_of_a_law_knows_what_proves_its_clauses(admin: FlaskClient, city: str) -> None:
    """The settings that a season's office has made take no proof away."""
    assert re.search(r"由流程落实 \d{2,}", words(admin.get(f"/law/{city}").text))


def test_one_place_alone_is_the_one_where_the_reader_is(admin: FlaskClient) -> None:
    for path, place in (("/monitor/health", "监控"), ("/home", "工作台")):
        assert re.findall(
            r'<a href="[^"]+" aria-current="page">([^<]+)<', admin.get(path).text.partition("<main")[0]
        ) == [place]


def test_a_proof_is_named_by_the_title_of_its_scenario(admin: FlaskClient) -> None:
    assert re.search(r"情景“[^”]*[一-鿿]", words(admin.get("/law/urumqi/clauses/WQ-6-1").text))


def test_a_task_that_is_done_says_when_and_leads_to_what_was_submitted(demo: Flask, admin: FlaskClient) -> None:
    with demo.extensions["laurel.desk"].store.read() as tx:
        done = [t for c in children(demo, "yining") for t in tx.tasks.of_case(c) if t.state == "done" and t.form]
        due = next(t for t in done if t.due_at is not None and t.due_at.date() != t.done_at.date())
    page = admin.get(f"/tasks/{due.id}").text
    day = local_date(due.done_at)
    assert f"已办结 {day.year}年{day.month}月{day.day}日" in words(page)
    link = re.search(rf'href="(/cases/{due.case_id}/forms/\d+)">查看提交的内容', page)
    assert link is not None
    assert admin.get(link[1]).status_code == 200
    assert 'id="task-fields"' not in page or words(page).count(" — ") == 0


def test_an_event_that_may_come_is_not_where_the_case_stands(demo: Flask, admin: FlaskClient) -> None:
    for case in children(demo, "urumqi"):
        rows = re.findall(r"<tr>(.*?)</tr>", admin.get(f"/cases/{case}/diagram").text, re.S)
        here = [words("<main>" + row) for row in rows if "正在此处" in row]
        assert here
        assert not [row for row in here if "撤回申报" in row or "取消参评资格" in row]


def test_a_call_leads_to_the_application_while_it_runs(demo: Flask) -> None:
    with demo.extensions["laurel.desk"].store.read() as tx:
        calls = {city: tx.notices.of_case(round_of(demo, city))[0].id for city in ("urumqi", "ganzhou")}
    anybody = demo.test_client()
    running, closed = (anybody.get(f"/notices/{calls[city]}").text for city in ("urumqi", "ganzhou"))
    assert f"/start/urumqi/quality_award/application?parent={round_of(demo, 'urumqi')}" in running
    assert "申报截止 2026年3月31日" in words(running)
    assert "/start/" not in closed


def test_the_date_of_a_signature_has_no_weekday(demo: Flask) -> None:
    signature = re.search(r'class="signature">(.*?)</p>', demo.test_client().get("/notices/1").text)
    assert signature is not None
    assert signature[1].endswith("2026年3月2日")


def test_an_announcement_bears_the_day_on_which_it_was_made(demo: Flask, admin: FlaskClient) -> None:
    assert "公告 2025年12月1日" in words(admin.get(f"/cases/{round_of(demo, 'ganzhou')}").text)


def test_a_round_that_the_law_does_not_allow_yet_has_not_started(demo: Flask) -> None:
    office, path = played(demo, "gz.gao"), "/start/ganzhou/quality_award/round"
    answer = office.post(
        path, data={"round_name": "第二届", "last_announcement_year": "2025", "csrf_token": mark(office, path)}
    )
    page = words(office.get(answer.headers["Location"]).text)
    assert "“评选届次”没有办成" in page
    assert "已发起" not in page
    assert "2027年起才能启动" in page


def test_the_history_names_who_acted_once(demo: Flask, admin: FlaskClient) -> None:
    page = words(admin.get(f"/cases/{round_of(demo, 'ganzhou')}").text)
    assert "高秀兰 提交“制定年度工作计划”" in page
    assert not re.search(r"(\S{2,4}) [^ ]*：\1提交", page)


def test_stages_are_called_as_the_regulation_calls_them(demo: Flask) -> None:
    case = children(demo, "ganzhou")[0]
    member = played(demo, "gz.mao")
    newest = re.search(r'href="(/ballots/\d+)"', member.get("/ballots").text)
    assert newest
    page = words(member.get(f"{newest[1]}/candidates/{case}").text)
    assert "资料评审 ·" in page
    assert "材料评审" not in page


def test_nobody_is_offered_a_role_of_their_own(demo: Flask, admin: FlaskClient) -> None:
    with demo.extensions["laurel.desk"].store.read() as tx:
        me = tx.people.by_login("admin")
    assert me is not None
    page = admin.get(f"/people/{me.id}").text
    assert f'action="/people/{me.id}/seats"' not in page


def test_an_application_does_not_speak_of_stars_that_no_field_has(demo: Flask) -> None:
    with demo.extensions["laurel.desk"].store.read() as tx:
        task = next(
            t for c in children(demo, "urumqi") for t in tx.tasks.open_of_case(c) if t.element == "fill_application"
        )
    assert "星号" not in played(demo, "admin").get(f"/tasks/{task.id}").text


def test_an_applicant_reads_which_office_handles_the_application(demo: Flask) -> None:
    page = words(played(demo, "gz.org.02").get(f"/cases/{children(demo, 'ganzhou')[0]}").text)
    mine = words(played(demo, "gz.org.01").get(f"/cases/{children(demo, 'ganzhou')[0]}").text)
    assert any("办理机构 甘州区人民政府质量奖评审委员会秘书处" in one for one in (page, mine))
    assert "电话 —" not in page + mine


def test_a_law_is_cited_in_one_way_in_one_city() -> None:
    """A letter that cites 第十三条第(五)项 and 第十六条第（二）项 is sent back."""
    for folder in ("processes", "forms"):
        for path in (Path(folder)).rglob("*"):
            if path.suffix in (".yaml", ".bpmn", ".dmn", ".json"):
                assert not re.search(r"第\([一二三四五六七八九十]+\)", path.read_text()), path
