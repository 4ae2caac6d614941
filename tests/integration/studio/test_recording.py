"""A scenario recorded in the sandbox: the real forms, person by person, kept as a file that plays green."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from service.casework.studio.recording import recordings
from service.casework.studio.recording.record_scenario import list_deeds
from service.casework.studio.recording.recordings import recording_of
from service.casework.studio.scenarios.run_scenarios import view_scenario
from tests.support.browsers import Browser, make_app
from tests.support.example_town import FOLDER, ExampleTown
from tests.support.recorded import played_until


@pytest.fixture
def browser(example: ExampleTown) -> Browser:
    return Browser(make_app(example), example, "designer")


def place(example: ExampleTown) -> str:
    return f"/studio/drafts/{example.draft}/scenarios/record"


def begun(example: ExampleTown, browser: Browser) -> None:
    """A recording with a round that takes applications, and one application."""
    here = place(example)
    names = "示例重工有限公司\n示例小厂有限公司"
    browser.post(here, {"do": "begin", "title": "两个角色", "start": "2026-03-02", "organisations": names})
    opened = {"round_name": "第一届", "year": "2026", "deadline": "2026-03-10"}
    browser.post(f"{here}/start?process=round&who=office&parent=", opened)
    applied = {
        "tier": "quality",
        "founded_on": "2010-05-01",
        "employees": "1200",
        "accident": "no",
        "merit": "全面质量管理。",
    }
    answer = browser.post(f"{here}/start?process=application&who=甲&parent=评选届次", applied)
    assert answer.status_code == 302, answer.text


def test_two_people_are_recorded_and_the_file_plays_green(example: ExampleTown, browser: Browser) -> None:
    here = place(example)
    begun(example, browser)
    board = browser.get(here).text
    task = re.search(r"record/tasks/(\d+)", board)
    assert task, board
    cases = re.findall(r'<li><span class="tag tag-(?:ok|quiet)">([^<]*)</span> ([^<]*)</li>', board)
    assert cases == [("进行中", "评选届次：第一届"), ("进行中", "申报：示例重工有限公司")], (
        "how each case stands is shown"
    )
    page = browser.get(f"{here}/tasks/{task[1]}").text
    assert "decision" in page
    assert browser.post(f"{here}/tasks/{task[1]}", {"decision": "accept"}).status_code == 302
    assert browser.post(here, {"do": "clock", "to": "2026-03-12T09:00"}).status_code == 302
    lines = browser.get(f"{here}/finish").text
    assert "2026年3月16日" in lines, "the day by which acceptance was to be decided is offered"
    ticked = re.findall(r'name="expect" value="(\d+)" checked', lines)
    assert ticked
    saved = browser.post(f"{here}/finish", {"expect": ticked})
    assert saved.status_code == 302, saved.text
    path = f"{FOLDER}/scenarios/liang_ge_jiao_se.yaml"
    result = example.result_of(path)
    assert result.passed, [(line.words, line.messages) for line in result.unmet] + [result.stopped_by]
    assert len(result.expected) == len(ticked)
    text = view_scenario(example.desk, example.designer, example.draft, path).text
    assert "as: 甲" in text
    assert "due: '2026-03-16'" in text or "due: 2026-03-16" in text


def test_the_last_step_is_taken_back(example: ExampleTown, browser: Browser) -> None:
    here = place(example)
    begun(example, browser)
    assert re.search(r"record/tasks/\d+", browser.get(here).text)
    browser.post(here, {"do": "undo"})
    assert "decide_acceptance" not in browser.get(here).text
    assert not re.search(r"record/tasks/\d+", browser.get(here).text)


def test_bad_input_is_answered_in_a_sentence(example: ExampleTown, browser: Browser) -> None:
    """No title, no day, time that runs backwards, a name that is no file name: refused, nothing is lost."""
    here = place(example)
    answer = browser.post(here, {"do": "begin", "title": "", "start": "2026-03-02", "organisations": "甲公司"})
    assert answer.status_code == 422
    assert "甲公司" in answer.text
    assert (
        browser.post(here, {"do": "begin", "title": "x", "start": "高", "organisations": "甲公司"}).status_code == 422
    )
    for day in ("0001-01-01", "1899-12-31", "9999-12-31"):
        refused = browser.post(here, {"do": "begin", "title": "x", "start": day, "organisations": "甲公司"})
        assert (refused.status_code, "日期请写成" in refused.text) == (422, True)
    begun(example, browser)
    for day in ("0900-01-01", "9999-12-31 23:59"):
        refused = browser.post(here, {"do": "clock", "to": day})
        assert (refused.status_code, "1900 年至 2199 年" in refused.text) == (422, True)
    assert "时间只能向前走" in browser.post(here, {"do": "clock", "to": "2025-01-01"}).text
    assert browser.post(here, {"do": "clock", "to": "明天"}).status_code == 422
    assert "编号“第一个”不能使用" in browser.post(f"{here}/finish", {"name": "第一个"}).text
    assert "编号“clean_season”已经有了" in browser.post(f"{here}/finish", {"name": "clean_season"}).text
    browser.post(here, {"do": "give_up"})
    assert "开始录制" in browser.get(here).text


OBJECTION = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
    "content": "甲公司去年发生重大质量事故。", "evidence_list": "通报", "declared": "true",
}  # fmt: skip


def steps(example: ExampleTown) -> list[dict[str, object]]:
    with recording_of(example.desk, example.designer, example.draft) as recording:
        return [dict(step) for step in recording.draft.steps]


def restarted(example: ExampleTown) -> None:
    """What this process held is gone, as after a restart."""
    recordings._HELD.pop(example.desk.store)


def link(browser: Browser, here: str, verb: str, *words: str) -> str:
    """The address of something offered on the board."""
    found = [unescape(one) for one in re.findall(r'href="([^"]*/deed\?[^"]*)"', browser.get(here).text)]
    fitting = [
        one for one in found
        if parse_qs(urlsplit(one).query)["verb"] == [verb] and all(word in str(parse_qs(urlsplit(one).query)) for word in words)
    ]  # fmt: skip
    assert fitting, (verb, words, found)
    return fitting[0]


def test_an_objection_is_lodged_without_an_account_and_followed_by_its_receipt(
    example: ExampleTown, browser: Browser
) -> None:
    played_until(example, "appeal_upheld", "lodge")
    here = place(example)
    address = link(browser, here, "lodge", "届/winners")
    assert "异议" in browser.get(address).text
    refused = browser.post(address, {"kind": "person"})
    assert refused.status_code == 422
    assert len([s for s in steps(example) if "lodge" in s]) == 0
    assert browser.post(address, OBJECTION).status_code == 302, browser.post(address, OBJECTION).text
    lodged = steps(example)[-1]
    assert (lodged["parent"], lodged["notice"]) == ("甲", "届/winners")
    assert "file:样例.pdf" in str(lodged["with"])  # a file that is demanded need not be real
    for element, values in (
        ("check_objection", {"check_result": "complete"}),
        ("forward_objection", {"request": "请核查", "investigator_kind": "office"}),
    ):
        with recording_of(example.desk, example.designer, example.draft) as recording:
            task = next(t.id for t in recording.tasks() if t.element == element)
        assert browser.post(f"{here}/tasks/{task}", values).status_code == 302, element
    with recording_of(example.desk, example.designer, example.draft) as recording:
        nick = str(lodged["name"])
        report = {"facts": "已经核查清楚", "opinion": "untrue", "reasons": "没有依据", "report": "file:报告.pdf"}
        recording.act({"as": "office", "case": nick, "complete": "investigate_by_office", "with": report})
        finding = {"finding_result": "unsubstantiated", "reasons": "经核查认定。"}
        recording.act({"as": "committee", "case": nick, "complete": "find_objection", "with": finding})
        recording.act({"as": "office", "case": nick, "complete": "sign_reply", "with": {}})
    appeal = link(browser, here, "public", "appeal")
    assert browser.post(appeal, {"grounds": "核查不充分，请求复核。"}).status_code == 302
    assert steps(example)[-1]["public"] == "appeal"
    finished(example, browser)


def finished(example: ExampleTown, browser: Browser) -> None:
    """Everything ticked, saved, and played green by the job."""
    here = place(example)
    ticked = re.findall(r'name="expect" value="(\d+)" checked', browser.get(f"{here}/finish").text)
    assert browser.post(f"{here}/finish", {"name": "recorded", "expect": ticked}).status_code == 302
    path = f"{FOLDER}/scenarios/recorded.yaml"
    result = example.played(path)
    assert result.passed, [(line.words, line.messages) for line in result.unmet] + [result.stopped_by]


def test_a_notice_is_corrected_and_recalled(example: ExampleTown, browser: Browser) -> None:
    played_until(example, "corrected_then_recalled", "correct")
    here = place(example)
    browser.post(here, {"do": "clock", "to": "2026-03-16T09:00"})
    correct = link(browser, here, "correct", "winners")
    assert "请填写“理由”" in browser.post(correct, {"title": "公示", "text": "更正单位名称。"}).text
    fields = {"title": "公示", "text": "更正单位名称。", "reason": "名称有误。", "of_substance": "yes"}
    assert browser.post(correct, fields).status_code == 302
    assert steps(example)[-1]["of_substance"] is True
    with recording_of(example.desk, example.designer, example.draft) as recording:
        for link_word in ("第二版", "首页"):
            posted = {"posted_on": "2026-03-16", "link": link_word, "proof": "file:样报.pdf"}
            recording.act({"as": "office", "case": "届", "complete": "post_in_medium", "with": posted})
    assert browser.post(link(browser, here, "recall", "winners"), {"reason": "需要重新审议。"}).status_code == 302
    assert steps(example)[-1]["recall"] == "winners"
    with recording_of(example.desk, example.designer, example.draft) as recording:
        [ballot] = recording.ballots()
    assert (
        browser.post(here, {"do": "vote", "case": ballot.case, "candidate": "甲", "letters": "yyyyyyyyn"}).status_code
        == 302
    )


def test_an_application_is_withdrawn_suspended_and_resumed(example: ExampleTown, browser: Browser) -> None:
    played_until(example, "appeal_upheld", "each")
    here = place(example)
    assert browser.post(link(browser, here, "suspend"), {"reason": "核实举报"}).status_code == 302
    assert browser.post(link(browser, here, "resume"), {"reason": "已经核实"}).status_code == 302
    address = link(browser, here, "action", "withdraw")
    page = browser.get(address).text
    assert "撤回申报" in page
    given = dict.fromkeys(re.findall(r'type="checkbox"[^>]* name="([^"]+)"', page), "true")
    assert browser.post(address, {"reason": "经营计划调整", "confirmed": "true", **given}).status_code == 302
    assert steps(example)[-1]["action"] == "withdraw"
    assert "as" in steps(example)[-1]


def test_a_member_is_recused_and_the_vote_closed(example: ExampleTown, browser: Browser) -> None:
    played_until(example, "appeal_upheld", "vote")
    here = place(example)
    browser.post(here, {"do": "clock", "to": "2026-03-12T09:00"})
    recuse = link(browser, here, "recuse")
    assert "整数" in browser.post(recuse, {"number": "x", "candidate": "甲", "reason": "任职"}).text
    assert browser.post(recuse, {"number": "3", "candidate": "甲", "reason": "曾任顾问"}).status_code == 302
    assert steps(example)[-1]["recuse"] == {"甲": 3}
    assert browser.post(link(browser, here, "close_vote"), {"reason": "时间已到"}).status_code == 302


def test_a_restart_and_a_second_process_lose_no_step(example: ExampleTown, browser: Browser) -> None:
    played_until(example, "appeal_upheld", "lodge")
    before, here = steps(example), place(example)
    board = browser.get(here).text
    restarted(example)
    assert steps(example) == before
    assert browser.get(here).text.count("deed?verb=") == board.count("deed?verb=")
    browser.post(here, {"do": "undo"})
    restarted(example)
    assert steps(example) == before[:-1]
    assert list_deeds(example.desk, example.designer, example.draft)


def test_a_draft_changed_meanwhile_says_which_step_is_in_the_way(example: ExampleTown, browser: Browser) -> None:
    played_until(example, "appeal_upheld", "lodge")
    before, here = steps(example), place(example)
    accepted = next(n for n, step in enumerate(before) if step.get("complete") == "decide_acceptance")
    example.change(f"{FOLDER}/forms/decide_acceptance.json", '"accept"', '"take_it"')
    restarted(example)
    told = browser.get(here)
    assert told.status_code == 409
    assert f"第 {accepted + 1} 步办不成了" in told.text
    assert browser.post(here, {"do": "shorten"}).status_code == 302
    assert len(steps(example)) == accepted
