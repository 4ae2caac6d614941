"""Plain HTML posts and files."""

from __future__ import annotations

import io
import zipfile

import pytest
from werkzeug.datastructures import MultiDict

from service.domain.files.uploads import FileKind, UploadRefused, check_name, check_upload
from service.domain.forms import Form, compile_form

from .conftest import TODAY

POST = [
    ("org.name", "某某"),
    ("org.credit_code", "91370100MA3ABCDE1X"),
    ("org.kind", "svc"),
    ("org.founded", "2001-05-06"),
    ("org.email", ""),
    ("org.phone", "13800000000"),
    ("org.applied_before", "no"),
    ("org.certs", "q"),
    ("org.certs", "e"),
    ("_count.finance", "2"),
    ("finance.0.year", "2024"),
    ("finance.0.revenue", "1000"),
    ("finance.0.profit", "100"),
    ("finance.1.year", "2025"),
    ("finance.1.revenue", "2000"),
    ("finance.1.profit", "100"),
    ("licence", "a1"),
    ("promise", "true"),
]


def test_a_posted_form_passes_the_check(form: Form) -> None:
    submission = form.from_html(MultiDict(POST), lambda ident: {"id": ident, "name": "x.pdf", "size": 3})
    assert submission["licence"] == [{"id": "a1", "name": "x.pdf", "size": 3}]
    result = form.check(submission, today=TODAY)
    assert result.errors == []
    assert result.values["org"]["certs"] == ["q", "e"]
    assert result.values["revenue_total"] == 3000
    assert not form.is_edit(MultiDict(POST))


def test_buttons_add_and_remove_rows_and_files(form: Form) -> None:
    added = MultiDict([*POST, ("_add", "finance")])
    assert form.is_edit(added)
    assert form.changes_rows(added)
    values = form.from_html(added)
    assert values["finance"][2] == {}
    assert form.added_row(values, added) == "finance.2"
    removed = form.from_html(MultiDict([*POST, ("_remove", "finance.0"), ("_remove", "licence.0")]))
    assert [row["year"] for row in removed["finance"]] == ["2025"]
    assert removed["licence"] == []


def test_browser_times_are_times_in_china() -> None:
    form = compile_form(
        {
            "id": "f",
            "components": [
                {"id": "a", "type": "datetime", "key": "a", "subtype": "datetime"},
                {
                    "id": "b",
                    "type": "datetime",
                    "key": "b",
                    "subtype": "datetime",
                    "timeSerializingFormat": "utc_normalized",
                },
                {"id": "c", "type": "datetime", "key": "c", "subtype": "time"},
            ],
        }
    )
    posted = MultiDict([("a", "2026/5/26 9:30"), ("b", "2026-05-26T09:30"), ("c", "9：30")])
    assert form.check(form.from_html(posted), today=TODAY).values == {
        "a": "2026-05-26T09:30+08:00",
        "b": "2026-05-26T01:30Z",
        "c": "09:30+08:00",
    }


def test_a_file_of_somebody_else_is_not_taken(form: Form) -> None:
    submission = form.from_html(MultiDict([("licence", "stolen")]), lambda _: None)
    found = {error.path: error.text.zh for error in form.check(submission, today=TODAY).errors}
    assert "附件信息不完整" in found["licence"]


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
        ("a.rar", b"Rar!", "不在接受之列，请上传 PDF、JPG、PNG、DOCX、XLSX、ZIP。"),
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
    with pytest.raises(UploadRefused, match="请上传 PDF"):
        check("a.png", PNG, accept=(".pdf",))


def test_folders_in_names_are_dropped() -> None:
    assert check_name("../../etc/报告.pdf") == "报告.pdf"
