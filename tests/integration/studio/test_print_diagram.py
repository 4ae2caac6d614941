"""A diagram printed with the clauses it carries out: PDF, PNG and SVG, letters embedded."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from service.casework.documents.produce_document import NoPrinter
from service.casework.studio.drafts.draft_tree import package_of
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.transfer import import_files
from service.casework.studio.pieces.open_diagram import open_diagram
from service.casework.studio.pieces.print_diagram import print_diagram
from service.catalog.handbook.clause_rows import clause_rows
from service.catalog.layout.drawn import has_drawing
from service.domain.errors import Invalid, NotFound
from service.office.pdf import Printer
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

NOTICE = "processes/shared/notice.bpmn"


@pytest.fixture
def draft(town: Lakeside) -> int:
    town.desk = replace(town.desk, printer=Printer())
    return open_draft(town.desk, town.designer, KEY, "开会用")


def test_the_pdf_has_names_and_articles_as_text(town: Lakeside, draft: int) -> None:
    printed = print_diagram(town.desk, town.designer, draft, DIAGRAM, "pdf")
    pages = pypdfium2.PdfDocument(printed.content)
    drawn, table = (page.get_textpage().get_text_range() for page in pages)
    assert "申报" in drawn
    assert "决定是否受理" in drawn
    assert "湖滨县" in drawn
    assert "第四条" in table
    assert "个工作日内决定是否受理" in table
    assert (printed.name, printed.media_type) == ("application.pdf", "application/pdf")


def test_the_pictures_need_no_font(town: Lakeside, draft: int) -> None:
    png = print_diagram(town.desk, town.designer, draft, DIAGRAM, "png").content
    svg = print_diagram(town.desk, town.designer, draft, DIAGRAM, "svg").content
    assert png.startswith(b"\x89PNG")
    assert svg.startswith(b"<svg")
    assert b"<text" not in svg  # every letter is an outline
    assert print_diagram(town.desk, town.designer, draft, DIAGRAM, "png").content == png


def test_the_file_for_other_tools_has_its_drawing_and_comes_back_unchanged(town: Lakeside, draft: int) -> None:
    new = DIAGRAM.replace("application", "second")
    kept = save_file(
        town.desk, town.designer, draft, new, open_diagram(town.desk, town.designer, draft, DIAGRAM).xml.encode(), None
    )
    printed = print_diagram(town.desk, town.designer, draft, new, "bpmn")
    assert not has_drawing(kept.content or b"")
    assert has_drawing(printed.content)
    assert b"<bpmn:incoming>" in printed.content
    assert printed.name == "second.bpmn"
    assert import_files(town.desk, town.designer, draft, {new: printed.content}).changed == ()


def test_a_shared_diagram_shows_the_clauses_of_its_callers(town: Lakeside, draft: int) -> None:
    package = package_of(town.desk, draft)
    rows = list(clause_rows(package, package.diagrams[NOTICE], "zh"))
    assert ["公示期满", "", "第五条", "受理结果公示不少于5个工作日。"] in rows


def test_what_cannot_be_printed_says_why(town: Lakeside, draft: int) -> None:
    with pytest.raises(Invalid):
        print_diagram(town.desk, town.designer, draft, DIAGRAM, "gif")
    with pytest.raises(NotFound):
        print_diagram(town.desk, town.designer, draft, "processes/x.bpmn", "pdf")
    with pytest.raises(NoPrinter):
        print_diagram(replace(town.desk, printer=None), town.designer, draft, DIAGRAM, "pdf")
