"""Documents of a draft: what their editor must keep, and how they would be issued."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk, DocumentPrinter
from service.casework.documents.compose import blank_form, paragraphs_of, written
from service.casework.documents.produce_document import NoPrinter
from service.casework.step.fill import compiled, fill
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.casework.studio.pieces.formulas import sample_of_draft
from service.catalog import DocumentTemplate, Package
from service.catalog.documents.document_text import document_as_json, write_document
from service.catalog.documents.documents import BUNDLED_LAYOUTS
from service.catalog.forms.forms import parse_form
from service.catalog.formula_help.sample import Sample
from service.catalog.made_id import choose_id
from service.catalog.parameters.counting import counting_of
from service.catalog.pieces.piece_kinds import PieceKind, document_name, kind_of
from service.catalog.problems import Problem
from service.catalog.rules.context import prepare_check
from service.catalog.rules.formulas import formulas_beside, judge_formula
from service.catalog.rules.texts import lone_braces_of
from service.catalog.source.yaml import YamlMistake, parse_yaml
from service.catalog.tree import Places, get_file_stem, iterate_folder_files
from service.catalog.uses.piece_users import PieceUser, users_of_document
from service.domain.calendar import CHINA
from service.domain.errors import LaurelError, NotFound
from service.domain.feel import FeelSyntaxError, FunctionSet
from service.domain.forms import compile_form
from service.domain.text import Text
from service.engine import Environment

_EMPTY = b"id: x\n"


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in the list: its file, title, whose it is, and who issues or includes it."""

    path: str
    ident: str
    title: str
    shared: bool
    changed: bool
    users: tuple[PieceUser, ...]


@dataclass(frozen=True, slots=True)
class DocumentStudy:
    """A document with what is known about it: what it says, who uses it, layouts and documents it may name."""

    package: Package
    ident: str
    said: Mapping[str, Any]
    users: tuple[PieceUser, ...]
    layouts: tuple[str, ...]


@guarded("draft.view")
def list_documents(desk: Desk, actor: Actor, draft: int) -> tuple[DocumentLine, ...]:
    """Return the documents of a draft, its own first."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    package = tree.package
    lines = [
        DocumentLine(
            document.file,
            ident,
            document_name(package, ident),
            document.file.startswith("processes/shared/"),
            tree.base.get(document.file) != tree.files.get(document.file),
            users_of_document(package, ident),
        )
        for ident, document in package.documents.items()
    ]
    return tuple(sorted(lines, key=lambda line: (line.shared, line.path)))


@guarded("draft.view")
def study_document(desk: Desk, actor: Actor, draft: int, path: str) -> DocumentStudy:
    """Return what is known about document ``path``; raises NotFound, and YamlMistake where it cannot be read."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    content = tree.opened(path)
    if content is None:
        raise NotFound(
            Text(
                f"草稿中没有文书“{path}”。请从“文书”栏目打开。",
                f"The draft has no document “{path}”: open one from “Documents”.",
            )
        )
    layout_files = Places(tree.files, *tree.package.key.split("/")).layouts()
    layouts = (*BUNDLED_LAYOUTS, *dict.fromkeys(get_file_stem(name) for name in layout_files))
    users = users_of_document(tree.package, get_file_stem(path))
    return DocumentStudy(
        tree.package, get_file_stem(path), document_as_json(content, path), users, tuple(dict.fromkeys(layouts))
    )


def rewrite_document(path: str, opened: bytes, data: Mapping[str, Any] | None) -> bytes:
    """Return the file of a document saying ``data``, as it was opened where that is None; raises Invalid."""
    return opened if data is None else write_document(opened, data, path)


