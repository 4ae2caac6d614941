"""Templates of documents: tables, heads, and layouts that a package brings along."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from difflib import unified_diff
from pathlib import Path

import pytest

from service.catalog import Problem, build_catalog
from service.catalog.documents.document_text import document_as_json, write_document
from service.catalog.documents.documents import TableColumn, Tabled
from service.domain.errors import Invalid
from tests.unit.catalog.conftest import Change

REFUSAL = "processes/lakeside/star_award/documents/refusal.yaml"
FOLDER = "processes/lakeside/star_award/documents"
KEY = "lakeside/star_award"

Problems = Callable[[Mapping[str, bytes]], list[Problem]]


def test_tables_name_their_columns_or_take_them_from_the_list(changed: Change, problems_of: Problems) -> None:
    tables = "paragraphs:\n  - {each: findings, as: f, columns: [{title: 条件, text: '{f.text}'}]}\n  - {each: findings, columns: '[\"text\"]'}\n"
    files = changed(REFUSAL, "paragraphs:\n", tables)
    read = build_catalog(files).packages[KEY].document("refusal").paragraphs[:2]
    assert read == (
        Tabled("findings", "f", (TableColumn("条件", "{f.text}"),)),
        Tabled("findings", "item", (), '["text"]'),
    )
    assert problems_of(files) == []


def test_formulas_in_tables_and_heads_are_checked(changed: Change, problems_of: Problems) -> None:
    for wrong in (
        "head: '{nowhere}'\nparagraphs:\n",
        "paragraphs:\n  - {each: findings, as: f, columns: [{title: 条件, text: '{g.text}'}]}\n",
        "paragraphs:\n  - {each: findings, columns: nowhere}\n",
    ):
        assert [p.file for p in problems_of(changed(REFUSAL, "paragraphs:\n", wrong))] == [REFUSAL], wrong


def test_a_layout_of_one_s_own_is_part_of_the_version(
    tree: Mapping[str, bytes], changed: Change, problems_of: Problems
) -> None:
    named = changed(REFUSAL, "paragraphs:\n", "layout: own\nparagraphs:\n")
    [missing] = problems_of(named)
    assert "documents/own.docx、.typ" in missing.message.zh
    files = {**named, f"{FOLDER}/own.docx": b"PK", f"{FOLDER}/own.typ": b"#set page()"}
    assert problems_of(files) == []
    package = build_catalog(files).packages[KEY]
    assert (package.layout("own.docx"), package.layout("own.typ"), package.layout("official.docx")) == (
        b"PK",
        b"#set page()",
        None,
    )
    other = build_catalog({**files, f"{FOLDER}/own.docx": b"PK2"}).packages[KEY]
    assert other.version != package.version
    assert build_catalog(tree).packages[KEY].document("refusal").layout == "official"


def test_an_attachment_needs_content_and_what_it_names_exists(changed: Change, problems_of: Problems) -> None:
    for written, rule in (
        ("attachments: [获奖名单]", "empty_attachment"),
        ("attachments:\n  - {name: 获奖名单}", "empty_attachment"),
        ("attachments:\n  - {name: 申报表, form: aply}", "unknown_form"),
        ("attachments:\n  - {name: 决定, document: refusel}", "unknown_document"),
    ):
        [problem] = problems_of(changed(REFUSAL, "paragraphs:\n", f"{written}\nparagraphs:\n"))
        assert (problem.rule, problem.file) == (rule, REFUSAL), written
    good = (
        "attachments:\n  - {name: 申报表, form: apply}\n  - {name: 说明, paragraphs: ['{subject.name}']}\nparagraphs:\n"
    )
    files = changed(REFUSAL, "paragraphs:\n", good)
    assert problems_of(files) == []
    assert [a.name for a in build_catalog(files).packages[KEY].document("refusal").attachments] == ["申报表", "说明"]


def test_paragraphs_of_another_template_are_part_of_the_version(changed: Change, problems_of: Problems) -> None:
    including = changed(REFUSAL, "paragraphs:\n", "paragraphs:\n  - {include: whom_to_ask}\n")
    [missing] = problems_of(including)
    assert missing.rule == "unknown_document"
    shared = "processes/shared/documents/whom_to_ask.yaml"
    files = {**including, shared: "id: whom_to_ask\ntitle: 咨询\nparagraphs: ['请与{signature}联系。']\n".encode()}
    assert problems_of(files) == []
    package = build_catalog(files).packages[KEY]
    assert package.document("refusal").included() == ("whom_to_ask",)
    assert shared in package.files
    again = {**files, shared: "id: whom_to_ask\ntitle: 咨询\nparagraphs: [{include: refusal}]\n".encode()}
    assert "included_twice" in {problem.rule for problem in problems_of(again)}


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
