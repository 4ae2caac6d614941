"""Patterns: what a place makes of them, and what is said where it cannot be made."""

from __future__ import annotations

import json
from pathlib import Path, PurePosixPath

import pytest

from service.catalog.patterns.patterns import fill_patterns
from service.catalog.tree import read_sources

ROOT = Path(__file__).parents[3]

PLACE = "processes/lakeside"
USES = f"{PLACE}/star/patterns.yaml"
DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions id="PLACE_step_definitions">
  <bpmn:process id="PLACE_step" name="${step_name}">
    <bpmn:laneSet id="lanes">
      <bpmn:lane id="lane" name="${role.office}">
        <bpmn:flowNodeRef>begin</bpmn:flowNodeRef>
        <bpmn:flowNodeRef>ask</bpmn:flowNodeRef>
      </bpmn:lane>
    </bpmn:laneSet>
    <bpmn:startEvent id="begin">
      <bpmn:extensionElements>
        <spiffworkflow:properties>
          <spiffworkflow:property name="clauses" value="${begin}" />
          <spiffworkflow:property name="prefill" value="${begin_prefill}" />
        </spiffworkflow:properties>
      </bpmn:extensionElements>
      <bpmn:outgoing>begin_to_ask</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:userTask id="ask" name="问" spiffworkflow:only="${with_ask}">
      <bpmn:incoming>begin_to_ask</bpmn:incoming>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="begin_to_ask" sourceRef="begin" targetRef="ask" spiffworkflow:only="${with_ask}">
      <bpmn:conditionExpression>${condition}</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
  </bpmn:process>
  <bpmndi:BPMNDiagram id="PLACE_diagram">
    <bpmndi:BPMNPlane id="PLACE_plane" bpmnElement="PLACE_step">
      <bpmndi:BPMNShape id="begin_di" bpmnElement="begin" />
      <bpmndi:BPMNShape id="ask_di" bpmnElement="ask" />
      <bpmndi:BPMNEdge id="begin_to_ask_di" bpmnElement="begin_to_ask" />
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
SLOTS = {"step_name": "一步", "begin": "LS-1", "begin_prefill": '{a: "x"}', "with_ask": "true", "condition": "a < 1"}


def files(slots: dict[str, str], **more: str) -> dict[str, bytes]:
    lines = [
        f"    {name}: {value if value in ('true', 'null') else json.dumps(value)}" for name, value in slots.items()
    ]
    texts = {
        f"{PLACE}/jurisdiction.yaml": "id: lakeside\nname: 湖滨\nroles: {office: {name: 办公室}}\n",
        "processes/shared/patterns/step.bpmn": DIAGRAM,
        USES: "\n".join(["step.bpmn:", "  slots:", *lines, ""]),
        **more,
    }
    return {path: text.encode() for path, text in texts.items()}


FORM = {"components": ["${own}", {"key": "${key}", "label": "${label}", "help": "${help}"}], "title": "${place}的表"}


def forms(form: object) -> dict[str, bytes]:
    return files(
        SLOTS, **{"forms/shared/patterns/sheet.json": json.dumps(FORM), "forms/lakeside/sheet.json": json.dumps(form)}
    )


def step(slots: dict[str, str]) -> str:
    made, problems = fill_patterns(files(slots))
    assert problems == ()
    return made[f"{PLACE}/star/step.bpmn"].decode()


def test_a_place_fills_the_slots_of_a_diagram_with_its_own() -> None:
    text = step(SLOTS)
    assert '<bpmn:process id="lakeside_step" name="一步">' in text
    assert '<bpmn:lane id="lane" name="办公室">' in text
    assert '<spiffworkflow:property name="clauses" value="LS-1" />' in text
    assert """<spiffworkflow:property name="prefill" value='{a: "x"}' />""" in text
    assert "<bpmn:conditionExpression>a &lt; 1</bpmn:conditionExpression>" in text
    assert '<bpmn:userTask id="ask" name="问">' in text
    for mark in ("${", "PLACE", "only"):
        assert mark not in text


