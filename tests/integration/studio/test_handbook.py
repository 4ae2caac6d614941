"""The handbook of a procedure as PDF and Word: made beside the requests, its text read back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.handbook import make_handbook, open_handbook
from service.casework.studio.jobs import JobState, view_job
from service.catalog import build_catalog
from service.catalog.handbook import handbook_of
from service.catalog.handbook.handbook import limit_words
from service.domain.output.handbook import BookHeading, BookTable, BookText
from service.domain.text import Text
from service.office.pdf import Printer
from tests.support.lakeside import KEY, Lakeside
from tests.support.studio_work import carry_on
from tests.support.tree import project_tree

A_PAGE_ACROSS = 1600
"""So many points of a drawing stand side by side at most: beyond, its names cannot be read on paper."""


@pytest.fixture
def draft(town: Lakeside) -> int:
    town.desk = replace(town.desk, printer=Printer())
    return open_draft(town.desk, town.designer, KEY, "开会用")


def made(town: Lakeside, draft: int) -> bytes:
    job = make_handbook(town.desk, town.designer, draft)
    carry_on(town.desk)
    assert view_job(town.desk, town.designer, draft, job).state is JobState.DONE
    return open_handbook(town.desk, town.designer, draft)[1]


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


def test_the_pdf_says_everything_and_embeds_its_letters(town: Lakeside, draft: int) -> None:
    content = made(town, draft)
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    text = "\n".join(pages)
    assert [word for word in SIGN_STATE_WORDS if word not in text] == []
    assert "草稿“开会用”" in pages[0]
    assert "目录" in pages[1]
    assert b"/FontFile" in content
    assert content.startswith(b"%PDF-1.7")


def test_tasks_have_role_form_limit_and_article(town: Lakeside, draft: int) -> None:
    package = package_of(town.desk, draft)
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
