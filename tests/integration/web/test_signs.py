"""Signatures beside a task: before it is submitted or after, by one, several or the first."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.casework.access.actor import acting
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.queries.own_place.signs import whom_to_ask
from service.casework.tasks.ask_sign import ask_sign, remind_signers, withdraw_sign
from service.casework.tasks.complete import complete_task
from service.casework.tasks.give_sign import give_sign
from service.domain.errors import Conflict, Invalid, NotAllowed
from tests.support.browsers import Browse
from tests.support.desks import Bench, waiting

PASS = {"decision": "pass"}


@pytest.fixture
def sent(bench: Bench) -> int:
    """An application that waits for the office's review, with one more person in the office."""
    bench.add_person("third")
    return bench.submitted()


def third(bench: Bench):
    with bench.desk.store.read() as tx:
        return acting(tx, bench.people["third"], bench.clock.now())


def ask(bench: Bench, case_id: int, people: list[str], *how: object) -> int:
    task = waiting(bench, case_id)
    return ask_sign(bench.desk, bench.office, task.id, task.version, [bench.people[one] for one in people], *how)


def test_who_signs_before_holds_the_submission_until_they_have(bench: Bench, browse: Browse, sent: int) -> None:
    me, second, task = browse("office"), browse("second"), waiting(bench, sent)
    assert f'href="/tasks/{task.id}/sign"' in me.get(f"/tasks/{task.id}").text
    page = f"/tasks/{task.id}/sign"
    assert "second" in me.get(page).text
    asked = {"version": task.version, "person": bench.people["second"], "words": "请核营收口径"}
    assert me.post(page, asked, page=page).headers["Location"] == f"/tasks/{task.id}"
    assert "请核营收口径" in bench.inbox("second")[0]
    refused = me.post(f"/tasks/{task.id}", PASS, page=f"/tasks/{task.id}")
    assert (refused.status_code, "还在等second签署" in refused.text) == (409, True)
    assert "会签中" in me.get("/tasks?scope=mine").text
    listed = second.get("/tasks/asked").text
    assert '等我<span class="count">1</span>' in listed
    assert '<a class="figure is-soon" href="/tasks/asked"><b>1</b> <span>待会签</span>' in second.get("/home").text
    home = second.get("/home").text.partition("请您会签")[2]
    assert ('href="/signs/1"' in home, "请核营收口径" in home) == (True, True)
    mine = me.get("/home").text
    assert ("请您会签" in mine, "待会签" in mine) == (False, False)
    ready, _, signed_first = mine.partition("等他人会签")
    assert (f'href="/tasks/{task.id}"' in ready, f'href="/tasks/{task.id}"' in signed_first) == (False, True)
    assert 'value="submit" disabled' in me.get(f"/tasks/{task.id}").text
    passed_on = me.get("/tasks/passed-on").text
    assert ("已请会签" in passed_on, "等second签署" in passed_on) == (True, True)
    sign = "/signs/1"
    assert f'href="{sign}"' in listed
    assert "请核营收口径" in second.get(sign).text
    silent = second.post(sign, {"say": "disagree"}, page=sign)
    assert (silent.status_code, "请写明理由" in silent.text) == (422, True)
    assert second.post(sign, {"say": "agree", "words": "口径一致"}, page=sign).headers["Location"] == "/tasks/asked"
    again = second.post(sign, {"say": "disagree", "words": "x"}, page=sign)
    assert (again.status_code, "您已会签" in again.text) == (409, True)
    assert "会签已同意" in bench.inbox("office")[0]
    assert "口径一致" in me.get(f"/tasks/{task.id}").text
    assert me.post(f"/tasks/{task.id}", PASS, page=f"/tasks/{task.id}").status_code == 302
    history = me.get(f"/cases/{sent}").text
    assert "请second会签" in history
    assert "已同意" in me.get("/tasks/passed-on").text
    assert "口径一致" not in history
    theirs = browse("applicant")
    for path in (f"/cases/{sent}", f"/api/v1/cases/{sent}", "/tasks/asked", "/inbox"):
        assert "会签“" not in theirs.get(path).text
    assert "会签“" not in theirs.letters()
    assert theirs.get(sign).status_code == 403


