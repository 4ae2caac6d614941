"""Templates of documents: tables, heads, and layouts that a package brings along."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from service.catalog import Problem, build_catalog
from service.catalog.documents.documents import TableColumn, Tabled
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
