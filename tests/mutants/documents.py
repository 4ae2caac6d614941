"""Mutants of documents that cite: a line that carries data left out, another signer, number, addressee or title."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from service.catalog.documents.documents import DocumentTemplate, Included, Paragraph, Repeated, Tabled
from service.catalog.package import Package
from service.catalog.pieces.piece_kinds import document_name
from service.domain.text import Text
from tests.mutants.mutant import Edit, Mutant, MutatedPiece

_HEADS = (
    ("signature", "署名", "signature"),
    ("number", "文号", "number"),
    ("addressee", "主送", "addressee"),
    ("title", "标题", "title"),
)


def mutants_of_documents(package: Package) -> Iterator[Mutant]:
    """Yield the mutants of the templates that cite a clause."""
    for template in package.documents.values():
        for what, told, edit in _of_document(template, document_name(package, template.id)) if template.clauses else ():
            yield Mutant(
                f"documents/{template.id} {what}",
                template.clauses,
                told,
                MutatedPiece.TEMPLATE,
                template.id,
                edit,
                neutral=True,
                document=template.id,
                words=(template.id,),
            )


def _of_document(template: DocumentTemplate, title: str) -> Iterator[tuple[str, Text, Edit]]:
    for paragraph in template.paragraphs:
        if not isinstance(paragraph, str) or "{" in paragraph:
            words = _begins(paragraph)
            told = Text(f"文书“{title}”删去一段：{words[:60]}", f"document “{title}” without a paragraph: {words[:60]}")
            yield f"line “{words[:14]}”", told, _without(paragraph)
    for key, zh, en in _HEADS:
        if was := getattr(template, key):
            told = Text(f"文书“{title}”的{zh}改写：{was[:60]}", f"{en} of document “{title}” rewritten: {was[:60]}")
            yield key, told, _with_text(key, "（已改）")
    if template.copies:
        to = "、".join(template.copies)
        told = Text(f"文书“{title}”不再抄送：{to}", f"document “{title}” no longer copied to: {to}")
        yield "copies", told, _with_text("copies", ())


def _begins(paragraph: Paragraph) -> str:
    if isinstance(paragraph, Repeated):
        return paragraph.text
    if isinstance(paragraph, Included):
        return f"共用段落：{paragraph.template}"
    return f"表：{paragraph.each}" if isinstance(paragraph, Tabled) else paragraph


def _without(paragraph: Paragraph) -> Edit:
    return lambda template: replace(template, paragraphs=tuple(p for p in template.paragraphs if p is not paragraph))


def _with_text(key: str, value: Any) -> Edit:
    return lambda template: replace(template, **{key: value})
