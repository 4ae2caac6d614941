from __future__ import annotations

import io
import zipfile

import pytest

from service.domain.files.uploads import FileKind, UploadRefused, check_name, check_upload

PDF = b"%PDF-1.7\n%\xe2\xe3"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 20
EVERY = (".pdf", ".jpg", ".jpeg", ".png", ".docx", ".xlsx", ".zip")


def zipped(*names: str, content: bytes = b"x") -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, content)
    return held.getvalue()


DOCX = zipped("[Content_Types].xml", "word/document.xml")
XLSX = zipped("[Content_Types].xml", "xl/workbook.xml")


def check(name: str, content: bytes, accept: tuple[str, ...] = EVERY, max_bytes: int = 1024 * 1024) -> FileKind:
    return check_upload(name, content, max_bytes=max_bytes, accept=accept)


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("自评报告（终稿）.pdf", PDF, FileKind.PDF),
        ("照片.JPG", JPEG, FileKind.JPEG),
        ("照片.jpeg", JPEG, FileKind.JPEG),
        ("执照.png", PNG, FileKind.PNG),
        ("报告.v2.docx", DOCX, FileKind.DOCX),
        ("数据.xlsx", XLSX, FileKind.XLSX),
        ("材料.zip", zipped("a.txt"), FileKind.ZIP),
        (r"C:\Users\me\报告.pdf", PDF, FileKind.PDF),
    ],
)
def test_a_file_that_is_what_it_says_is_taken(name: str, content: bytes, kind: FileKind) -> None:
    assert check(name, content) is kind


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("a.pdf", b"", "是空的"),
        ("a.pdf", PDF + b"0" * 2_000_000, "超过上限 1.0 MB"),
        ("a.pdf", b"MZ\x90\x00", "不是有效的 .pdf 文件"),
        ("a.pdf", PNG, "与扩展名 .pdf 不符"),
        ("a.docx", zipped("a.txt"), "与扩展名 .docx 不符"),
        ("a.docx", zipped("[Content_Types].xml", "word/document.xml", "word/vbaProject.bin"), "不是有效的"),
        ("a.docx", DOCX[:40], "不是有效的"),
        ("a.rar", b"Rar!", "不在接受之列"),
        ("a", PDF, "不在接受之列"),
        ("a.exe.pdf", PDF, "可执行"),
        ("a.pdf.exe", PDF, "可执行"),
        ("con.pdf", PDF, "可执行"),
        ("", PDF, "没有可用的文件名"),
        (".pdf", PDF, "没有可用的文件名"),
        ("a.pdf.", PDF, "没有可用的文件名"),
        ("a\u202efdp.exe.pdf", PDF, "特殊字符"),
        ("a\x00.pdf", PDF, "特殊字符"),
        ("a<b>.pdf", PDF, "特殊字符"),
        ("字" * 200 + ".pdf", PDF, "超过 150 个字"),
    ],
    ids=lambda value: value if isinstance(value, str) else f"{len(value)} bytes",
)
def test_a_refusal_says_why_and_what_to_do(name: str, content: bytes, says: str) -> None:
    with pytest.raises(UploadRefused) as refusal:
        check(name, content)
    assert says in refusal.value.message.zh
    assert refusal.value.message.en


def test_an_archive_that_would_unpack_to_too_much_is_refused() -> None:
    """Made here, not in the list above: that is read by every process which only collects tests."""
    with pytest.raises(UploadRefused) as refusal:
        check("a.zip", zipped("bomb", content=b"0" * (513 * 1024 * 1024)))
    assert "不是有效的" in refusal.value.message.zh
    assert refusal.value.message.en


def test_only_the_kinds_of_the_field_are_taken() -> None:
    with pytest.raises(UploadRefused, match=r"\.pdf"):
        check("a.png", PNG, accept=(".pdf",))


def test_folders_in_names_are_dropped() -> None:
    assert check_name("../../etc/报告.pdf") == "报告.pdf"