@guarded("draft.edit")
def new_document(desk: Desk, actor: Actor, draft: int, ident: str, title: str, like: str = "") -> Saved:
    """Add document ``ident`` with ``title`` to the award of a draft, as a copy of document ``like`` where given.

    Without ``ident`` one is made from the title.

    Raises:
        Invalid, Conflict: as `choose_id`.
        NotFound: there is no document to copy.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    folder = f"processes/{tree.package.key}/documents"
    document_paths = Places(tree.files, *tree.package.key.split("/")).documents()
    ident = choose_id(
        ident,
        title,
        {get_file_stem(path) for path in iterate_folder_files(tree.files, folder, ".yaml")},
        document_paths,
        "document",
    )
    path = f"{folder}/{ident}.yaml"
    if like and like not in tree.files:
        raise NotFound(Text(f"没有可以照抄的文书“{like}”。", f"There is no document “{like}” to copy."))
    if like:
        document = {**document_as_json(tree.files[like], like), "id": ident, "title": title.strip()}
        content = write_document(tree.files[like], document, path)
    else:
        first = next(iter(tree.package.law.clauses), "")
        blank = {"id": ident, "title": title.strip(), "addressee": "{subject.name}：", "paragraphs": ["请在此写正文。"]}
        signed = {"signature": tree.package.jurisdiction.name, "clauses": [first] if first else []}
        content = write_document(_EMPTY, {**blank, **signed}, path)
    return save_file(desk, actor, draft, path, content, None, "新建")


MOST_CHARACTERS = 100_000
"""So long a document is shown; pages are pictures, and one document is printed at a time."""
_BRACES = re.compile(r"\{([^{}]+)\}")


@dataclass(frozen=True, slots=True)
class DocumentFault:
    """What is wrong with a document: the line of its file (0 where it is the whole), the formula, and the sentence."""

    line: int
    formula: str
    message: Text


@dataclass(frozen=True, slots=True)
class DocumentPreview:
    """A document filled in: ``content`` as it is printed, None where it cannot be; ``filled_from`` says with what.

    ``instead`` is the document that is shown for one that is only included in others.
    """

    content: Mapping[str, Any] | None
    filled_from: Text
    faults: tuple[DocumentFault, ...]
    layout: bytes | None = None
    instead: str = ""


@dataclass(frozen=True, slots=True)
class _FromSample:
    """Fills texts from the sample of the draft; what is not known there is shown by its formula."""

    package: Package
    today: date
    values: Mapping[str, Any]
    environment: Environment
    functions: FunctionSet

    def evaluate(self, text: str, extra: Mapping[str, Any] | None = None) -> Any:
        """Evaluate FEEL over the record and ``extra``."""
        return compiled(text, self.functions).evaluate({**self.values, **(extra or {})}, self.environment)

    def text(self, template: str, extra: Mapping[str, Any] | None = None) -> str:
        """Fill FEEL in braces."""
        scope = {**self.values, **(extra or {})}
        return _BRACES.sub(
            lambda match: fill(match[0], scope, self.functions, self.environment) or f"〔{match[1]}〕", template
        )


@guarded("draft.view")
def preview_document(desk: Desk, actor: Actor, draft: int, path: str, content: bytes) -> DocumentPreview:
    """Return document ``path`` of a draft as ``content`` makes it, filled in; raises NotFound.

    One in whose place another of its name is issued is shown as if that were not there.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if kind_of(path) is not PieceKind.DOCUMENT:
        raise NotFound(Text(f"“{path[:200]}”不是文书。", f"“{path[:200]}” is not a document."))
    try:
        parse_yaml(content, path)
    except YamlMistake as mistake:
        return DocumentPreview(None, Text("", ""), (DocumentFault(mistake.line, "", mistake.message),))
    ident = get_file_stem(path)
    others = {name: content_bytes for name, content_bytes in tree.package.files.items() if not _is_of_name(name, ident)}
    package = Package.from_files({**others, path: content}, desk.operations)
    faults = tuple(_iterate_faults(package, path, content))
    issued_id = _find_issued(package, ident)
    template = package.documents.get(issued_id)
    if template is None or (issued_id == ident and template.file != path):
        return DocumentPreview(None, Text("", ""), faults)
    sample = sample_of_draft(tree)
    try:
        letter = _write_document(_build_filling(desk, package, sample), template)
    except (LaurelError, FeelSyntaxError) as mistake:
        return DocumentPreview(None, sample.title, faults or (DocumentFault(0, "", mistake.message),))
    return DocumentPreview(
        letter, sample.title, faults, package.layout(f"{template.layout}.typ"), "" if issued_id == ident else issued_id
    )


def _build_filling(desk: Desk, package: Package, sample: Sample) -> _FromSample:
    fixed = {"param": sample.values["param"], "case": sample.values["case"]}
    counting = counting_of(package.jurisdiction, package.award.time_settings, sample.values["param"])
    now, calendar = datetime.combine(sample.day, time(9), CHINA), desk.calendar(package.jurisdiction.calendar)
    environment = Environment(now, calendar, fixed, counting)
    return _FromSample(package, sample.day, sample.values, environment, desk.functions)


def _is_of_name(path: str, ident: str) -> bool:
    return kind_of(path) is PieceKind.DOCUMENT and get_file_stem(path) == ident


