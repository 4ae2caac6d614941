"""A builder of small diagrams, and a running engine with a plain five-day week."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import pairwise
from types import MappingProxyType

from service.catalog import Package, Problem
from service.catalog.bpmn import structure
from service.catalog.check import check_package
from service.catalog.rules import RULES
from service.domain.calendar import CalendarYear, Layer, WorkingCalendar
from service.domain.calendar.feel_functions import TIME_FUNCTIONS
from service.domain.feel import BUILTINS
from service.domain.text import Text
from service.engine import Engine, Environment, Instance

MONDAY = datetime(2026, 3, 2, 1, tzinfo=UTC)  # 09:00 in Shanghai
FUNCTIONS = BUILTINS.extended(TIME_FUNCTIONS)
_HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core">'
)


def doc(*roots: str) -> bytes:
    return f"{_HEAD}{''.join(roots)}</bpmn:definitions>".encode()


def el(tag: str, eid: str, *inner: str, **attributes: str) -> str:
    extra = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f'<bpmn:{tag} id="{eid}"{extra}>{"".join(inner)}</bpmn:{tag}>'


def process(pid: str, *elements: str, outputs: str = "") -> str:
    declared = (
        ext(
            f'<spiffworkflow:properties><spiffworkflow:property name="outputs" value="{outputs}"/>'
            "</spiffworkflow:properties>"
        )
        if outputs
        else ""
    )
    return el("process", pid, declared, *elements, isExecutable="true")


def flow(source: str, target: str, condition: str = "") -> str:
    text = condition.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    inner = f"<bpmn:conditionExpression>{text}</bpmn:conditionExpression>" if text else ""
    return el("sequenceFlow", f"f_{source}_{target}", inner, sourceRef=source, targetRef=target)


def chain(*ids: str) -> str:
    return "".join(flow(a, b) for a, b in pairwise(ids))


def ext(*inner: str) -> str:
    return f"<bpmn:extensionElements>{''.join(inner)}</bpmn:extensionElements>"


def timer(kind: str, text: str) -> str:
    return f"<bpmn:timerEventDefinition><bpmn:{kind}>{text}</bpmn:{kind}></bpmn:timerEventDefinition>"


def message(variable: str = "", payload: str = "", ref: str = "msg") -> str:
    parts = f"<spiffworkflow:messageVariable>{variable}</spiffworkflow:messageVariable>" if variable else ""
    parts += f"<spiffworkflow:messagePayload>{payload}</spiffworkflow:messagePayload>" if payload else ""
    return (
        f'<bpmn:messageEventDefinition messageRef="{ref}">{ext(parts) if parts else ""}</bpmn:messageEventDefinition>'
    )


MESSAGE = '<bpmn:message id="msg" name="withdraw"/>'
ERROR = '<bpmn:error id="err" name="rejected" errorCode="REJECTED"/>'
ERROR_CAUGHT = '<bpmn:errorEventDefinition errorRef="err"/>'


def boundary(eid: str, attached: str, *definition: str, interrupting: bool = True) -> str:
    return el("boundaryEvent", eid, *definition, attachedToRef=attached, cancelActivity=str(interrupting).lower())


def service(eid: str, operation: str, result: str = "", **parameters: str) -> str:
    given = "".join(f'<spiffworkflow:parameter id="{k}" type="any" value="{v}"/>' for k, v in parameters.items())
    variable = f' resultVariable="{result}"' if result else ""
    inner = f"<spiffworkflow:parameters>{given}</spiffworkflow:parameters>"
    return el(
        "serviceTask",
        eid,
        ext(
            f'<spiffworkflow:serviceTaskOperator id="{operation}"{variable}>{inner}</spiffworkflow:serviceTaskOperator>'
        ),
    )


def multi(
    collection: str,
    output: str = "",
    item: str = "item",
    result: str = "result",
    condition: str = "",
    sequential: bool = False,
) -> str:
    parts = f"<bpmn:loopDataInputRef>{collection}</bpmn:loopDataInputRef>"
    parts += f"<bpmn:loopDataOutputRef>{output}</bpmn:loopDataOutputRef>" if output else ""
    parts += f'<bpmn:inputDataItem id="{item}"/>'
    parts += f'<bpmn:outputDataItem id="{result}"/>' if output else ""
    parts += f"<bpmn:completionCondition>{condition}</bpmn:completionCondition>" if condition else ""
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">{parts}'
        "</bpmn:multiInstanceLoopCharacteristics>"
    )


def user(eid: str, *inner: str) -> str:
    return el("userTask", eid, *inner)


def calendar() -> WorkingCalendar:
    years = MappingProxyType({year: CalendarYear(year) for year in (2026, 2027)})
    return WorkingCalendar((Layer("cn", Text("全国", "nation"), years, frozenset({6, 7})),))


@dataclass
class Bench:
    """An engine, the definitions given to it, and one instance at a time that can move to a fresh process."""

    diagrams: dict[str, bytes] = field(default_factory=dict)
    variables: Mapping[str, object] = field(default_factory=dict)
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        self.engine = Engine(FUNCTIONS)

    def env(self) -> Environment:
        return Environment(self.now, calendar(), self.variables)

    def start(self, *roots: str, pid: str = "p", **data: object) -> Instance:
        self.diagrams = {"main.bpmn": doc(*roots)}
        self.engine = Engine(FUNCTIONS)
        self.engine.load("v1", self.diagrams)
        return self.engine.start("v1", pid, data, self.env())

    def fresh(self, instance: Instance) -> Instance:
        """Restore the instance in what could be another server process."""
        self.engine = Engine(FUNCTIONS)
        self.engine.load("v1", dict(self.diagrams))
        return self.engine.restore("v1", instance.dump(), self.env())


def waiting(instance: Instance) -> list[str]:
    return sorted(task.element_id for task in instance.person_tasks())


def complete(instance: Instance, element: str, item: object = None, **data: object) -> None:
    found = [t for t in instance.person_tasks() if t.element_id == element and item in (None, t.loop_item)]
    instance.complete_person(found[0].id, data)


_PLACE = "processes/somewhere/prize/"
_ABOUT_RUNNING = {rule.id for check in RULES for rule in check.rules if rule.fact} | structure.RULES.keys()
_ABOUT_RUNNING |= {"xml", "feel_syntax", "feel_call", "unknown_process", "duplicate_process"}


def package_of(diagrams: Mapping[str, bytes]) -> Package:
    """Return the package of an award that has nothing but ``diagrams``."""
    city, award = (
        {f"processes/somewhere/{name}.yaml": b"id: somewhere" for name in ("jurisdiction", "law")},
        b"format: 2\nid: prize",
    )
    drawn = {f"{_PLACE}{path}": content for path, content in diagrams.items()}
    return Package.from_files({**city, f"{_PLACE}award.yaml": award, **drawn})


def problems(diagrams: Mapping[str, bytes]) -> list[Problem]:
    """Return what would not run as drawn, as whoever checks a package is told it."""
    drawn = {f"{_PLACE}{path}" for path in diagrams}
    found = check_package(package_of(diagrams))
    told = [replace(p, file=p.file.removeprefix(_PLACE)) for p in found if p.file in drawn]
    return [p for p in told if p.rule in _ABOUT_RUNNING]


SE = el("startEvent", "s") + el("endEvent", "e")
