from __future__ import annotations

import io
import re
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient

from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import PDF
from service.web import create_app
from tests.integration.objections.test_lodging import lodge, winners
from tests.support.browsers import Browser, settings_for_tests
from tests.support.exampleton import PACKAGE

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
    return {
        "identity_proof": (io.BytesIO(PDF), "证.pdf"),
        "evidence": (io.BytesIO(PDF), "通报.pdf"),
    }


def test_from_the_notice_to_the_receipt_and_back_by_its_code(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    assert page in visitor.get(f"/notices/{winners(quick)}").text
    sent = send(visitor, page, page, {**TYPED, **files(), "target": str(quick.case("甲"))})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/objections/receipt")
    receipt = visitor.get("/objections/receipt")
    assert receipt.headers["Cache-Control"] == "no-store"
    code = re.search(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", receipt.text)
    assert code
    kept = re.search(r'download="[^"]+\.txt" href="data:text/plain;charset=utf-8,([^"]+)"', receipt.text)
    assert kept, "a phone prints nothing"
    assert code[0] in unquote(kept[1])
    shown = send(visitor, "/objections/track", "/objections/track", {"code": code[0]})
    assert "审查异议形式" in shown.text
    assert "李某" not in shown.text
    assert visitor.get("/objections/receipt").status_code == 302  # shown once


def test_the_settings_of_the_city_are_told_to_its_staff_and_not_to_the_public(
    quick: PlayState, visitor: FlaskClient
) -> None:
    assert "本地规定：" not in visitor.get(f"/objections/{PACKAGE}/objection?notice={winners(quick)}").text
    people = SimpleNamespace(desk=quick.desk, people={"office": int(quick.cast.actor("office").person_id or 0)})
    office = Browser(create_app(quick.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    assert "本地规定：" in office.get(f"/start/{PACKAGE}/objection?parent={quick.case('甲')}").text


def test_what_was_typed_stays_on_the_page_when_something_is_missing(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    sent = send(visitor, page, page, {**TYPED, "target": str(quick.case("甲"))})
    assert sent.status_code == 422
    assert "请上传“本人有效身份证明”" in sent.text
    assert "去年发生重大质量事故。" in sent.text


def test_a_target_must_be_chosen(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    sent = send(visitor, page, page, {**TYPED, **files()})
    assert sent.status_code == 422
    assert "请选择对哪个对象提出异议" in sent.text


def test_a_file_beyond_every_limit_is_refused_with_a_sentence(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    huge = {"evidence": (io.BytesIO(PDF + b"\0" * (27 * 1024 * 1024)), "大.pdf")}
    sent = send(visitor, page, page, {**TYPED, **huge})
    assert sent.status_code == 413
    assert "文件" in sent.text


class Zeros(io.RawIOBase):
    """A file of 200 MB that takes no room; counts what was read of it."""

    def __init__(self, size: int, head: bytes = b"") -> None:
        self.size, self.head, self.read_so_far = size, head, 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        count = min(len(buffer), self.size + len(self.head) - self.read_so_far)
        start = self.head[self.read_so_far : self.read_so_far + count]
        buffer[:count] = start + bytes(count - len(start))
        self.read_so_far += count
        return count


def test_a_file_of_200_megabytes_is_turned_away_before_it_is_read(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    visitor.get(page)
    head = b'--x\r\nContent-Disposition: form-data; name="evidence"; filename="a.pdf"\r\n\r\n%PDF-1.4'
    stream = Zeros(200 * 1024 * 1024, head)
    length = str(200 * 1024 * 1024 + len(head))
    told = {
        "wsgi.input": io.BufferedReader(stream), "CONTENT_LENGTH": length,
        "CONTENT_TYPE": "multipart/form-data; boundary=x",
    }  # fmt: skip
    sent = visitor.post(page, environ_overrides=told)
    assert (sent.status_code, "文件" in sent.text) == (413, True)
    assert stream.read_so_far < 30 * 1024 * 1024


def test_who_objects_under_another_name_is_refused_beside_the_signature(quick: PlayState, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    sent = send(visitor, page, page, {**TYPED, **files(), "signature": "王某", "target": str(quick.case("甲"))})
    assert sent.status_code == 422
    assert "error-summary" in sent.text
    assert "去年发生重大质量事故。" in sent.text
    with quick.desk.store.read() as tx:
        assert tx.cases.children(quick.case("甲"), "objection") == []


def test_a_decision_before_the_notice_has_ended_finds_nothing_to_decide(quick: PlayState) -> None:
    decider = quick.cast.actor("approver")
    people = SimpleNamespace(desk=quick.desk, people={"decider": int(decider.person_id or 0)})
    browser = Browser(create_app(quick.desk, settings_for_tests()), people, "decider")  # type: ignore[arg-type]
    with quick.desk.store.read() as tx:
        (notice,) = [n for n in tx.notices.of_case(quick.case("届")) if n.kind == "winners"]
        waiting = [t.element for t in tx.tasks.open_of_case(quick.case("届"))]
    assert notice.state == "running"
    assert "decide_list" not in waiting
    with quick.desk.store.read() as tx:
        beyond = max(t.id for t in tx.tasks.of_case(quick.case("届"))) + 1
    form = {"decision": "approve", "number": "抢先〔2026〕1号", "decided_on": "2026-06-01", "do": "submit"}
    assert browser.post(f"/tasks/{beyond}", form).status_code == 404
    assert ">审定名单</a>" not in browser.get("/tasks?scope=visible").text


def test_a_forged_code_is_answered_with_a_sentence(visitor: FlaskClient) -> None:
    sent = send(visitor, "/objections/track", "/objections/track", {"code": "AAAA-BBBB"})
    assert sent.status_code == 404
    assert "没有与这个查询码对应的回执" in sent.text


def test_the_register_is_read_by_everybody_and_filled_by_the_office(visitor: FlaskClient) -> None:
    assert visitor.get("/register").status_code == 200
    assert "看不懂地址中的“city=gone”" in visitor.get("/register?city=gone").text
    assert visitor.get("/register/import").status_code in (302, 401)


def test_the_portal_of_a_city_leads_to_its_own_objections_and_names_running_notices_first(
    quick: PlayState, visitor: FlaskClient
) -> None:
    city = PACKAGE.partition("/")[0]
    assert f'href="/objections?of={city}"' in visitor.get(f"/portal/{city}").text
    page = visitor.get(f"/objections?of={city}").text
    with quick.desk.store.read() as tx:
        last = tx.notices.get(winners(quick)).last_day
    assert f'href="/objections/{PACKAGE}/objection?notice={winners(quick)}"' in page
    assert f"{last.year}年{last.month}月{last.day}日" in page
    assert f'href="/notices/{winners(quick)}"' in page
    assert f"objection?place={quick.case('届')}" not in page  # the notice of the same round leads there
    nowhere = visitor.get("/objections?of=atlantis").text
    assert "of=atlantis" in nowhere
    assert f"notice={winners(quick)}" in nowhere


def test_a_round_without_a_running_notice_is_offered_by_itself(quick: PlayState, visitor: FlaskClient) -> None:
    with quick.desk.store.write() as tx:
        tx.notices.update(winners(quick), state="closed")
    page = visitor.get("/objections").text
    assert "不针对正在进行的公示" in page
    assert f"objection?place={quick.case('届')}" in page
    assert "可以提出异议</h2>" not in page


def test_an_empty_examination_of_the_form_names_the_field_and_acceptance_needs_no_reason(quick: PlayState) -> None:
    receipt = lodge(quick)
    people = SimpleNamespace(desk=quick.desk, people={"office": int(quick.cast.actor("office").person_id or 0)})
    office = Browser(create_app(quick.desk, settings_for_tests()), people, "office")  # type: ignore[arg-type]
    with quick.desk.store.read() as tx:
        (task,) = tx.tasks.open_of_case(receipt.case_id)
    page = f"/tasks/{task.id}"
    empty = office.post(page, {"version": str(task.version), "do": "submit"}, page=page).text
    assert re.findall('<li><a href="#([^"]+)">', empty) == ["f-check_result"]
    refused = {"version": str(task.version), "do": "submit", "check_result": "refused"}
    answer = office.post(page, refused, page=page)
    assert re.findall('<li><a href="#([^"]+)">', answer.text) == ["f-reasons"]
    assert "请填写“理由或须补正的内容”" in answer.text
    assert "必填" in answer.text.partition('for="f-reasons"')[2].partition("</label>")[0]
    accepted = {"version": str(task.version), "do": "submit", "check_result": "complete"}
    assert office.post(page, accepted, page=page).status_code == 302
