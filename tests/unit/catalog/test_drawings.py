"""A drawing that is the layout's is left out and comes back; what an editor opens and saves unchanged keeps its bytes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from service.catalog.bpmn.read import read_diagram
from service.catalog.layout import layout_diagram
from service.catalog.layout.drawn import drawn, has_drawing, normalise_file, without_drawing
from service.catalog.source.formatting import for_editor, format_file
from service.catalog.source.xml import XmlMistake
from service.catalog.source.yaml import MOST_ENTRIES, YamlMistake
from service.catalog.tree import read_tree
from service.web.frontend import webbuild
from tests.support.tree import project_tree

ROOT = Path(__file__).parents[3]
BARE = [
    path.relative_to(ROOT).as_posix()
    for path in sorted(ROOT.glob("processes/*/*/*.bpmn"))
    if not has_drawing(path.read_bytes())
]


def content_of(file: str) -> bytes:
    return (ROOT / file).read_bytes()


def moved(content: bytes) -> bytes:
    """Return a diagram with its first task somewhere else."""
    return re.sub(rb'(<dc:Bounds x=")\d+(" y="\d+" width="130")', rb"\g<1>7\g<2>", content, count=1)


@pytest.mark.parametrize("file", BARE[::9])
def test_a_drawing_left_out_comes_back_the_same_and_is_left_out_again(file: str) -> None:
    bare = content_of(file)
    whole = drawn(bare, file)
    assert has_drawing(whole)
    assert without_drawing(whole, file) == bare
    assert normalise_file(file, for_editor(whole, file), bare) == bare
    assert normalise_file(file, for_editor(whole, file), None) == bare


def test_a_drawing_made_by_hand_is_kept() -> None:
    file = BARE[0]
    bare = content_of(file)
    by_hand = moved(drawn(bare, file))
    assert by_hand != drawn(bare, file)
    assert normalise_file(file, by_hand, bare) == by_hand
    assert drawn(by_hand, file) == by_hand


def test_a_diagram_that_had_its_drawing_keeps_it() -> None:
    file = BARE[0]
    whole = drawn(content_of(file), file)
    renamed = whole.replace(b'isExecutable="true"', b'isExecutable="true" name2="x"').replace(b' name2="x"', b"")
    assert normalise_file(file, renamed, whole) == whole
    assert has_drawing(normalise_file(file, whole.replace(b"</bpmn:process>", b"<!--seen--></bpmn:process>"), whole))


def test_what_cannot_be_read_comes_back_as_it_is() -> None:
    assert drawn(b"<nothing/>", "x.bpmn") == b"<nothing/>"
    with pytest.raises(XmlMistake):
        normalise_file("x.bpmn", b"<nothing", None)


@pytest.mark.parametrize(
    "before",
    ['a: "甲\\"乙"\nb:   1\n', 'a: "\\u7532"\nb:   1\n', 'a: "甲\\\n  乙"\nb:   1\n', 'a: "甲\\_乙"\nb:   1\n'],
)
def test_what_says_the_same_in_other_words_comes_back_as_it_was(before: str) -> None:
    """Escapes of YAML stand for Chinese characters, part them or stand beside them."""
    path, held = "processes/lakeside/star_award/scenarios/x.yaml", before.encode()
    made = format_file(path, held)
    assert made != held
    assert normalise_file(path, made, held) == held
    other = made.replace("甲".encode(), "丙".encode()).replace(b"b: 1", b"b: 2")
    assert normalise_file(path, other, held) == format_file(path, other) != held


def test_a_file_of_more_entries_than_people_edit_is_not_taken() -> None:
    path = "processes/lakeside/star_award/award.yaml"
    many = "".join(f"key{number}: {{}}\n" for number in range(MOST_ENTRIES)).encode()
    with pytest.raises(YamlMistake, match=f"文件中有 {MOST_ENTRIES + 1} 个键和列表项，最多 {MOST_ENTRIES} 个"):
        normalise_file(path, many + b"one: more\n", None)


PROJECT = Path(__file__).parents[3]
MODELER = "node_modules/bpmn-js/dist/bpmn-modeler.production.min.js"
TREE = {**project_tree(), **read_tree(PROJECT / "tests" / "data" / "miniature")}
DIAGRAMS = sorted(path for path in TREE if path.endswith(".bpmn") and "/patterns/" not in path)
OPEN_AND_SAVE = """async xml => {
  const modeler = new BpmnJS({container: '#canvas', moddleExtensions: {spiffworkflow: EXTENSIONS}});
  const {warnings} = await modeler.importXML(xml);
  const saved = await modeler.saveXML({format: true});
  modeler.destroy();
  return {warnings: warnings.map(w => w.message), xml: saved.xml};
}"""
EXTENSIONS = """{
  name: 'SpiffWorkflow', uri: 'http://spiffworkflow.org/bpmn/schema/1.0/core', prefix: 'spiffworkflow',
  xml: {tagAlias: 'lowerCase'}, associations: [], enumerations: [],
  types: [
    {name: 'Properties', superClass: ['Element'], properties: [{name: 'properties', type: 'Property', isMany: true}]},
    {name: 'Property', superClass: ['Element'], properties: [
      {name: 'name', isAttr: true, type: 'String'}, {name: 'value', isAttr: true, type: 'String'}]},
    {name: 'ServiceTaskOperator', superClass: ['Element'], properties: [
      {name: 'id', isAttr: true, type: 'String'}, {name: 'resultVariable', isAttr: true, type: 'String'},
      {name: 'parameterList', type: 'Parameters'}]},
    {name: 'Parameters', superClass: ['Element'], properties: [{name: 'parameters', type: 'Parameter', isMany: true}]},
    {name: 'Parameter', superClass: ['Element'], properties: [
      {name: 'id', isAttr: true, type: 'String'}, {name: 'type', isAttr: true, type: 'String'},
      {name: 'value', isAttr: true, type: 'String'}]},
    ...['CalledDecisionId', 'InstructionsForEndUser', 'MessagePayload', 'MessageVariable'].map(name => (
      {name, superClass: ['Element'], properties: [{name: 'value', isBody: true, type: 'String'}]})),
  ],
}"""

LOOP = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:t">
<bpmn:process id="p"><bpmn:userTask id="t" name="征求意见"><bpmn:multiInstanceLoopCharacteristics isSequential="false">
<bpmn:loopDataInputRef>param.departments</bpmn:loopDataInputRef><bpmn:loopDataOutputRef>given</bpmn:loopDataOutputRef>
<bpmn:inputDataItem id="department" /><bpmn:outputDataItem id="opinion" />
</bpmn:multiInstanceLoopCharacteristics></bpmn:userTask></bpmn:process></bpmn:definitions>""".encode()


