"""The text of a document, filled from its template and frozen."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.casework.jsonable import jsonable
from service.casework.step import Step
from service.catalog import DocumentTemplate, Repeated


def compose(step: Step, source: DocumentTemplate, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document as JSON.

    Its keys: title, number, addressee, paragraphs, signature, copies, attachments (lists of text), date.
    A paragraph of the template is text with FEEL in braces (left out where it comes out empty), or one
    for every item of a FEEL list, which may also use its ``index`` from 1.
    """
    return {
        "title": step.text(source.title, extra),
        "number": extra.get("document_number"),
        "addressee": step.text(source.addressee or "", extra),
        "paragraphs": [text for item in source.paragraphs for text in _paragraph(step, item, extra) if text],
        "signature": step.text(source.signature or "", extra),
        "copies": [text for item in source.copies if (text := step.text(item, extra))],
        "attachments": [text for item in source.attachments if (text := step.text(item, extra))],
        "date": step.today.isoformat(),
    }


def _paragraph(step: Step, item: str | Repeated, extra: Mapping[str, Any]) -> list[str]:
    if isinstance(item, str):
        return [step.text(item, extra)]
    rows = jsonable(step.evaluate(item.each, extra)) or []
    return [step.text(item.text, {**extra, item.item: row, "index": n}) for n, row in enumerate(rows, 1)]