def test_what_is_signed_after_takes_effect_with_the_last_signature(bench: Bench, browse: Browse, sent: int) -> None:
    me, task = browse("office"), waiting(bench, sent)
    ask(bench, sent, ["second", "third"], "after")
    assert bench.inbox("second") == []
    answer = me.post(f"/tasks/{task.id}", PASS, page=f"/tasks/{task.id}")
    assert answer.headers["Location"] == f"/tasks/{task.id}"
    page = me.get(f"/tasks/{task.id}").text
    assert "正等待second、third签署" in page
    assert "/delegate" not in page
    assert 'id="task-form"' not in page
    again = me.post(f"/tasks/{task.id}", PASS, page=f"/tasks/{task.id}")
    assert (again.status_code, "正等待second、third签署" in again.text) == (409, True)
    assert me.post(f"/tasks/{task.id}/release", page=f"/tasks/{task.id}").status_code == 409
    second = browse("second")
    assert "签齐后生效" in second.get("/signs/1").text
    second.post("/signs/1", {"say": "agree"}, page="/signs/1")
    assert waiting(bench, sent).id == task.id
    by_program = browse("third").send("POST", "/api/v1/signs/2", {"agree": True, "words": "可"})
    assert by_program.json == {"took_effect": True}
    with bench.desk.store.read() as tx:
        done = tx.tasks.get(task.id)
        (form,) = [row for row in tx.forms.of_case(sent) if row.task_id == task.id]
    assert (done.state, done.done_by, form.data["decision"]) == ("done", bench.people["office"], "pass")
    assert "会签已齐" in bench.inbox("office")[0]


def test_who_disagrees_after_gives_it_back_as_a_draft(bench: Bench, browse: Browse, sent: int) -> None:
    task = waiting(bench, sent)
    ask(bench, sent, ["second", "third"], "after", "first")
    complete_task(bench.desk, bench.office, task.id, None, PASS)
    assert not give_sign(bench.desk, bench.second, 1, False, "依据不足")
    page = browse("office").get(f"/tasks/{task.id}").text
    assert "依据不足" in page
    assert 'id="task-form"' in page
    assert "会签未获同意" in bench.inbox("office")[0]
    assert "不用再签" in bench.inbox("third")[0]
    with pytest.raises(Conflict, match="不用再签"):
        give_sign(bench.desk, third(bench), 2, True)
    complete_task(bench.desk, bench.office, task.id, None, PASS)
    assert bench.tasks(sent) == [] or waiting(bench, sent).id != task.id


def test_a_share_is_enough_and_must_be_reachable(bench: Bench, sent: int) -> None:
    with pytest.raises(Invalid, match="1到2之间"):
        ask(bench, sent, ["second", "third"], "before", "share", 3)
    ask(bench, sent, ["second", "third"], "before", "share", 1)
    with pytest.raises(Conflict, match="正在会签"):
        ask(bench, sent, ["second"])
    give_sign(bench.desk, bench.second, 1, True)
    complete_task(bench.desk, bench.office, waiting(bench, sent).id, None, PASS)


def test_on_the_last_day_nobody_need_wait_and_the_history_says_so(bench: Bench, browse: Browse, sent: int) -> None:
    ask(bench, sent, ["second"])
    task = waiting(bench, sent)
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, due_at=datetime(2026, 3, 9, 16, tzinfo=UTC))
    with pytest.raises(Conflict, match="还在等second"):
        complete_task(bench.desk, bench.office, task.id, None, PASS)
    bench.clock.move_to(datetime(2026, 3, 9, 2, tzinfo=UTC))
    page, home = browse("office").get(f"/tasks/{task.id}").text, browse("office").get("/home").text
    assert ("不必再等" in page, 'value="submit" disabled' in page) == (True, False)
    assert (f'href="/tasks/{task.id}"' in home, "等他人会签" in home) == (True, False)
    complete_task(bench.desk, bench.office, task.id, None, PASS)
    assert "未等second会签即提交" in browse("office").get(f"/cases/{sent}").text
    assert browse("second").get("/api/v1/signs").json["asked"] == []


