"""Read the text of a document that people wrote: .docx, a PDF with a text layer, plain text.

Paragraphs are lines; pages of a PDF end with a form feed.
"""

from __future__ import annotations

import codecs
import io
from zipfile import BadZipFile

import pypdfium2
from docx import Document
from docx.opc.exceptions import PackageNotFoundError

from service.domain.errors import Invalid
from service.domain.files.uploads import FileKind, kind_of_content
from service.domain.text import Text
from service.office.protocol import Prose
from service.office.word_text import WordText

MAX_BYTES = 10 * 1024 * 1024
MAX_PAGES = 300
_FEWEST_CHARACTERS = 20
"""Characters of a page on average: with fewer the pages are pictures."""
_OLD_OFFICE = b"\xd0\xcf\x11\xe0"
_ENCODINGS = ("utf-8-sig", "gb18030")


def read_prose(name: str, content: bytes) -> Prose:
    """Return the text of a file; raises Invalid with what to do instead for every file that has none to read."""
    if len(content) > MAX_BYTES:
        raise Invalid(
            Text("文件超过10兆字节，请只上传法规正文。", "The file is larger than 10 MB: send the text alone.")
        )
    if content.startswith(_OLD_OFFICE) or name.lower().endswith((".doc", ".wps")):
        raise Invalid(
            Text(
                f"“{name}”是旧格式的文件，读不了。请用 WPS 或 Word 打开，另存为 .docx 后再上传，或者把正文粘贴进来。",
                f"“{name}” is of an old format: save it as .docx, or paste the text.",
            )
        )
    kind = kind_of_content(content)
    if kind is FileKind.PDF:
        return Prose(_of_pdf(name, content))
    if content.startswith(b"{\\rtf"):
        raise Invalid(
            Text(
                f"“{name}”是 RTF 文件，读不了。请用 WPS 或 Word 打开，另存为 .docx 后再上传，或者把正文粘贴进来。",
                f"“{name}” is an RTF file: save it as .docx, or paste the text.",
            )
        )
    if kind is not None or content.startswith(b"PK"):
        return _of_word(name, content)
    return Prose(_of_text(name, content))


def _of_pdf(name: str, content: bytes) -> str:
    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise _build_unreadable(name) from error
    if len(document) > MAX_PAGES:
        raise Invalid(
            Text(f"“{name}”超过{MAX_PAGES}页，请只上传法规正文。", f"“{name}” has more than {MAX_PAGES} pages.")
        )
    pages = [page.get_textpage().get_text_range() for page in document]
    if sum(len(page.strip()) for page in pages) < _FEWEST_CHARACTERS * len(pages):
        raise Invalid(
            Text(
                f"“{name}”是扫描件，里面只有图片、没有文字。请上传 .docx 或带文字的 PDF，或者把正文粘贴进来。",
                f"“{name}” is a scan: it holds pictures and no text. Send a .docx or a PDF with text, or paste the text.",
            )
        )
    return "\f".join(pages)


def _of_word(name: str, content: bytes) -> Prose:
    if kind_of_content(content) is not FileKind.DOCX:
        raise _build_unreadable(name)
    try:
        document = Document(io.BytesIO(content))
    except (BadZipFile, KeyError, ValueError, PackageNotFoundError) as error:
        raise _build_unreadable(name) from error
    word = WordText(document)
    return Prose("\n".join(word.lines()), tuple(sorted(word.remarks)), tuple(word.struck))


def _of_text(name: str, content: bytes) -> str:
    wide = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if wide else _ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise _build_unreadable(name)


def _build_unreadable(name: str) -> Invalid:
    return Invalid(
        Text(
            f"“{name}”打不开：不是 .docx、PDF 或纯文本，或者已经损坏。请另存为 .docx，或者把正文粘贴进来。",
            f"“{name}” cannot be opened: it is no .docx, PDF or plain text, or is damaged. Save it as .docx, or paste the text.",
        )
    )
