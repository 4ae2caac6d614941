"""Compose the text of a document from its template."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from service.casework.desk.jsonable import to_json_value
from service.casework.reading.contacts import lines_to_ask
from service.casework.step.fill import compiled, holes_in, in_words, require_list
from service.casework.step.step import Step
from service.catalog import DocumentTemplate, Package, Tabled
from service.catalog.documents.documents import Attachment, Included, Paragraph
from service.domain.errors import Invalid
from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows
from service.domain.text import Text

Written = list[str | dict[str, Any]]
_BLANK_ROWS = 3
_TO_CHOOSE = frozenset({InputType.RADIO, InputType.SELECT, InputType.CHECKLIST})


def iterate_enclosures(
    issue: _Issue, attachments: Sequence[Attachment], extra: Mapping[str, Any]
) -> Iterator[dict[str, Any]]:
    """Yield {name, paragraphs} of everything attached; what there is nothing of is not named."""
    for attachment in attachments:
        paragraphs = _compose_attachment(issue, attachment, extra)
        if paragraphs:
            yield {"name": issue.text(attachment.name, extra), "paragraphs": paragraphs}


def _compose_attachment(issue: _Issue, attachment: Attachment, extra: Mapping[str, Any]) -> Written:
    step = issue.step
    if attachment.form:
        return blank_form(step.desk.packages.form(step.package, attachment.form))
    if attachment.document:
        rows = to_json_value(step.evaluate(attachment.of, extra)) or [] if attachment.of else [{"case": step.case.id}]
        return [line for row in rows for line in _issued_before(step, attachment.document, row)]
    if attachment.files:
        return _list_sent_files(step, to_json_value(step.evaluate(attachment.files, extra)) or [])
    return paragraphs_of(issue, attachment.paragraphs, extra)


def _issued_before(step: Step, template: str, of: Mapping[str, Any]) -> Written:
    """Return the last document by ``template`` of the case of a row, with its number and who signed it when."""
    case = of.get("case")
    documents = (
        [d for d in step.tx.documents.select(case_id=int(case)) if d.template == template] if case is not None else []
    )
    if not documents:
        return []
    content = documents[-1].content
    head = "　".join(str(word) for word in (of.get("name"), content.get("number")) if word)
    signed = f"{content.get('signature') or ''}　{in_words(content['date'])}".strip()
    return [line for line in (head, *content["paragraphs"], signed) if line]


def _list_sent_files(step: Step, rows: Sequence[Mapping[str, Any]]) -> Written:
    """Return a list of the files that the cases of ``rows`` sent, as they lie in the store."""
    lines = [
        [str(row.get("name") or ""), upload.name, str(upload.size), upload.sha256]
        for row in rows
        if row.get("case") is not None
        for upload in step.tx.uploads.list_of_case(int(row["case"]))
        if upload.secret is None
    ]
    if not lines:
        return []
    numbered = [[str(n), *line] for n, line in enumerate(lines, 1)]
    return [{"head": ["序号", "报送者", "文件", "字节数", "SHA-256"], "rows": numbered}]


def blank_form(form: Form) -> Written:
    """Return a form as it is filled in by hand: tables of fields, their heading before each."""
    return list(_iterate_form_lines(form.nodes))


def _iterate_form_lines(nodes: Sequence[FormNode]) -> Iterator[str | dict[str, Any]]:
    fields: list[list[str]] = []
    for node in nodes:
        if isinstance(node, Input) and not node.unseen:
            fields.append([node.label.zh + ("（必填）" if node.required else ""), _format_choices(node)])
        elif isinstance(node, Group | Rows) and not node.unseen:
            yield from _build_field_table(fields)
            fields = []
            if node.label.zh:
                yield f"{node.label.zh}："
            yield from _iterate_form_lines(node.children) if isinstance(node, Group) else _build_blank_table(node)
    yield from _build_field_table(fields)


def _format_choices(node: Input) -> str:
    if node.type is InputType.CHECKBOX:
        return "□"
    if node.type in _TO_CHOOSE and isinstance(node.options, tuple):
        return "　".join(f"□{option.label.zh}" for option in node.options)
    return ""


def _build_field_table(fields: list[list[str]]) -> Iterator[dict[str, Any]]:
    if fields:
        yield {"head": ["项目", "填写内容"], "rows": fields}


def _build_blank_table(node: Rows) -> Iterator[dict[str, Any]]:
    heads = [child.label.zh for child in node.children if isinstance(child, Input) and not child.unseen]
    if heads:
        yield {"head": heads, "rows": [[""] * len(heads) for _ in range(_BLANK_ROWS)]}


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


_QUOTED = 40
"""How much of a sentence with a hole is quoted."""


class HoleInDocument(Invalid):
    """A sentence of a document would be printed with a hole: something it reads has no value."""

    code = "hole_in_document"


@dataclass(frozen=True, slots=True)
class _Issue:
    """Fills the text of a document that is issued: a sentence with a hole is refused."""

    step: Step
    document: str

    @property
    def package(self) -> Package:
        return self.step.package

    @property
    def today(self) -> date:
        return self.step.today

    def evaluate(self, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        scope = self.step.scope.with_extra(extra) if extra else self.step.scope
        if names := compiled(text, self.step.desk.functions).undecided(scope, self.step.environment):
            raise self._build_hole(text, text, names)
        return self.step.evaluate(text, extra)

    def text(self, template: str, extra: Mapping[str, Any] | None = None) -> str:
        step = self.step
        scope = step.scope.with_extra(extra) if extra else step.scope
        for formula, names in holes_in(template, scope, step.desk.functions, step.environment):
            raise self._build_hole(template, f"{{{formula}}}", names)
        return step.text(template, extra)

    def _build_hole(self, template: str, formula: str, names: Sequence[str]) -> HoleInDocument:
        begins = template if len(template) <= _QUOTED else f"{template[:_QUOTED]}…"
        return HoleInDocument(
            Text(
                f"文书“{self.document}”的“{begins}”会印出空白或者印错：“{formula}”中的“{'、'.join(names)}”没有值。请补上数据或者改正文书；"
                "可以没有的，写明没有时印什么（if … = null then … else …）。",
                f"“{begins}” of document “{self.document}” would be printed with a hole, or wrong: “{', '.join(names)}” in “{formula}” has no "
                "value. Supply it or correct the document; where it may be missing, say what is printed then "
                "(if … = null then … else …).",
            )
        )


def compose_document(step: Step, source: DocumentTemplate, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Return the document with everything that is attached to it as JSON, as `written` has it.

    Raises HoleInDocument.
    """
    issue = _Issue(step, source.id)
    scope = {**extra, "signature": issue.text(source.signature or "", extra)}
    document = written(issue, source, extra, list(iterate_enclosures(issue, source.attachments, scope)))
    if POSTED not in extra:
        return document
    contact_lines = lines_to_ask(step.desk, step.tx, step.package, str(document["paragraphs"]))
    return document | {"note": [*document["note"], *contact_lines]}


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
    return [text for item in source for text in _write_paragraph(step, item, extra) if text]


