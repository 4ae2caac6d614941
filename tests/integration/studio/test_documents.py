"""The document editor: filled from the sample of the draft, printed as the real PDF, saved line by line."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from service.casework.documents.produce_document import NoPrinter
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.handbook import make_handbook, open_handbook
from service.casework.studio.jobs import JobState, view_job
from service.casework.studio.pieces.documents import (
    list_documents,
    new_document,
    preview_document,
    print_preview,
    study_document,
)
from service.casework.studio.pieces.remove_piece import PieceInUse, remove_piece
from service.catalog import build_catalog
from service.catalog.handbook import handbook_of
from service.catalog.handbook.handbook import limit_words
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.domain.output.handbook import BookHeading, BookTable, BookText
from service.domain.text import Text
from service.office.pdf import Printer
from tests.support.lakeside import KEY, Lakeside
from tests.support.studio_work import carry_on
from tests.support.tree import project_tree

REFUSAL = f"processes/{KEY}/documents/refusal.yaml"


@pytest.fixture
def press(town: Lakeside) -> Lakeside:
    """The miniature with a printer."""
    town.desk = replace(town.desk, printer=Printer())
    return town


@pytest.fixture
def draft(press: Lakeside) -> int:
    return open_draft(press.desk, press.designer, KEY, "改文书")


def words(pdf: bytes) -> str:
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages).replace("\r\n", "")


def file(town: Lakeside, draft: int) -> str:
    return open_file(town.desk, town.designer, draft, REFUSAL).content.decode()


def test_a_letter_is_filled_from_the_sample(press: Lakeside, draft: int) -> None:
    found = preview_document(press.desk, press.designer, draft, REFUSAL, file(press, draft).encode())
    assert found.faults == ()
    assert found.filled_from.zh.startswith("情景“")
    assert found.content is not None
    assert found.content["number"].startswith("湖奖告〔2026〕")
    assert "{" not in str(found.content["paragraphs"])
    assert found.content["addressee"].endswith("：")
    assert len(found.content["addressee"]) > 3


def test_a_changed_sentence_stands_in_the_pdf_before_it_is_saved(press: Lakeside, draft: int) -> None:
    text = file(press, draft).replace("经审查不予受理", "经书面审查决定不予受理")
    printed = print_preview(press.desk, press.designer, draft, REFUSAL, text.encode())
    assert "经书面审查决定不予受理" in words(printed)
    assert "经书面审查" not in file(press, draft)


def test_a_text_without_end_does_not_keep_the_printer(press: Lakeside, draft: int) -> None:
    text = file(press, draft).replace("经审查不予受理", "经审查不予受理" * 20_000)
    assert len(text) > 100_000
    with pytest.raises(NoPrinter, match="10万字"):
        print_preview(press.desk, press.designer, draft, REFUSAL, text.encode())


def test_mistakes_are_told_at_the_line(press: Lakeside, draft: int) -> None:
    text = file(press, draft)
    wrong = text.replace("{decide.reason}", "{decide.reasons} {no_such_name}")
    found = preview_document(press.desk, press.designer, draft, REFUSAL, wrong.encode())
    line = next(n for n, one in enumerate(wrong.splitlines(), 1) if "no_such_name" in one)
    assert {fault.line for fault in found.faults} == {line}
    assert any("no_such_name" in fault.message.zh for fault in found.faults)
    opened = text.replace("{decide.reason}", "{decide.reason").encode()
    [lone] = preview_document(press.desk, press.designer, draft, REFUSAL, opened).faults
    assert (lone.line, lone.formula) == (line, "{decide.reason")
    syntax = preview_document(
        press.desk, press.designer, draft, REFUSAL, text.replace("{decide.reason}", "{if}").encode()
    )
    assert any(fault.formula == "if" for fault in syntax.faults)
    assert syntax.content is None
    broken = preview_document(press.desk, press.designer, draft, REFUSAL, b"id: refusal\ntitle: [x\n")
    assert broken.content is None
    assert broken.faults[0].line >= 2


@pytest.mark.parametrize("path", ["award.yaml", "no_such_document.yaml"])
def test_what_is_no_document_is_refused(press: Lakeside, draft: int, path: str) -> None:
    award = REFUSAL.rpartition("/documents/")[0]
    with pytest.raises(NotFound, match="不是文书"):
        print_preview(press.desk, press.designer, draft, f"{award}/{path}", b"id: x")


def test_what_the_sample_does_not_hold_is_shown_by_its_formula(press: Lakeside, draft: int) -> None:
    saved = new_document(press.desk, press.designer, draft, "site_notice", "现场核查通知书")
    text = (saved.content or b"").decode().replace("请在此写正文。", "核查日期：{decide.no_such}。")
    found = preview_document(press.desk, press.designer, draft, saved.path, text.encode())
    assert found.content is not None
    assert "〔decide.no_such〕" in str(found.content["paragraphs"])


def test_documents_are_listed_added_and_removed(press: Lakeside, draft: int) -> None:
    line = next(line for line in list_documents(press.desk, press.designer, draft) if line.path == REFUSAL)
    assert line.users
    with pytest.raises(PieceInUse):
        remove_piece(
            press.desk, press.designer, draft, REFUSAL, open_file(press.desk, press.designer, draft, REFUSAL).hash
        )
    saved = new_document(press.desk, press.designer, draft, "second_refusal", "再次告知", REFUSAL)
    assert "decide.reason" in (saved.content or b"").decode()
    assert study_document(press.desk, press.designer, draft, saved.path).said["title"] == "再次告知"
    for ident, title, like, wrong in (
        ("second_refusal", "又", "", Conflict), ("Bad Name", "名", "", Invalid), ("x", "", "", Invalid), ("y", "甲", "no.yaml", NotFound),
    ):  # fmt: skip
        with pytest.raises(wrong):
            new_document(press.desk, press.designer, draft, ident, title, like)
    remove_piece(press.desk, press.designer, draft, saved.path, saved.hash)
    with pytest.raises(LaurelError):
        study_document(press.desk, press.designer, draft, saved.path)


A_PAGE_ACROSS = 1600
"""So many points of a drawing stand side by side at most: beyond, its names cannot be read on paper."""


@pytest.fixture
def printed(town: Lakeside) -> int:
    town.desk = replace(town.desk, printer=Printer())
    return open_draft(town.desk, town.designer, KEY, "开会用")


def made(town: Lakeside, printed: int) -> bytes:
    job = make_handbook(town.desk, town.designer, printed)
    carry_on(town.desk)
    assert view_job(town.desk, town.designer, printed, job).state is JobState.DONE
    return open_handbook(town.desk, town.designer, printed)[1]


SIGN_STATE_WORDS = (
    "办理手册",
    "目录",
    "概况",
    "湖滨县",
    "决定是否受理",
    "依据的条文",
    "第四条",
    "表单",
    "必填",
    "文书",
    "参数",
    "10个工作日",
    "条文与落实",
)


def test_the_pdf_says_everything_and_embeds_its_letters(town: Lakeside, printed: int) -> None:
    content = made(town, printed)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    text = "\n".join(pages)
    assert [word for word in SIGN_STATE_WORDS if word not in text] == []
    assert "草稿“开会用”" in pages[0]
    assert "目录" in pages[1]
    assert b"/FontFile" in content
    assert content.startswith(b"%PDF-1.7")


def test_tasks_have_role_form_limit_and_article(town: Lakeside, printed: int) -> None:
    package = package_of(town.desk, printed)
    book = handbook_of(package, Text("草稿", "Draft"), date(2026, 3, 1))
    rows = [row for block in book.blocks if isinstance(block, BookTable) for row in block.rows]
    [task] = [row for row in rows if row[0] == "决定是否受理" and len(row) == 5]
    assert task[1] == "办公室"
    assert "第四条" in task[4]
    assert limit_words(package, "workdays(param.decision_working_days)", "zh") == "受理决定期限：10个工作日"
    assert limit_words(package, "workdays(5)", "zh") == "5个工作日"
    assert limit_words(package, "caldays(30)", "en") == "30 days"
    assert limit_words(package, "", "zh") == ""
    assert limit_words(package, "date(round.deadline)", "zh") == "至申报截止日"
    assert limit_words(package, "day_end(date(case.deadline))", "en").startswith("until: ")
    for formula in ("date(x.y)", "workdays(review.sheet_days)", "date and time(posted.ends_at)"):
        assert limit_words(package, formula, "zh") == "按前面的环节给出的日期或者天数", "no formula is printed"
    english = handbook_of(package, Text("草稿", "Draft"), date(2026, 3, 1), "en")
    assert [b.text for b in english.blocks if isinstance(b, BookHeading) and b.level == 1][:2] == [
        "Overview",
        "Processes",
    ]


def test_a_long_drawing_is_cut_so_that_its_names_can_be_read_and_every_letter_has_a_title() -> None:
    package = build_catalog(project_tree()).packages["urumqi/quality_award"]
    book = handbook_of(package, Text("草稿", "Draft"), date(2026, 3, 1))
    book.require_printable()
    assert max(picture.width for picture in book.pictures) <= A_PAGE_ACROSS
    assert all(block.text.strip() for block in book.blocks if isinstance(block, BookHeading))
    assert not [block.text for block in book.blocks if isinstance(block, BookText) and "：：" in block.text]
