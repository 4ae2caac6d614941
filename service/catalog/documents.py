"""Templates of documents and mails (documents/*.yaml)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from service.catalog.source.fields import Fields
from service.catalog.source.yaml import YamlList, YamlMap
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Repeated:
    """A paragraph for each item of the list that FEEL ``each`` gives, under the name ``item``."""

    each: str
    item: str
    text: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: its heading, and the text of its cells."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Tabled:
    """A table with a row for each item of the list that FEEL ``each`` gives, under the name ``item``.

    Instead of ``columns`` FEEL ``heads`` may give the headings, which then are the keys of every item.
    """

    each: str
    item: str
    columns: tuple[Column, ...]
    heads: str = ""


Paragraph: TypeAlias = str | Repeated | Tabled
"""A text with FEEL in braces, such a text repeated over a list, or a table over one."""

BUNDLED_LAYOUTS = ("official", "certificate")
"""Layouts that need no file: GB/T 9704-2012, and a certificate."""


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """The text of a document; every text may hold FEEL in braces over the record scope.

    ``copies`` (抄送) and ``attachments`` (附件) are lists of such texts. ``head`` is the red name of the authority
    (发文机关标志), the signature where it is empty. ``layout`` names how it is set: a bundled layout or
    the package's own ``documents/<layout>.docx`` and ``.typ``.
    """

    id: str
    title: str
    number: str
    addressee: str
    paragraphs: tuple[Paragraph, ...]
    signature: str
    clauses: tuple[str, ...]
    file: str
    copies: tuple[str, ...] = ()
    attachments: tuple[str, ...] = ()
    head: str = ""
    layout: str = "official"

    def texts(self) -> tuple[str, ...]:
        """Return every text of the template that may hold FEEL."""
        return tuple(
            text
            for text in (
                self.title,
                self.number,
                self.addressee,
                self.signature,
                self.head,
                *(text for paragraph in self.paragraphs for text in _texts(paragraph)),
                *self.copies,
                *self.attachments,
            )
            if text
        )


def _texts(paragraph: Paragraph) -> tuple[str, ...]:
    if isinstance(paragraph, Tabled):
        return tuple(column.text for column in paragraph.columns)
    return (paragraph if isinstance(paragraph, str) else paragraph.text,)


def read_document(fields: Fields, stem: str) -> DocumentTemplate:
    """Read one template; its id is the file's name."""
    ident = fields.text("id", stem)
    if ident != stem:
        message = Text(f"id“{ident}”与文件名“{stem}”不同。", f"Id “{ident}” differs from the file's name “{stem}”.")
        fields.problem("id", "file_name", message, Text(f"改为“{stem}”。", f"Change it to “{stem}”."))
    template = DocumentTemplate(
        stem,
        fields.text("title"),
        fields.text("number", ""),
        fields.text("addressee", ""),
        tuple(_paragraphs(fields)),
        fields.text("signature", ""),
        fields.texts("clauses"),
        fields.file,
        fields.texts("copies"),
        fields.texts("attachments"),
        fields.text("head", ""),
        fields.text("layout", "official"),
    )
    fields.done()
    return template


def _paragraphs(fields: Fields) -> list[Paragraph]:
    found = fields.raw("paragraphs")
    if found is None:
        fields.text("paragraphs")  # reports that it is missing
        return []
    items = found.items if isinstance(found, YamlList) else (found,)
    result: list[Paragraph] = []
    for index, item in enumerate(items):
        if isinstance(item, YamlMap):
            result.append(_repeated(Fields(item, fields.file, fields.report, f"paragraphs[{index + 1}]")))
        else:
            result.append("" if item is None or isinstance(item, YamlList) else str(item))
    return result


def _repeated(fields: Fields) -> Repeated | Tabled:
    columns = fields.raw("columns")
    if isinstance(columns, YamlList):
        return _tabled(fields, columns)
    if columns is not None:
        tabled = Tabled(fields.text("each"), fields.text("as", "item"), (), fields.text("columns"))
        fields.done()
        return tabled
    repeated = Repeated(fields.text("each"), fields.text("as", "item"), fields.text("text"))
    fields.done()
    return repeated


def _tabled(fields: Fields, columns: YamlList) -> Tabled:
    read: list[Column] = []
    for index, item in enumerate(columns.items):
        if isinstance(item, YamlMap):
            column = Fields(item, fields.file, fields.report, f"{fields.path('columns')}[{index + 1}]")
            read.append(Column(column.text("title"), column.text("text")))
            column.done()
    tabled = Tabled(fields.text("each"), fields.text("as", "item"), tuple(read))
    fields.done()
    return tabled
