"""The handbook of a procedure as PDF and Word: made beside the requests, its text read back."""

from __future__ import annotations

import base64
import io
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn

from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.make_handbook import make_handbook, open_handbook, view_handbooks
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.scenarios.run_scenarios import view_job
from service.casework.studio.work.jobs import JobState
from service.catalog import build_catalog
from service.catalog.handbook import handbook_of
from service.catalog.handbook.process_chapter import diagrams_in_order, limit_words
from service.catalog.layout.drawn import without_drawing
from service.domain.errors import Invalid, NotFound
from service.domain.output.handbook import MOST_LETTERS, BookHeading, BookTable, BookText, Handbook
from service.domain.text import Text
from service.office.pdf import Printer
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import DIAGRAM, KEY, Lakeside
from tests.support.tree import project_tree
from tests.support.waiting import until

A_PAGE_ACROSS = 1600
"""So many points of a drawing stand side by side at most: beyond, its names cannot be read on paper."""


@pytest.fixture
def draft(town: Lakeside) -> int:
    town.desk = replace(town.desk, printer=Printer())
    return open_draft(town.desk, town.designer, KEY, "开会用")


def made(town: Lakeside, draft: int, form: str, side: str = "draft") -> bytes:
    job = make_handbook(town.desk, town.designer, draft, form, side)
    until(lambda: view_job(town.desk, town.designer, draft, job).over)
    assert view_job(town.desk, town.designer, draft, job).state is JobState.DONE
    return open_handbook(town.desk, town.designer, draft, form)[1]


SAID = (
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
    content = made(town, draft, "pdf")
    pages = [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(content)]
    text = "\n".join(pages)
    assert [word for word in SAID if word not in text] == []
    assert "草稿“开会用”" in pages[0]
    assert "目录" in pages[1]
    assert b"/FontFile" in content
    assert content.startswith(b"%PDF-1.7")


def test_the_word_file_says_the_same_with_drawings_and_styles(town: Lakeside, draft: int) -> None:
    file = Document(io.BytesIO(made(town, draft, "docx", "published")))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    text = "\n".join([*(paragraph.text for paragraph in file.paragraphs), *cells])
    assert [word for word in SAID if word not in text] == []
    assert "现行版本" in text
    package = package_of(town.desk, draft)
    assert len(file.inline_shapes) >= len(diagrams_in_order(package))
    for style in ("Normal", "Heading 1"):
        fonts = file.styles[style].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) in ("宋体", "黑体")
        assert fonts.get(qn("w:eastAsiaTheme")) is None, "the theme would take the place of the face"
    wide = [section.page_width > section.page_height for section in file.sections]
    assert any(wide)
    assert not wide[-1], "tables stand upright again after the last wide drawing"
    headings = [p.text for p in file.paragraphs if p.style.name == "Heading 2"]
    assert {diagram.name for diagram in diagrams_in_order(package)} <= set(headings)


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


def test_a_diagram_that_is_kept_without_a_drawing_is_drawn(town: Lakeside, draft: int) -> None:
    opened = open_file(town.desk, town.designer, draft, DIAGRAM)
    save_file(town.desk, town.designer, draft, DIAGRAM, without_drawing(opened.content, DIAGRAM), opened.hash)
    package = package_of(town.desk, draft)
    assert not package.diagrams[DIAGRAM].shapes
    book = handbook_of(package, Text("草稿", "Draft"), date(2026, 3, 1))
    assert all("<text" in strip for picture in book.pictures for strip in picture.strips)


def test_the_page_makes_it_and_hands_it_out(town: Lakeside, draft: int) -> None:
    browser, here = Browser(make_app(town), town, "designer"), f"/studio/drafts/{draft}/handbook"
    assert browser.get(f"{here}/file?form=pdf").status_code == 404
    assert browser.post(here, {"form": "txt", "side": "draft"}).status_code == 422
    assert browser.post(here, {"form": "pdf", "side": "draft"}).status_code == 302
    until(lambda: bool(view_handbooks(town.desk, town.designer, draft).made))
    assert "下载 PDF" in browser.get(here).text
    assert browser.get(f"{here}/file?form=pdf").data.startswith(b"%PDF")


def test_programs_make_it_too(town: Lakeside, draft: int) -> None:
    program, here = Browser(make_app(town), town, "designer"), f"/api/v1/drafts/{draft}/handbook"
    job = program.send("POST", here, {"format": "docx"}).json
    until(lambda: program.get(f"/api/v1/drafts/{draft}/jobs/{job['id']}").json["over"])
    assert base64.b64decode(program.get(f"{here}?format=docx").json["content"]).startswith(b"PK")
    assert [one["format"] for one in program.get(f"{here}s").json["handbooks"]] == ["docx"]


def test_what_cannot_be_made_is_refused(town: Lakeside, draft: int) -> None:
    with pytest.raises(Invalid):
        make_handbook(town.desk, town.designer, draft, "txt")
    with pytest.raises(NotFound):
        open_handbook(town.desk, town.designer, draft, "pdf")


def test_a_book_that_nobody_would_print_is_not_set() -> None:
    written = BookText("很" * (MOST_LETTERS + 1))
    long = Handbook("手册", ("某市",), "目录", "zh", (BookHeading("概况", 1), written))
    with pytest.raises(Invalid, match="200 万字、0 张图"):
        long.demand_printable()
    replace(long, blocks=(BookText("很" * 1000),)).demand_printable()


def test_a_long_drawing_is_cut_so_that_its_names_can_be_read_and_every_letter_has_a_title() -> None:
    package = build_catalog(project_tree()).packages["urumqi/quality_award"]
    book = handbook_of(package, Text("草稿", "Draft"), date(2026, 3, 1))
    book.demand_printable()
    assert max(picture.width for picture in book.pictures) <= A_PAGE_ACROSS
    assert all(block.text.strip() for block in book.blocks if isinstance(block, BookHeading))
    assert not [block.text for block in book.blocks if isinstance(block, BookText) and "：：" in block.text]
