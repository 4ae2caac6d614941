"""What offices do with a task besides completing it."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.casework.cases.notes import take_back_note
from service.casework.tasks.delegate import delegate_task
from service.domain.errors import Invalid, NotAllowed
from service.store import AuditEvent
from tests.support.browsers import Browse
from tests.support.desks import Bench, waiting


@pytest.fixture
def sent(bench: Bench) -> int:
    """An application that waits for the office's review."""
    return bench.submitted()


def person_of_another_office(bench: Bench) -> int:
    """Somebody who holds the role of the office for another body."""
    with bench.desk.store.write() as tx:
        body = tx.bodies.upsert("testville", "branch", kind="authority", name="东区市场监管局", roles=["office"])
    return bench.add_person("east", "office", body, "东平")


def only_the_office(bench: Bench, case_id: int) -> None:
    """Let the task be for the body of the office alone."""
    task = waiting(bench, case_id)
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, body_id=bench.office.seats[0].body_id)


def test_a_task_goes_to_another_body_where_the_diagram_lets_it(bench: Bench, browse: Browse, sent: int) -> None:
    east = person_of_another_office(bench)
    only_the_office(bench, sent)
    page = browse("office").get(f"/tasks/{waiting(bench, sent).id}/delegate").text
    assert "东平（东区市场监管局）" in page
    task = waiting(bench, sent)
    delegate_task(bench.desk, bench.office, task.id, task.version, east, "属东区管辖")
    with bench.desk.store.read() as tx:
        assert tx.bodies.get(waiting(bench, sent).body_id).name == "东区市场监管局"
    assert browse("east").get(f"/tasks/{task.id}").status_code == 200
    assert "东区市场监管局的东平" in browse("admin").get(f"/cases/{sent}").text


def test_what_was_handed_on_is_taken_back_until_it_is_begun(bench: Bench, browse: Browse, sent: int) -> None:
    east, office = person_of_another_office(bench), browse("office")
    only_the_office(bench, sent)
    before = waiting(bench, sent)
    delegate_task(bench.desk, bench.office, before.id, before.version, east, "属东区管辖")
    assert f'action="/tasks/{before.id}/retrieve"' in office.get("/tasks/passed-on").text
    assert browse("east").get(f"/tasks/{before.id}").status_code == 200, "who only looks has not begun"
    assert office.post(f"/tasks/{before.id}/retrieve").status_code == 302
    task = waiting(bench, sent)
    assert (task.assignee_id, task.body_id) == (before.assignee_id, before.body_id)
    assert "您不用再办理" in bench.inbox("east")[0]
    assert browse("east").get(f"/tasks/{task.id}").status_code == 403
    assert "收回转办的" in office.get(f"/cases/{sent}").text
    delegate_task(bench.desk, bench.office, task.id, task.version, east, "属东区管辖")
    browse("east").post(f"/tasks/{task.id}/draft", {"decision": "pass"}, page=f"/tasks/{task.id}")
    assert "/retrieve" not in office.get("/tasks/passed-on").text
    assert office.post(f"/tasks/{task.id}/retrieve").status_code == 409
    assert waiting(bench, sent).assignee_id == east


def test_nobody_takes_back_what_another_handed_on(bench: Bench, browse: Browse, sent: int) -> None:
    task = waiting(bench, sent)
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差")
    assert browse("second").post(f"/tasks/{task.id}/retrieve").status_code == 409
    assert waiting(bench, sent).assignee_id == bench.people["second"]


