"""A government finds the lists submitted to it, decides, and reads what became of them."""

import re

import pytest
from flask import Flask

from service.casework.simulate.playing.play import play_move
from service.casework.simulate.stage.stage import PlayState
from service.store import Store
from tests.integration.web.test_demo import play
from tests.support.browsers import browser_of, words
from tests.support.half_seasons import season


def _list_to_be_decided(store: Store) -> PlayState:
    stage = season("urumqi/quality_award", "objection_at_ballot", store, 0)
    for move in stage.scenario.moves:
        if move.value == "decide_list":
            stage.pass_time(move)
            break
        assert play_move(stage, move) == []
    return stage


def test_a_submitted_list_stands_with_who_is_held_until_it_is_decided(sqlite_store: Store) -> None:
    stage = _list_to_be_decided(sqlite_store)
    government, case = browser_of(stage, "government"), stage.case("届")
    page = government.get("/submitted").text
    assert "1件异议尚未办结" in words(page), "who is held back, and why"
    (task,) = re.findall(r'href="(/tasks/\d+)">审定</a>', page)
    decision = {
        "decision": "approve",
        "rows.0.approved": "true",
        "number": "乌政发〔2026〕1号",
        "decided_on": stage.clock.now().date().isoformat(),
    }
    judged = government.get(task).text.partition('id="candidates"')[2].partition("</section>")[0]
    assert re.search(r'<a href="/cases/\d+"', judged)
    assert "材料评审 750.00分 陈述答辩 750.00分 现场评审 750.00分" in words(judged)
    assert re.search(r"赞成\d+，反对\d+，弃权\d+", words(judged))
    government.post(task, {**decision, "do": "save"}, page=task)
    assert 'id="candidates"' in government.get(task).text, "with a draft as well"
    shown = government.post(task, {**decision, "do": "submit"}, page=task).text
    seen = re.findall(r'name="knowing" value="([^"]+)"', shown)
    wrong = government.post(task, {**decision, "number": "", "do": "submit", "knowing": seen}, page=task)
    assert (wrong.status_code, "仍然提交" in wrong.text, ">提交</button>" in wrong.text) == (422, False, True)
    decided = government.post(task, {**decision, "do": "submit", "knowing": seen}, page=task)
    assert (decided.status_code, decided.location) == (302, f"/cases/{case}"), "it is led to what became of the case"
    after = government.get("/submitted").text
    assert "已审定" in words(after)
    assert f'href="/cases/{case}/forms/' in after
    home = words(government.get("/home").text)
    assert "办完了" in home
    assert "“审定名单”已办，现在等办公室办理" in home
    listed = words(government.get("/tasks").text)
    assert "现在没有待办" in listed, "what others do is no work of its own"


def test_of_a_returned_list_nobody_is_shown_as_approved_and_who_does_it_anew_learns_why(sqlite_store: Store) -> None:
    stage = _list_to_be_decided(sqlite_store)
    government, office = browser_of(stage, "government"), browser_of(stage, "office")
    (task,) = re.findall(r'href="(/tasks/\d+)">审定</a>', government.get("/submitted").text)
    anew = "退回以后领导小组重新审议表决，名单再公示5个工作日"
    before = government.get(task).text
    assert anew in before, "before it is chosen"
    assert "这里为什么不能退回" not in before
    values = {"decision": "return", "rows.0.approved": "true", "reason": "请补充现场评审意见。", "do": "submit"}
    returned = government.post(task, values, page=task)
    assert returned.status_code == 302
    assert f"“审定名单”已提交。{anew}。接下来由办公室办理" in words(government.get(returned.location).text)
    shown = words(government.get("/submitted").text)
    assert "已退回" in shown
    assert "批准" not in shown
    letter = re.search(r"href=\"(/inbox/\d+)\"[^>]*>\s*请您办理", office.get("/inbox").text)
    assert letter is not None
    told = words(office.get(letter[1]).text)
    assert "在“审定名单”中退回：请补充现场评审意见。" in told
    assert anew in told
    (again,) = re.findall(r"/tasks/\d+", office.get(letter[1]).text)[:1]
    banner = words(office.get(again).text)
    assert "退回“审定名单”：请补充现场评审意见。" in banner
    assert anew in banner
    page = words(office.get(f"/cases/{stage.case('届')}").text)
    assert "公示审定表彰 已完成" not in page
    assert re.search("审定名单.{0,40}退回", page), "among the forms that were sent"


@pytest.mark.parametrize("login", ["gz.fu", "kz.mahmut", "qy.lan", "yn.gong"])
def test_a_government_is_told_of_a_submission(demo: Flask, login: str) -> None:
    client = play(demo, login)
    assert re.search("关于审[定批]第.*名单的请示", words(client.get("/inbox").text))
    assert "查看审定结果" in client.get("/submitted").text


@pytest.mark.parametrize("login", ["office.wang", "org.05"])
def test_no_list_is_shown_to_who_is_no_government(demo: Flask, login: str) -> None:
    assert "还没有呈报的名单" in play(demo, login).get("/submitted").text


def test_nobody_is_led_to_what_is_empty_for_them_and_supervisors_raise_findings_from_their_tasks(demo: Flask) -> None:
    supervisor, government = play(demo, "gz.dai").get("/home").text, play(demo, "gz.fu").get("/submitted").text
    assert '<a href="/start?of=intervention">提出监督意见</a>' in supervisor
    office = play(demo, "office.wang").get("/appointments").text
    assert all('href="/ballots"' not in page for page in (supervisor, government, office))
    assert "我参加的表决" not in play(demo, "office.wang").get("/tasks/done").text
    member = play(demo, "gz.mao")
    assert '<a href="/ballots">' in member.get("/appointments").text
    assert 'href="/ballots">我参加的表决' in member.get("/tasks/done").text


def test_a_government_finds_what_it_decides_the_lists_and_its_messages(demo: Flask) -> None:
    client = play(demo, "government.tian")
    page = client.get("/home").text
    menu = re.findall(r'<a href="([^"]+)"[^>]*>(待审|名单|消息)', page)
    assert menu == [("/home", "待审"), ("/submitted", "名单"), ("/inbox", "消息")]
    assert ">待审<" in page.partition("<main")[2]
    assert "申报进展" in page, "and how the round stands"
    assert {client.get(path).status_code for path, _ in menu} == {200}
