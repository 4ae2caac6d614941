from __future__ import annotations

import io
from typing import Any

import pytest

from service.casework.access.actor import Actor
from service.casework.access.case_access import may_view_case
from service.casework.public.act import act_publicly
from service.casework.public.attach import attach_publicly
from service.casework.public.lodge import Lodging, LodgingReceipt, lodge_publicly
from service.casework.public.throttle import LIMITS, TooOften
from service.casework.public.view_receipt import open_reply, view_receipt
from service.casework.queries.cases.view_case import view_case
from service.casework.queries.downloads.files import open_upload
from service.casework.queries.public.lodging import lodging_options, view_lodging
from service.casework.simulate.stage.stage import PlayState
from service.casework.simulate.stage.typed_values import PDF, as_typed
from service.casework.step.submission import FormInvalid
from service.casework.tasks.complete import complete_task
from service.domain.errors import NotAllowed, NotFound
from service.domain.files.uploads import UploadRefused
from service.domain.forms import UploadRules
from tests.support.browsers import make_app
from tests.support.exampleton import PACKAGE

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
        return next(n.id for n in tx.notices.of_case(stage.case("届")) if n.kind == "winners")


def lodge(stage: PlayState, about: str = "甲", origin: str = "home", **changes: Any) -> LodgingReceipt:
    place = Lodging(PACKAGE, "objection", stage.case(about), winners(stage))
    return lodge_publicly(stage.desk, VISITOR, place, form(stage, **changes), origin)


def task(stage: PlayState, case: int, element: str) -> int:
    with stage.desk.store.read() as tx:
        return next(t.id for t in tx.tasks.open_of_case(case) if t.element == element)


def test_an_objection_gets_a_number_a_code_and_counts_at_the_notice(stage: PlayState) -> None:
    receipt = lodge(stage)
    with stage.desk.store.read() as tx:
        case, row = tx.cases.get(receipt.case_id), tx.receipts.of_case(receipt.case_id)
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
        assert tx.cases.children(stage.case("甲")) == []
        assert tx.notices.get(winners(stage)).objections == 0


def test_a_unit_needs_its_seal_and_its_registered_office(quick: PlayState) -> None:
    with pytest.raises(FormInvalid) as refused:
        lodge(quick, kind="unit", name="某协会", signature=None, identity_proof=None)
    assert {e.path for e in refused.value.errors} == {"domicile", "sealed_copy"}


def test_a_signature_in_another_name_is_refused_with_a_sentence(quick: PlayState) -> None:
    with pytest.raises(FormInvalid) as refused:
        lodge(quick, signature="王某")
    assert "签名与姓名不一致" in "".join(e.text.zh for e in refused.value.errors)


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
    assert len(lodging_options(quick.desk, VISITOR, winners(quick))) == 1


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
        proof = next(u for u in tx.uploads.of_case(receipt.case_id) if u.field == "identity_proof")
    assert "李某" in str(view_case(stage.desk, office, receipt.case_id).submissions)
    assert open_upload(stage.desk, office, proof.id).name == "李某身份证.pdf"
    for who in ("government", "district@north"):
        reader = stage.cast.actor(who)
        assert "李某" not in str(view_case(stage.desk, reader, receipt.case_id))
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
    assert "李某" in str(view_case(quick.desk, quick.cast.actor("district@north"), receipt.case_id).submissions)
    assert "李某" not in str(view_case(quick.desk, quick.cast.actor("government"), receipt.case_id))


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
        tx.erasures.mark_document(reply.id, quick.desk.clock.now())
    with pytest.raises(NotFound, match="按保存期限清除"):
        open_reply(quick.desk, VISITOR, other.code, reply.id, "home")


def test_name_and_size_of_a_file_are_those_that_were_stored(quick: PlayState) -> None:
    told = [{**file(quick, "evidence", "通报.pdf")[0], "name": "区政府批准的处罚决定.pdf", "size": 1}]
    receipt = lodge(quick, evidence=told)
    with quick.desk.store.read() as tx:
        (sent,) = tx.forms.of_case(receipt.case_id)
    (kept,) = sent.data["evidence"]
    assert (kept["id"], kept["name"], kept["size"]) == (told[0]["id"], "通报.pdf", len(PDF))