def test_whom_a_step_was_handed_and_what_failed_is_for_offices_alone(bench: Bench, browse: Browse, sent: int) -> None:
    task = waiting(bench, sent)
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "赴京住院三天")
    with bench.desk.store.write() as tx:
        said = "“制发文书”没有办成，已停止重试，等待人工处理。"
        tx.history.record(
            sent,
            [AuditEvent(bench.clock.now(), "system", "work_item_dead", said, data={"key": "document:151:167:mail"})],
        )
    theirs, office = browse("applicant"), browse("office")
    tasks = f"/api/v1/cases/{sent}/tasks"
    assert "second" in office.get(tasks).text
    assert "second" not in theirs.get(tasks).text
    for path in (f"/cases/{sent}", f"/cases/{sent}/process"):
        page, whole = theirs.get(path).text, office.get(path).text
        assert "赴京住院三天" in whole, path
        assert "已停止重试" in whole, path
        assert "赴京住院三天" not in page, path
        assert "second" not in page, path
        assert "已停止重试" not in page, path
        assert "已转由他人办理" in page, path
        assert "“制发文书”没有办成" in whole, path
    assert "document:151" not in office.get(f"/cases/{sent}").text
    assert "<code>document:151:167:mail</code>" in browse("admin").get(f"/cases/{sent}").text


def test_whoever_is_recused_gets_no_task(bench: Bench, sent: int) -> None:
    bench.recuse("second", sent)
    task = waiting(bench, sent)
    with pytest.raises(Invalid, match="回避"):
        delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差")
    assert waiting(bench, sent).assignee_id is None


def test_who_oversees_a_place_urges_once_a_day_and_the_history_says_so(bench: Bench, browse: Browse) -> None:
    case_id = bench.started()
    task = waiting(bench, case_id)
    me = browse("office")
    shown = me.get(f"/tasks/{task.id}").text
    assert f'action="/tasks/{task.id}/urge"' in shown
    assert "kind=reassign" not in shown, "who oversees urges; who administers gives it to a colleague, too"
    offered = f"/cases/{case_id}/interventions?kind=reassign&amp;task={task.id}"
    assert offered in browse("admin").get(f"/tasks/{task.id}").text
    assert f'<option value="{task.id}" selected>' in browse("admin").get(offered.replace("&amp;", "&")).text
    with bench.desk.store.read() as tx:
        whom = tx.people.get(bench.people["applicant"]).name
    page = me.get(me.post(f"/tasks/{task.id}/urge").headers["Location"]).text
    assert f"已催办：{whom}会收到消息" in page
    with bench.desk.store.read() as tx:
        assert f"此事项由{tx.bodies.get(task.body_id).name}办理" in page
    assert "已催办" in me.get("/tasks/passed-on").text.partition("<tbody>")[2]
    (told,) = bench.inbox("applicant")
    assert "office催办“填写申报书”" in told
    assert "催办“填写申报书”，已告知1人" in me.get(f"/cases/{case_id}").text
    again = me.post(f"/tasks/{task.id}/urge", page=f"/tasks/{task.id}")
    assert (again.status_code, "今天已经催办过" in again.text) == (409, True)
    assert browse("applicant").post(f"/tasks/{task.id}/urge").status_code == 403
    bench.clock.move_to(datetime(2026, 3, 3, 2, tzinfo=UTC))
    by_program = browse("office").send("POST", f"/api/v1/tasks/{task.id}/urge", {"words": "材料截止在即"})
    assert by_program.json == {"told": 1}
    assert "材料截止在即。请在" in bench.inbox("applicant")[0]


def test_what_offices_note_is_never_the_applicants_to_read(bench: Bench, browse: Browse, sent: int) -> None:
    me, notes = browse("office"), f"/cases/{sent}/notes"
    secret = "财务数据存疑先核实"
    assert me.post(notes, {"kind": "note", "words": secret}).headers["Location"] == notes
    assert secret in me.get(notes).text
    assert secret in me.get(f"/tasks/{waiting(bench, sent).id}").text
    theirs = browse("applicant")
    for path in (f"/cases/{sent}", "/inbox", "/tasks", f"/api/v1/cases/{sent}", "/tasks/asked"):
        page = theirs.get(path).text
        assert secret not in page
        assert "批注（内部" not in page
    assert secret not in theirs.letters()
    assert theirs.get(notes).status_code == 403
    assert theirs.post(notes, {"kind": "note", "words": "x"}).status_code == 403
    assert browse("stranger").get(notes).status_code == 403
    with bench.desk.store.read() as tx:
        assert all(secret not in row.text for row in tx.history.select(case_id=sent))
    assert "批注（内部，内容不入记录）" in me.get(f"/cases/{sent}").text


