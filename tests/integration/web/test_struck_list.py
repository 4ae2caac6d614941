"""What a government returns or strikes, and what holds a list up, stands before the office at once."""

from __future__ import annotations

import re
from dataclasses import replace

from service.casework.queries.own_place.home import TASKS
from service.casework.simulate.stage.stage import PlayState
from service.store import NEVER, Store
from service.store.models import TaskRow
from tests.support.browsers import browser_of, words
from tests.support.half_seasons import season, season_until

KEY = "ganzhou/quality_award"


def task_at(stage: PlayState, element: str) -> TaskRow:
    with stage.desk.store.read() as tx:
        return next(task for task in tx.tasks.open_of_case(stage.case("届")) if task.element == element)


def decide(stage: PlayState, approved: list[int], **values: str) -> None:
    task, government = task_at(stage, "decide_list"), browser_of(stage, "government")
    sent = {"_count.rows": "2", "version": task.version, "do": "submit", **values}
    sent |= {f"rows.{row}.approved": "true" for row in approved}
    answer = government.post(f"/tasks/{task.id}", sent, page=f"/tasks/{task.id}")
    if answer.status_code == 200:  # the notices are shown before they are posted
        seen = re.findall(r'name="knowing" value="([^"]+)"', answer.text)
        answer = government.post(f"/tasks/{task.id}", {**sent, "knowing": seen}, page=f"/tasks/{task.id}")
    assert answer.status_code == 302, words(answer.text)


def test_a_returned_list_stands_first_with_its_mark_and_reason(sqlite_store: Store) -> None:
    stage = season_until(KEY, "government_powers", sqlite_store, "decide_list", "届")
    task = task_at(stage, "decide_list")
    undated = [
        replace(
            task, id=0, engine_id=f"other{n}", case_id=stage.case("甲"), role="office", due_at=NEVER, due_reason=None
        )
        for n in range(TASKS + 1)
    ]
    with stage.desk.store.write() as tx:
        tx.tasks.insert_many([replace(row, title=f"其他事项{n}") for n, row in enumerate(undated)])
    decide(stage, [0, 1], decision="return", reason="两家的材料不全。")
    shown = words(browser_of(stage, "office").get("/home").text)
    assert f"共 {TASKS + 2} 项" in shown or f"待认领 {TASKS + 2} 项" in shown
    assert shown.index("被退回 两家的材料不全。") < shown.index("其他事项0")
    told = words(browser_of(stage, "office").get("/inbox").text)
    assert "在“审定名单”中退回：两家的材料不全。退回以后" in told
    assert "。。" not in told


def test_the_office_is_told_whom_the_government_struck_and_why(sqlite_store: Store) -> None:
    stage = season_until(KEY, "government_powers", sqlite_store, "decide_list", "届")
    shown = words(browser_of(stage, "government").get(f"/tasks/{task_at(stage, 'decide_list').id}").text)
    assert "资料评审：得分600.00，第1名" in shown
    assert "资料评审、现场评审合计：得分600.00，第1名" in shown
    reason = {"reason": "祁连乳业上月受到处罚。", "number": "甘政发〔2026〕1号", "decided_on": "2026-04-28"}
    decide(stage, [0], decision="strike", **reason)
    told = words(browser_of(stage, "office").get("/inbox").text)
    assert "“审定名单”没有批准张掖祁连乳业有限公司" in told
    assert "没有批准张掖祁连乳业有限公司。理由：祁连乳业上月受到处罚。" in told


def test_a_list_tells_the_government_of_objections_and_how_they_ended(sqlite_store: Store) -> None:
    stage = season(KEY, "settings_hold_all", sqlite_store, cases=99)
    shown = words(browser_of(stage, "government").get(f"/tasks/{task_at(stage, 'decide_list').id}").text)
    assert "第1名，进入下一环节（共2家） — 关于甘州绿洲种业有限公司的异议" in shown
    assert "第1名，进入下一环节（共2家） — 没有" in shown


def test_a_board_says_that_an_objection_holds_an_applicant_and_with_it_the_round(sqlite_store: Store) -> None:
    stage = season_until(KEY, "settings_hold_all", sqlite_store, "forward_objection", "异甲")
    board = words(browser_of(stage, "office").get(f"/cases/{stage.case('届')}/board").text)
    assert "甘州绿洲种业有限公司 异议审查中，办结后继续" in board
    assert "张掖祁连乳业有限公司 等待本届“异议全部办结”" in board
    assert "等待其他环节" not in board
