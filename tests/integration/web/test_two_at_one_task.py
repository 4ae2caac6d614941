"""Two people at one task that nobody claimed: each sees the other type, and what came second is not lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from service.casework.access.actor import acting
from service.casework.queries.tasks.view_task import view_task
from service.casework.tasks.claim import claim_task, release_task
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.save_draft import save_draft
from service.domain.calendar import CHINA
from service.domain.errors import Conflict
from service.store import Store
from tests.support.browsers import Browse, Browser, browser_of
from tests.support.desks import PACKAGE, Bench
from tests.support.half_seasons import season

REASON = "现场核对了三处，第二处与申报不符"
MINE = {"decision": "fail", "reason": REASON}


@pytest.fixture
def waiting(bench: Bench) -> int:
    """The office's review of an application, claimed by nobody."""
    case_id = bench.submitted()
    (review,) = bench.tasks(case_id)
    return review.id


def submitted(browser: Browser, task: int, **typed: str):
    return browser.post(f"/tasks/{task}", {"version": 1, "do": "submit", **typed}, page=f"/tasks/{task}")


def test_each_is_told_that_the_other_types_the_same(bench: Bench, browse: Browse, waiting: int) -> None:
    me, other, page = browse("office"), browse("second"), f"/tasks/{waiting}"
    assert "正在填写这一项" not in me.get(page).text
    assert me.post(f"{page}/draft", {"reason": "甲的话"}, page=page).json["beside"] == ""
    shown = other.get(page).text
    assert "office（" in shown
    assert "也正在填写这一项" in shown
    assert "甲的话" not in shown
    told = other.post(f"{page}/draft", {"reason": "乙的话"}, page=page).json["beside"]
    assert told.startswith("office（")
    assert "second（" in me.get(page).text
    bench.clock.move_to(bench.clock.now() + timedelta(minutes=31))
    assert "正在填写这一项" not in me.get(page).text
    claim_task(bench.desk, bench.office, waiting)
    assert other.post(f"{page}/draft", {"reason": "乙接着写"}, page="/tasks").status_code == 409
    claimed = other.get(page).text
    assert "表单中显示的是您" in claimed
    assert "乙接着写" in claimed


def test_what_the_second_typed_is_shown_with_who_was_first(bench: Bench, browse: Browse, waiting: int) -> None:
    me, other, page = browse("office"), browse("second"), f"/tasks/{waiting}"
    mark = other.mark(page)
    other.post(f"{page}/draft", {"csrf_token": mark, "reason": "写到一半"}, page=page)
    assert submitted(me, waiting, decision="pass").status_code == 302
    late = other.post(page, {"csrf_token": mark, "version": 1, "do": "submit", **MINE}, page="/tasks")
    assert late.status_code == 409
    assert "已由office于" in late.text
    assert late.text.count(REASON) == 1
    again = other.get(page).text  # also after the page was left
    assert "您填写而没有提交的内容" in again
    assert REASON in again
    assert "写到一半" not in again
    for name in ("office", "applicant"):
        assert REASON not in browse(name).get(page).text
    assert "您填写而没有提交的内容" not in me.get(page).text  # whose it was has no draft left


def test_programs_are_told_who_was_first_too(bench: Bench, waiting: int) -> None:
    complete_task(bench.desk, bench.office, waiting, None, {"decision": "pass"})
    with pytest.raises(Conflict, match="已由office于"):
        complete_task(bench.desk, bench.second, waiting, None, MINE)
    with pytest.raises(Conflict, match="已由office于"):
        save_draft(bench.desk, bench.second, waiting, MINE)
    kept = view_task(bench.desk, bench.second, waiting).unsent
    assert kept is not None
    assert kept.read.plain == MINE


def test_what_the_same_person_typed_otherwise_in_a_second_window_is_kept(bench: Bench, waiting: int) -> None:
    complete_task(bench.desk, bench.office, waiting, None, {"decision": "pass"})
    with pytest.raises(Conflict, match="提交成功"):  # a second click overtakes nobody
        complete_task(bench.desk, bench.office, waiting, None, {"decision": "pass"})
    assert view_task(bench.desk, bench.office, waiting).unsent is None
    with pytest.raises(Conflict, match="与已经提交的不同"):
        complete_task(bench.desk, bench.office, waiting, None, MINE)
    kept = view_task(bench.desk, bench.office, waiting).unsent
    assert kept is not None
    assert kept.read.plain == MINE


def test_who_is_recused_is_told_nothing_and_leaves_nothing(bench: Bench, waiting: int) -> None:
    complete_task(bench.desk, bench.office, waiting, None, {"decision": "pass"})
    with bench.desk.store.read() as tx:
        case = tx.tasks.get(waiting).case_id
    bench.recuse("second", case)
    with bench.desk.store.read() as tx:
        second = acting(tx, bench.people["second"], bench.clock.now())
    with pytest.raises(Conflict) as refused:
        complete_task(bench.desk, second, waiting, None, MINE)
    assert "office" not in refused.value.message.zh
    with bench.desk.store.read() as tx:
        assert tx.drafts.select(task_id=waiting) == []


