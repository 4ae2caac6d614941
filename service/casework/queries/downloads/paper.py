"""What pages show as a document on paper: the layout of official documents, as .docx or PDF, made when asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from service.casework.desk.desk import Desk
from service.casework.documents.produce_document import NoPrinter
from service.casework.queries.downloads.files import DOCX, PDF, Download
from service.domain.errors import NotFound
from service.domain.text import Text
from service.office.word import OwnLayout, render_docx

WORD, PRINTED = "docx", "pdf"
KINDS: Mapping[str, str] = {WORD: DOCX, PRINTED: PDF}
"""Media types by kind of file."""

Paragraphs = Sequence[str | Mapping[str, Any]]
"""Texts, and tables ({head, rows})."""


def as_file(desk: Desk, title: str, paragraphs: Paragraphs, day: date, kind: str) -> Download:
    """Return a paper with ``title`` over numbered pages as ``kind`` (docx, pdf), dated ``day``; it is no issued document.

    So it has neither the red head of an authority nor the place of a seal.

    Raises:
        NotFound: there is no such kind.
        NoPrinter, NoChineseFont, NotPrintable: no PDF can be made here, and why.
    """
    if kind not in KINDS:
        raise NotFound(
            Text("没有这种文件，可下载 docx 或 pdf。", "There is no such file: it is offered as docx and pdf.")
        )
    content = {"layout": "official", "title": title, "paragraphs": list(paragraphs), "date": day.isoformat()}
    data = set_as(kind, content, desk)
    return Download(f"{title}.{kind}", KINDS[kind], len(data), io.BytesIO(data))


def set_as(kind: str, content: Mapping[str, Any], desk: Desk, layout: bytes | None = None) -> bytes:
    """Return a composed document as ``kind``, in ``layout`` of a place or in the program's; raises as `as_file`."""
    if kind == WORD:
        return render_docx(content, OwnLayout(layout, desk.sandbox) if layout is not None else None)
    if desk.printer is None:
        raise NoPrinter(Text("此处不生成 PDF，请下载 Word 文件。", "No PDF is made here: download the Word file."))
    return desk.printer.print(content, layout)
