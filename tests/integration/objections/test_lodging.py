""""""

from __future__ import annotations

import io
import re
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.public.lodge import Lodging, LodgingReceipt, lodge_publicly
from service.casework.public.throttle import LIMITS, TooOften
from service.casework.public.uploads import attach_publicly
from service.casework.public.view_receipt import act_publicly, open_reply, view_receipt
from service.casework.queries.cases.view_case import CaseDetail, view_case
from service.casework.queries.downloads.files import open_upload
from service.casework.queries.public.lodging import lodging_options, view_lodging
from service.casework.queries.tasks.view_task import view_task
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import PDF, as_typed
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.domain.errors import Conflict, NotAllowed, NotFound
from service.domain.files.uploads import UploadRefused
from service.domain.forms import UploadRules
from service.store import Store
from service.web import create_app
from service.web.forms import render_readable
from tests.support.browsers import Browser, make_app, settings_for_tests
from tests.support.exampleton import CITY, PACKAGE, RUNNING, season

VISITOR = Actor(None, "访客")
RULES = UploadRules(max_bytes=10 * 1024 * 1024, accept=(".pdf",))


def file(stage: PlayState, field: str, name: str) -> list[dict[str, Any]]:
    kept = attach_publicly(stage.desk, VISITOR, field, name, io.BytesIO(PDF), RULES, "home")
    return [{"id": kept.id, "name": kept.name, "size": kept.size}]


def form(stage: PlayState, **changes: Any) -> dict[str, Any]:
    return {
        "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
        "identity_proof": file(stage, "identity_proof", "李某身份证.pdf"), "content": "去年发生重大质量事故。",
        "evidence_list": "事故通报", "evidence": file(stage, "evidence", "通报.pdf"), "declared": True, **changes,
    }  # fmt: skip


def winners(stage: PlayState) -> int:
    with stage.desk.store.read() as tx:
        return next(n.id for n in tx.notices.select(case_id=stage.case("届")) if n.kind == "winners")


def lodge(stage: PlayState, about: str = "甲", origin: str = "home", **changes: Any) -> LodgingReceipt:
    place = Lodging(PACKAGE, "objection", stage.case(about), winners(stage))
    return lodge_publicly(stage.desk, VISITOR, place, form(stage, **changes), origin)


def task(stage: PlayState, case: int, element: str) -> int:
    with stage.desk.store.read() as tx:
        return next(t.id for t in tx.tasks.open_of_case(case) if t.element == element)


def test_an_objection_gets_a_number_a_code_and_counts_at_the_notice(stage: PlayState) -> None:
    receipt = lodge(stage)
    with stage.desk.store.read() as tx:
        case, row = tx.cases.get(receipt.case_id), tx.receipts.find(case_id=receipt.case_id)
        notice = tx.notices.get(winners(stage))
    assert receipt.number == "示异〔2026〕1号"
    assert (case.parent_id, case.subject_id) == (stage.case("甲"), None)
    assert row is not None
    assert receipt.code not in str(row)
    assert notice.objections == 1


def test_the_receipt_shows_where_it_stands_and_nothing_of_who_objected(stage: PlayState) -> None:
    receipt = lodge(stage)
    view = view_receipt(stage.desk, VISITOR, receipt.code.lower().replace("-", " "), "home")
    assert (view.number, view.about, view.stage, view.running) == (receipt.number, "甲公司", "审查异议形式", True)
    assert "李某" not in str(view.replies)