def test_an_instruction_reaches_one_person_who_says_it_was_read(bench: Bench, browse: Browse, sent: int) -> None:
    me, second, notes = browse("office"), bench.people["second"], f"/cases/{sent}/notes"
    refused = me.post(notes, {"kind": "instruction", "words": "请核实"}, page=notes)
    assert (refused.status_code, "请选择批示给谁" in refused.text, "请核实" in refused.text) == (422, True, True)
    applicant = me.post(notes, {"kind": "copy", "to": bench.people["applicant"], "words": "请知悉"}, page=notes)
    assert (applicant.status_code, "请从名单中选择" in applicant.text) == (422, True)
    only_administers = browse("admin").post(notes, {"kind": "instruction", "to": second, "words": "同意"}, page=notes)
    assert (only_administers.status_code, "管理员只维护系统" in only_administers.text) == (403, True)
    me.post(notes, {"kind": "instruction", "to": second, "words": "请核实营收"})
    (told,) = bench.inbox("second")
    assert "请核实营收" in told
    reader = browse("second")
    assert "请核实营收" in reader.get("/tasks/asked").text
    assert me.post("/notes/1/read").status_code == 403
    assert reader.post("/notes/1/read").headers["Location"] == notes
    assert "/notes/1/read" not in reader.get("/tasks/asked").text
    assert "· 已阅" in me.get(notes).text
    assert reader.post("/notes/1/take-back").status_code == 403
    recused = replace(bench.office, recused=frozenset({int(bench.case(sent).subject_id or 0)}))
    with pytest.raises(NotAllowed):
        take_back_note(bench.desk, recused, 1)
    assert me.post("/notes/1/take-back").headers["Location"] == notes
    assert "请核实营收" not in me.get(notes).text


def test_an_instruction_is_answered_and_its_author_finds_the_answer(bench: Bench, browse: Browse, sent: int) -> None:
    head, reader, notes = browse("office"), browse("second"), f"/cases/{sent}/notes"
    nothing_asked = {"kind": "answer", "to": bench.people["office"], "words": "已办"}
    refused = reader.post(notes, nothing_asked, page=notes)
    assert (refused.status_code, "只能回复写给您的" in refused.text) == (422, True)
    head.post(notes, {"kind": "instruction", "to": bench.people["second"], "words": "何时能出意见？"})
    page = reader.get("/tasks/asked").text
    assert "发出回复" in page
    assert "发出回复" not in head.get(notes).text, "nobody answers what they wrote themselves"
    sent_by = reader.post(notes, {"kind": "answer", "to": bench.people["office"], "words": "周五前"})
    assert sent_by.headers["Location"] == notes
    assert "发出回复" not in reader.get("/tasks/asked").text, "what was answered was read"
    (told,) = bench.inbox("office")
    assert "周五前" in told
    assert all(word in head.get("/tasks/asked").text for word in ("回复", "周五前", "发出回复"))
    again = {"kind": "answer", "to": bench.people["second"], "words": "收到"}
    assert head.post(notes, again, page=notes).status_code == 302


def test_notes_are_offered_to_nobody_who_may_not_read_them(bench: Bench, browse: Browse, sent: int) -> None:
    """Given a designer who sits in the office, and a colleague who is recused from the applicant."""

    def offered() -> str:
        return browse("office").get(f"/cases/{sent}/notes").text.partition('name="to"')[2].partition("</select>")[0]

    bench.add_person("drawer", "designer", name="画图人")
    with bench.desk.store.read() as tx:
        colleague = tx.people.get(bench.people["second"]).name
    assert (colleague in offered(), "画图人" in offered()) == (True, False)
    bench.recuse("second", sent, "declared")
    assert colleague not in offered()
    (task,) = bench.tasks(sent)
    for page in ("sign", "delegate"):
        assert colleague not in browse("office").get(f"/tasks/{task.id}/{page}").text, page
