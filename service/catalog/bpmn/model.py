"""The model of a diagram: read once, used for drawing, checking, coverage, comparison and execution."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from service.catalog.bpmn.kinds import Kind, Purpose, TimerKind, Trigger
from service.catalog.bpmn.shapes import Edge, Shape
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a declared name stands for, and an ``example`` of its value, "" for none."""

    text: Text
    example: str = ""

    def value(self, kind: str) -> Any:
        """Return the example as a value of the FEEL type ``kind``; None where there is none or it is no such value."""
        if not self.example or kind not in ("string", "number", "boolean", "date", "any"):
            return None
        if kind == "number":
            return _number(self.example)
        return (
            {"true": True, "是": True, "false": False, "否": False}.get(self.example)
            if kind == "boolean"
            else self.example
        )


def parse_meanings(text: str) -> Mapping[str, Meaning]:
    """Read ``decision: 审定结论 | Decision | 同意; notice: 公示``: Chinese, English, an example; the last two may lack."""
    found = {}
    for part in text.split(";"):
        name, _, said = part.partition(":")
        zh, en, example, *_ = (*(word.strip() for word in said.split("|")), "", "", "")
        if name.strip() and (zh or en or example):
            found[name.strip()] = Meaning(Text(zh, en or zh), example)
    return found


def _number(typed: str) -> int | float | None:
    try:
        return int(typed) if typed.lstrip("-").isdigit() else float(typed)
    except ValueError:
        return None


SLOT = "slot:"

__all__ = [
    "SLOT", "Diagram", "Element", "Flow", "Kind", "Lane", "MultiInstance", "OperationCall", "Purpose", "Stated", "Timer",
    "TimerKind", "Trigger", "parse_slots", "parse_types", "split_words",
]  # fmt: skip


class Stated(NamedTuple):
    """An expression that the standard or the engine asks for: what for, and its text, "" where it was left empty."""

    purpose: Purpose
    text: str


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer's FEEL ``expression``."""

    kind: TimerKind
    expression: str


@dataclass(frozen=True, slots=True)
class OperationCall:
    """The operation of a service task, its parameters as FEEL, and the key its result lands under."""

    operation: str
    parameters: Mapping[str, str]
    result: str | None


@dataclass(frozen=True, slots=True)
class MultiInstance:
    """A task repeated over ``collection`` (FEEL or a variable) with ``item`` as the current one."""

    collection: str
    item: str
    outputs: str
    output: str
    completion: str
    sequential: bool


@dataclass(frozen=True, slots=True, eq=False)
class Element:
    """A node of a diagram with everything its properties say, and the ``line`` of the file where it begins.

    Empty texts mean "not given". ``clauses`` stand as written, ``slot:x`` included; ``message`` and ``signal`` are names of
    what the file declares.
    """

    id: str
    kind: Kind
    name: str
    process_id: str
    properties: Mapping[str, str]
    clauses: tuple[str, ...] = ()
    trigger: Trigger | None = None
    timer: Timer | None = None
    message: str = ""
    payload: str = ""
    message_variable: str = ""
    error_code: str = ""
    signal: str = ""
    operation: OperationCall | None = None
    decision: str = ""
    called: str = ""
    attached_to: str = ""
    interrupting: bool = True
    multi: MultiInstance | None = None
    default_flow: str = ""
    parent: str = ""
    lane: str = ""
    event_subprocess: bool = False
    instructions: str = ""
    forbidden: tuple[str, ...] = ()
    standard_loop: bool = False
    stated: tuple[Stated, ...] = ()
    line: int = 0

    @property
    def role(self) -> str:
        """Who acts, as written; ``Package.role_of`` says who that is here."""
        return self.properties.get("role", "")

    @property
    def form(self) -> str:
        """The form's id."""
        return self.properties.get("form", "")

    @property
    def routes(self) -> tuple[str, ...]:
        """Keys of the form copied into the token's data."""
        return split_words(self.properties.get("routes", ""))

    @property
    def due(self) -> str:
        """FEEL of the statutory due date."""
        return self.properties.get("due", "")

    @property
    def prefill(self) -> str:
        """FEEL of the form's first values."""
        return self.properties.get("prefill", "")

    @property
    def body(self) -> str:
        """FEEL of the one body that sees the task."""
        return self.properties.get("body", "")

    @property
    def consequence(self) -> str:
        """The sentence shown before submitting, FEEL in braces."""
        return self.properties.get("consequence", "")

    @property
    def title(self) -> str:
        """The sentence of the task list, FEEL in braces."""
        return self.properties.get("title", "")

    @property
    def send_back(self) -> bool:
        """Whether the task may be sent back to the one before."""
        return self.properties.get("send_back") != "no"

    @property
    def take_back(self) -> bool:
        """Whether what was sent may be taken back."""
        return self.properties.get("take_back") != "no"

    @property
    def bulk(self) -> bool:
        """Whether several may be completed at once."""
        return self.properties.get("bulk") == "yes"

    @property
    def barrier(self) -> str:
        """FEEL of a message catch that is caught as soon as it is true."""
        return self.properties.get("barrier", "")

    @property
    def outcome(self) -> str:
        """The word recorded at an end event."""
        return self.properties.get("outcome", "")

    @property
    def outcome_name(self) -> str:
        """The outcome in Chinese; the element's name where none is given."""
        return self.properties.get("outcome_name", "") or self.name

    @property
    def outcome_text(self) -> Text:
        """The outcome in both languages; in English the word that is recorded where no name is given."""
        return Text(self.outcome_name, self.properties.get("outcome_name_en", "") or self.outcome.replace("_", " "))

    @property
    def outcome_reason(self) -> str:
        """Why a case ends here, a text with FEEL in braces; "" where the outcome says it all."""
        return self.properties.get("outcome_reason", "")

    @property
    def slots(self) -> Mapping[str, tuple[str, ...]]:
        """Slots of the called diagram bound at this call activity."""
        return parse_slots(self.properties.get("slots", ""))


