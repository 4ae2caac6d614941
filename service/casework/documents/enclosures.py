"""Enclosures of a document, frozen with it: blank forms, earlier documents, lists of files."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from service.casework.desk.jsonable import jsonable
from service.casework.step.fill import in_words
from service.casework.step.step import Step
from service.catalog.documents.documents import Attachment, Paragraph
from service.domain.forms import Form
from service.domain.forms.model import FormNode, Group, Input, InputType, Rows

Written = list[str | dict[str, Any]]
Filled = Callable[[Step, tuple[Paragraph, ...], Mapping[str, Any]], Written]
_BLANK_ROWS = 3
_TO_CHOOSE = frozenset({InputType.RADIO, InputType.SELECT, InputType.CHECKLIST})


def enclosures(
    step: Step, attachments: Sequence[Attachment], extra: Mapping[str, Any], filled: Filled
) -> Iterator[dict[str, Any]]:
    """Yield {name, paragraphs} of everything attached; what there is nothing of is not named."""
    for attachment in attachments:
        paragraphs = _content(step, attachment, extra, filled)
        if paragraphs:
            yield {"name": step.text(attachment.name, extra), "paragraphs": paragraphs}


def _content(step: Step, attachment: Attachment, extra: Mapping[str, Any], filled: Filled) -> Written:
    if attachment.form:
        return blank_form(step.desk.packages.form(step.package, attachment.form))
    if attachment.document:
        rows = jsonable(step.evaluate(attachment.of, extra)) or [] if attachment.of else [{"case": step.case.id}]
        return [line for row in rows for line in _issued_before(step, attachment.document, row)]
    if attachment.files:
        return _files(step, jsonable(step.evaluate(attachment.files, extra)) or [])
    return filled(step, attachment.paragraphs, extra)


def _issued_before(step: Step, template: str, of: Mapping[str, Any]) -> Written:
    """Return the last document by ``template`` of the case of a row, with its number and who signed it when."""
    case = of.get("case")
    found = [d for d in step.tx.documents.of_case(int(case)) if d.template == template] if case is not None else []
    if not found:
        return []
    content = found[-1].content
    head = "　".join(str(word) for word in (of.get("name"), content.get("number")) if word)
    signed = f"{content.get('signature') or ''}　{in_words(content['date'])}".strip()
    return [line for line in (head, *content["paragraphs"], signed) if line]


def _files(step: Step, rows: Sequence[Mapping[str, Any]]) -> Written:
    """Return a list of the files that the cases of ``rows`` sent, as they lie in the store."""
    lines = [
        [str(row.get("name") or ""), upload.name, str(upload.size), upload.sha256]
        for row in rows
        if row.get("case") is not None
        for upload in step.tx.uploads.of_case(int(row["case"]))
        if upload.secret is None
    ]
    if not lines:
        return []
    numbered = [[str(n), *line] for n, line in enumerate(lines, 1)]
    return [{"head": ["序号", "报送者", "文件", "字节数", "SHA-256"], "rows": numbered}]


def blank_form(form: Form) -> Written:
    """Return a form as it is filled in by hand: tables of fields, their heading before each."""
    return list(_part(form.nodes))


def _part(nodes: Sequence[FormNode]) -> Iterator[str | dict[str, Any]]:
    fields: list[list[str]] = []
    for node in nodes:
        if isinstance(node, Input) and not node.unseen:
            fields.append([node.label.zh + ("（必填）" if node.required else ""), _choices(node)])
        elif isinstance(node, Group | Rows) and not node.unseen:
            yield from _table(fields)
            fields = []
            if node.label.zh:
                yield f"{node.label.zh}："
            yield from _part(node.children) if isinstance(node, Group) else _rows(node)
    yield from _table(fields)


def _choices(node: Input) -> str:
    if node.type is InputType.CHECKBOX:
        return "□"
    if node.type in _TO_CHOOSE and isinstance(node.options, tuple):
        return "　".join(f"□{option.label.zh}" for option in node.options)
    return ""


def _table(fields: list[list[str]]) -> Iterator[dict[str, Any]]:
    if fields:
        yield {"head": ["项目", "填写内容"], "rows": fields}


def _rows(node: Rows) -> Iterator[dict[str, Any]]:
    heads = [child.label.zh for child in node.children if isinstance(child, Input) and not child.unseen]
    if heads:
        yield {"head": heads, "rows": [[""] * len(heads) for _ in range(_BLANK_ROWS)]}