def _ended_once(text: str) -> str:
    """Return the text with one full stop where an inserted sentence brought its own: typed texts may end with one."""
    return _ENDS.sub(lambda match: match[1], text)


def _write_paragraph(step: Filling, item: Paragraph, extra: Mapping[str, Any]) -> list[str | dict[str, Any]]:
    if isinstance(item, Included):
        return paragraphs_of(step, step.package.document(item.template).paragraphs, extra)
    if isinstance(item, str):
        return [_ended_once(step.text(item, extra))]
    listed = require_list(item.each, to_json_value(step.evaluate(item.each, extra)))
    scopes = [{**extra, item.item: row, "index": n} for n, row in enumerate(listed, 1)]
    if not isinstance(item, Tabled):
        return [_ended_once(step.text(item.text, scope)) for scope in scopes]
    if item.heads:
        heads = [str(h) for h in require_list(item.heads, to_json_value(step.evaluate(item.heads, extra)))]
        cell_rows = [[in_words(row.get(h)) for h in heads] for row in listed]
        return (
            [{"head": ["序号", *heads], "rows": [[str(n), *r] for n, r in enumerate(cell_rows, 1)]}]
            if cell_rows
            else []
        )
    rows = [[step.text(column.text, scope) for column in item.columns] for scope in scopes]
    return [{"head": [column.title for column in item.columns], "rows": rows}] if rows else []
