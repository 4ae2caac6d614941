"""How values read in a document: dates as Chinese write them, wherever a formula has put them."""

from __future__ import annotations

from datetime import date

import pytest

from service.casework.documents.enclosures import blank_form
from service.casework.step.fill import fill, in_english, in_words
from service.catalog.feel import FUNCTIONS
from service.domain.forms import compile_form
from service.domain.output.composed_document import written
from tests.support.letters import faults


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 3, 1), "2026年3月1日"),
        ("2026-03-01", "2026年3月1日"),
        ("自2026-03-01起至2029-02-28止", "自2026年3月1日起至2029年2月28日止"),
        ("2026-07-20T09:00+08:00", "2026年7月20日9:00"),
        ("2026-13-01", "2026-13-01"),
        ("乌质奖-2026-03-01", "乌质奖-2026-03-01"),
        ("12026-03-01", "12026-03-01"),
        ("2026-03-01-7号", "2026-03-01-7号"),
    ],
)
def test_a_day_is_written_as_people_write_it(value: object, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("typed", "said"), [("缺页", "一：缺页。请补。"), ("缺页。", "一：缺页。请补。"), ("缺页；", "一：缺页。请补。")]
)
def test_a_sentence_that_somebody_typed_ends_once(typed: str, said: str) -> None:
    assert fill("一：{defect}。{rest}", {"defect": typed, "rest": "请补。"}, FUNCTIONS, None) == said


def test_a_document_reads_in_the_order_in_which_it_stands() -> None:
    enclosed = [{"name": "名单", "paragraphs": ["甲厂", {"head": ["序号"], "rows": [["1"]]}]}]
    content = {
        "number": "示请〔2026〕1号", "signer": "王某", "title": "请示", "addressee": "市政府：", "paragraphs": ["妥否，请批示。"],
        "signature": "办公室", "date": "2026-03-10", "note": ["联系人：李某"], "attachments": enclosed, "copies": ["市委"],
    }  # fmt: skip
    assert written(content).splitlines() == [
        "示请〔2026〕1号", "签发人：王某", "请示", "市政府：", "妥否，请批示。", "附件：名单", "办公室", "2026年3月10日",
        "（联系人：李某）", "名单", "甲厂", "序号", "1", "抄送：市委",
    ]  # fmt: skip
    assert "附件：名单" in written({**content, "attachments": ["名单"]}), "as documents of former versions have it"


def test_a_blank_form_has_a_line_for_every_field_and_rows_to_fill_in() -> None:
    schema = {
        "type": "default", "id": "f", "properties": {"title": "申报表"}, "components": [
            {"type": "textfield", "id": "a", "key": "name", "label": "名称", "validate": {"required": True}},
            {"type": "radio", "id": "b", "key": "kind", "label": "类型", "values": [{"label": "法人", "value": "l"}, {"label": "其他", "value": "o"}]},
            {"type": "number", "id": "c", "key": "n", "label": "内部编号", "readonly": True, "properties": {"unseen": "true"}},
            {"type": "dynamiclist", "id": "d", "path": "rows", "label": "事故", "isRepeating": True, "components": [
                {"type": "textfield", "id": "e", "key": "what", "label": "情况"}]},
        ],
    }  # fmt: skip
    assert blank_form(compile_form(schema)) == [
        {"head": ["项目", "填写内容"], "rows": [["名称（必填）", ""], ["类型", "□法人　□其他"]]},
        "事故：",
        {"head": ["情况"], "rows": [[""], [""], [""]]},
    ]


GOOD = {
    "title": "示例市人民政府关于撤销甲厂称号的决定", "number": "示政发〔2026〕1号", "addressee": "甲厂：",
    "paragraphs": ["依据办法第七条，决定撤销。", "可以申请行政复议，也可以提起行政诉讼。"], "signature": "示例市人民政府", "date": "2026-03-10",
}  # fmt: skip


def test_what_a_reader_would_send_back_is_found() -> None:
    assert list(faults("revocation_decision", GOOD)) == []
    for change, said in (
        ({"paragraphs": ["自2026-03-01起。", *GOOD["paragraphs"]]}, "日期"),
        ({"paragraphs": ["授予政府质量奖质量奖。", *GOOD["paragraphs"]]}, "重复"),
        ({"paragraphs": ["（）", *GOOD["paragraphs"]]}, "空缺"),
        ({"number": None}, "没有文号"),
        ({"paragraphs": [f"决定（{GOOD['number']}）。", *GOOD["paragraphs"]]}, "出现2次"),
        ({"signature": ""}, "没有署名"),
        ({"title": "关于撤销甲厂称号的决定"}, "没有写明发文机关和事由"),
        ({"title": "撤销决定"}, "没有写明发文机关和事由"),
        ({"paragraphs": GOOD["paragraphs"][:1]}, "没有写明行政复议"),
        ({"paragraphs": GOOD["paragraphs"][1:]}, "没有写明条款"),
        ({"attachments": ["名单"]}, "没有内容"),
    ):
        found = list(faults("revocation_decision", {**GOOD, **change}))
        assert any(said in fault for fault in found), (change, found)
    assert "公告没有公示期" in list(faults("announcement", {**GOOD, "paragraphs": ["公示期3日。"]}))
    assert "请示缺少签发人、联系人或者结语" in list(faults("government_submission", GOOD))


def test_a_day_in_an_english_sentence_is_written_as_english_writes_it() -> None:
    assert in_english(date(2026, 3, 4)) == "4 March 2026"