def test_a_forged_receipt_opens_nothing_and_guessing_is_stopped(stage: PlayState) -> None:
    lodge(stage)
    for _ in range(LIMITS["track"]):
        with pytest.raises(NotFound, match="查询码"):
            view_receipt(stage.desk, VISITOR, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFF", "guesser")
    with pytest.raises(TooOften, match="次数过多"):
        view_receipt(stage.desk, VISITOR, "AAAA-BBBB-CCCC-DDDD-EEEE-FFFG", "guesser")


def test_without_the_identity_proof_nothing_is_stored_and_what_was_typed_comes_back(stage: PlayState) -> None:
    with pytest.raises(FormInvalid) as refused:
        lodge(stage, identity_proof=[])
    assert refused.value.values["content"] == "去年发生重大质量事故。"
    assert {e.path for e in refused.value.errors} == {"identity_proof"}
    with stage.desk.store.read() as tx:
        assert tx.cases.select(parent_id=stage.case("甲")) == []
        assert tx.notices.get(winners(stage)).objections == 0


def test_a_file_of_200_megabytes_is_refused_with_a_sentence(quick: PlayState) -> None:
    class Endless(io.RawIOBase):
        def read(self, size: int = -1) -> bytes:
            assert size <= RULES.max_bytes + 1
            return PDF + b"\0" * (size - len(PDF))

    with pytest.raises(UploadRefused) as refused:
        attach_publicly(quick.desk, VISITOR, "evidence", "大.pdf", Endless(), RULES, "home")  # type: ignore[arg-type]
    assert "10" in refused.value.message.zh


def test_a_file_that_somebody_with_an_account_uploaded_cannot_be_named(quick: PlayState) -> None:
    theirs = as_typed(quick, quick.cast.actor("office"), "file:机密.pdf")
    with pytest.raises(Exception, match="不是在本页上传"):
        lodge(quick, evidence=theirs)


def test_whom_no_notice_named_cannot_be_objected_to(quick: PlayState) -> None:
    with pytest.raises(NotAllowed, match="没有公示"):
        lodge(quick, about="丙")
    view = view_lodging(quick.desk, VISITOR, PACKAGE, "objection", notice=winners(quick))
    assert {name for _, name in view.targets} == {"甲公司", "乙公司"}
    offered = lodging_options(quick.desk, VISITOR, winners(quick))
    assert [option.name.zh for option in offered] == ["异议", "对结果的异议"]


def test_what_is_not_open_to_everybody_cannot_be_started_without_account(quick: PlayState) -> None:
    with pytest.raises(NotAllowed, match="登录"):
        lodge_publicly(quick.desk, VISITOR, Lodging(PACKAGE, "application", quick.case("届")), {}, "home")


def test_one_address_lodges_only_so_often(quick: PlayState) -> None:
    for _ in range(LIMITS["lodge"]):
        with pytest.raises(FormInvalid):
            lodge(quick, content="")
    with pytest.raises(TooOften):
        lodge(quick, content="")


def test_the_organisation_sees_neither_the_objection_nor_a_name(stage: PlayState) -> None:
    receipt = lodge(stage)
    organisation = stage.cast.actor("甲")
    with stage.desk.store.read() as tx:
        assert not may_view_case(organisation, tx.cases.get(receipt.case_id), tx)
    seen = view_case(stage.desk, organisation, stage.case("甲"))
    assert seen.children == ()
    assert "李某" not in str(seen)


def all_told(view: CaseDetail) -> str:
    """Return what a case tells its reader, with what stands behind masks."""
    return f"{view} {[submission.read.plain for submission in view.submissions]}"


def test_the_office_sees_who_objects_the_government_and_the_investigators_do_not(stage: PlayState) -> None:
    receipt = lodge(stage)
    office = stage.cast.actor("office")
    complete_task(
        stage.desk, office, task(stage, receipt.case_id, "check_objection"), None, {"check_result": "complete"}
    )
    forward = {
        "investigator_kind": "recommender",
        "investigator": "north",
        "identity_forwarded": False,
        "request": "核查",
    }
    complete_task(stage.desk, office, task(stage, receipt.case_id, "forward_objection"), None, forward)
    with stage.desk.store.read() as tx:
        proof = next(u for u in tx.uploads.list_of_case(receipt.case_id) if u.field == "identity_proof")
    shown = view_case(stage.desk, office, receipt.case_id)
    assert "李某" in all_told(shown)
    sent = next(one.read for one in shown.submissions if one.read.form.id == "objection_forward")
    investigator = next(body.name for body in stage.package.jurisdiction.bodies if body.id == "north")
    assert investigator in render_readable(sent), "a body is read by its name, not by its key"
    with stage.desk.store.read() as tx:
        (chosen,) = tx.forms.of_case(receipt.case_id, "objection_forward")[0].choices["investigator"]
    assert (chosen["value"], chosen["label"]) == ("north", investigator), "and stays so when the register changes"
    assert open_upload(stage.desk, office, proof.id).name == "李某身份证.pdf"
    for who in ("government", "district@north"):
        reader = stage.cast.actor(who)
        assert "李某" not in all_told(view_case(stage.desk, reader, receipt.case_id))
        with pytest.raises(NotAllowed, match="身份材料"):
            open_upload(stage.desk, reader, proof.id)


def test_where_the_office_forwards_the_identity_the_investigators_see_it(quick: PlayState) -> None:
    receipt = lodge(quick)
    office = quick.cast.actor("office")
    complete_task(
        quick.desk, office, task(quick, receipt.case_id, "check_objection"), None, {"check_result": "complete"}
    )
    forward = {
        "investigator_kind": "recommender",
        "investigator": "north",
        "identity_forwarded": True,
        "request": "核查",
    }
    complete_task(quick.desk, office, task(quick, receipt.case_id, "forward_objection"), None, forward)
    assert "李某" in all_told(view_case(quick.desk, quick.cast.actor("district@north"), receipt.case_id))
    assert "李某" not in all_told(view_case(quick.desk, quick.cast.actor("government"), receipt.case_id))


def test_the_holder_of_the_receipt_completes_the_objection_and_reads_the_request(stage: PlayState) -> None:
    receipt = lodge(stage)
    office = stage.cast.actor("office")
    incomplete = {"check_result": "incomplete", "reasons": "请补事故通报全文"}
    complete_task(stage.desk, office, task(stage, receipt.case_id, "check_objection"), None, incomplete)
    stage.drain()
    view = view_receipt(stage.desk, VISITOR, receipt.code, "home")
    assert [a.id for a in view.actions] == ["complete_objection"]
    assert [r.title for r in view.replies] == ["异议材料收件回执", "异议材料补正告知书"]
    assert "请补事故通报全文" in view.replies[1].paragraphs[0]
    row, content = open_reply(stage.desk, VISITOR, receipt.code, view.replies[1].id, "home")
    assert row.template == "objection_completion_request"
    assert content.read(2) == b"PK"
    program, asked = make_app(stage).test_client(), f"/api/v1/objections/track/documents/{row.id}"
    handed = program.post(asked, json={"code": receipt.code}).json
    assert (handed["name"], handed["content"][:2]) == ("异议材料补正告知书.docx", "UE")
    more = {"explanation": "补充全文", "files": file(stage, "files", "全文.pdf")}
    act_publicly(stage.desk, VISITOR, receipt.code, "complete_objection", more, "home")
    assert task(stage, receipt.case_id, "check_objection")
    with pytest.raises(Exception, match="目前不能"):
        act_publicly(stage.desk, VISITOR, receipt.code, "complete_objection", more, "home")


def test_replies_of_other_cases_stay_closed(quick: PlayState) -> None:
    mine, other = lodge(quick), lodge(quick, about="乙")
    office = quick.cast.actor("office")
    refused = {"check_result": "refused", "reasons": "与评审无关"}
    complete_task(quick.desk, office, task(quick, other.case_id, "check_objection"), None, refused)
    quick.drain()
    reply = view_receipt(quick.desk, VISITOR, other.code, "home").replies[0]
    with pytest.raises(NotFound):
        open_reply(quick.desk, VISITOR, mine.code, reply.id, "home")
    with quick.desk.store.write() as tx:
        tx.documents.change(reply.id, sha256=None, pdf_sha256=None)
    waiting = (
        make_app(quick).test_client().post(f"/api/v1/objections/track/documents/{reply.id}", json={"code": other.code})
    )
    assert (waiting.status_code, waiting.json["title"], waiting.headers["Retry-After"]) == (409, "文书正在制作", "60")
    with quick.desk.store.write() as tx:
        tx.documents.change(reply.id, erased_at=quick.desk.clock.now())
    with pytest.raises(NotFound, match="按保存期限清除"):
        open_reply(quick.desk, VISITOR, other.code, reply.id, "home")


def test_name_and_size_of_a_file_are_those_that_were_stored(quick: PlayState) -> None:
    told = [{**file(quick, "evidence", "通报.pdf")[0], "name": "区政府批准的处罚决定.pdf", "size": 1}]
    receipt = lodge(quick, evidence=told)
    with quick.desk.store.read() as tx:
        (sent,) = tx.forms.of_case(receipt.case_id)
    (kept,) = sent.data["evidence"]
    assert (kept["id"], kept["name"], kept["size"]) == (told[0]["id"], "通报.pdf", len(PDF))


# What is recorded again of a prize that comes back bit by bit.

REVOKED = CITY / "processes" / "exampleton" / "fair_award" / "scenarios" / "revoked.yaml"


def demanded_again() -> str:
    """Return the season of a revocation up to the first record of what came back, with a note in it."""
    steps, _, _ = REVOKED.read_text(encoding="utf-8").partition("  - {at: 2026-04-20")
    lines = (line for line in steps.splitlines() if "refused: true" not in line and "{expect:" not in line)
    return "\n".join(lines).replace("{recovered: some, rows", "{recovered: some, note: 奖金未退。, rows")


def test_the_note_of_the_last_record_is_not_filled_in_again(sqlite_store: Store, tmp_path: Path) -> None:
    stage = season(sqlite_store, tmp_path / "root", demanded_again())
    (task,) = stage.open_tasks("撤")
    values = view_task(stage.desk, stage.cast.actor("office"), task.id).values
    assert (task.element, task.entry, values.get("note"), len(values["rows"])) == ("record_return", 2, None, 3)


def test_who_decides_reads_what_this_city_recovers_and_bars(sqlite_store: Store, tmp_path: Path) -> None:
    steps, _, _ = REVOKED.read_text(encoding="utf-8").partition("  - {as: government, case: 撤, refused: true")
    lines = (line for line in steps.splitlines() if "refused: true" not in line and "{expect:" not in line)
    stage = season(sqlite_store, tmp_path / "root", "\n".join(lines))
    (task,) = stage.open_tasks("撤")
    told = view_task(stage.desk, stage.cast.actor("government"), task.id).consequence
    assert (task.element, told) == (
        "decide_revocation",
        "撤销的，收回证书、奖牌、奖金，10年内不予受理其申报；不予撤销的，办件结束。",
    )


_MARK = re.compile(r'name="csrf-token" content="([^"]+)"')


TYPED = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
    "content": "去年发生重大质量事故。", "evidence_list": "事故通报", "declared": "true",
}  # fmt: skip


