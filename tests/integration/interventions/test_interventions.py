"""What an administrator changes in a running case: tried first, done with a reason, told to those concerned."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.casework.interventions.effect import Effect
from service.casework.interventions.intervene import InterventionAsked
from service.casework.interventions.kinds import INTERVENTIONS
from service.casework.interventions.offers import view_interventions
from service.casework.tasks.claim import claim_task
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict, Invalid, NotAllowed
from service.store import NewWork
from tests.support.desks import Bench

WHY = "按市政府批示办理"


def started(bench: Bench) -> int:
    """Return an application that waits for its organisation's form."""
    return bench.started()


def reviewed(bench: Bench) -> int:
    """Return an application that waits for the office's review, due on 9 March."""
    case = started(bench)
    done(bench, case, bench.applicant, {"founded_on": "2010-05-01"})
    return case


def done(bench: Bench, case: int, actor: Any, form: dict[str, Any]) -> None:
    bench.complete(case, actor, form)


def do(
    bench: Bench,
    kind: str,
    case: int,
    actor: Any = None,
    *,
    dry: bool = False,
    why: str = WHY,
    public: bool = False,
    **given: Any,
) -> Effect:
    """Intervene as the administrator does, unless it is said who."""
    asked = InterventionAsked(why, dry=dry, public=public)
    return INTERVENTIONS[kind].run(bench.desk, actor or bench.admin, case, asked, {k: str(v) for k, v in given.items()})


def everything(bench: Bench, case: int) -> Any:
    with bench.desk.store.read() as tx:
        return (
            tx.cases.get(case), tx.tasks.select(case_id=case), tx.work.of_case(case, ("waiting", "held", "cancelled", "done")),
            tx.mail.select(case_id=case), tx.documents.select(case_id=case), tx.notices.select(case_id=case), tx.history.newest(case),
        )  # fmt: skip


def letters(bench: Bench, case: int, name: str) -> list[str]:
    with bench.desk.store.read() as tx:
        return [m.text for m in tx.mail.select(case_id=case) if m.person_id == bench.people[name]]


def test_a_case_is_terminated_with_a_document_after_it_was_tried(both: Bench) -> None:
    case = reviewed(both)
    done(both, case, both.office, {"decision": "pass"})
    before = everything(both, case)
    tried = do(both, "terminate", case, dry=True, public=True, basis="《办法》第九条")
    assert everything(both, case) == before, "a dry run leaves nothing"
    shown = {(c.what.zh, c.after.zh if c.after else None) for c in tried.changes}
    assert {("办件", "已结束"), ("期限", None), ("公示", "已收回"), ("文书", "制发")} <= shown
    assert {t.name for t in tried.told} >= {"office", "second", "applicant"}
    effect = do(both, "terminate", case, public=True, basis="《办法》第九条")
    assert effect.changes == tried.changes
    assert effect.told == tried.told
    row = both.case(case)
    assert (row.status, row.outcome) == ("ended", "terminated")
    assert both.tasks(case) == []
    with both.desk.store.read() as tx:
        [paper] = tx.documents.select(case_id=case)
        assert [w.kind for w in tx.work.of_case(case) if w.kind == "timer"] == []
        assert tx.history.verify(case) is None
        [event] = [e for e in tx.history.newest(case) if e.action == "intervened"]
    assert (event.person_id, event.data["reason"]) == (both.people["admin"], WHY)
    assert paper.content["paragraphs"][1:3] == [f"原因：{WHY}。", "依据：《办法》第九条。"]
    assert any(WHY in text for text in letters(both, case, "applicant"))
    both.drain()
    with both.desk.store.read() as tx:
        assert tx.documents.get(paper.id).sha256
        assert not tx.incidents.select(case_id=case)


