"""Diagrams of a draft: opened without loss, told what may be named, laid out anew, found and tried."""

from __future__ import annotations

import io
import tracemalloc
from dataclasses import replace

import pypdfium2
import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.compare_draft import compared_file
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.parameters.try_period import try_period
from service.casework.studio.pieces.diagram_choices import diagram_choices
from service.casework.studio.pieces.diagrams import (
    import_diagram,
    new_diagram,
    open_diagram,
    print_diagram,
    search_diagrams,
    tidy_diagram,
)
from service.casework.studio.pieces.remove_piece import remove_piece
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import drawn, has_drawing
from service.domain.errors import Conflict, Invalid, LaurelError, NotFound
from service.office.pdf import Printer
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, LAW, Lakeside


def test_what_is_opened_and_saved_unchanged_stays_byte_for_byte(town: Lakeside, draft: int) -> None:
    before = open_file(town.desk, town.designer, draft, DIAGRAM)
    opened = open_diagram(town.desk, town.designer, draft, DIAGRAM)
    saved = save_file(town.desk, town.designer, draft, DIAGRAM, opened.xml.encode(), opened.hash)
    assert (saved.content, saved.revision, opened.hash) == (before.content, before.revision, before.hash)


def test_what_is_no_diagram_is_not_opened(town: Lakeside, draft: int) -> None:
    with pytest.raises(Invalid, match="不是流程图"):
        open_diagram(town.desk, town.designer, draft, LAW)
    with pytest.raises(NotFound):
        open_diagram(town.desk, town.designer, draft, "processes/lakeside/star_award/gone.bpmn")


def test_the_panel_offers_what_the_package_has(town: Lakeside, draft: int) -> None:
    found = diagram_choices(town.desk, town.designer, draft, DIAGRAM)
    assert {choice.id for choice in found.roles} == {"applicant", "office"}
    assert "decision" in next(form.keys for form in found.forms if form.id == "decide")
    notice = next(operation for operation in found.operations if operation.id == "document.issue")
    template = next(parameter for parameter in notice.parameters if parameter.name == "template")
    assert (template.required, template.names, template.type) == (True, "documents", "string")
    assert template.help
    assert next(process for process in found.processes if process.shared).slots == ("posting", "period")
    assert [clause.id for clause in found.clauses][:2] == ["LS-1", "LS-2"]
    period = next(period for period in found.periods if period.id == "decision_working_days")
    assert (period.value, period.said.zh, period.clauses) == ("10", "10个工作日", ("LS-4",))


def test_tidying_up_puts_a_task_into_the_lane_of_who_acts(town: Lakeside, draft: int) -> None:
    """The lane is drawn above the program's where there is none yet; tidied once more, nothing changes."""
    opened = open_diagram(town.desk, town.designer, draft, DIAGRAM)
    given = opened.xml.replace('name="role" value="office"', 'name="role" value="applicant"', 1)
    assert given != opened.xml
    once = tidy_diagram(town.desk, town.designer, draft, DIAGRAM, given.encode())
    diagram = read_diagram(once, DIAGRAM)
    task = next(element for element in diagram.elements.values() if element.role == "applicant")
    names = {lane.id: lane.name for lane in diagram.lanes}
    assert names[task.lane] == "申报组织"
    assert [*names.values()][-1] == "系统"
    assert tidy_diagram(town.desk, town.designer, draft, DIAGRAM, once) == once
    saved = save_file(town.desk, town.designer, draft, DIAGRAM, once, opened.hash)
    assert saved.revision
    assert not [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "lane_of_role"]


