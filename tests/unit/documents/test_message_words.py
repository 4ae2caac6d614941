"""What a message that brings a document says: what to do and by when, how the document begins."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.casework.desk.channels import with_addresses
from service.casework.documents.message_words import message_words, opening
from service.store.rows import DocumentRow, TaskRow

NOW = datetime(2026, 3, 10, 2, tzinfo=UTC)
TOLD = "经审核，你单位的申报材料符合条件，现予受理，请关注评审进展。"
WHERE = "全文见《补正通知书》（补正〔2026〕1号），也可在系统“办件—文书”中查看。"


def letter(*paragraphs: object) -> DocumentRow:
    content = {"number": "补正〔2026〕1号", "paragraphs": list(paragraphs)}
    return DocumentRow(
        jurisdiction="a", case_id=1, template="t", title="补正通知书", content=content, recipients=["x"], issued_at=NOW
    )


def task(**more: object) -> TaskRow:
    common = {"case_id": 1, "engine_id": "e", "process_id": "p", "element": "e", "jurisdiction": "a", "role": "x"}
    return TaskRow(id=39, title="补正申报材料", subject="甲公司", created_at=NOW, **common | more)  # type: ignore[arg-type]


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
    assert opening({"paragraphs": paragraphs}) == ("".join(map(str, paragraphs[:2])) if begins is None else begins)


def test_a_reader_who_holds_a_task_is_told_what_and_by_when_and_where() -> None:
    due = task(due_at=datetime(2026, 3, 26, 16, tzinfo=UTC), due_reason={"last_day": "2026-03-26", "provisional": True})
    assert message_words(letter(TOLD), [due], "需要补正的内容：\n1. 证书：缺。").split("\n") == [
        "请办理“补正申报材料”，最迟2026年3月26日（暂定）提交。", "需要补正的内容：", "1. 证书：缺。", WHERE, "/tasks/39",
    ]  # fmt: skip
    assert message_words(letter(TOLD), [task()], "").startswith("请办理“补正申报材料”。\n")


def test_a_reader_with_nothing_to_do_is_told_what_the_document_says() -> None:
    assert message_words(letter(TOLD), [], "") == f"{TOLD}\n{WHERE}"


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
        "/tasks/signs",
        "/registrations",
        "/inbox",
        "/cases",
    ):
        assert with_addresses(f"请办理。\n{page}", "https://a.cn") == f"请办理。\nhttps://a.cn{page}"
    assert with_addresses(text, "") == text
