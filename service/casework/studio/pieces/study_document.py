"""The documents of a draft, and what the document editor must know of one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog import Package
from service.catalog.documents.document_text import document_as_json, write_document
from service.catalog.documents.documents import BUNDLED_LAYOUTS
from service.catalog.made_id import made_id
from service.catalog.pieces.piece_kinds import document_name
from service.catalog.tree import Places, stem
from service.catalog.uses.piece_users import PieceUser, users_of_document
from service.domain.errors import Conflict, Invalid, NotFound
from service.domain.text import Text

_NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")
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
    own = Places(tree.files, *tree.package.key.split("/")).layouts()
    layouts = (*BUNDLED_LAYOUTS, *dict.fromkeys(stem(name) for name in own))
    users = users_of_document(tree.package, stem(path))
    return DocumentStudy(
        tree.package, stem(path), document_as_json(content, path), users, tuple(dict.fromkeys(layouts))
    )


def rewritten(path: str, opened: bytes, said: Mapping[str, Any] | None) -> bytes:
    """Return the file of a document saying ``said``, as it was opened where that is None; raises Invalid."""
    return opened if said is None else write_document(opened, said, path)


@guarded("draft.edit")
def new_document(desk: Desk, actor: Actor, draft: int, ident: str, title: str, like: str = "") -> Saved:
    """Add document ``ident`` with ``title`` to the award of a draft, as a copy of document ``like`` where given.

    Without ``ident`` one is made from the title.

    Raises:
        Invalid: the name cannot be one, or the title is empty.
        Conflict: the award has a document of that name.
        NotFound: there is no document to copy.
    """
    if (ident and not _NAME.fullmatch(ident)) or not title.strip():
        raise Invalid(
            Text(
                f"请填写文书名称，标识“{ident[:60]}”用小写字母开头的字母、数字和下划线，如 site_notice。",
                f"Say how the document is called; its name “{ident[:60]}” has small letters, digits and underscores.",
            )
        )
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    known = Places(tree.files, *tree.package.key.split("/")).documents()
    ident = ident or made_id(title, known, "document")
    path = f"processes/{tree.package.key}/documents/{ident}.yaml"
    if path in tree.files:
        raise Conflict(
            Text(f"已有名为“{ident}”的文书，请换一个标识。", f"There is a document “{ident}”: choose another name.")
        )
    if like and like not in tree.files:
        raise NotFound(Text(f"没有可以照抄的文书“{like}”。", f"There is no document “{like}” to copy."))
    if like:
        said = {**document_as_json(tree.files[like], like), "id": ident, "title": title.strip()}
        content = write_document(tree.files[like], said, path)
    else:
        first = next(iter(tree.package.law.clauses), "")
        blank = {"id": ident, "title": title.strip(), "addressee": "{subject.name}：", "paragraphs": ["请在此写正文。"]}
        signed = {"signature": tree.package.jurisdiction.name, "clauses": [first] if first else []}
        content = write_document(_EMPTY, {**blank, **signed}, path)
    return save_file(desk, actor, draft, path, content, None, "新建")
