import io

from docx import Document

from service.casework.docx import render_docx

CONTENT = {
    "title": "关于授予质量奖的决定", "number": "示政发〔2026〕1号", "addressee": "各有关单位", "paragraphs": ["决定如下。"],
    "signature": "示例市人民政府", "date": "2026-03-10", "attachments": ["名单", "说明"], "copies": ["市委", "有关部门"],
}  # fmt: skip


def lines(**changes: object) -> list[str]:
    document = Document(io.BytesIO(render_docx({**CONTENT, **changes})))
    return [p.text for p in document.paragraphs if p.text]


def test_attachments_seal_and_copies_stand_where_the_standard_puts_them() -> None:
    assert lines() == [
        "关于授予质量奖的决定", "示政发〔2026〕1号", "各有关单位：", "决定如下。", "附件：1. 名单", "　　　2. 说明",
        "示例市人民政府", "2026年3月10日　　　　", "（印章）　　　　", "　抄送：市委，有关部门。",
    ]  # fmt: skip


def test_one_attachment_has_no_number_and_nothing_is_copied_to_nobody() -> None:
    found = lines(attachments=["名单"], copies=[])
    assert "附件：名单" in found
    assert not any("抄送" in line for line in found)


def test_the_same_content_gives_the_same_bytes() -> None:
    assert render_docx(CONTENT) == render_docx(dict(CONTENT))
