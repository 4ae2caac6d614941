"""Draw a notice that a clause demands: drafted and posted right before an element of a diagram, as many days as its parameter says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

from service.catalog.assistants.draw_between import (
    drawn_anew,
    kinds_running,
    put_before,
    put_into_lane,
    put_variables,
    with_facts,
)
from service.catalog.bpmn.kinds import Kind
from service.catalog.bpmn.model import Diagram, Element
from service.catalog.clause_kinds.clause_question import AnswerKind, ClauseQuestion
from service.catalog.package import Package
from service.catalog.parameters.parameters import Unit
from service.catalog.source.xml import XmlElement, parse_xml
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

NOTICE_QUESTIONS = (
    ClauseQuestion(
        "before",
        Text("流程中还没有这次公示的，画在哪个图元以前", "Where the notice is not drawn yet: before which element"),
        AnswerKind.ELEMENT,
        hint=Text(
            "助手在它以前画上“拟定公示”和公示；已经画好的空着，在“由哪个图元落实”中选它的“拟定公示”",
            "Its draft and the notice are drawn before it; leave it empty where they are, and choose the draft below",
        ),
        optional=True,
    ),
)
AWAITED = Text(
    "画上公示以后，后面的环节要等到公示期满。情景里没有等到那一天的，写入后在“情景”中改它的日子。",
    "What comes after the notice waits until it is over. Where seasons do not wait, change their days under “Scenarios” once "
    "this is written.",
)
"""What is to be known of a notice that is drawn."""
ROUNDS = "notice_rounds"
"""The fact in which the shared notice counts its corrections."""
_SHARED = "shared_public_notice"
_SLOTS = ("posting", "period", "correction")
_VARIABLES = {"notice": "context", "posted": "context", "closed": "context"}
_TERM = re.compile(r"的?(?:期限|天数|工作日数|日数|期)$")
_OWN = "[{组织名称: subject.name}]"
_BELOW = 'for c in children[process = \\"application\\" and status != \\"ended\\"] return {组织名称: c.subject.name}'
"""The rows: whom the case is about, or who takes part in the round, as a formula within a text."""
_DOCUMENT = """<bpmn:process xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core">
<bpmn:serviceTask id="draft_{call}" name={drafting}><bpmn:extensionElements>
<spiffworkflow:properties><spiffworkflow:property name="clauses" value={clause} /></spiffworkflow:properties>
<spiffworkflow:serviceTaskOperator id="notice.draft" resultVariable="notice"><spiffworkflow:parameters>
<spiffworkflow:parameter id="kind" type="string" value={kind} />
<spiffworkflow:parameter id="title" type="string" value={title} />
<spiffworkflow:parameter id="text" type="string" value={text} />
<spiffworkflow:parameter id="{unit}" type="number" value="param.{parameter}" />
<spiffworkflow:parameter id="entries" type="string" value={entries} />
<spiffworkflow:parameter id="objections" type="string" value={objections} />
</spiffworkflow:parameters></spiffworkflow:serviceTaskOperator></bpmn:extensionElements></bpmn:serviceTask>
<bpmn:callActivity id="{call}" name={name} calledElement="{shared}"><bpmn:extensionElements>
<spiffworkflow:properties><spiffworkflow:property name="slots" value={slots} /></spiffworkflow:properties>
</bpmn:extensionElements></bpmn:callActivity>
<bpmn:sequenceFlow id="draft_{call}_to_{call}" sourceRef="draft_{call}" targetRef="{call}" />
<bpmn:sequenceFlow id="{call}_to_{before}" sourceRef="{call}" targetRef="{before}" />
</bpmn:process>"""


def notice_before(
    filled: Files, package: Package, clause: str, parameter: str, unit: Unit, answers: Mapping[str, Any]
) -> tuple[dict[str, bytes], str]:
    """Return the files that change, and the draft of the notice as "file#id"; raises Invalid where nothing can stand there.

    The organisations are those of the children, or the one of the case where the process is about one. ``name`` among the
    answers is what the parameter is called.
    """
    path, _, ident = str(answers["before"]).partition("#")
    diagram = package.diagrams.get(path)
    element = diagram.elements.get(ident) if diagram and path.startswith(f"processes/{package.key}/") else None
    if diagram is None or element is None or not _is_reached(diagram, element):
        raise Invalid(
            Text(
                "公示要画在本地的图里有连线通到的图元以前，开始和附在任务上的事件以前不能画。请另选一个图元。",
                "A notice is drawn before an element of the place's own diagrams to which a flow leads: choose another one.",
            )
        )
    call = next(name for name in _names() if not {name, f"draft_{name}"} & diagram.elements.keys())
    name = _TERM.sub("", str(answers.get("name") or "").strip())
    name = name if name.endswith("公示") else f"{name}公示"
    said = {
        "drafting": "拟定公示",
        "name": name,
        "clause": clause,
        "kind": f'"{call}"',
        "title": f'"{{case.title}}{name}"',
        "text": '"现将名单予以公示。"',
        "entries": f'"{_OWN if _is_about_one(package, diagram) else _BELOW}"',
        "objections": '"公示期内可以书面提出异议。"',
        "slots": " ".join(f"{slot}={clause}" for slot in _SLOTS),
    }
    quoted = {key: quoteattr(value) for key, value in said.items()}
    drawn = _DOCUMENT.format(
        call=call, before=ident, unit=unit.value, parameter=parameter, shared=_SHARED, **quoted
    ).encode()
    return {
        path: _with_notice(filled[path], path, diagram, element, parse_xml(drawn, path)),
        **with_facts(filled, package, kinds_running(package, diagram), {ROUNDS: "number"}),
    }, f"{path}#draft_{call}"


def _names() -> Iterator[str]:
    yield "notice_before"
    yield from (f"notice_before_{number}" for number in count(2))


def _is_reached(diagram: Diagram, element: Element) -> bool:
    return not element.attached_to and any(flow.target == element.id for flow in diagram.flows.values())


def _is_about_one(package: Package, diagram: Diagram) -> bool:
    """Tell whether cases that run the diagram are each about an organisation: who applies starts them, or they follow one that is."""
    subjects = {role.id for role in package.jurisdiction.roles.values() if role.subject}
    kinds = [info for info in package.award.processes.values() if info.process == diagram.process_id]
    return any(info.same_subject or subjects & set(info.started_by) for info in kinds)


def _with_notice(content: bytes, path: str, diagram: Diagram, before: Element, pieces: XmlElement) -> bytes:
    """Return the diagram with ``pieces`` in front of an element: what led there leads to the first of them."""
    root = parse_xml(content, path)
    draft, call, *flows = list(pieces)
    put_before(root, diagram, before, (draft, call), flows)
    process = next(one for one in root.iter() if one.get("id") == diagram.process_id)
    put_variables(process, diagram, _VARIABLES)
    machine = next((one.id for one in diagram.of(Kind.SERVICE_TASK)), before.id)
    put_into_lane(process, machine, (draft, call))
    return drawn_anew(root)