def test_a_due_date_moves_with_its_ground_its_notice_and_its_reminders(both: Bench) -> None:
    case = reviewed(both)
    [task] = both.tasks(case)
    assert task.due_reason["last_day"] == "2026-03-09"
    tried = do(both, "change_due", case, dry=True, limit=f"task:{task.id}", day="2026-03-18", ground="第八条")
    assert [(c.name, c.before.zh, c.after.zh) for c in tried.changes] == [
        ("审核", "办公室，2026年3月9日到期", "办公室，2026年3月18日到期")
    ]
    first = reminders(both, case)
    do(both, "change_due", case, limit=f"task:{task.id}", day="2026-03-18", ground="第八条")
    [task] = both.tasks(case)
    assert (task.due_reason["last_day"], "第八条" in task.due_reason["zh"]) == ("2026-03-18", True)
    [moved] = [
        text
        for text in letters(both, case, "office")
        if "由2026年3月9日改为2026年3月18日" in text and "原因：管理员改期" in text
    ]
    assert "第八条" in moved
    assert {due for _, due in reminders(both, case)}.isdisjoint({due for _, due in first})
    do(both, "change_due", case, limit=f"task:{task.id}", day="2026-03-09", ground="第八条", why="前次改期撤销")
    assert [due for _, due in reminders(both, case)] == [due for _, due in first], (
        "a day that comes back is reminded of"
    )


def reminders(bench: Bench, case: int) -> list[tuple[str, datetime]]:
    with bench.desk.store.read() as tx:
        return [(w.effect_key, w.due_at) for w in tx.work.of_case(case) if w.kind == "escalation"]


@pytest.mark.parametrize(
    ("day", "said"),
    [("2026-03-01", "不能早于今天"), ("2026-03-21", "休息日"), ("gestern", "2026-06-05"), ("2026-03-09", "本来就是")],
)
def test_a_day_that_cannot_be_is_refused_with_a_sentence(bench: Bench, day: str, said: str) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    with pytest.raises((Invalid, Conflict), match=said):
        do(bench, "change_due", case, limit=f"task:{task.id}", day=day, ground="第八条")


def test_a_task_is_reassigned_and_taken_away(bench: Bench) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    tried = do(bench, "reassign", case, dry=True, task=task.id, person=bench.people["second"])
    assert [(c.before.zh.split("，")[0], c.after.zh.split("，")[0]) for c in tried.changes] == [("office", "second")]
    do(bench, "reassign", case, task=task.id, person=bench.people["second"])
    assert bench.tasks(case)[0].assignee_id == bench.people["second"]
    assert any("改由second办理" in text for text in letters(bench, case, "office"))
    do(bench, "take_away", case, task=task.id)
    assert bench.tasks(case)[0].assignee_id is None
    with pytest.raises(Conflict, match="没有人认领"):
        do(bench, "take_away", case, task=task.id)
    complete_task(bench.desk, bench.office, task.id, None, {"decision": "pass"})


def test_a_task_moves_back_to_the_step_before_and_what_was_submitted_stays(both: Bench) -> None:
    case = reviewed(both)
    [task] = both.tasks(case)
    do(both, "move_back", case, public=True, task=task.id)
    [again] = both.tasks(case)
    assert (again.element, again.note["sent_back_by"], again.note["reason"]) == ("fill", "admin", WHY)
    with both.desk.store.read() as tx:
        assert len(tx.forms.of_case(case, "application")) == 1
    done(both, case, both.applicant, {"founded_on": "2011-05-01"})
    assert [t.element for t in both.tasks(case)] == ["review"]
    fresh = started(both)
    [first] = both.tasks(fresh)
    with pytest.raises(Conflict, match="没有可以单独移回") as refused:
        do(both, "move_back", fresh, task=first.id)
    [offered] = view_interventions(both.desk, both.admin, fresh).offered["back"]
    assert offered.refusal == refused.value.message, "what would be refused is not offered"


def test_a_restarted_task_is_nobodys_again_and_its_limit_stays(bench: Bench) -> None:
    case = reviewed(bench)
    [task] = bench.tasks(case)
    claim_task(bench.desk, bench.office, task.id)
    bench.clock.move_to(datetime(2026, 3, 4, 1, tzinfo=UTC))
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, 2, role="nobody")
    do(bench, "restart", case, task=task.id)
    [again] = bench.tasks(case)
    assert (again.id, again.role, again.assignee_id, again.due_at) == (task.id, "office", None, task.due_at)


def test_a_case_is_suspended_and_goes_on_in_the_same_form(bench: Bench) -> None:
    case = reviewed(bench)
    tried = do(bench, "suspend", case, dry=True)
    assert [(c.before.zh, c.after.zh) for c in tried.changes] == [("在办", "已暂停")]
    names = [one.name for one in tried.told]
    assert len(names) == len(set(names)) > 0, "one letter each, whether of the office or with a task"
    assert bench.case(case).status == "running"
    do(bench, "suspend", case)
    assert bench.case(case).status == "suspended"
    do(bench, "resume", case)
    assert bench.case(case).status == "running"
    with pytest.raises(Conflict):
        do(bench, "resume", case)


