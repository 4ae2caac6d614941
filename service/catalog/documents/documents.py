"""Templates of documents and mails (documents/*.yaml)."""

from __future__ import annotations

from collections.abc import Iterator
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
class TableColumn:
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
    columns: tuple[TableColumn, ...]
    heads: str = ""


@dataclass(frozen=True, slots=True)
class Included:
    """The paragraphs of another template, which say the same in several documents."""

    template: str


Paragraph: TypeAlias = str | Repeated | Tabled | Included
"""A text with FEEL in braces, such a text repeated over a list, a table over one, or what another template says."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """An enclosure of a document, on pages of its own after it; one of these keys says what it holds.

    ``paragraphs`` of its own; ``form``, set as a blank form to be filled in by hand; ``document``, the last one issued
    by that template in the case, or, with ``of``, in the ``case`` of each row that this FEEL gives; ``files``, FEEL for
    rows whose ``case`` sent files: a list of them, each with its hash.
    """

    name: str
    paragraphs: tuple[Paragraph, ...] = ()
    form: str = ""
    document: str = ""
    of: str = ""
    files: str = ""


BUNDLED_LAYOUTS = ("official", "certificate")
"""Layouts that need no file: GB/T 9704-2012, and a certificate."""


@dataclass(frozen=True, slots=True)
class DocumentTemplate:
    """The text of a document; every text may hold FEEL in braces over the record scope.

    ``copies`` (抄送) and ``note`` (附注, in brackets below the date) are lists of such texts; ``signer`` is who signs a
    request to a higher authority (签发人). ``head`` is the red name of the authority (发文机关标志), the signature where
    it is empty. A ``number`` without ``{sequence}`` is one entered by hand. ``layout`` names how it is set: a bundled layout or
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
    attachments: tuple[Attachment, ...] = ()
    head: str = ""
    layout: str = "official"
    signer: str = ""
    note: tuple[str, ...] = ()

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
                self.signer,
                *(text for paragraph in self.all_paragraphs() for text in _list_texts(paragraph)),
                *self.copies,
                *self.note,
                *(attachment.name for attachment in self.attachments),
            )
            if text
        )

    def all_paragraphs(self) -> tuple[Paragraph, ...]:
        """Return the paragraphs of the document and of what is attached to it."""
        return (*self.paragraphs, *(p for attachment in self.attachments for p in attachment.paragraphs))

    def included(self) -> tuple[str, ...]:
        """Return the templates whose paragraphs stand in this one."""
        return tuple(p.template for p in self.all_paragraphs() if isinstance(p, Included))


def _list_texts(paragraph: Paragraph) -> tuple[str, ...]:
    if isinstance(paragraph, Included):
        return ()
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
        tuple(_read_paragraphs(fields)),
        fields.text("signature", ""),
        fields.texts("clauses"),
        fields.file,
        fields.texts("copies"),
        tuple(_iterate_attachments(fields)),
        fields.text("head", ""),
        fields.text("layout", "official"),
        fields.text("signer", ""),
        fields.texts("note"),
    )
    fields.done()
    return template


def _iterate_attachments(fields: Fields) -> Iterator[Attachment]:
    """Yield what is attached; a bare name is reported: nothing would be attached."""
    raw_attachments = fields.raw("attachments")
    for index, item in enumerate(
        raw_attachments.items
        if isinstance(raw_attachments, YamlList)
        else ()
        if raw_attachments is None
        else (raw_attachments,),
        1,
    ):
        if not isinstance(item, YamlMap):
            message = Text(f"附件“{item}”只有名称，没有内容。", f"Attachment “{item}” is a name without content.")
            remedy = Text(
                "写成 {name: 名称, form: 表单} 或 document: 文书、files: FEEL、paragraphs: […]。",
                "Write {name: …, form: …} or document: …, files: FEEL, paragraphs: […].",
            )
            fields.problem(f"attachments[{index}]", "empty_attachment", message, remedy)
            continue
        row = Fields(item, fields.file, fields.report, f"attachments[{index}]")
        paragraphs = tuple(_read_paragraphs(row)) if row.has("paragraphs") else ()
        attachment = Attachment(
            row.text("name"),
            paragraphs,
            row.text("form", ""),
            row.text("document", ""),
            row.text("of", ""),
            row.text("files", ""),
        )
        row.done()
        holds = [part for part in (paragraphs, attachment.form, attachment.document, attachment.files) if part]
        if len(holds) != 1:
            message = Text(
                f"附件“{attachment.name}”须写明一种内容。", f"Attachment “{attachment.name}” needs exactly one content."
            )
            remedy = Text(
                "写 form、document、files、paragraphs 之一。", "Write one of form, document, files and paragraphs."
            )
            row.problem("name", "empty_attachment", message, remedy)
        yield attachment


def _read_paragraphs(fields: Fields) -> list[Paragraph]:
    raw_paragraphs = fields.raw("paragraphs")
    if raw_paragraphs is None:
        fields.text("paragraphs")  # reports that it is missing
        return []
    items = raw_paragraphs.items if isinstance(raw_paragraphs, YamlList) else (raw_paragraphs,)
    result: list[Paragraph] = []
    for index, item in enumerate(items):
        if isinstance(item, YamlMap):
            where = f"{fields.path('paragraphs')}[{index + 1}]"
            result.append(_read_structured(Fields(item, fields.file, fields.report, where)))
        else:
            result.append("" if item is None or isinstance(item, YamlList) else str(item))
    return result


def _read_structured(fields: Fields) -> Included | Repeated | Tabled:
    if fields.has("include"):
        included = Included(fields.text("include"))
        fields.done()
        return included
    columns = fields.raw("columns")
    if isinstance(columns, YamlList):
        return _read_tabled(fields, columns)
    if columns is not None:
        tabled = Tabled(fields.text("each"), fields.text("as", "item"), (), fields.text("columns"))
        fields.done()
        return tabled
    repeated = Repeated(fields.text("each"), fields.text("as", "item"), fields.text("text"))
    fields.done()
    return repeated


def _read_tabled(fields: Fields, columns: YamlList) -> Tabled:
    read: list[TableColumn] = []
    for index, item in enumerate(columns.items):
        if isinstance(item, YamlMap):
            column = Fields(item, fields.file, fields.report, f"{fields.path('columns')}[{index + 1}]")
            read.append(TableColumn(column.text("title"), column.text("text")))
            column.done()
    tabled = Tabled(fields.text("each"), fields.text("as", "item"), tuple(read))
    fields.done()
    return tabled
