"""A decision model: decisions and what they require (DMN 1.5, chapters 6 and 7), evaluated by need."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.decisions.boxed import Boxed, Signature
from service.domain.decisions.columns import ANYTHING, ItemType
from service.domain.decisions.errors import DecisionModelError, TableProblem
from service.domain.decisions.table import DecisionTable
from service.domain.feel.limits import Meter
from service.domain.feel.scope import Scope
from service.domain.feel.values import Function, Value, to_feel_value
from service.domain.text import Text

_DEPTH = 12


@dataclass(frozen=True, slots=True)
class InputData:
    """A fact the model is given."""

    id: str
    name: str
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class Decision:
    """A question the model answers; ``requires`` are ids of inputs, decisions, functions and services."""

    id: str
    name: str
    logic: Boxed | None
    requires: tuple[str, ...] = ()
    type: ItemType = ANYTHING

    @property
    def table(self) -> DecisionTable | None:
        """The decision table, if that is how it decides."""
        return self.logic.table if self.logic is not None else None


@dataclass(frozen=True, slots=True)
class BusinessKnowledge:
    """A function of the model (business knowledge model)."""

    id: str
    name: str
    parameters: tuple[Signature, ...]
    body: Boxed | None
    requires: tuple[str, ...] = ()
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions that can be called together as a function."""

    id: str
    name: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    type: ItemType = ANYTHING


Element = InputData | Decision | BusinessKnowledge | DecisionService


@dataclass(frozen=True, slots=True)
class DecisionModel:
    """A compiled model; it has no state and may be shared. ``elements`` are keyed by id."""

    name: str
    namespace: str
    elements: Mapping[str, Element] = field(repr=False)

    @property
    def decisions(self) -> Mapping[str, Decision]:
        """The decisions by name."""
        return {element.name: element for element in self.elements.values() if isinstance(element, Decision)}

    @property
    def tables(self) -> Mapping[str, DecisionTable]:
        """The decision tables by the name of their decision."""
        return {name: decision.table for name, decision in self.decisions.items() if decision.table is not None}

    def evaluate(self, decision: str, inputs: Mapping[str, object], context: object = None) -> Value:
        """Answer the decision called ``decision`` from ``inputs`` by name.

        Raises DecisionModelError if there is none of that name, FeelSyntaxError for a text that does not parse,
        FeelLimitExceeded when the budget is used up.
        """
        return _Evaluation(self, inputs, Meter(context)).value(self.find(decision))

    def find(self, name: str) -> Element:
        """Return the decision, service, function or input called ``name``; raise DecisionModelError if none is."""
        for element in self.elements.values():
            if element.name == name:
                return element
        raise _nothing_called(name)

    def problems(self) -> list[TableProblem]:
        """Check all tables without data."""
        return [problem for table in self.tables.values() for problem in table.problems()]


def _nothing_called(name: str) -> DecisionModelError:
    return DecisionModelError(
        Text(f"决策模型中没有“{name}”。请检查名称。", f"The decision model has no “{name}”. Check the name.")
    )


class _Evaluation:
    """One evaluation: values already found, and the budget."""

    def __init__(
        self, model: DecisionModel, inputs: Mapping[str, object], meter: Meter, given: dict[str, Value] | None = None
    ) -> None:
        self._model = model
        self._inputs = inputs
        self._meter = meter
        self._found: dict[str, Value] = given or {}

    def value(self, element: Element) -> Value:
        """Return the value of a decision or input, or the function that knowledge or a service is."""
        if element.id not in self._found:
            self._meter.enter(_DEPTH)
            self._found[element.id] = self._build_function(element)
            self._meter.leave(_DEPTH)
        return self._found[element.id]

    def _build_function(self, element: Element) -> Value:
        if isinstance(element, InputData):
            return element.type.fitted(to_feel_value(self._inputs.get(element.name)))
        if isinstance(element, Decision):
            if element.logic is None:
                return None
            scope = Scope(self._collect_required_values(element.requires), None, self._meter)
            return element.type.fitted(element.logic.code(scope))
        return self._build_service(element) if isinstance(element, DecisionService) else self._build_knowledge(element)

    def _collect_required_values(self, ids: tuple[str, ...]) -> dict[str, Value]:
        """Return what an element may see: only what it requires, services by the name they are called by."""
        elements = [self._model.elements[id_] for id_ in ids if id_ in self._model.elements]
        return {element.name: self.value(element) for element in elements}

    def _build_knowledge(self, element: BusinessKnowledge) -> Value:
        names = tuple(parameter.name for parameter in element.parameters)

        def call_knowledge(meter: Meter, *arguments: Value) -> Value:
            fitted = [kind.type.fitted(value) for kind, value in zip(element.parameters, arguments, strict=False)]
            if element.body is None or _has_misfits(arguments, fitted):
                return None
            meter.enter(_DEPTH)
            visible = self._collect_required_values(element.requires) | dict(zip(names, fitted, strict=False))
            result = element.type.fitted(element.body.code(Scope(visible, None, meter)))
            meter.leave(_DEPTH)
            return result

        return Function(element.name, names, call_knowledge, metered=True)

    def _build_service(self, service: DecisionService) -> Value:
        names = tuple(self._model.elements[id_].name for id_ in service.inputs)
        return Function(service.name, names, lambda _meter, *arguments: self.serve(service, arguments), metered=True)

    def serve(self, service: DecisionService, arguments: Sequence[Value]) -> Value:
        """Evaluate a service with ``arguments`` in the order of its inputs."""
        elements = [self._model.elements[id_] for id_ in service.inputs]
        fitted = [element.type.fitted(value) for element, value in zip(elements, arguments, strict=False)]
        if _has_misfits(arguments, fitted):
            return None
        inputs = {element.id: value for element, value in zip(elements, fitted, strict=False)}
        run = _Evaluation(self._model, {}, self._meter, inputs)
        outputs = [self._model.elements[id_] for id_ in service.outputs]
        self._meter.enter(_DEPTH)
        values = {output.name: run.value(output) for output in outputs}
        self._meter.leave(_DEPTH)
        return service.type.fitted(values[outputs[0].name] if len(outputs) == 1 else values)


def _has_misfits(values: Sequence[Value], fitted: Sequence[Value]) -> bool:
    """Say whether some value is not of the type it is meant for."""
    return any(new is None and old is not None for old, new in zip(values, fitted, strict=False))
