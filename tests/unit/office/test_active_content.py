"""Files that do something by themselves when they are opened are told from those that hold words, charts and links."""

import io
import zipfile
import zlib

import pytest

from service.casework.simulate.stage.typed_values import sample_pdf
from service.domain.files.active_content import Active
from service.domain.files.uploads import UploadRefused, check_upload
from service.office import Sandbox
from service.office.active_office import active_in_office
from service.office.active_pdf import active_in_pdf, fault_of_pdf

RELATIONS = "word/_rels/document.xml.rels"


def office(**more: str | bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, inside in {"[Content_Types].xml": "<Types/>", "word/document.xml": "<d/>", **more}.items():
            archive.writestr(name, inside)
    return held.getvalue()


def related(kind: str, target: str, encoding: str = "utf-8") -> bytes:
    """A Word file with a relationship to what lies outside of it."""
    xml = f'<?xml version="1.0" encoding="{encoding}"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    xml += f'<Relationship Id="r1" Type="http://x/relationships/{kind}" TargetMode="External" Target="{target}"/></Relationships>'
    return office(**{RELATIONS: xml.encode(encoding)})


XL = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
BEGIN = '<w:fldChar w:fldCharType="begin"/>'


def said(fields: str) -> bytes:
    """A Word file whose text holds ``fields``."""
    head = '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:p>'
    return office(**{"word/document.xml": f"{head}{fields}</w:p></w:document>"})


def pdf(inside: bytes, more: bytes = b"") -> bytes:
    """A PDF of one empty page whose catalogue holds ``inside``."""
    parts = (
        b"1 0 obj<</Type/Catalog/Pages 2 0 R" + inside + b">>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
    )
    page = b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj\n"
    return b"%PDF-1.7\n" + b"".join(parts) + page + more + b"trailer<</Root 1 0 R>>\n%%EOF"


def compressed(inside: bytes, kind: bytes = b"/ObjStm") -> bytes:
    return pdf(
        b"",
        b"9 0 obj<</Type" + kind + b"/N 1/First 4/Filter/FlateDecode>>stream\r\n" + inside + b"\nendstream\nendobj\n",
    )


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (office(), None),
        (office(**{"word/vbaProject.bin": b"x"}), Active.MACROS),
        (office(**{"word/embeddings/oleObject1.bin": b"x"}), Active.OBJECT),
        (office(**{"word/embeddings/a.exe": b"MZ"}), Active.OBJECT),
        (office(**{"word/embeddings/note.rtf": b"x"}), Active.EMBEDDED),
        (office(**{"word/activeX/activeX1.xml": b"x"}), Active.CONTROL),
        (office(**{"xl/printerSettings/printerSettings1.bin": b"x"}), None),
        (office(**{"word/embeddings/chart.xlsx": office()}), None),
        (office(**{"word/embeddings/chart.xlsx": office(**{"xl/vbaProject.bin": b"x"})}), Active.MACROS),
        (office(**{RELATIONS: b"<broken"}), Active.UNREADABLE),
        (related("attachedTemplate", "https://elsewhere.example/a.dotm"), Active.TEMPLATE),
        (related("attachedTemplate", "https://elsewhere.example/a.dotm", "utf-16"), Active.TEMPLATE),
        (related("attachedTemplate", "file:///%5C%5Chost%5Cshare%5Ca.dotm"), Active.TEMPLATE),
        (related("attachedTemplate", r"file:///C:\Users\li\Templates\公文.dotx"), None),
        (related("image", r"\\host\share\a.png"), Active.LINKED),
        (related("oleObject", "mhtml:https://elsewhere.example"), Active.OBJECT),
        (related("hyperlink", "https://elsewhere.example"), None),
        (b"PK\x03\x04 no archive", None),
        (said('<w:fldSimple w:instr="DDEAUTO c:\\windows\\cmd.exe &quot;/k calc&quot;"/>'), Active.LAUNCH),
        (said(BEGIN + "<w:instrText> DD</w:instrText><w:instrText>E excel x</w:instrText>"), Active.LAUNCH),
        (said(BEGIN + "<w:instrText>IF 1=1 </w:instrText>" + BEGIN + "<w:instrText>dde x</w:instrText>"), Active.LAUNCH),
        (said(BEGIN + "<w:instrText>QUOTE 68 68 69 65</w:instrText>"), Active.LAUNCH),
        (said(BEGIN + '<w:instrText>HYPERLINK "https://a.cn/dde"</w:instrText>'), None),
        (said(BEGIN + "<w:instrText>PAGE</w:instrText>"), None),
        (office(**{"xl/worksheets/sheet1.xml": f"<s {XL}><c><f>cmd|'/c calc'!A1</f></c></s>"}), Active.LAUNCH),
        (office(**{"xl/worksheets/sheet1.xml": f'<s {XL}><c><f>"a|b"&amp;A1</f></c></s>'}), None),
        (office(**{"xl/worksheets/sheet1.xml": f"<s {XL}><c><f>SUM('甲|乙'!A1)</f></c></s>"}), None),
        (office(**{"xl/other.dat": f"<d {XL}><ddeLink ddeService='cmd' ddeTopic='x'/></d>".encode("utf-16")}), Active.LAUNCH),
        (office(**{"xl/workbook.xml": f"<w {XL}><definedName>cmd|'/c'!A1</definedName></w>"}), Active.LAUNCH),
    ],
)  # fmt: skip
def test_an_office_file_is_known_by_what_it_would_do(content: bytes, found: Active | None) -> None:
    assert active_in_office(content) is found


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (pdf(b""), None),
        (pdf(b"/OpenAction[3 0 R/Fit]"), None),
        (pdf(b"/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"), Active.SCRIPT),
        (pdf(b"/OpenAction<</S/J#61vaScript/JS(1)>>"), Active.SCRIPT),
        (pdf(b"/OpenAction<</S /Launch/F(cmd.exe)>>"), Active.LAUNCH),
        (pdf(b"/Names<</EmbeddedFiles<</Names[]>>>>"), Active.EMBEDDED),
        (compressed(zlib.compress(b"1 0 <</S/Launch/F(a)>>")), Active.LAUNCH),
        (compressed(zlib.compress(b"1 0 <</S/Launch/F(a)>>"), b"/Obj#53tm"), Active.LAUNCH),
        (compressed(zlib.compress(b"1 0 <</A 1>>")), None),
        (compressed(b"nothing that inflates"), Active.UNREADABLE),
        (b"%PDF-1.7\ncut short", None),
    ],
)  # fmt: skip
def test_a_pdf_is_known_by_what_it_would_do(content: bytes, found: Active | None) -> None:
    assert active_in_pdf(content) is found


def test_the_children_find_it_and_the_sender_reads_which() -> None:
    for sandbox, name, content, says in (
        (Sandbox(), "a.docx", related("attachedTemplate", "https://elsewhere.example/a.dotm"), "引用了别处的模板"),
        (Sandbox(), "a.pdf", pdf(b"/OpenAction<</S/JavaScript/JS(1)>>"), "含有脚本"),
    ):
        with pytest.raises(UploadRefused, match=says):
            check_upload(name, content, max_bytes=10_000, accept=(".docx", ".pdf"), inspection=sandbox.active)
        sandbox.close()


@pytest.mark.parametrize(
    ("content", "fault"),
    [(b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n", "damaged"), (b"%PDF-", "damaged"), (sample_pdf(), None)],
)
def test_a_pdf_that_no_reader_opens_is_called_so(content: bytes, fault: str | None) -> None:
    assert fault_of_pdf(content) == fault
