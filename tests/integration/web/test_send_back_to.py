"""A task goes back to any earlier step that the diagram allows, and stands in a list of what somebody passed on."""

import io
import re
import shutil
from html import unescape
from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.casework.definitions.publish import publish_package
from service.casework.queries.tasks.task_form import view_task_form
from service.casework.tasks.complete import complete_task
from service.casework.tasks.delegate import delegate_task
from service.casework.tasks.send_back import send_back, take_back
from service.catalog import load_catalog
from service.domain.errors import Conflict, Invalid
from service.store import Store
from tests.support.browsers import Browse, browser_of, words
from tests.support.desks import DATA, PACKAGE, Bench
from tests.support.half_seasons import season_until

SECOND_LOOK = """<bpmn:userTask id="look" name="初核"><bpmn:extensionElements><spiffworkflow:properties>
<spiffworkflow:property name="role" value="office" /><spiffworkflow:property name="form" value="review" />{more}
</spiffworkflow:properties></bpmn:extensionElements></bpmn:userTask>
<bpmn:sequenceFlow id="f2" sourceRef="fill" targetRef="look" />
<bpmn:sequenceFlow id="f2b" sourceRef="look" targetRef="review" />"""
FLOW = '<bpmn:sequenceFlow id="f2" sourceRef="fill" targetRef="review" />'


def publish_with_look(
    bench: Bench, folder: Path, more: str = "", step: str = SECOND_LOOK, beside: str = "review"
) -> None:
    """Publish the award with one more task, in the lane of ``beside``, between the application and its review."""
    shutil.copytree(DATA, folder, dirs_exist_ok=True)
    file = folder / "processes" / "testville" / "prize" / "application.bpmn"
    text = file.read_text("utf-8")
    assert FLOW in text
    text = text.replace(FLOW, step.replace("{more}", more))
    file.write_text(
        text.replace(
            f"<bpmn:flowNodeRef>{beside}<",
            f"<bpmn:flowNodeRef>{'look' if 'look' in step else 'told'}</bpmn:flowNodeRef><bpmn:flowNodeRef>{beside}<",
        )
    )
    with bench.desk.store.write() as tx:
        publish_package(tx, load_catalog(folder).packages[PACKAGE], bench.clock.now(), "test")


def test_it_goes_back_past_a_step_and_forms_stay(bench: Bench, browse: Browse, tmp_path: Path) -> None:
    publish_with_look(bench, tmp_path)
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    me = browse("office")
    offered = me.get(f"/api/v1/tasks/{task.id}/send-back").json["steps"]
    assert [one["name"] for one in offered] == ["初核", "填写申报书"]
    page = me.get(f"/tasks/{task.id}/send-back").text
    assert "初核（上一环节）" in page
    with pytest.raises(Invalid, match="不能退回到所选的环节"):
        send_back(bench.desk, bench.office, task.id, task.version, "执照不清晰", "nowhere")
    given = {"version": task.version, "reason": "执照不清晰", "to": offered[1]["id"]}
    assert me.post(f"/tasks/{task.id}/send-back", given, page=f"/tasks/{task.id}").headers["Location"] == "/tasks"
    (again,) = bench.tasks(case_id)
    assert (again.element, again.note["reason"]) == ("fill", "执照不清晰")
    with bench.desk.store.read() as tx:
        assert len(tx.forms.of_case(case_id)) == 3 - (1 if tx.forms.of_case(case_id, "apply") == [] else 0)
    assert "张三" in browse("applicant").get(f"/tasks/{again.id}").text
    assert "退回“审核" in me.get(f"/cases/{case_id}").text
    complete_task(bench.desk, bench.applicant, again.id, again.version, {"founded_on": "2010-05-01", "contact": "李四"})
    assert [one.element for one in bench.tasks(case_id)] == ["look"]
    late = me.post(f"/tasks/{task.id}/send-back", given, page=f"/tasks/{again.id}")
    assert late.status_code in (403, 409)


def test_what_was_decided_is_decided_again_and_what_the_applicant_said_stays(bench: Bench, tmp_path: Path) -> None:
    publish_with_look(bench, tmp_path)
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "再核")
    (again,) = bench.tasks(case_id)
    view = view_task_form(bench.desk, bench.office, again.id)
    assert "decision" not in view.values
    assert view.former is not None
    assert (view.former.who, view.former.values["decision"]) == (bench.office.name, "pass")
    send_back(bench.desk, bench.office, again.id, again.version, "请核对")
    (mine,) = bench.tasks(case_id)
    view = view_task_form(bench.desk, bench.applicant, mine.id)
    assert (view.values["contact"], view.former) == ("张三", None)