def test_a_drawing_that_is_the_layouts_is_not_kept_and_is_there_for_everybody_who_looks(
    town: Lakeside, draft: int
) -> None:
    given = open_diagram(town.desk, town.designer, draft, DIAGRAM).xml.encode()
    new = DIAGRAM.replace("application", "second")
    first = save_file(town.desk, town.designer, draft, new, given, None)
    assert not has_drawing(first.content or b"")
    opened = open_diagram(town.desk, town.designer, draft, new)
    assert opened.xml.encode() == given
    assert has_drawing(compared_file(town.desk, town.designer, draft, "draft", new))
    again = save_file(town.desk, town.designer, draft, new, given, opened.hash)
    assert (again.content, again.revision) == (first.content, first.revision)
    by_hand = given.replace(b'<dc:Bounds x="', b'<dc:Bounds x="9', 3)
    moved = save_file(town.desk, town.designer, draft, new, by_hand, opened.hash)
    assert has_drawing(moved.content or b"")
    assert open_diagram(town.desk, town.designer, draft, new).xml.encode() == by_hand


@pytest.mark.parametrize(
    ("words", "element", "where"),
    [("决定是否受理", "decide", "名称"), ("LS-6", "explain", "条款"), ("第四条", "decide", "条款"), ("param.notice", "draft", "工作日数")],
)  # fmt: skip
def test_an_element_is_found_by_whatever_it_says(
    town: Lakeside, draft: int, words: str, element: str, where: str
) -> None:
    hits = search_diagrams(town.desk, town.designer, draft, words)
    assert (element, where) in {(hit.element, hit.where.zh) for hit in hits}


def test_a_period_is_tried_with_the_calendar_of_the_place(town: Lakeside, draft: int) -> None:
    tried = try_period(town.desk, town.designer, draft, "workdays", "param.decision_working_days", "2026-04-28")
    assert (tried.length, tried.last_day.isoformat()) == (10, "2026-05-14")  # 1 to 5 May are days off, 9 May is worked
    assert "2026年5月14日" in tried.sentence.zh


@pytest.mark.parametrize(
    ("unit", "count", "day"),
    [("weeks", "2", "2026-04-28"), ("workdays", "param.gone", "2026-04-28"), ("workdays", "0", "2026-04-28"), ("workdays", "5", "5月1日")],
)  # fmt: skip
def test_what_cannot_be_tried_is_refused_in_words(town: Lakeside, draft: int, unit: str, count: str, day: str) -> None:
    with pytest.raises(Invalid):
        try_period(town.desk, town.designer, draft, unit, count, day)


def test_a_diagram_says_no_number_beyond_the_law(town: Lakeside) -> None:
    draft = open_draft(town.desk, town.designer, KEY, "受理期限")
    opened = open_file(town.desk, town.designer, draft, DIAGRAM)

    def drawn(days: int) -> bytes:
        text = opened.content.decode().replace("workdays(param.decision_working_days)", f"workdays({days})")
        assert text != opened.content.decode()
        return text.encode()

    with pytest.raises(Invalid, match=r"这张图没有保存。.*超出第四条的界限：“受理决定期限”不得多于10。.*其他改动还在"):
        save_file(town.desk, town.designer, draft, DIAGRAM, drawn(30), opened.hash)
    assert open_file(town.desk, town.designer, draft, DIAGRAM).content == opened.content
    assert save_file(town.desk, town.designer, draft, DIAGRAM, drawn(6), opened.hash).content == drawn(6)


MODEL = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def bpmn(inside: str) -> bytes:
    return f'<definitions xmlns="{MODEL}" targetNamespace="x">{inside}</definitions>'.encode()


FOREIGN = bpmn(
    '<process id="invoice" isExecutable="true" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><startEvent id="start"/>'
    '<userTask id="approve" name="批准" camunda:assignee="demo"><extensionElements><camunda:formData/></extensionElements></userTask>'
    '<endEvent id="end"/><sequenceFlow id="f1" sourceRef="start" targetRef="approve"/>'
    '<sequenceFlow id="f2" sourceRef="approve" targetRef="end"/></process>'
)
INVOICE = f"processes/{KEY}/invoice.bpmn"