@guarded("draft.view")
def print_preview(desk: Desk, actor: Actor, draft: int, path: str, content: bytes) -> bytes:
    """Return the PDF of a document as ``content`` makes it; raises Invalid with what is wrong, NoPrinter and as printing does."""
    preview = preview_document(desk, actor, draft, path, content)
    if preview.content is None:
        raise NoPrinter(
            preview.faults[0].message if preview.faults else Text("文书不完整。", "The document is incomplete.")
        )
    _require_short(preview.content)
    return _get_printer(desk).print(preview.content, preview.layout)


def picture_preview(desk: Desk, preview: DocumentPreview) -> list[bytes]:
    """Return the pages of a preview as pictures, as they are in the PDF; raises NoPrinter and as printing does."""
    if preview.content is None:
        return []
    _require_short(preview.content)
    return _get_printer(desk).pages(preview.content, preview.layout)


def _require_short(content: Mapping[str, Any]) -> None:
    """Raise NoPrinter for a text so long that others would wait for their documents."""
    if len(json.dumps(content, default=str, ensure_ascii=False)) > MOST_CHARACTERS:
        raise NoPrinter(
            Text(
                f"文书超过{MOST_CHARACTERS // 10000}万字，不能预览版面。请缩短，或者分作附件。",
                f"The document has more than {MOST_CHARACTERS} characters: there is no preview. Shorten it.",
            )
        )


def _get_printer(desk: Desk) -> DocumentPrinter:
    if desk.printer is None:
        raise NoPrinter(Text("此处不生成 PDF 文书，不能预览版面。", "No PDF is made here: there is no preview."))
    return desk.printer


def _find_issued(package: Package, ident: str) -> str:
    """Return the document to show: paragraphs that others include are shown in the first that is issued."""
    waiting, seen = [ident], set[str]()
    while waiting:
        name = waiting.pop(0)
        users = users_of_document(package, name) if name not in seen else ()
        seen.add(name)
        if any(user.file.endswith(".bpmn") for user in users):
            return name
        waiting += [user.place for user in users]
    return ident


def _write_document(filling: _FromSample, template: DocumentTemplate) -> dict[str, Any]:
    numbered = {"sequence": 1, "year": filling.today.year}
    extra = {**numbered, "document_number": filling.text(template.number, numbered) or None}
    signed = {**extra, "signature": filling.text(template.signature, extra)}
    return written(filling, template, extra, list(_iterate_attachments(filling, template, signed)))


def _iterate_attachments(
    filling: _FromSample, template: DocumentTemplate, extra: Mapping[str, Any]
) -> Iterator[Mapping[str, Any]]:
    """Yield the attached forms and the document's own paragraphs; files of a case are in no sample."""
    for attachment in template.attachments:
        name = filling.text(attachment.name, extra)
        if attachment.form in filling.package.forms:
            path = filling.package.forms[attachment.form]
            form = compile_form(parse_form(filling.package.files[path], path))
            yield {"name": name, "paragraphs": blank_form(form)}
        elif attachment.paragraphs:
            yield {"name": name, "paragraphs": paragraphs_of(filling, attachment.paragraphs, extra)}


def _iterate_faults(package: Package, path: str, content: bytes) -> Iterator[DocumentFault]:
    lines = content.decode("utf-8", "replace").splitlines()
    for problem in package.problems:
        if problem.file == path:
            yield DocumentFault(problem.line or 0, "", _with_remedy(problem))
    checked = prepare_check(package)
    template = next((document for document in package.documents.values() if document.file == path), None)
    for name in template.included() if template else ():
        if name not in package.documents:
            yield DocumentFault(
                _find_line(lines, name), name, Text(f"没有名为“{name}”的文书。", f"There is no document “{name}”.")
            )
    for problem in lone_braces_of(template) if template else ():
        yield DocumentFault(_find_line(lines, problem.word), problem.word, _with_remedy(problem))
    for formula in formulas_beside(replace(checked, memory={})):
        if formula.file == path:
            for problem in judge_formula(formula):
                yield DocumentFault(_find_line(lines, formula.text), formula.text, _with_remedy(problem))


def _with_remedy(problem: Problem) -> Text:
    return Text(f"{problem.message.zh}{problem.remedy.zh}", f"{problem.message.en} {problem.remedy.en}")


def _find_line(lines: list[str], text: str) -> int:
    """Return the line on which a formula stands, 0 where it cannot be told."""
    quoted = text.replace("'", "''")
    return next((n for n, line in enumerate(lines, 1) if text in line or quoted in line), 0)