def intervene(bench: Bench, kind: str, case_id: int, **given: str) -> None:
    INTERVENTIONS[kind].run(bench.desk, bench.admin, case_id, InterventionAsked("核对过"), given)


@pytest.mark.parametrize(
    ("kind", "given", "why"),
    [
        ("restart", {}, "这一环节重新开始"),
        ("reassign", {"person": "third"}, "这一环节改由他人办理"),
        ("take_away", {}, "这一环节改由他人办理"),
    ],
)
def test_a_step_that_begins_anew_or_goes_to_others_waits_for_no_signature(
    bench: Bench, sent: int, kind: str, given: dict[str, str], why: str
) -> None:
    ask(bench, sent, ["second"], "after")
    task = waiting(bench, sent)
    complete_task(bench.desk, bench.office, task.id, None, PASS)
    assert waiting(bench, sent).signs_open == "sent"
    people = {name: str(bench.people[login]) for name, login in given.items()}
    intervene(bench, kind, sent, task=str(task.id), **people)
    assert waiting(bench, sent).signs_open == "closed"
    assert any(f"会签已不需要：{why}" in text for text in bench.inbox("second"))
    assert any("已提交待签的内容没有生效" in text for text in bench.inbox("office"))
    with bench.desk.store.read() as tx:
        (row,) = tx.sign_asks.select("-id", limit=9, task_id=task.id)
        assert any(line.text == f"“{task.title}”的会签终止：{why}" for line in tx.history.newest(sent))
    assert (row.state, row.ended_at) == ("ended", bench.clock.now())
    with pytest.raises(Conflict, match="不用再签"):
        give_sign(bench.desk, bench.second, 1, True)
    holder = third(bench) if given else bench.office
    complete_task(bench.desk, holder, task.id, None, PASS)  # nobody is waited for


def test_only_who_may_look_at_the_case_signs(bench: Bench, browse: Browse, sent: int) -> None:
    bench.recuse("second", sent)
    with pytest.raises(Invalid, match="已经回避"):
        ask(bench, sent, ["second"])
    with pytest.raises(Invalid, match="不办理这个办件"):
        ask(bench, sent, ["stranger"])
    with pytest.raises(Invalid, match="不能请自己"):
        ask(bench, sent, ["office"])
    with bench.desk.store.write() as tx:
        tx.people.change(bench.people["third"], active=False)
    with pytest.raises(Invalid, match="已离任"):
        ask(bench, sent, ["third"])
    with pytest.raises(Invalid, match="请选择请谁"):
        ask(bench, sent, [])
    assert waiting(bench, sent).signs_open is None
    theirs = browse("applicant")
    assert theirs.get(f"/tasks/{waiting(bench, sent).id}/sign").status_code == 403


def test_who_is_recused_or_replaced_meanwhile_signs_no_more_and_it_is_withdrawn(
    bench: Bench, browse: Browse, sent: int
) -> None:
    ask(bench, sent, ["second"])
    task = waiting(bench, sent)
    bench.recuse("second", sent)
    second, me = browse("second"), browse("office")
    assert second.get("/signs/1").status_code == 403
    assert 'href="/signs/1"' not in second.get("/tasks/asked").text
    with pytest.raises(NotAllowed, match="他人会签"):
        give_sign(bench.desk, third(bench), 1, True)
    another = browse("third").post(f"/tasks/{task.id}/sign/withdraw", page="/tasks")
    assert another.status_code == 403
    assert me.post(f"/tasks/{task.id}/sign/withdraw", page=f"/tasks/{task.id}").status_code == 302
    assert me.post(f"/tasks/{task.id}", PASS, page=f"/tasks/{task.id}").status_code == 302


