"""Draw the appeal against the result of an objection: behind its handling, to whom the clause names, within the times it gives."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any
from xml.sax.saxutils import quoteattr

from service.catalog.assistants.condition_rows import own_elements
from service.catalog.assistants.draw_between import (
    drawn_anew,
    free_id,
    kinds_running,
    pieces_of,
    put_into_lane,
    put_variables,
    with_facts,
)
from service.catalog.bpmn.model import Element
from service.catalog.clause_kinds.clause_question import PERIOD_HINT, AnswerKind, ClauseQuestion, unsaid_hint
from service.catalog.clause_kinds.phase_days import DECISION, PhaseDays, days_held, ident_of, in_other_unit
from service.catalog.jurisdiction import Jurisdiction
from service.catalog.new_city.put_pieces import put_missing, put_parameters, put_place
from service.catalog.new_city.rows import flowing
from service.catalog.new_city.site import NewParameter, StepPieces, as_said
from service.catalog.package import Package
from service.catalog.parameters.parameter_entries import remove_parameter
from service.catalog.parameters.parameters import Unit
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.xml import children, parse_xml
from service.catalog.tree import Files
from service.domain.errors import Invalid
from service.domain.text import Text

DECIDER = "appeal_decider"
"""The parameter that says which role decides on appeals."""
_ADDED = "appeals_body"
"""The role that is added, with its body, where the place has nobody of the name that was answered."""
LODGED = "appeal_lodged"
"""The message of an action by which an appeal is lodged."""
_USUAL = PhaseDays(15, Unit.CALENDAR_DAYS)
APPEAL_DIAGRAM = "shared_objection_appeal"
"""The shared diagram that an appeal runs through."""
_OBJECTION = "shared_objection"
_SHORTEST = 4
"""Of how many signs the end of a body's name is at least, by which a clause may call it."""
APPEAL_QUESTIONS = (
    ClauseQuestion(
        "authority",
        Text("向谁申诉、由谁决定", "To whom one appeals, and who decides"),
        AnswerKind.WORDS,
        hint=Text(
            "照条文填写单位的名称；本地没有这个单位的，连同角色一并新增",
            "The body as the text names it; one that the place has not is added with a role",
        ),
    ),
    ClauseQuestion(
        "decision",
        Text("几日内决定（工作日）", "Decided within so many working days"),
        AnswerKind.PERIOD,
        hint=unsaid_hint(_USUAL.number, Text(f"{PERIOD_HINT.zh}；", f"{PERIOD_HINT.en}. ")),
    ),
)
"""What the assistant of an appeal asks."""
AWAITED = Text(
    "画上申诉以后，有处理结果的异议要等到申诉期满、或者申诉决定作出才办结。有异议而没有等到那一天的情景，写入后要改它的日子。",
    "From now on an objection with a result ends when the time to appeal is over, or the appeal is decided. Seasons with an objection that "
    "do not wait are to be changed once this is written.",
)
"""What is to be known of an appeal that is drawn."""


def appeal_drawn(
    files: Files, filled: Files, package: Package, clause: str, answers: Mapping[str, Any]
) -> dict[str, bytes]:
    """Return the files that change; of an appeal that is drawn already only who decides, and within which time.

    ``files`` hold the time to appeal already. Raises Invalid where no diagram of the place handles objections.
    """
    pieces = _pieces(package, answers)
    place = f"processes/{package.jurisdiction.id}/jurisdiction.yaml"
    held = _of_one_unit(files.get(package.parameters_file, b""), package, pieces)
    made = {package.parameters_file: put_parameters(held, package, pieces, clause)}
    if pieces.roles or pieces.bindings:
        made[place] = put_place(files[place], pieces, answered=True)
    own = [*own_elements(package)]
    if not any(element.called == APPEAL_DIAGRAM for _, element in own):
        handled = [(path, element) for path, element in own if element.called == _OBJECTION]
        if not handled:
            raise Invalid(
                Text(
                    "流程中还没有异议处理，画不上申诉。请先用助手“异议期限”画上异议，再回来。",
                    "No objections are handled here yet: draw them first, by the assistant of the objection window.",
                )
            )
        for path, element in handled:
            made |= _drawn(filled, package, path, element, clause)
        made |= _award(filled, package, handled, clause)
    return {path: content for path, content in made.items() if files.get(path) != content}


def appeal_as_drawn(package: Package) -> dict[str, str]:
    """Return who decides on appeals, and within which time, in a place where they are drawn; empty where they are not."""
    known = package.award.parameters.get(DECIDER)
    if known is None or not known.values:
        return {}
    role = str(known.values[-1].value)
    body = next(iter(package.jurisdiction.bodies_with(role)), None)
    held = {ident: one.values[-1].value for ident, one in package.award.parameters.items() if one.values}
    days = days_held(held, DECISION)
    return {"authority": body.text.zh if body else role, **({"decision": days.typed} if days else {})}