def test_what_a_place_does_not_have_is_left_out_with_all_that_refers_to_it() -> None:
    text = step({**SLOTS, "with_ask": "null", "begin_prefill": "null"})
    assert "prefill" not in text
    assert "ask" not in text
    assert '<bpmndi:BPMNShape id="begin_di" bpmnElement="begin" />' in text
    assert '<spiffworkflow:property name="clauses" value="LS-1" />' in text


def test_filling_again_changes_nothing() -> None:
    made, _ = fill_patterns(files(SLOTS))
    assert made != files(SLOTS)
    assert fill_patterns(made) == (made, ())


@pytest.mark.parametrize(
    ("slots", "rule"),
    [
        ({name: SLOTS[name] for name in SLOTS if name != "begin"}, "unfilled_slot"),
        ({**SLOTS, "begun": "LS-2"}, "unknown_slot"),
    ],
)
def test_a_slot_left_open_or_misspelt_is_told_and_nothing_is_made(slots: dict[str, str], rule: str) -> None:
    made, problems = fill_patterns(files(slots))
    assert [(p.file, p.element, p.rule) for p in problems] == [(USES, "step.bpmn", rule)]
    assert f"{PLACE}/star/step.bpmn" not in made


def test_a_file_of_its_own_beside_the_pattern_is_told() -> None:
    own = {f"{PLACE}/star/step.bpmn": "<own />"}
    made, problems = fill_patterns(files(SLOTS, **own))
    assert [p.rule for p in problems] == ["own_and_pattern"]
    assert made[f"{PLACE}/star/step.bpmn"] == b"<own />"


def test_a_form_takes_a_pattern_and_puts_its_own_components_in() -> None:
    own = [{"key": "a"}, {"key": "b"}]
    made, problems = fill_patterns(
        forms({"from_pattern": "sheet", "own": own, "key": "k", "label": "甲", "help": None})
    )
    assert problems == ()
    assert json.loads(made["forms/lakeside/sheet.json"]) == {
        "components": [*own, {"key": "k", "label": "甲"}],
        "title": "湖滨的表",
    }


def test_a_pattern_that_holds_itself_is_told() -> None:
    held = {"forms/shared/patterns/sheet.json": json.dumps({"components": [{"from_pattern": "sheet"}]})}
    made, problems = fill_patterns({**forms({"from_pattern": "sheet"}), **{k: v.encode() for k, v in held.items()}})
    assert [p.rule for p in problems] == ["pattern_in_itself"]
    assert json.loads(made["forms/lakeside/sheet.json"]) == {"from_pattern": "sheet"}


def test_patterns_that_multiply_are_told() -> None:
    twelve = {
        f"forms/shared/patterns/p{n}.json": json.dumps({"components": [{"from_pattern": f"p{n + 1}"}] * 12}).encode()
        for n in range(7)
    }
    last = {"forms/shared/patterns/p7.json": b"{}"}
    _, problems = fill_patterns({**forms({"from_pattern": "p0"}), **twelve, **last})
    assert [p.rule for p in problems] == ["pattern_in_itself"]


def test_every_pattern_is_taken_by_a_place_or_a_new_one() -> None:
    sources = read_sources(ROOT)
    takers = {path: data.decode() for path, data in sources.items() if path.endswith(("patterns.yaml", ".json"))}
    takers |= {str(path): path.read_text("utf-8") for path in (ROOT / "service/catalog/new_city").glob("*.py")}
    patterns = [path for path in sources if "/shared/patterns/" in path and path.endswith((".bpmn", ".dmn", ".json"))]
    names = {path: PurePosixPath(path).stem.removeprefix("start_") for path in patterns}
    assert [path for path in patterns if not any(names[path] in takers[one] for one in takers if one != path)] == []