def test_what_a_claim_overtakes_is_kept_too(bench: Bench, browse: Browse, waiting: int) -> None:
    other, page = browse("second"), f"/tasks/{waiting}"
    mark = other.mark(page)
    claim_task(bench.desk, bench.office, waiting)
    late = other.post(page, {"csrf_token": mark, "version": 1, "do": "submit", **MINE}, page="/tasks")
    assert late.status_code == 409
    assert "已由office认领" in late.text
    assert REASON in other.get(page).text


def act(browser: Browser, task: int, name: str, **typed: str):
    """Press what an open page offers, with the version that it was opened at."""
    return browser.post(f"/tasks/{task}/{name}", {"version": 1, **typed}, page="/tasks")


def test_whose_claim_comes_second_is_told_who_has_the_task_and_led_to_it(
    bench: Bench, browse: Browse, waiting: int
) -> None:
    me, other = browse("office"), browse("second")
    assert act(me, waiting, "claim").status_code == 302
    late = act(other, waiting, "claim")
    assert late.status_code == 409
    now = bench.clock.now().astimezone(CHINA)
    assert f"已由office认领（{now.month}月{now.day}日 {now:%H:%M}）" in late.text
    assert f'href="/tasks/{waiting}"' in late.text
    assert 'href="/tasks"' in late.text
    page = other.get(f"/tasks/{waiting}").text
    assert "已由同事认领" in page
    assert "office 已认领" in page
    assert act(me, waiting, "claim").status_code == 302  # a second click of the same person loses nothing


def test_who_was_given_a_task_is_told_to_whose_acts_come_late(bench: Bench, browse: Browse, waiting: int) -> None:
    claim_task(bench.desk, bench.office, waiting)
    second = bench.people["second"]
    delegate_task(bench.desk, bench.office, waiting, None, second, "休假")
    late = act(browse("office"), waiting, "delegate", person=str(second), reason="请办")
    assert late.status_code == 409
    assert "转给second办理" in late.text


@pytest.mark.parametrize("name", ["delegate", "send-back"])
def test_what_a_claim_in_ones_own_other_window_overtakes_is_kept(
    bench: Bench, browse: Browse, waiting: int, name: str
) -> None:
    """The sentence said that it is kept, and the reason was gone."""
    me = browse("office")
    claim_task(bench.desk, bench.office, waiting)
    typed = {"version": "1", "person": str(bench.people["second"]), "reason": "下周出差，请代为办理"}
    late = me.post(f"/tasks/{waiting}/{name}", typed, page=f"/tasks/{waiting}/{name}")
    assert late.status_code == 409
    assert "有了变化" in late.text
    assert "下周出差，请代为办理" in late.text
    version = re.search(r'name="version" value="(\d+)"', late.text)
    assert version is not None
    again = me.post(f"/tasks/{waiting}/{name}", {**typed, "version": version[1]}, page=f"/tasks/{waiting}/{name}")
    assert again.status_code == 302


def test_what_was_typed_for_several_is_kept_where_something_is_missing(browse: Browse, waiting: int) -> None:
    late = browse("office").post("/tasks/bulk/delegate", {"task": str(waiting), "reason": "下周出差"}, page="/tasks")
    assert late.status_code == 422
    assert "下周出差" in late.text


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("release", {}),
        ("send-back", {"reason": "材料不齐，请补"}),
        ("sign", {"person": "1", "kind": "before", "mode": "all"}),
    ],
)
def test_other_acts_on_a_task_that_another_claimed_say_who(
    bench: Bench, browse: Browse, waiting: int, name: str, typed: dict[str, str]
) -> None:
    claim_task(bench.desk, bench.office, waiting)
    late = act(browse("second"), waiting, name, **typed)
    assert late.status_code == 409
    assert "已由office认领（" in late.text
    assert f'href="/tasks/{waiting}"' in late.text


def test_acts_on_a_task_that_is_done_say_who_did_it(bench: Bench, browse: Browse, waiting: int) -> None:
    complete_task(bench.desk, bench.office, waiting, None, {"decision": "pass"})
    for name in ("claim", "release", "urge"):
        late = act(browse("second"), waiting, name)
        assert late.status_code == 409, name
        assert "已由office于" in late.text, name
        assert f'href="/tasks/{waiting}"' in late.text, name
    assert "您已于" in act(browse("office"), waiting, "claim").text


def test_nobody_is_told_to_be_the_holder_of_a_task_that_was_released(
    bench: Bench, browse: Browse, waiting: int
) -> None:
    claim_task(bench.desk, bench.office, waiting)
    release_task(bench.desk, bench.office, waiting)
    late = act(browse("office"), waiting, "release")
    assert late.status_code == 409
    assert "现在无人认领" in late.text


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


def test_what_is_sent_when_nothing_can_be_begun_any_more_is_shown_to_be_copied(sqlite_store: Store) -> None:
    stage = season("kizilsu/quality_award", "accepted", sqlite_store, 2)
    me = browser_of(stage, "甲")
    with stage.desk.store.read() as tx:
        parent = tx.cases.get(stage.case("甲")).parent_id
    start = f"/start/kizilsu/quality_award/candidacy?parent={parent}"
    assert "您填写而没有提交的内容" not in me.get(start).text
    late = me.post(start, {"do": "submit", "district": "outside"})
    assert late.status_code == 409
    assert "已有办理中的申报" in late.text
    assert "您填写而没有提交的内容" in late.text