def test_what_a_loop_runs_over_is_kept_out_of_the_editors_reach() -> None:
    shown = for_editor(LOOP)
    assert b"loopDataInputRef" not in shown
    assert read_diagram(shown, "x").elements["t"].properties["loop_over"] == "param.departments"


def test_and_comes_back_when_it_is_saved() -> None:
    saved = format_file("x.bpmn", for_editor(LOOP))
    assert saved == format_file("x.bpmn", LOOP)
    multi = read_diagram(saved, "x").elements["t"].multi
    assert multi is not None
    assert (multi.collection, multi.item, multi.outputs) == ("param.departments", "department", "given")


@pytest.fixture(scope="module")
def editor(chromium: Browser) -> Iterator[Page]:
    """A page with the modeler of the studio."""
    webbuild.build_bundles()
    page = chromium.new_page()
    page.set_content('<div id="canvas" style="height: 500px"></div>')
    page.add_script_tag(content=(webbuild.WEB / MODELER).read_text("utf-8"))
    yield page
    page.close()


@pytest.mark.parametrize("path", DIAGRAMS)
def test_a_diagram_saved_without_changes_comes_back_byte_for_byte(editor: Page, path: str) -> None:
    content = TREE[path]
    drawn = content if read_diagram(content, path).shapes else layout_diagram(content)
    before = format_file(path, drawn)
    result = editor.evaluate(OPEN_AND_SAVE.replace("EXTENSIONS", EXTENSIONS), for_editor(before).decode())
    assert result["warnings"] == []
    assert format_file(path, result["xml"].encode()) == before
