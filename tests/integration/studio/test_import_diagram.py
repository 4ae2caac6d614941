"""Diagrams from outside: told element by element what will not run, mended, never a crash; and new ones from blank."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.drafts.save_file import save_file
from service.casework.studio.drafts.view_draft import open_file, view_draft
from service.casework.studio.pieces.import_diagram import DiagramImport, inspect_import
from service.casework.studio.pieces.new_diagram import new_diagram
from service.catalog.bpmn.foreign import mend_foreign
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.drawn import drawn
from service.domain.errors import Conflict, Invalid, LaurelError
from tests.support.lakeside import DIAGRAM, KEY, Lakeside

FOREIGN = (Path(__file__).parents[2] / "data" / "foreign" / "invoice.bpmn").read_bytes()
INVOICE = f"processes/{KEY}/invoice.bpmn"


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "导入")


@pytest.fixture
def found(town: Lakeside, draft: int) -> DiagramImport:
    return inspect_import(town.desk, town.designer, draft, "invoice", FOREIGN)


@pytest.mark.parametrize(
    ("element", "words"),
    [
        ("approve", "assignee、candidateGroups"), ("approve", "formData"), ("scriptTask_1", "没有编号"), ("scriptTask_1", "脚本不会执行"),
        ("archive", "没有类型"), ("other", "一个文件只画一个流程"), ("p2", "没有内容的泳池"), ("mf", "消息流"), ("doc", "数据图形"),
        ("f3", 'approved = "yes" and not(late)'), ("invoice", "可执行"), ("", "重新布局"),
    ],
)  # fmt: skip
def test_what_was_mended_is_told_by_element(found: DiagramImport, element: str, words: str) -> None:
    assert any(words in one.what.zh for one in found.mended if one.element == element)


def test_what_is_taken_in_opens_and_is_drawn(town: Lakeside, draft: int, found: DiagramImport) -> None:
    assert INVOICE not in {file.path for file in view_draft(town.desk, town.designer, draft).files}
    saved = save_file(town.desk, town.designer, draft, found.path, found.content, None)
    diagram = read_diagram(drawn(saved.content or b"", INVOICE), INVOICE)
    assert (
        set(diagram.elements)
        == {"start", "approve", "ok", "scriptTask_1", "archive", "end"}
        == set(diagram.shapes) & set(diagram.elements)
    )
    assert b"camunda" not in (saved.content or b"")


def test_a_diagram_of_ours_needs_no_mending(town: Lakeside, draft: int) -> None:
    content = open_file(town.desk, town.designer, draft, DIAGRAM).content
    copied = content.replace(b"lakeside_application", b"lakeside_second")
    found = inspect_import(town.desk, town.designer, draft, "second", copied)
    assert (found.mended, found.content) == ((), copied)


@pytest.mark.parametrize(
    ("content", "words"),
    [
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
def test_what_is_no_diagram_is_refused_in_words(town: Lakeside, draft: int, content: bytes, words: str) -> None:
    with pytest.raises(LaurelError) as refused:
        inspect_import(town.desk, town.designer, draft, "strange", content)
    assert words in refused.value.message.zh


@pytest.mark.parametrize("name", ["第二次", "../award", "a" * 500, "A-b"])
def test_a_name_that_is_no_file_is_refused(town: Lakeside, draft: int, name: str) -> None:
    with pytest.raises(Invalid, match="文件名"):
        inspect_import(town.desk, town.designer, draft, name, FOREIGN)


def test_nothing_is_written_over(town: Lakeside, draft: int) -> None:
    with pytest.raises(Conflict):
        inspect_import(town.desk, town.designer, draft, "application", FOREIGN)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("${name == '甲 == 乙  &&'}", 'name = "甲 == 乙  &&"'),
        ("#{ !(paid) && note == 'it\\'s \"so\"' }", 'not(paid) and note = "it\'s \\"so\\""'),
        ("=amount > 100", "amount > 100"),
        ('= decision = "accept"', 'decision = "accept"'),
        ('decision = "=accept"', 'decision = "=accept"'),
    ],
)
def test_a_condition_of_another_tool_keeps_what_stands_in_quotes(old: str, new: str) -> None:
    written = old.replace("&", "&amp;").replace("<", "&lt;")
    content = FOREIGN_CONDITION.replace("CONDITION", written).encode()
    [flow] = mend_foreign(content, "a.bpmn").root.iter("{*}conditionExpression")
    assert flow.text == new


FOREIGN_CONDITION = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d"><process id="p">
<startEvent id="s"/><endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="e">
<conditionExpression>CONDITION</conditionExpression></sequenceFlow></process></definitions>"""


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
