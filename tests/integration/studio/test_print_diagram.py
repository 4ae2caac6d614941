"""A diagram printed with the clauses it carries out: PDF, PNG and SVG, letters embedded."""

from __future__ import annotations

from dataclasses import replace

import pypdfium2
import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.pieces.diagrams import open_diagram, print_diagram
from service.catalog.layout.drawn import has_drawing
from service.office.pdf import Printer
from tests.support.lakeside import DIAGRAM, KEY, Lakeside


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