def _pieces(package: Package, answers: Mapping[str, Any]) -> StepPieces:
    """Return who decides within which time: parameters, and a body with its role where the place has none of that name."""
    place, name = package.jurisdiction, str(answers["authority"]).strip()
    days = answers["decision"] or _USUAL
    role = _role_called(place, name)
    added = role not in place.roles
    roles = tuple(sorted({role, *(one.id for one in place.roles.values() if not one.subject)}))
    said = answers["decision"] is not None and as_said(answers, "decision")
    body = {"id": role, "name": name, "kind": "authority", "roles": [role], "area": "全域"}
    return StepPieces(
        parameters={
            ident_of(DECISION, days.unit): NewParameter(
                days.number, "申诉决定期限", "Time to decide on an appeal", days.unit.value, said, answered=True
            ),
            DECIDER: NewParameter(
                role,
                "申诉由谁决定",
                "Who decides on appeals",
                "choice",
                as_said(answers, "authority"),
                roles,
                answered=True,
            ),
        },
        roles={role: {"name": name, "name_en": "Appeals body"}} if added else {},
        bodies=(body,) if added else (),
        bindings={} if "approver" in {*place.roles, *place.bindings} else {"approver": role},
    )


def _role_called(place: Jurisdiction, name: str) -> str:
    """Return the role of the body that a clause calls so, or one that is still free."""
    longest = sorted(place.bodies, key=lambda body: body.text.zh != name)
    for body in longest:
        held = [role for role in body.roles if not place.roles[role].subject]
        if held and (body.text.zh == name or (len(name) >= _SHORTEST and body.text.zh.endswith(name))):
            return held[0]
    called = next((role.id for role in place.roles.values() if role.text.zh == name and not role.subject), "")
    free = (_ADDED if number == 1 else f"{_ADDED}_{number}" for number in count(1))
    return called or next(role for role in free if role not in place.roles)


def _of_one_unit(content: bytes, package: Package, pieces: StepPieces) -> bytes:
    """Return parameters.yaml without the time to decide in the other unit: one of them is in force."""
    text = content.decode()
    for ident in pieces.parameters:
        other = in_other_unit(ident)
        text = remove_parameter(text, other) if other in package.award.parameters else text
    return text.encode()


def _drawn(filled: Files, package: Package, path: str, handled: Element, clause: str) -> dict[str, bytes]:
    """Return the diagram in which whoever has a result may appeal, behind the element that handles the objection."""
    diagram = package.diagrams[path]
    onward = [flow for flow in diagram.flows.values() if flow.source == handled.id]
    if len(onward) != 1:
        raise Invalid(
            Text(
                f"“{handled.name}”以后有几条路，不能自动画上申诉。请在它以后画一个判断，再回来。",
                f"Several ways lead on from “{handled.name}”, so the appeal cannot be drawn: put a gateway behind it first.",
            )
        )
    ask, call = free_id(diagram, "may_appeal"), free_id(diagram, "appeal")
    after, bound = onward[0].target, quoteattr(f"appeal={clause} decision={clause}")
    cited = f'<spiffworkflow:property name="clauses" value={quoteattr(clause)} />'
    drawn = pieces_of(
        path,
        f'<bpmn:exclusiveGateway id="{ask}" name="是否已有处理结果" default="{ask}_to_{after}"><bpmn:extensionElements>'
        f"<spiffworkflow:properties>{cited}</spiffworkflow:properties></bpmn:extensionElements></bpmn:exclusiveGateway>"
        f'<bpmn:callActivity id="{call}" name="异议结果申诉" calledElement="{APPEAL_DIAGRAM}"><bpmn:extensionElements>'
        f'<spiffworkflow:properties><spiffworkflow:property name="slots" value={bound} />{cited}'
        "</spiffworkflow:properties></bpmn:extensionElements></bpmn:callActivity>"
        f'<bpmn:sequenceFlow id="{ask}_to_{call}" name="有" sourceRef="{ask}" targetRef="{call}">'
        '<bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">finding_result != null</bpmn:conditionExpression>'
        "</bpmn:sequenceFlow>"
        f'<bpmn:sequenceFlow id="{ask}_to_{after}" name="没有" sourceRef="{ask}" targetRef="{after}" />'
        f'<bpmn:sequenceFlow id="{call}_to_{after}" sourceRef="{call}" targetRef="{after}" />',
    )
    root = parse_xml(filled[path], path)
    process = next(one for one in root.iter() if one.get("id") == diagram.process_id)
    for flow in children(process, "sequenceFlow"):
        if flow.get("id") == onward[0].id:
            flow.set("targetRef", ask)
    process.extend(drawn)
    put_variables(process, diagram, {"finding_result": "string", "appeal_result": "string"})
    put_into_lane(process, handled.id, drawn[:2])
    return {path: drawn_anew(root)}


def _award(filled: Files, package: Package, handled: list[tuple[str, Element]], clause: str) -> dict[str, bytes]:
    """Return the award in which whoever objected may appeal, with the facts of it."""
    kinds = [key for path, _ in handled for key in kinds_running(package, package.diagrams[path])]
    made = with_facts(filled, package, kinds, {"stage": "string", "appeal_result": "string"})
    document = load_yaml({**filled, **made}[package.award_file].decode())
    known = package.award.actions
    wanted: dict[str, Any] = {}
    for key in kinds:
        ident = f"appeal_{key}" if "appeal" in {*known, *wanted} else "appeal"
        wanted[ident] = {
            "process": key,
            "name": "申诉",
            "name_en": "Appeal",
            "roles": list(package.award.processes[key].started_by),
            "form": "objection_appeal",
            "message": LODGED,
            "condition": 'case.stage = "appealable"',
            "clauses": [clause],
        }
    put_missing(document.setdefault("actions", {}), flowing(wanted))
    return {package.award_file: dump_yaml(document).encode()}
