"""Diagrams opened and saved in the editor come back byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from service.catalog.bpmn.read import read_diagram
from service.catalog.layout import layout_diagram
from service.catalog.source.formatting import for_editor, format_file
from service.catalog.tree import read_tree
from service.web.frontend import webbuild
from tests.support.tree import project_tree

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