def test_what_its_author_takes_back_is_as_it_was(bench: Bench, tmp_path: Path) -> None:
    publish_with_look(bench, tmp_path)
    case_id = bench.decided()
    with bench.desk.store.read() as tx:
        done = next(one for one in tx.tasks.select(case_id=case_id) if one.element == "look")
    take_back(bench.desk, bench.office, done.id)
    (again,) = bench.tasks(case_id)
    assert view_task_form(bench.desk, bench.office, again.id).values["decision"] == "pass"


def test_one_person_s_own_task_comes_back_to_that_person(bench: Bench, tmp_path: Path) -> None:
    own = f'<spiffworkflow:property name="assignee" value="{bench.office.person_id}" />'
    publish_with_look(bench, tmp_path, own)
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "再核")
    (again,) = bench.tasks(case_id)
    assert (again.element, again.personal, again.assignee_id) == ("look", True, bench.office.person_id)


def test_it_goes_no_further_than_a_step_that_may_not_be_sent_back(bench: Bench, tmp_path: Path) -> None:
    publish_with_look(bench, tmp_path, '<spiffworkflow:property name="send_back" value="no" />')
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "再核")
    (task,) = bench.tasks(case_id)
    assert task.element == "look"
    with pytest.raises(Conflict, match="流程规定从这里不交回"):
        send_back(bench.desk, bench.office, task.id, task.version, "再核")


def test_why_offices_send_back_to_each_other_is_not_told_to_the_applicant(
    bench: Bench, browse: Browse, tmp_path: Path
) -> None:
    publish_with_look(bench, tmp_path)
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    with bench.desk.store.write() as tx:
        tx.tasks.step(task.id, task.version, title="审核“执照”")
    (task,) = bench.tasks(case_id)
    send_back(bench.desk, bench.office, task.id, task.version, "内部意见：该企业与局里有积案")
    address = f"/cases/{case_id}"
    assert "有积案" in browse("office").get(address).text
    told = browse("applicant").get(address).text
    assert "积案" not in told
    assert "“审核“执照””已退回重新办理" in told
    (again,) = bench.tasks(case_id)
    seen = browse("applicant").get(f"/tasks/{again.id}")
    assert "积案" not in seen.text
    assert 'value="pass"' not in seen.text
    send_back(bench.desk, bench.office, again.id, again.version, "请补盖公章")
    assert "请补盖公章" in browse("applicant").get(address).text


def test_who_sends_back_is_told_who_reads_it_and_may_add_what_only_offices_read(
    bench: Bench, browse: Browse, tmp_path: Path
) -> None:
    publish_with_look(bench, tmp_path)
    case_id = bench.decided()
    (task,) = bench.tasks(case_id)
    me = browse("office")
    offered = me.get(f"/api/v1/tasks/{task.id}/send-back").json["steps"]
    assert [one["applicant"] for one in offered] == [False, True]
    for page in (me.get(f"/tasks/{task.id}"), me.get(f"/tasks/{task.id}/send-back")):
        assert "填写申报书（申报组织会看到原因）" in page.text
        assert "办件回到上一环节" not in page.text
    given = {"version": task.version, "reason": "请补盖公章", "inside": "该企业有积案" * 500, "to": offered[1]["id"]}
    long = me.post(f"/tasks/{task.id}/send-back", given, page=f"/tasks/{task.id}")
    assert (long.status_code, "最多2000个字" in long.text, "请补盖公章" in long.text) == (422, True, True)
    me.post(f"/tasks/{task.id}/send-back", given | {"inside": "该企业有积案"}, page=f"/tasks/{task.id}")
    assert "该企业有积案" in me.get(f"/cases/{case_id}/notes").text
    (again,) = bench.tasks(case_id)
    theirs = browse("applicant")
    card = theirs.get(f"/cases/{case_id}").text
    assert "请补盖公章" in card.partition("您现在要做的")[2].partition("去办理")[0]
    assert "积案" not in card + theirs.get(f"/tasks/{again.id}").text