@pytest.fixture
def visitor(quick: PlayState) -> FlaskClient:
    app = create_app(quick.desk, settings_for_tests(LAUREL_UPLOAD_MEGABYTES="25"))
    app.config["TESTING"] = False
    return app.test_client()


def send(visitor: FlaskClient, path: str, page: str, data: dict[str, object]):  # type: ignore[no-untyped-def]
    mark = _MARK.search(visitor.get(page).text)
    assert mark
    return visitor.post(path, data={"csrf_token": mark[1], **data})


def files() -> dict[str, object]:
    return {"identity_proof": (io.BytesIO(PDF), "证.pdf"), "evidence": (io.BytesIO(PDF), "通报.pdf")}


def test_from_the_notice_to_the_receipt_and_back_by_its_code(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    assert page in visitor.get(f"/notices/{winners(quick)}").text
    promise = visitor.get(page).text
    assert ("确有必要时可以提供给核查单位" in promise, "被反映的单位、评审专家和公众看不到" in promise) == (True, True)
    empty = send(visitor, page, page, {})
    assert empty.status_code == 422
    assert 'id="f-target-error">请选择对哪个组织提出异议。' in empty.text
    assert empty.text.count('class="field-error"') > 3, "what else is missing is told at once"
    sent = send(visitor, page, page, {**TYPED, **files(), "target": str(quick.case("甲"))})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/objections/receipt")
    receipt = visitor.get("/objections/receipt")
    assert receipt.headers["Cache-Control"] == "no-store"
    assert '<div class="qr"><span role="img" aria-label="二维码：' in receipt.text
    promised = re.search(r"审查异议形式，最迟2026年\d+月\d+日（周.）办完", receipt.text)
    assert promised, "by which day it is answered"
    assert visitor.get("/objections/receipt").text == receipt.text, "it is there again when the page is loaded anew"
    code = re.search(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", receipt.text)
    assert code
    kept = re.search(r'download="[^"]+\.txt" href="data:text/plain;charset=utf-8,([^"]+)"', receipt.text)
    assert kept, "a phone prints nothing"
    assert code[0] in unquote(kept[1])
    shown = send(visitor, "/objections/track", "/objections/track", {"code": code[0]})
    assert promised[0] in shown.text
    assert '<div class="qr"><span role="img" aria-label="二维码：' in shown.text, (
        "the receipt again, as long as its code is known"
    )
    assert "李某" not in shown.text
    assert code[0] in visitor.get("/objections/receipt").text, "until the browser is closed"
    asked = send(visitor, "/objections/track", "/objections/track", {"code": " "})
    assert asked.status_code == 422
    assert re.search('id="code-error">请填写查询码。', asked.text)


def test_a_decision_before_the_notice_has_ended_finds_nothing_to_decide(quick: PlayState) -> None:
    decider = quick.cast.actor("approver")
    people = SimpleNamespace(desk=quick.desk, people={"decider": int(decider.person_id or 0)})
    browser = Browser(create_app(quick.desk, settings_for_tests()), people, "decider")  # type: ignore[arg-type]
    with quick.desk.store.read() as tx:
        (notice,) = [n for n in tx.notices.select(case_id=quick.case("届")) if n.kind == "winners"]
        waiting = [t.element for t in tx.tasks.open_of_case(quick.case("届"))]
    assert notice.state == "running"
    assert "decide_list" not in waiting
    with quick.desk.store.read() as tx:
        beyond = max(t.id for t in tx.tasks.select(case_id=quick.case("届"))) + 1
    form = {"decision": "approve", "number": "抢先〔2026〕1号", "decided_on": "2026-06-01", "do": "submit"}
    assert browser.post(f"/tasks/{beyond}", form).status_code == 404
    assert ">审定名单</a>" not in browser.get("/tasks?scope=visible").text


@pytest.mark.parametrize("form_of", ["", "parameters: {objection_form: any}"])
def test_a_page_that_is_sent_again_lodges_nothing(store: Store, tmp_path: Path, form_of: str) -> None:
    stage = season(store, tmp_path, f"{form_of}\n{RUNNING}")
    place = Lodging(PACKAGE, "objection", stage.case("甲"), winners(stage))
    sent = form(stage, **({"identity_proof": [], "evidence": []} if form_of else {}))
    lodge_publicly(stage.desk, VISITOR, place, sent, "home")
    with pytest.raises(Conflict, match="刚才已经收到"):
        lodge_publicly(stage.desk, VISITOR, place, sent, "elsewhere")
    with stage.desk.store.read() as tx:
        assert len(tx.cases.select(process="objection")) == 1
    if form_of:
        lodge_publicly(stage.desk, VISITOR, place, {**sent, "content": "前年发生另一起重大质量事故。"}, "home")


def paper(day: str, **more: str) -> dict[str, object]:
    files = {"identity_proof": (io.BytesIO(PDF), "证.pdf"), "evidence": (io.BytesIO(PDF), "通报.pdf")}
    return {**TYPED, **files, "received_on": day, "do": "submit", **more}


def test_what_came_in_after_the_notice_is_told_before_it_is_entered(quick: PlayState) -> None:
    with quick.desk.store.read() as tx:
        notice = tx.notices.get(winners(quick))
    quick.advance(notice.ends_at + timedelta(days=3))
    people = SimpleNamespace(desk=quick.desk, people={"office": quick.cast.actor("office").person_id})
    office = Browser(create_app(quick.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    start = f"/start/{PACKAGE}/objection?parent={quick.case('甲')}"
    late, in_time = (notice.last_day + timedelta(days=days) for days in (1, 0))
    told = f"{late.year}年{late.month}月{late.day}日收到，在公示期最后一天（"
    assert 'name="received_on"' in office.get(start).text
    shown = office.post(start, paper(late.isoformat()), page=start)
    assert shown.status_code == 422
    assert told in shown.text
    assert "去年发生重大质量事故。" in shown.text  # what was typed stays
    assert office.post(start, paper(in_time.isoformat()), page=start).status_code == 302
    assert office.post(start, paper(late.isoformat(), knowing="late"), page=start).status_code == 302
    with quick.desk.store.read() as tx:
        cases = tx.cases.select(parent_id=quick.case("甲"), process="objection")
        facts = [tx.forms.of_case(case.id, "objection")[-1].data["received_in_time"] for case in cases]
    assert facts == [True, False]


def test_the_public_is_not_asked_when_a_paper_came_in(quick: PlayState) -> None:
    visitor = create_app(quick.desk, settings_for_tests()).test_client()
    page = visitor.get(f"/objections/{PACKAGE}/objection?notice={winners(quick)}").text
    assert 'name="content"' in page
    assert 'name="received_on"' not in page
