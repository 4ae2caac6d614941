"""Diagrams from BPMN files: taken in without what other tools add, or refused in words; and new ones from blank."""

from __future__ import annotations

import io
import tracemalloc

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file
from service.casework.studio.pieces.diagrams import import_diagram, new_diagram
from service.casework.studio.pieces.remove_piece import remove_piece
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.drawn import drawn
from service.domain.errors import Conflict, Invalid, LaurelError
from tests.support.browsers import Browse
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

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


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "导入")


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