def test_what_passed_during_a_pause_is_told_before_the_case_goes_on(bench: Bench) -> None:
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    bench.drain()
    do(bench, "suspend", case)
    bench.advance(bench.clock.now() + timedelta(days=30))
    with bench.desk.store.read() as tx:
        assert [n.state for n in tx.notices.select(case_id=case)] == ["running"]
    with pytest.raises(Conflict, match="不能不作决定就恢复"):
        do(bench, "resume", case, dry=True)
    tried = do(bench, "resume", case, dry=True, passed="lapse")
    [ending] = [change for change in tried.changes if change.what.zh == "期限"]
    assert ending.before is not None
    assert ending.before.zh == "2026年3月9日"
    assert ending.after is not None
    assert "随即届满" in ending.after.zh
    do(bench, "resume", case, passed="lapse")
    bench.drain()
    with bench.desk.store.read() as tx:
        assert [n.state for n in tx.notices.select(case_id=case)] == ["closed"]


def test_what_passed_during_a_pause_gets_another_day_where_that_is_decided(both: Bench) -> None:
    case = reviewed(both)
    done(both, case, both.office, {"decision": "pass"})
    both.drain()
    do(both, "suspend", case)
    both.advance(both.clock.now() + timedelta(days=30))
    [timer] = view_interventions(both.desk, both.admin, case).offered["passed"]
    assert timer.label == "公示期满（2026年3月9日届满）", "its own name, not that of the gateway before it"
    given = {
        f"passed-{timer.value}": "day",
        f"passed-{timer.value}-day": "2026-04-10",
        f"passed-why-{timer.value}": "洪水",
    }
    with pytest.raises(Invalid, match="休息日"):
        do(both, "resume", case, **{**given, f"passed-{timer.value}-day": "2026-04-11"})
    do(both, "resume", case, **given)
    both.drain()
    with both.desk.store.read() as tx:
        [notice] = tx.notices.select(case_id=case)
        decided = [e for e in tx.history.newest(case) if e.action == "lapse_decided"]
        [waiting] = [w for w in tx.work.of_case(case) if w.kind == "timer"]
    assert (notice.state, f"{notice.last_day}", waiting.payload["last_day"]) == ("running", "2026-04-10", "2026-04-10")
    assert [(e.data["decided"], e.data["because"]) for e in decided] == [("runs until 10 Apr 2026", "洪水")]
    assert any("另定最后一天" in text for text in letters(both, case, "office")), "the office is told"


def test_an_ended_case_is_left_alone_and_a_reason_is_asked_for(bench: Bench) -> None:
    case = reviewed(bench)
    given = {
        "basis": "x", "limit": "task:1", "day": "2026-03-18", "ground": "x", "name": "note", "value": "x", "message": "m",
    }  # fmt: skip
    for kind in INTERVENTIONS:
        with pytest.raises(Invalid):
            do(bench, kind, case, why="  ", **given)
    do(bench, "terminate", case, basis="第九条")
    for kind in INTERVENTIONS:
        with pytest.raises(Conflict, match="已经结束"):
            do(bench, kind, case, **given)


def test_a_message_that_was_sent_and_lost_is_sent_again_once(bench: Bench) -> None:
    case = reviewed(bench)
    done(bench, case, bench.office, {"decision": "pass"})
    sent = NewWork("message", case, "lost", {"message": "notice_corrected", "payload": {}}, bench.clock.now())
    with bench.desk.store.write() as tx:
        tx.work.enqueue_many([sent], bench.clock.now())
        tx.work.cancel(["lost"], bench.clock.now())
    tried = do(bench, "message", case, dry=True, message="notice_corrected")
    assert any(change.what.zh in ("停在环节", "公示", "期限") for change in tried.changes)
    do(bench, "message", case, message="notice_corrected")
    with bench.desk.store.read() as tx:
        caught = [e for e in tx.history.newest(case) if e.action == "message"]
    assert [e.text for e in caught] == ["收到消息“更正”（由管理员发出）"]
    with pytest.raises((NotAllowed, Conflict)):
        do(bench, "message", case, message="notice_corrected")
