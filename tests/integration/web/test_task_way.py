"""Tasks on their way through the pages, without JavaScript."""

import io
import re
import struct
from datetime import UTC, datetime

import pytest

from service.casework.simulate.stage.typed_values import sample_pdf
from service.casework.step.step import open_step
from service.casework.tasks.attach_upload import attach_upload
from service.casework.tasks.complete import complete_task
from service.casework.tasks.followed import tell_followed
from service.domain.forms import UploadRules
from service.store.models import MembershipRow
from tests.integration.interventions.test_pages import do_tried
from tests.support.browsers import Browse, Browser, make_app, words
from tests.support.desks import PACKAGE, Bench, waiting

START = f"/start/{PACKAGE}/application"
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


@pytest.fixture
def started(bench: Bench) -> int:
    return bench.started()


@pytest.fixture
def sent(bench: Bench, started: int) -> int:
    """An application that waits for the office's review."""
    bench.complete(started, bench.applicant, {"founded_on": "2010-05-01", "contact": "张三"})
    return started


def test_from_the_start_form_to_the_first_form_of_the_case(bench: Bench, browse: Browse) -> None:
    me = browse("applicant")
    assert "甲公司" in me.get(START).text
    empty = me.post(START, {})
    assert (empty.status_code, "has-error" in empty.text) == (422, True)
    done = me.post(START, {"ready": "on"})
    assert done.headers["Location"].startswith("/tasks/")
    assert "已发起，请接着填写下面的表单" in me.get(done.headers["Location"]).text
    page = words(me.get("/cases/1").text)
    assert "您现在要做的" in page
    assert "去办理" in page


