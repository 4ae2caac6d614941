"""What is changed in a document changes its lines, and no others."""

from __future__ import annotations

import copy
from difflib import unified_diff
from pathlib import Path

import pytest

from service.catalog.documents.document_text import document_as_json, write_document
from service.domain.errors import Invalid

ROOT = Path(__file__).parents[3]
DOCUMENTS = sorted((ROOT / "processes").glob("*/**/documents/*.yaml"))


def changed_lines(before: bytes, after: bytes) -> list[str]:
    found = unified_diff(before.decode().splitlines(), after.decode().splitlines(), lineterm="", n=0)
    return [line for line in found if line[0] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: f"{path.parts[-4]}-{path.stem}")
def test_what_is_said_again_keeps_every_byte(path: Path) -> None:
    content = path.read_bytes()
    said = document_as_json(content, path.name)
    assert write_document(content, said, path.name) == content
    more = copy.deepcopy(said)
    more["title"] = "另一个标题"
    more["paragraphs"].insert(1, "新的一段：{subject.name}，it's 5 o'clock")
    after = write_document(content, more, path.name)
    assert document_as_json(after, path.name) == more
    assert len(changed_lines(content, after)) == 3


def test_paragraphs_are_moved_removed_and_made() -> None:
    content = (
        b"id: x\n# about it\ntitle: T  # why\nparagraphs:\n  - one\n  - {include: other}\n  - 'three'\nclauses: [A-1]\n"
    )
    said = document_as_json(content, "x.yaml")
    said["paragraphs"] = [
        "three",
        {"include": "other"},
        {"each": "rows", "as": "r", "columns": [{"title": "名", "text": "{r.a}"}]},
    ]
    said["clauses"] = ["A-1", "A-2"]
    del said["title"]
    after = write_document(content, said, "x.yaml")
    assert document_as_json(after, "x.yaml") == said
    assert b"  - {each: 'rows', as: r, columns: [{title: '\xe5\x90\x8d', text: '{r.a}'}]}\n" in after
    assert b"clauses: [A-1, A-2]\n" in after


def test_a_file_that_is_no_document_is_refused() -> None:
    with pytest.raises(Invalid):
        document_as_json(b"[1, 2]\n", "x.yaml")
    with pytest.raises(Invalid):
        document_as_json(b"a: [1\n", "x.yaml")