def test_an_applicant_goes_back_to_what_they_wrote_without_a_reason(
    bench: Bench, browse: Browse, tmp_path: Path
) -> None:
    sent = SECOND_LOOK.replace('"office"', '"applicant"').replace("初核", "报送")
    publish_with_look(bench, tmp_path, step=sent, beside="fill")
    case_id = bench.submitted()
    (task,) = bench.tasks(case_id)
    me = browse("applicant")
    page = me.get(f"/tasks/{task.id}").text
    assert ("回去修改" in page, "退回原因" in page) == (True, False)
    gone = me.post(f"/tasks/{task.id}/send-back", {"version": task.version}, page=f"/tasks/{task.id}")
    (again,) = bench.tasks(case_id)
    assert gone.headers["Location"].endswith(f"/tasks/{again.id}")
    assert ("2010-05-01" in me.get(f"/tasks/{again.id}").text, again.element) == (True, "fill")
    complete_task(bench.desk, bench.applicant, again.id, again.version, {"founded_on": "2010-05-01", "contact": "张三"})
    (task,) = bench.tasks(case_id)
    gone = me.send("POST", f"/api/v1/tasks/{task.id}/return", {"version": task.version})
    assert [(one.element, one.id) for one in bench.tasks(case_id)] == [("fill", gone.json["task_id"])]


def lines(page: str) -> list[str]:
    """Return the rows of the list, as they are read."""
    found = page.partition("<tbody>")[2].partition("</tbody>")[0].split("</tr>")[:-1]
    return [" ".join(unescape(re.sub(r"<[^>]+>", " ", one)).split()) for one in found]


@pytest.fixture
def case_id(bench: Bench, tmp_path: Path) -> int:
    publish_with_look(bench, tmp_path)
    return bench.submitted()


def test_what_was_handed_on_says_who_has_it_and_what_became_of_it(bench: Bench, browse: Browse, case_id: int) -> None:
    me = browse("office")
    assert "您没有转办、退回、取回、催办过事项" in me.get("/tasks/passed-on").text
    (task,) = bench.tasks(case_id)
    delegate_task(bench.desk, bench.office, task.id, task.version, bench.people["second"], "出差三天")
    with bench.desk.store.read() as tx:
        name = tx.people.get(bench.people["second"]).name
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert ("初核 已转办" in line, name in line, "出差三天" in line) == (True, True, True)
    assert lines(browse("second").get("/tasks/passed-on").text) == []
    sheet = load_workbook(io.BytesIO(me.get("/tasks/done?format=xlsx").data)).active
    assert sheet is not None
    (row,) = sheet.iter_rows(min_row=2, values_only=True)
    assert (row[1], name in str(row[7]), row[8]) == ("已转办", True, "出差三天")
    bench.complete(case_id, bench.second, {"decision": "pass"})
    (line,) = lines(me.get("/tasks/passed-on").text)
    assert (name in line, "无人待办" in line) == (False, False)
    assert 'href="/tasks/passed-on"' in me.get("/tasks/done").text


def test_an_opinion_may_be_taken_back_until_the_last_department_has_given_its_own(sqlite_store: Store) -> None:
    stage = season_until("qingyuan/quality_award", "departments", sqlite_store, "give_opinion", "乙")
    case = stage.case("甲")
    with stage.desk.store.read() as tx:
        sent = tx.forms.of_case(case, "department_opinion")[-1].task_id
    first, other = (browser_of(stage, who) for who in ("department@ecology", "department@emergency"))
    assert f'action="/tasks/{sent}/take-back"' in first.get(f"/cases/{case}").text
    again = first.post(f"/tasks/{sent}/take-back").headers["location"]
    assert "材料属实。" in first.get(again).text, "what was taken back is filled in"
    with stage.desk.store.read() as tx:
        assert not tx.forms.of_case(case, "department_opinion")
        row = tx.tasks.get(int(again.rpartition("/")[2]))
    assert [task.element for task in stage.open_tasks("甲")] == ["give_opinion", "give_opinion"]
    answer = {"opinion": "pass", "recommendation": "yes", "recommendation_reason": "已经核实。", "handler": "经办人"}
    assert first.post(again, {**answer, "version": str(row.version)}).status_code == 302
    (left,) = [task for task in stage.open_tasks("甲") if task.element == "give_opinion"]
    other.get(f"/tasks/{left.id}")
    other.post(f"/tasks/{left.id}", {**answer, "version": str(left.version)})
    assert first.post(f"{again}/take-back").status_code == 409
    shown = words(first.get(f"/cases/{case}").text)
    assert "“对部门未回复公司提出审核意见”已提交，不能取回：提交后系统已经自动往下办理" in shown
    assert re.search(r"需要更正的，请联系庆元县[^。]*评审办公室", shown), (
        "who may send it back is named, no other department"
    )
    with stage.desk.store.read() as tx:
        given = [form.data["recommendation_reason"] for form in tx.forms.of_case(case, "department_opinion")]
    assert given == ["已经核实。", "已经核实。"]