@dataclass(frozen=True, slots=True)
class Flow:
    """A sequence flow; ``condition`` is FEEL, "" where there is none; ``main`` where the file calls it the main way.

    ``conditional``: it has the element for a condition, which may be empty.
    """

    id: str
    source: str
    target: str
    name: str = ""
    condition: str = ""
    parent: str = ""
    clauses: tuple[str, ...] = ()
    main: bool = False
    properties: Mapping[str, str] = field(default_factory=dict, hash=False)
    conditional: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane and the nodes inside it."""

    id: str
    name: str
    members: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Diagram:
    """One process with its drawing.

    ``variables`` maps declared keys to FEEL types, ``slots`` are the clause slots of a shared diagram;
    ``processes`` tells how many processes the file holds, ``stray`` the properties (holder, name) of what has none,
    ``repeated`` those that their holder says more than once, ``data_flows`` what moves data by associations and stores.
    """

    file: str
    process_id: str
    name: str
    properties: Mapping[str, str]
    variables: Mapping[str, str]
    outputs: tuple[str, ...]
    slots: tuple[str, ...]
    clauses: tuple[str, ...]
    elements: Mapping[str, Element]
    flows: Mapping[str, Flow]
    lanes: tuple[Lane, ...] = ()
    pool: str = ""
    pool_name: str = ""
    shapes: Mapping[str, Shape] = field(default_factory=dict)
    edges: Mapping[str, Edge] = field(default_factory=dict)
    processes: int = 1
    unknown_tags: tuple[str, ...] = ()
    stray: tuple[tuple[str, str], ...] = ()
    repeated: tuple[tuple[str, str], ...] = ()
    data_flows: tuple[str, ...] = ()
    line: int = 0
    executable: bool = True

    def stated(self) -> Iterator[tuple[str, Stated]]:
        """Yield the expressions of elements and flows with the ids of both, all that the engine evaluates."""
        for element in self.elements.values():
            yield from ((element.id, stated) for stated in element.stated)
        for flow in self.flows.values():
            if flow.conditional:
                yield flow.id, Stated(Purpose.CONDITION, flow.condition)

    def of(self, *kinds: Kind) -> Iterator[Element]:
        """Yield the elements of these kinds."""
        return (element for element in self.elements.values() if element.kind in kinds)

    @property
    def optional(self) -> tuple[str, ...]:
        """What a caller may leave out of the values it takes, as ``agenda.body``."""
        return split_words(self.properties.get("optional", ""))

    @property
    def meanings(self) -> Mapping[str, Meaning]:
        """What the declared names stand for, of those where it is said."""
        return parse_meanings(self.properties.get("meanings", ""))

    @property
    def calls(self) -> tuple[Element, ...]:
        """The call activities."""
        return tuple(self.of(Kind.CALL))

    def outgoing(self, ident: str) -> tuple[Flow, ...]:
        """Return the flows that leave an element."""
        return tuple(flow for flow in self.flows.values() if flow.source == ident)

    def incoming(self, ident: str) -> tuple[Flow, ...]:
        """Return the flows that reach an element."""
        return tuple(flow for flow in self.flows.values() if flow.target == ident)


def split_words(text: str) -> tuple[str, ...]:
    """Split at blanks and commas."""
    return tuple(text.replace(",", " ").replace("，", " ").split())


def parse_slots(text: str) -> dict[str, tuple[str, ...]]:
    """Read ``posting=A period=A,B media=``; a slot named twice gets both clauses, one with none is still to be cited."""
    slots: dict[str, tuple[str, ...]] = {}
    for word in text.split():
        slot, _, clauses = word.partition("=")
        slots[slot] = slots.get(slot, ()) + tuple(part for part in clauses.split(",") if part)
    return slots


def parse_types(text: str) -> dict[str, str]:
    """Read ``decision: string, notice: context``; a name without type is ``any``."""
    types = {}
    for part in text.replace("，", ",").split(","):
        name, _, kind = part.partition(":")
        if name.strip():
            types[name.strip()] = kind.strip() or "any"
    return types