def test_what_another_tool_adds_is_taken_out_and_named(town: Lakeside, browse: Browse, draft: int) -> None:
    designer, page = browse("designer"), f"/studio/drafts/{draft}/diagrams"
    sent = {"name": "", "file": (io.BytesIO(FOREIGN), "invoice.bpmn")}
    taken = designer.post(page, sent, page=page)
    assert taken.status_code == 302
    assert "camunda 的设置在这里不会执行，已去掉" in designer.get(taken.headers["Location"]).text
    content = open_file(town.desk, town.designer, draft, INVOICE).content
    assert b"camunda" not in content
    assert b"extensionElements" not in content
    diagram = read_diagram(drawn(content, INVOICE), INVOICE)
    assert {"start", "approve", "end"} == set(diagram.elements) == set(diagram.shapes) & set(diagram.elements)


def test_a_diagram_of_ours_stays_as_it_is(town: Lakeside, draft: int) -> None:
    content = open_file(town.desk, town.designer, draft, DIAGRAM).content
    copied = content.replace(b"lakeside_application", b"lakeside_second")
    saved, tools = import_diagram(town.desk, town.designer, draft, "second", copied)
    assert (tools, drawn(saved.content or b"", saved.path)) == ((), copied)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (bpmn('<process id="a" name="办公室"/><process id="b" name="专家组"/>'), "有 2 个流程（办公室、专家组）"),
        (
            bpmn('<process id="p"><startEvent id="s"/><userTask id="s"/></process>'),
            "编号“s”在图中重复。改成不同的编号。",
        ),
        (bpmn('<process id="p"><sequenceFlow id="f" sourceRef="x" targetRef="y"/></process>'), "连线的起点“x”"),
        (b"%PDF-1.7 \x00\xff", "XML"),
        (b"", "XML"),
        (b"<html><body/></html>", "html"),
        (b'<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><a>&b;</a>', "实体"),
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY a "ha">]><a>&a;</a>'.encode("utf-16"), "实体"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/a.dtd"><a/>', "实体"),
        (b'<?xml version="1.0" encoding="UTF-8"?><a>\xd6\xd0</a>', "编码"),
        (b'<definitions xmlns:a=" ' * 20_000, "XML"),
        (b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"><decision id="x"/></definitions>', "DMN"),
        (b"<a>" + b" " * 5_100_000 + b"</a>", "5 MB"),
        (b"<a>" * 80 + b"</a>" * 80, "嵌套"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(town: Lakeside, draft: int, content: bytes, words: str) -> None:
    with pytest.raises(LaurelError) as refused:
        import_diagram(town.desk, town.designer, draft, "strange", content)
    assert words in refused.value.message.zh


@pytest.mark.parametrize("name", ["第二次", "../award", "a" * 500, "A-b"])
def test_a_name_that_is_no_file_is_refused(town: Lakeside, draft: int, name: str) -> None:
    with pytest.raises(Invalid, match="不能使用"):
        import_diagram(town.desk, town.designer, draft, name, FOREIGN)


def test_nothing_is_written_over(town: Lakeside, draft: int) -> None:
    with pytest.raises(Conflict):
        import_diagram(town.desk, town.designer, draft, "application", FOREIGN)


def test_a_new_diagram_has_pool_lane_and_one_task(town: Lakeside, draft: int) -> None:
    saved = new_diagram(town.desk, town.designer, draft, "second_review", "复审", "office")
    diagram = read_diagram(saved.content or b"", saved.path)
    assert (diagram.name, diagram.pool_name, [lane.name for lane in diagram.lanes]) == ("复审", "湖滨县", ["办公室"])
    told = {
        problem.rule for problem in check_draft(town.desk, town.designer, draft).problems if problem.file == saved.path
    }
    assert told == {"form_missing", "never_run"}
    with pytest.raises(Conflict):
        new_diagram(town.desk, town.designer, draft, "second_review", "复审", "office")


def test_nothing_passes_as_checked_while_a_file_cannot_be_read(browse: Browse, town: Lakeside, draft: int) -> None:
    """A diagram without a role looked sound in its editor as long as another one had two elements of one id."""
    alone = '<process id="q"><startEvent id="a"/><userTask id="u"/></process>'
    twice = '<process id="p"><startEvent id="s"/><endEvent id="s"/></process>'
    alone_path, twice_path = (f"processes/{KEY}/{name}.bpmn" for name in ("alone", "twice"))
    save_file(town.desk, town.designer, draft, alone_path, bpmn(alone), None)
    base = save_file(town.desk, town.designer, draft, twice_path, bpmn(twice), None).hash
    told = browse("designer").get(f"/api/v1/drafts/{draft}/problems").json
    assert (told["whole"], {problem["rule"] for problem in told["problems"]}) == (False, {"duplicate_id"})
    assert "其余文件都还没有检查" in browse("designer").get(f"/studio/drafts/{draft}/problems").text
    remove_piece(town.desk, town.designer, draft, twice_path, base)
    told = browse("designer").get(f"/api/v1/drafts/{draft}/problems").json
    assert (told["whole"], "role_missing" in {problem["rule"] for problem in told["problems"]}) == (True, True)


def test_nothing_larger_than_anybody_draws_is_saved_whichever_way_it_comes(
    town: Lakeside, browse: Browse, draft: int
) -> None:
    content = bpmn('<process id="a">' + "".join(f'<userTask id="t{n}"/>' for n in range(20_000)) + "</process>")
    path = f"processes/{KEY}/vast.bpmn"
    sent = {"path": path, "content": content.decode(), "base": None}
    answer = browse("designer").send("PUT", f"/api/v1/drafts/{draft}/file", sent)
    assert (answer.status_code, "最多 400 个" in answer.json["detail"]) == (422, True)
    with pytest.raises(Invalid, match="最多 400 个"):
        layout_diagram(content, path)


def test_a_diagram_of_twenty_megabytes_is_refused_without_being_read(browse: Browse, draft: int) -> None:
    designer = browse("designer")
    content = bpmn('<process id="a">' + "<userTask/>" * 2_000_000 + "</process>")
    assert len(content) > 20 * 1024 * 1024
    tracemalloc.start()
    try:
        pages = f"/studio/drafts/{draft}/diagrams"
        sent = {"name": "foreign", "file": (io.BytesIO(content), "foreign.bpmn")}
        page = designer.post(pages, sent, page=pages)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert page.status_code in (413, 422)
    assert "MB" in page.text
    assert peak < 8 * len(content), "the file is held, not parsed"
    sent = {"path": f"processes/{KEY}/foreign.bpmn", "content": content.decode(), "base": None}
    answer = designer.send("PUT", f"/api/v1/drafts/{draft}/file", sent)
    assert (answer.status_code, "22000125 个字符，超过 4000000 个" in answer.json["detail"]) == (422, True)


@pytest.fixture
def printed(town: Lakeside) -> int:
    town.desk = replace(town.desk, printer=Printer())
    return open_draft(town.desk, town.designer, KEY, "开会用")


def test_the_pdf_has_names_and_articles_as_text(town: Lakeside, printed: int) -> None:
    printed = print_diagram(town.desk, town.designer, printed, DIAGRAM, "pdf")
    pages = pypdfium2.PdfDocument(printed.content)
    drawn, table = (page.get_textpage().get_text_range() for page in pages)
    assert "申报" in drawn
    assert "决定是否受理" in drawn
    assert "湖滨县" in drawn
    assert "第四条" in table
    assert "个工作日内决定是否受理" in table
    assert (printed.name, printed.media_type) == ("application.pdf", "application/pdf")


def test_the_file_for_other_tools_has_its_drawing_and_comes_back_unchanged(town: Lakeside, printed: int) -> None:
    new = DIAGRAM.replace("application", "second")
    kept = save_file(
        town.desk,
        town.designer,
        printed,
        new,
        open_diagram(town.desk, town.designer, printed, DIAGRAM).xml.encode(),
        None,
    )
    printed = print_diagram(town.desk, town.designer, printed, new, "bpmn")
    assert not has_drawing(kept.content or b"")
    assert has_drawing(printed.content)
    assert b"<bpmn:incoming>" in printed.content
    assert printed.name == "second.bpmn"