def test_who_submits_reads_what_was_issued_to_whom_and_what_follows(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    with bench.desk.store.write() as tx:
        step = open_step(bench.desk, tx, started, bench.applicant)
        told = [tell_followed(step, actor, [task]) for actor in (bench.applicant, bench.office)]
    assert ["接下来由您办理“填写申报书”" in str(text) for text in told] == [True, False]
    done = me.post(f"/tasks/{task.id}", {"founded_on": "2010-05-01", "contact": "张三", "do": "submit"})
    assert "“填写申报书”已提交。接下来由" in words(me.get(done.headers["Location"]).text)
    office, task = browse("office"), waiting(bench, started)
    decision = {"decision": "fail", "reason": "材料不全", "do": "submit"}
    asked = words(office.post(f"/tasks/{task.id}", decision).text)
    assert "提交之后办件即告结束，结果为“未受理”" in asked, asked
    assert waiting(bench, started).id == task.id
    done = office.post(f"/tasks/{task.id}", {**decision, "knowing": "未受理"})
    page = words(office.get(done.headers["Location"]).text)
    assert "已制发《" in page, page
    assert "办件结束：" in page


def test_a_task_that_is_over_leads_on_to_its_case_and_tells_others_nothing_is_to_be_done(
    bench: Bench, browse: Browse, sent: int
) -> None:
    with bench.desk.store.read() as tx:
        done = tx.tasks.select("-id", limit=1, case_id=sent, state="done")[0]
    mine = browse("applicant").get(f"/tasks/{done.id}").text
    assert f'<a class="btn btn-main" href="/cases/{sent}">看办件现在到哪一步</a>' in mine
    others = browse("stranger").get(f"/tasks/{done.id}")
    assert (others.status_code, "不用您做什么" in others.text, "这里不由您办理" in others.text) == (403, True, True)


def test_a_draft_is_kept_and_comes_back(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    assert me.post(f"/tasks/{task.id}", {"contact": "草稿联系人", "do": "save"}).status_code == 302
    page = me.get(f"/tasks/{task.id}").text
    assert "草稿联系人" in page
    assert "已暂存" in page
    by_script = me.post(f"/tasks/{task.id}/draft", {"contact": "又改了"}, headers={"Accept": "application/json"})
    assert re.fullmatch(r"\d\d:\d\d", by_script.json["saved_at"])
    assert "又改了" in me.get(f"/tasks/{task.id}").text


def test_a_file_sent_with_the_form_is_kept_and_can_be_fetched_by_who_may(
    bench: Bench, browse: Browse, started: int
) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    form = {"founded_on": "2010-05-01", "contact": "张三", "licence": (io.BytesIO(PDF), "营业执照.pdf"), "do": "submit"}
    done = me.post(f"/tasks/{task.id}", form, content_type="multipart/form-data")
    assert done.status_code == 302, words(done.text)[:800]
    link = re.search(r"/uploads/([0-9a-f-]{36})", me.get("/cases/1").text)
    assert link
    fetched = browse("office").get(link[0])
    assert fetched.data == PDF
    assert fetched.headers["Content-Disposition"].startswith("attachment")
    assert fetched.headers["Content-Security-Policy"].startswith("sandbox")
    assert browse("stranger").get(link[0]).status_code == 403
    assert browse().get(link[0]).status_code == 302


def test_a_refused_form_keeps_the_file_that_came_with_it(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    form = {"founded_on": "", "contact": "张三", "licence": (io.BytesIO(PDF), "营业执照.pdf"), "do": "submit"}
    refused = me.post(f"/tasks/{task.id}", form, content_type="multipart/form-data")
    assert refused.status_code == 422
    kept = re.search(r'type="hidden" name="licence" value="([0-9a-f-]{36})"', refused.text)
    assert kept
    assert "营业执照.pdf" in refused.text
    again = me.post(
        f"/tasks/{task.id}", {"founded_on": "2010-05-01", "contact": "张三", "licence": kept[1], "do": "submit"}
    )
    assert again.status_code == 302
    assert browse("office").get(f"/uploads/{kept[1]}").data == PDF


def test_no_file_is_larger_than_the_installation_takes(bench: Bench, started: int) -> None:
    me, task = Browser(make_app(bench, LAUREL_UPLOAD_MEGABYTES="1"), bench, "applicant"), waiting(bench, started)
    page = f"/tasks/{task.id}"
    assert 'data-max-bytes="1048576"' in me.get(page).text
    assert "每个不超过 1 MB" in me.get(page).text
    large = {"file": (io.BytesIO(PDF + b"0" * 1_200_000), "大.pdf")}
    refused = me.post(f"{page}/uploads?field=licence", large, page=page, content_type="multipart/form-data")
    assert (refused.status_code, "超过上限 1.0 MB，请压缩或拆分后再传" in refused.text) == (422, True)


def test_uploading_by_script_answers_what_the_form_needs(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    url = f"/tasks/{task.id}/uploads?field=licence"
    kept = me.post(url, {"file": (io.BytesIO(PDF), "执照.pdf")}, content_type="multipart/form-data").json
    assert (kept["name"], kept["size"]) == ("执照.pdf", len(PDF))
    assert [browse(who).get(kept["url"]).status_code for who in ("applicant", "office")] == [200, 403]
    assert me.post(kept["remove_url"]).json == {"removed": kept["id"]}
    assert me.get(kept["url"]).status_code == 404
    assert browse("stranger").post(url, {"file": (io.BytesIO(PDF), "执照.pdf")}).status_code == 403
    poster = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", 10_000, 10_000) + b"\x08\0\0\0\0" + b"\0" * 20
    told = []
    for content, name in ((sample_pdf(), "好.pdf"), (b"%PDF-1.7 torn", "坏.pdf"), (poster, "大.png")):
        sent = me.post(url, {"file": (io.BytesIO(content), name)}, content_type="multipart/form-data").json
        told.append(sent.get("warning", ""))
    assert told[0] == ""
    assert "打不开，可能已损坏" in told[1]
    assert "10000万像素" in told[2]


def test_what_is_known_against_a_file_stays_with_it(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    page, url = f"/tasks/{task.id}", f"/tasks/{task.id}/uploads?field=licence"
    kept = me.post(url, {"file": (io.BytesIO(b"%PDF-1.7 torn"), "坏.pdf")}, content_type="multipart/form-data").json
    me.post(f"{page}/draft", {"founded_on": "2010-05-01", "licence": kept["id"]}, page=page)
    again = me.get(page).text  # also when the page is opened anew, and when it is refused
    assert '<span class="upload-problem">已上传，但这个文件打不开，可能已损坏' in again
    refused = me.post(page, {"licence": kept["id"], "do": "submit"}, page=page)
    assert (refused.status_code, "可能已损坏" in refused.text) == (422, True)
    done = {"founded_on": "2010-05-01", "contact": "张三", "licence": kept["id"], "do": "submit"}
    assert me.post(page, done, page=page).status_code == 302
    with bench.desk.store.read() as tx:
        form = tx.forms.of_case(started)[-1].id
    shown = browse("office").get(f"/cases/{started}/forms/{form}").text
    assert "这个 PDF 已损坏，不能显示" in shown  # who reads the form is told as a reader
    assert "已上传，但" not in shown


def test_who_is_alone_in_an_organisation_is_offered_no_colleague(bench: Bench, browse: Browse, started: int) -> None:
    me, task = browse("applicant"), waiting(bench, started)
    offered = ("认领", "转办", "会签")
    page, listed = me.get(f"/tasks/{task.id}").text, me.get("/tasks?scope=body").text
    assert not [word for word in offered if word in page]
    assert f'href="/tasks/{task.id}"' in listed
    assert f'name="claim" value="{task.id}"' not in listed
    assert f"/tasks/{task.id}/delegate" not in listed
    with bench.desk.store.write() as tx:
        seat, now = bench.applicant.seats[0], bench.clock.now()
        held = {"body_id": seat.body_id, "jurisdiction": seat.jurisdiction, "role": seat.role}
        tx.memberships.give(MembershipRow(person_id=bench.people["second"], since=now, **held))
    page, listed = me.get(f"/tasks/{task.id}").text, me.get("/tasks?scope=body").text
    assert [word for word in offered if word in page] == list(offered)
    assert f'name="claim" value="{task.id}"' in listed
    assert f"/tasks/{task.id}/delegate" in listed


def test_what_was_sent_can_be_taken_back_until_somebody_looked(bench: Bench, browse: Browse, sent: int) -> None:
    me = browse("applicant")
    taken = re.search(r"/tasks/(\d+)/take-back", me.get(f"/cases/{sent}").text)
    assert taken
    back = me.post(taken[0])
    assert back.headers["Location"].startswith("/tasks/")
    again = waiting(bench, sent)
    complete_task(bench.desk, bench.applicant, again.id, again.version, {"founded_on": "2010-05-01"})
    browse("office").get(f"/tasks/{waiting(bench, sent).id}")  # the office has looked
    assert "take-back" not in me.get(f"/cases/{sent}").text


def test_the_list_filters_counts_and_tells_what_is_new(bench: Bench, browse: Browse, sent: int) -> None:
    office = browse("office")
    page = office.get("/tasks?scope=body")
    assert "甲公司" in page.text
    assert "没有符合条件的待办" in office.get("/tasks?scope=body&q=没有这样的").text
    assert "甲公司" in office.get("/tasks?scope=body&q=甲公司").text
    since = re.search(r"since=(\d+)", page.text)
    assert since
    assert office.get(f"/tasks/new?scope=body&since={since[1]}").json == {"count": 0}
    bench.submitted(by=bench.stranger)
    assert office.get(f"/tasks/new?scope=body&since={since[1]}").json == {"count": 1}


def test_keyset_pages_show_every_task_once(bench: Bench, browse: Browse, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.casework.queries.tasks.task_list.PAGE", 2)
    for who in (bench.applicant, bench.applicant, bench.stranger):
        bench.submitted(by=who)
    office = browse("office")
    first = office.get("/tasks?scope=body").text
    follow = re.search(r'href="([^"]+after=[^"]+)" rel="next"', first)
    assert follow
    second = office.get(follow[1].replace("&amp;", "&")).text
    rows = re.findall(r'data-row="(\d+)"', first + second)
    assert len(rows) == len(set(rows)) == 3


def test_a_suspended_case_says_so_and_takes_nothing(bench: Bench, browse: Browse, sent: int) -> None:
    admin, office = browse("admin"), browse("office")
    assert admin.post(f"/cases/{sent}/interventions?kind=suspend", {"reason": "", "act": "do"}).status_code == 422
    here = f"/cases/{sent}/interventions"
    assert do_tried(admin, f"{here}?kind=suspend", {"reason": "等待法院裁定"}).status_code == 302
    page = office.get(f"/tasks/{waiting(bench, sent).id}").text
    assert "办件已由管理员暂停" in page
    assert "期限中止" in words(office.get("/cases/1").text) or "暂停" in page
    task = waiting(bench, sent)
    for act, given in (("delegate", {"person_id": bench.people["second"], "reason": "出差"}), ("release", {})):
        refused = office.send("POST", f"/api/v1/tasks/{task.id}/{act}", {"version": task.version, **given})
        assert (refused.status_code, "暂停" in refused.json["detail_zh"]) == (409, True), act
    assert do_tried(admin, f"{here}?kind=resume", {"reason": "裁定已下"}).status_code == 302
    assert "等待法院裁定" in admin.get(f"/cases/{sent}").text


def test_the_office_settles_a_date_that_no_calendar_vouches_for(bench: Bench, browse: Browse) -> None:
    case = bench.decided()
    with bench.desk.store.write() as tx:
        (timer,) = [w for w in tx.work.of_case(case) if w.kind == "timer"]
        said = {
            **timer.payload,
            "last_day": "2026-03-09",
            "zh": "暂定至3月9日",
            "en": "provisional",
            "provisional": True,
        }
        tx.work.reschedule(timer.effect_key, timer.due_at, True, said)
    assert "暂定" in browse("office").get(f"/cases/{case}").text
    bench.advance(datetime(2026, 3, 10, 2, tzinfo=UTC))
    office = browse("office")
    task = waiting(bench, case)
    page = office.get(f"/tasks/{task.id}")
    assert page.status_code == 200
    assert "确认期限" in page.text
    earlier = office.post(f"/tasks/{task.id}/confirm-date", {"last_day": "2026-03-06", "version": "", "reason": "x"})
    assert (earlier.status_code, "不得早于" in earlier.text) == (422, True)
    nonsense = office.post(f"/tasks/{task.id}/confirm-date", {"last_day": "2027-13-40"})
    assert "日期请写成" in nonsense.text
    day = re.search(r'name="last_day" value="([^"]+)"', page.text)
    assert day
    done = office.post(f"/tasks/{task.id}/confirm-date", {"last_day": day[1], "reason": "核对无误"})
    assert done.status_code == 302, words(done.text)[:600]
    bench.drain()
    assert bench.case(case).status == "ended"


def test_several_tasks_are_done_with_one_form(bench: Bench, browse: Browse) -> None:
    for who in (bench.applicant, bench.stranger):
        bench.submitted(by=who)
    office = browse("office")
    ids = [str(waiting(bench, case).id) for case in (1, 2)]
    assert office.post("/tasks/bulk", {"do": "complete"}).status_code == 302  # nothing picked
    assert "请先勾选" in office.get("/tasks").text
    page = office.post("/tasks/bulk", {"task": ids, "do": "complete"})
    assert "批量提交 2 项" in page.text
    wrong = office.post("/tasks/bulk/complete", {"task": ids})
    assert (wrong.status_code, "has-error" in wrong.text) == (422, True)
    file = office.post("/tasks/bulk/complete", {"task": ids, "decision": "pass", "x": (io.BytesIO(PDF), "a.pdf")})
    assert file.status_code == 422
    done = office.post("/tasks/bulk/complete", {"task": ids, "decision": "pass"})
    assert done.status_code == 302
    told = office.get("/tasks").text
    assert ("已提交 2 项" in told, "甲公司：已发布“甲公司公示”，2026年3月9日期满" in told) == (True, True)
    assert bench.tasks(1) == bench.tasks(2) == []


def test_several_tasks_are_claimed_and_delegated_together(bench: Bench, browse: Browse, sent: int) -> None:
    office, task = browse("office"), waiting(bench, sent)
    assert "转办 1 项" in office.post("/tasks/bulk", {"task": [str(task.id)], "do": "delegate"}).text
    empty = office.post("/tasks/bulk/delegate", {"task": [str(task.id)], "person": str(bench.people["second"])})
    assert (empty.status_code, "并写明原因" in empty.text) == (422, True)
    form = {"task": [str(task.id)], "person": str(bench.people["second"]), "reason": "休假"}
    assert office.post("/tasks/bulk/delegate", form).status_code == 302
    assert waiting(bench, sent).assignee_id == bench.people["second"]
    assert office.post("/tasks/bulk", {"task": [str(task.id)], "do": "claim"}).status_code == 302
    assert "转给second办理" in words(office.get("/tasks").text)


def test_an_organisation_reads_the_files_it_sent_and_not_those_of_others(
    bench: Bench, browse: Browse, sent: int
) -> None:
    task = waiting(bench, sent)
    file = attach_upload(bench.desk, bench.office, task.id, "report", "核查材料.pdf", io.BytesIO(PDF), UploadRules())
    with bench.desk.store.write() as tx:
        tx.uploads.claim([file.id], sent, task.id)
    assert "核查材料.pdf" in browse("office").get(f"/cases/{sent}").text
    me = browse("applicant")
    assert "核查材料.pdf" not in me.get(f"/cases/{sent}").text
    assert me.get(f"/uploads/{file.id}").status_code == 403


def test_an_organisation_finds_its_application_in_its_list(browse: Browse, started: int) -> None:
    assert f"/cases/{started}" in browse("applicant").get("/cases").text
    assert f"/cases/{started}" not in browse("stranger").get("/cases").text
