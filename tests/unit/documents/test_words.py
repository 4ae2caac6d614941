"""How values read in a document: dates as Chinese write them, wherever a formula has put them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from service.casework.desk.channels import with_addresses
from service.casework.documents.produce_document import get_document_opening
from service.casework.step.fill import fill, in_words
from service.catalog.feel import FUNCTIONS
from service.domain.feel.temporal import YearsMonths
from tests.support.letters import faults


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (date(2026, 3, 1), "2026年3月1日"),
        ("2026-03-01", "2026年3月1日"),
        ("自2026-03-01起至2029-02-28止", "自2026年3月1日起至2029年2月28日止"),
        ("2026-07-20T09:00+08:00", "2026年7月20日9:00"),
        ("于2026-03-01T16:30:00+00:00收到", "于2026年3月2日0:30收到"),
        ("2026-03-01T16:00:00+00:00", "2026年3月1日24:00"),
        (datetime(2026, 3, 1, 16, tzinfo=UTC), "2026年3月1日"),
        (datetime(2026, 3, 1, 9), "2026年3月1日"),
        ("2026-13-01", "2026-13-01"),
        ("乌质奖-2026-03-01", "乌质奖-2026-03-01"),
        ("12026-03-01", "12026-03-01"),
        ("2026-03-01-7号", "2026-03-01-7号"),
        (timedelta(days=10), "10天"),
        (timedelta(hours=-30), "负1天6小时"),
        (YearsMonths(14), "1年2个月"),
        (Decimal(1_000_000) / 3, "333333.333333"),
        (
            [Decimal("12.50"), 0.1 + 0.2, 1e-9, Decimal("1E+24"), Decimal("0.0000005")],
            "12.5、0.3、0、1000000000000000000000000、0.000001",
        ),
    ],
)
def test_a_day_is_written_as_people_write_it(value: object, words: str) -> None:
    assert in_words(value) == words


@pytest.mark.parametrize(
    ("typed", "said"), [("缺页", "一：缺页。请补。"), ("缺页。", "一：缺页。请补。"), ("缺页；", "一：缺页。请补。")]
)
def test_a_sentence_that_somebody_typed_ends_once(typed: str, said: str) -> None:
    assert fill("一：{defect}。{rest}", {"defect": typed, "rest": "请补。"}, FUNCTIONS, None) == said


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


# What a message that brings a document says: what to do and by when, how the document begins.

TOLD = "经审核，你单位的申报材料符合条件，现予受理，请关注评审进展。"


@pytest.mark.parametrize(
    ("paragraphs", "begins"),
    [
        ([TOLD, "如有疑问，请与办公室联系。"], TOLD),
        (
            ["不予受理。", "理由：材料不全，且未在规定的期限以内按照要求补正，依照办法第十二条作出本决定。", "如有"],
            None,
        ),
        (["决定授予下列组织奖项：", {"head": ["名称"], "rows": [["甲"]]}], "决定授予下列组织奖项，详见文书。"),
        ([{"head": ["名称"], "rows": [["甲"]]}], ""),
        (["一" * 50 + "。" + "二" * 300], "一" * 50 + "。"),
        (["一" * 300], "一" * 200 + "……"),
        ([], ""),
    ],
)
def test_a_document_is_opened_with_whole_sentences(paragraphs: list[object], begins: str | None) -> None:
    assert get_document_opening({"paragraphs": paragraphs}) == (
        "".join(map(str, paragraphs[:2])) if begins is None else begins
    )


def test_outside_a_page_has_the_address_of_the_installation_and_typed_text_has_none() -> None:
    text = "请办理。\n/tasks/39\n//example.org/tasks/1\n/tasks/1?x\n/cases/1/notes"
    assert with_addresses(text, "https://a.cn").split("\n")[1:] == [
        "https://a.cn/tasks/39", "//example.org/tasks/1", "/tasks/1?x", "/cases/1/notes",
    ]  # fmt: skip
    for page in (
        "/ballots/2",
        "/sittings/3",
        "/cases/4",
        "/cases/4/rating",
        "/tasks/asked",
        "/registrations",
        "/inbox",
        "/cases",
    ):
        assert with_addresses(f"请办理。\n{page}", "https://a.cn") == f"请办理。\nhttps://a.cn{page}"
    assert with_addresses(text, "") == text


def test_lines_of_a_list_are_parted_in_a_message() -> None:
    lines = ["拟提请审批的获奖组织如下：", "1．湖滨机械有限公司", "2．湖畔乳业有限公司", "依据：《办法》第九条。"]
    assert get_document_opening({"paragraphs": lines}) == (
        "拟提请审批的获奖组织如下：1．湖滨机械有限公司；2．湖畔乳业有限公司；依据：《办法》第九条。"
    )
