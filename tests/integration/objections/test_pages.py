from __future__ import annotations

import io
import re

import pytest
from flask.testing import FlaskClient

from service.casework.simulate.stage import Stage
from service.casework.simulate.verbs import PDF
from service.web import create_app
from tests.integration.objections.test_lodging import winners
from tests.support.browsers import settings_for_tests
from tests.support.exampleton import PACKAGE

_MARK = re.compile(r'name="csrf-token" content="([^"]+)"')
TYPED = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "北区一号", "signature": "李某",
    "content": "去年发生重大质量事故。", "evidence_list": "事故通报", "declared": "true",
}  # fmt: skip


@pytest.fixture
def visitor(quick: Stage) -> FlaskClient:
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


def test_from_the_notice_to_the_receipt_and_back_by_its_code(quick: Stage, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    assert page in visitor.get(f"/notices/{winners(quick)}").text
    sent = send(visitor, page, page, {**TYPED, **files(), "target": str(quick.case("甲"))})
    assert (sent.status_code, sent.headers["Location"]) == (302, "/objections/receipt")
    receipt = visitor.get("/objections/receipt")
    assert receipt.headers["Cache-Control"] == "no-store"
    code = re.search(r"(?:[2-9A-Z]{4}-){5}[2-9A-Z]{4}", receipt.text)
    assert code
    shown = send(visitor, "/objections/track", "/objections/track", {"code": code[0]})
    assert "审查异议形式" in shown.text
    assert "李某" not in shown.text
    assert visitor.get("/objections/receipt").status_code == 302  # shown once


def test_what_was_typed_stays_on_the_page_when_something_is_missing(quick: Stage, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    sent = send(visitor, page, page, {**TYPED, "target": str(quick.case("甲"))})
    assert sent.status_code == 422
    assert "请上传“本人有效身份证明”" in sent.text
    assert "去年发生重大质量事故。" in sent.text


def test_a_target_must_be_chosen(quick: Stage, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    sent = send(visitor, page, page, {**TYPED, **files()})
    assert sent.status_code == 422
    assert "请选择对哪个对象提出异议" in sent.text


def test_a_file_beyond_every_limit_is_refused_with_a_sentence(quick: Stage, visitor: FlaskClient) -> None:
    page = f"/objections/{PACKAGE}/objection?notice={winners(quick)}"
    huge = {"evidence": (io.BytesIO(PDF + b"\0" * (27 * 1024 * 1024)), "大.pdf")}
    sent = send(visitor, page, page, {**TYPED, **huge})
    assert sent.status_code == 413
    assert "文件" in sent.text


def test_a_forged_code_is_answered_with_a_sentence(visitor: FlaskClient) -> None:
    sent = send(visitor, "/objections/track", "/objections/track", {"code": "AAAA-BBBB"})
    assert sent.status_code == 404
    assert "没有与这个查询码对应的回执" in sent.text


def test_the_register_is_read_by_everybody_and_filled_by_the_office(visitor: FlaskClient) -> None:
    assert visitor.get("/register").status_code == 200
    assert visitor.get("/register/import").status_code in (302, 401)