def test_who_is_asked_is_reminded_once_a_day(bench: Bench, browse: Browse, sent: int) -> None:
    ask(bench, sent, ["second"])
    task = waiting(bench, sent)
    page = f"/tasks/{task.id}"
    assert f'name="remind" value="1" formaction="{page}/sign"' in browse("office").get(page).text
    today = browse("office").post(f"{page}/sign", {"remind": "1"}, page=page)
    assert (today.status_code, "今天已经告知对方" in today.text) == (409, True)
    with pytest.raises(NotAllowed):
        remind_signers(bench.desk, third(bench), task.id)
    bench.clock.move_to(bench.clock.now() + timedelta(days=1))
    assert remind_signers(bench.desk, bench.office, task.id) == ("second",)
    assert sum("请您会签" in letter for letter in bench.inbox("second")) == 2
    with pytest.raises(Conflict, match="明天再催"):
        remind_signers(bench.desk, bench.office, task.id)


def test_who_asked_and_left_or_is_recused_withdraws_nothing_but_colleagues_do(bench: Bench, sent: int) -> None:
    task = waiting(bench, sent)
    ask(bench, sent, ["second"])
    subject = bench.case(sent).subject_id
    assert subject is not None
    for who in (replace(bench.office, seats=()), replace(bench.office, recused=frozenset({subject}))):
        with pytest.raises(NotAllowed):
            withdraw_sign(bench.desk, who, task.id)
    with pytest.raises(NotAllowed):
        withdraw_sign(bench.desk, third(bench), task.id)
    with bench.desk.store.write() as tx:
        (held,) = tx.memberships.select(person_id=bench.people["office"])
        tx.memberships.change(held.id, until=bench.clock.now())
    withdraw_sign(bench.desk, third(bench), task.id)
    assert waiting(bench, sent).signs_open == "closed"


def department(bench: Bench, case_id: int) -> None:
    """Let a department and a supervisor be party to the case, with one person each."""
    for login, kind, role in (("tax", "department", "office"), ("watch", "supervisor", "supervisor")):
        with bench.desk.store.write() as tx:
            body = tx.bodies.upsert("testville", login, kind=kind, name=f"{login}局", roles=[role])
            tx.cases.bind(case_id, login, body)
        bench.add_person(login, role, body)


def test_another_body_says_an_opinion_that_stops_nothing(bench: Bench, browse: Browse, sent: int) -> None:
    department(bench, sent)
    me, task = browse("office"), waiting(bench, sent)
    offered = whom_to_ask(bench.desk, bench.office, task.id).others
    assert [name for _, name in offered] == ["tax（tax局）"]
    for how in (("after",), ("before", "first"), ("before", "share", 1)):
        with pytest.raises(Invalid, match="只能在提交前征求意见"):
            ask(bench, sent, ["tax"], *how)
    with pytest.raises(Invalid, match="不能签署"):
        ask(bench, sent, ["watch"])
    ask(bench, sent, ["tax"])
    tax = browse("tax")
    assert re.findall(r'class="figure[^>]*><b>(\d+)</b> <span>([^<]+)', tax.get("/home").text) == [("1", "待会签")]
    assert tax.post("/signs/1", {"say": "disagree", "words": "欠税未清"}, page="/signs/1").status_code == 302
    assert "是否采纳由您决定" in bench.inbox("office")[0]
    assert "欠税未清" in me.get(f"/tasks/{task.id}").text
    complete_task(bench.desk, bench.office, task.id, None, PASS)


def test_a_colleague_who_only_administers_is_not_asked(bench: Bench, browse: Browse, sent: int) -> None:
    bench.add_person("keeper", "administrator")
    names = {name for _, name in whom_to_ask(bench.desk, bench.office, waiting(bench, sent).id).own}
    assert ("keeper" in names, "third" in names) == (False, True)
    with pytest.raises(Invalid, match="不能签署"):
        ask(bench, sent, ["keeper"])
