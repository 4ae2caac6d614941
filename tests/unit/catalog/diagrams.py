"""Small diagrams written as logic, for tests of reading, drawing and checking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

HEAD = (
    '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" id="d" targetNamespace="urn:t">'
)


@dataclass(slots=True)
class Sketch:
    """A diagram in the making; ``lanes`` are made of the nodes' lanes unless there are none."""

    nodes: list[tuple[str, str, str, str]] = field(default_factory=list)
    flows: list[tuple[str, str, str]] = field(default_factory=list)
    boundaries: list[tuple[str, str, str]] = field(default_factory=list)
    inner: dict[str, Sketch] = field(default_factory=dict)

    def node(self, ident: str, kind: str = "userTask", name: str | None = None, lane: str = "") -> str:
        """Add a node."""
        self.nodes.append((ident, kind, ident if name is None else name, lane))
        return ident

    def path(self, *idents: str, name: str = "") -> None:
        """Join nodes by flows."""
        for a, b in pairwise(idents):
            self.flows.append((a, b, name))

    def boundary(self, ident: str, host: str, name: str = "") -> str:
        """Attach a boundary event."""
        self.boundaries.append((ident, host, name))
        return ident

    def bpmn(self) -> bytes:
        """Return the file."""
        lanes = list(dict.fromkeys(lane for _, _, _, lane in self.nodes if lane))
        parts = [HEAD, '<bpmn:process id="p" name="流程" isExecutable="true">']
        if lanes:
            parts.append('<bpmn:laneSet id="lanes">')
            parts += [_lane(index, lane, self.nodes) for index, lane in enumerate(lanes)]
            parts.append("</bpmn:laneSet>")
        parts += self.content("")
        return "\n".join([*parts, "</bpmn:process></bpmn:definitions>"]).encode()

    def content(self, prefix: str) -> list[str]:
        """Return the elements of one scope."""
        parts = []
        for ident, kind, name, _ in self.nodes:
            inside = "".join(self.inner[ident].content(f"{prefix}{ident}_")) if ident in self.inner else ""
            parts.append(f'<bpmn:{kind} id="{prefix}{ident}" name="{name}">{inside}</bpmn:{kind}>')
        for ident, host, name in self.boundaries:
            parts.append(
                f'<bpmn:boundaryEvent id="{prefix}{ident}" name="{name}" attachedToRef="{prefix}{host}">'
                f'<bpmn:timerEventDefinition id="{prefix}{ident}_t" /></bpmn:boundaryEvent>'
            )
        for index, (a, b, name) in enumerate(self.flows):
            parts.append(
                f'<bpmn:sequenceFlow id="{prefix}f{index}" name="{name}" '
                f'sourceRef="{prefix}{a}" targetRef="{prefix}{b}" />'
            )
        return parts


def _lane(index: int, lane: str, nodes: Sequence[tuple[str, str, str, str]]) -> str:
    members = "".join(f"<bpmn:flowNodeRef>{ident}</bpmn:flowNodeRef>" for ident, _, _, own in nodes if own == lane)
    return f'<bpmn:lane id="lane{index}" name="{lane}">{members}</bpmn:lane>'


def award_like() -> Sketch:
    """Return a procedure with two lanes, a loop, a boundary event and two ends."""
    s = Sketch()
    s.node("start", "startEvent", "开始", "申报组织")
    s.node("fill", "userTask", "填写申报材料", "申报组织")
    s.node("examine", "userTask", "形式审查", "办公室")
    s.node("complete", "exclusiveGateway", "材料是否齐全", "办公室")
    s.node("correct", "userTask", "补正材料", "申报组织")
    s.node("decide", "userTask", "决定受理", "办公室")
    s.node("done", "endEvent", "受理", "办公室")
    s.node("late", "endEvent", "逾期", "申报组织")
    s.path("start", "fill", "examine", "complete")
    s.path("complete", "decide", name="齐全")
    s.path("decide", "done")
    s.path("complete", "correct", name="需要补正")
    s.path("correct", "examine")
    s.path(s.boundary("timeout", "correct", "补正期满"), "late")
    return s
