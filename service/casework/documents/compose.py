"""Compose the text of a document from its template."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Protocol

from service.casework.desk.jsonable import jsonable
from service.casework.documents.enclosures import enclosures
from service.casework.reading.contacts import lines_to_ask
from service.casework.step.fill import in_words
from service.casework.step.step import Step
from service.catalog import DocumentTemplate, Package, Tabled
from service.catalog.documents.documents import Included, Paragraph

POSTED = "posted"
"""Under this name the document of a notice knows what was posted."""

_ENDS = re.compile("[。；，：]+([。；])")


class Filling(Protocol):
    """What fills the text of a document: a running step, or what is kept of one."""

    @property
    def package(self) -> Package:
        """The package whose templates are included."""

    @property
    def today(self) -> date:
        """The day of issue."""

    def evaluate(self, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL over the record and ``extra``."""

    def text(self, template: str, extra: Mapping[str, Any] | None = None) -> str:
        """Fill FEEL in braces over the record and ``extra``."""


def compose(step: Step, source: DocumentTemplate, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with everything that is attached to it as JSON, as `written` has it."""
    signature = step.text(source.signature or "", extra)
    known = {**extra, "signature": signature}
    document = written(step, source, extra, list(enclosures(step, source.attachments, known, paragraphs_of)))
    if POSTED not in extra:
        return document
    asked = lines_to_ask(step.desk, step.tx, step.package, str(document["paragraphs"]))
    return document | {"note": [*document["note"], *asked]}


def written(
    step: Filling, source: DocumentTemplate, extra: Mapping[str, Any], attached: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the document as JSON, with what was ``attached``.

    Its keys: layout, head, title, number, addressee, paragraphs, signature, date; copies, note (lists of text);
    attachments ({name, paragraphs}); signer where the template has one.
    A paragraph of the template is text with FEEL in braces (left out where it comes out empty), one
    for every item of a FEEL list, which may also use its ``index`` from 1, a table over such a list, which
    becomes {head, rows}, or what an included template says. Paragraphs know the ``signature``.
    """
    signature = step.text(source.signature or "", extra)
    extra = {**extra, "signature": signature}
    signer = {"signer": step.text(source.signer, extra)} if source.signer else {}
    return signer | {
        "layout": source.layout,
        "head": step.text(source.head, extra) if source.head else "",
        "title": step.text(source.title, extra),
        "number": extra.get("document_number"),
        "addressee": step.text(source.addressee or "", extra),
        "paragraphs": paragraphs_of(step, source.paragraphs, extra),
        "signature": signature,
        "copies": [text for item in source.copies if (text := step.text(item, extra))],
        "note": [text for item in source.note if (text := step.text(item, extra))],
        "attachments": list(attached),
        "date": step.today.isoformat(),
    }


def paragraphs_of(step: Filling, source: tuple[Paragraph, ...], extra: Mapping[str, Any]) -> list[str | dict[str, Any]]:
    """Return paragraphs of a template filled in, those that come out empty left out."""
    return [text for item in source for text in _paragraph(step, item, extra) if text]


def _ended_once(text: str) -> str:
    """Return the text with one full stop where an inserted sentence brought its own: typed texts may end with one."""
    return _ENDS.sub(lambda found: found[1], text)


def _paragraph(step: Filling, item: Paragraph, extra: Mapping[str, Any]) -> list[str | dict[str, Any]]:
    if isinstance(item, Included):
        return paragraphs_of(step, step.package.document(item.template).paragraphs, extra)
    if isinstance(item, str):
        return [_ended_once(step.text(item, extra))]
    listed = jsonable(step.evaluate(item.each, extra)) or []
    scopes = [{**extra, item.item: row, "index": n} for n, row in enumerate(listed, 1)]
    if not isinstance(item, Tabled):
        return [_ended_once(step.text(item.text, scope)) for scope in scopes]
    if item.heads:
        heads = [str(h) for h in jsonable(step.evaluate(item.heads, extra)) or []]
        found = [[in_words(row.get(h)) for h in heads] for row in listed]
        return [{"head": ["序号", *heads], "rows": [[str(n), *r] for n, r in enumerate(found, 1)]}] if found else []
    rows = [[step.text(column.text, scope) for column in item.columns] for scope in scopes]
    return [{"head": [column.title for column in item.columns], "rows": rows}] if rows else []
