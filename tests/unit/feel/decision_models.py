"""Decision models and boxed expressions (DMN 1.5, chapters 6, 7 and 10.2), which the cases of the standard's kit are written in.

Packages hold decision tables alone; what a model's texts, tables and types come to is the program's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from service.domain.decisions.columns import ANYTHING, Compilation, ItemType, code_of
from service.domain.decisions.read_dmn import (
    Tag,
    TypeReader,
    find_child_tag,
    iterate_child_tags,
    names_in,
    parse_definitions,
    read_table,
    tag_of,
    text_in,
)
from service.domain.decisions.table import DecisionTable
from service.domain.feel import FunctionSet
from service.domain.feel.calls import invoke_function, reorder_arguments
from service.domain.feel.lexer import normalise_name
from service.domain.feel.limits import Meter
from service.domain.feel.loops import compile_for, compile_quantified
from service.domain.feel.scope import Code, Scope
from service.domain.feel.select import filter_elements
from service.domain.feel.values import Function, Value, to_feel_value

_LEVELS = 8
_WEIGHT = 100
"""Steps that one round of a boxed loop costs."""


@dataclass(frozen=True, slots=True)
class Signature:
    """A parameter: its name and type."""

    name: str
    type: ItemType = ANYTHING


@dataclass(frozen=True, slots=True)
class Boxed:
    """A boxed expression as code."""

    code: Code


def boxed_table(table: DecisionTable) -> Boxed:
    """Box a decision table."""
    return Boxed(lambda scope: table.run(scope).value)


def typed(boxed: Boxed, kind: ItemType) -> Boxed:
    """Fit the result of ``boxed`` to a type."""
    code = boxed.code
    return boxed if kind is ANYTHING else Boxed(lambda scope: kind.fitted(code(scope)))


def context(entries: Sequence[tuple[str | None, Code]]) -> Boxed:
    """Box a context; an entry without a name is its result."""

    def build_context(scope: Scope) -> Value:
        values: dict[str, Value] = {}
        inner = Scope(values, scope, scope.meter)
        for name, code in entries:
            value = code(inner)
            if name is None:
                return value
            values[name] = value
        return values

    return Boxed(build_context)


def box_list(elements: Sequence[Code]) -> Boxed:
    """Box a list."""
    return Boxed(lambda scope: [code(scope) for code in elements])


def box_relation(columns: Sequence[str], rows: Sequence[Sequence[Code]]) -> Boxed:
    """Box a relation: a list of contexts."""
    return Boxed(lambda scope: [_evaluate_row(columns, row, scope) for row in rows])


def _evaluate_row(columns: Sequence[str], row: Sequence[Code], scope: Scope) -> dict[str, Value]:
    return {name: code(scope) for name, code in zip(columns, row, strict=False)}


def box_invocation(function: Code, names: Sequence[str], arguments: Sequence[Code]) -> Boxed:
    """Box a call with named arguments."""

    def call_target(scope: Scope) -> Value:
        target = function(scope)
        if not isinstance(target, Function):
            return None
        values = reorder_arguments(target, [code(scope) for code in arguments], tuple(names))
        return None if values is None else invoke_function(target, values, scope.meter)

    return Boxed(call_target)


def box_function(parameters: Sequence[Signature], body: Code, result: ItemType) -> Boxed:
    """Box a function definition."""
    names = tuple(parameter.name for parameter in parameters)

    def make_function(scope: Scope) -> Value:
        def call_body(meter: Meter, *arguments: Value) -> Value:
            meter.enter(_LEVELS)
            fitted = [kind.type.fitted(value) for kind, value in zip(parameters, arguments, strict=False)]
            value = result.fitted(body(Scope(dict(zip(names, fitted, strict=False)), scope, meter)))
            meter.leave(_LEVELS)
            return value

        return Function("", names, call_body, metered=True)

    return Boxed(make_function)


def box_conditional(condition: Code, then: Code, otherwise: Code) -> Boxed:
    """Box an if; a condition that is neither true nor false nor null gives null."""

    def choose_branch(scope: Scope) -> Value:
        is_met = condition(scope)
        if is_met is not None and not isinstance(is_met, bool):
            return None
        return then(scope) if is_met else otherwise(scope)

    return Boxed(choose_branch)


def box_iteration(name: str, source: Code, body: Code) -> Boxed:
    """Box a for; ``partial`` is known in the body."""
    return Boxed(compile_for([(name, source, None)], body, weight=_WEIGHT, uses_partial=True))


def box_quantified(name: str, source: Code, condition: Code, *, settles: bool) -> Boxed:
    """Box a some (``settles`` True) or every (False)."""
    run = compile_quantified([(name, source, None)], condition, weight=_WEIGHT, settles=settles)
    return Boxed(run)


def box_filter(source: Code, condition: Code) -> Boxed:
    """Box a filter."""
    return Boxed(filter_elements(source, condition, _WEIGHT))


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

    elements: Mapping[str, Element] = field(repr=False)

    def evaluate(self, decision: str, inputs: Mapping[str, object], context: object = None) -> Value:
        """Answer the decision called ``decision`` from ``inputs`` by name.

        Raises FeelSyntaxError for a text that does not parse, FeelLimitExceeded when the budget is used up.
        """
        return Evaluation(self, inputs, Meter(context)).value(self.find(decision))

    def find(self, name: str) -> Element:
        """Return the decision, service, function or input called ``name``."""
        return next(element for element in self.elements.values() if element.name == name)


class Evaluation:
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
        run = Evaluation(self._model, {}, self._meter, inputs)
        outputs = [self._model.elements[id_] for id_ in service.outputs]
        self._meter.enter(_DEPTH)
        values = {output.name: run.value(output) for output in outputs}
        self._meter.leave(_DEPTH)
        return service.type.fitted(values[outputs[0].name] if len(outputs) == 1 else values)


def _has_misfits(values: Sequence[Value], fitted: Sequence[Value]) -> bool:
    """Say whether some value is not of the type it is meant for."""
    return any(new is None and old is not None for old, new in zip(values, fitted, strict=False))


class BoxedReader:
    """Turns the elements of one model into code."""

    def __init__(self, functions: FunctionSet, names: tuple[str, ...], types: TypeReader) -> None:
        self._compile = Compilation(functions, names)
        self._types = types
        self._readers: dict[str, Callable[[Tag], Boxed]] = {
            "literalExpression": self._literal,
            "decisionTable": self._table,
            "context": self._context,
            "list": self._list,
            "relation": self._relation,
            "invocation": self._invocation,
            "functionDefinition": self._function,
            "conditional": self._conditional,
            "for": self._for,
            "some": self._some,
            "every": self._every,
            "filter": self._filter,
        }

    def inside(self, tag: Tag) -> Boxed | None:
        """Read the boxed expression directly inside ``tag``, if there is one."""
        child = next((part for part in tag if tag_of(part) in self._readers), None)
        return None if child is None else self._read(child)

    def parameters(self, tag: Tag) -> tuple[Signature, ...]:
        """Read the formal parameters inside ``tag``."""
        return tuple(
            Signature(normalise_name(part.get("name", "")), self._types.named(part.get("typeRef")))
            for part in iterate_child_tags(tag, "formalParameter")
        )

    def _read(self, tag: Tag) -> Boxed:
        return typed(self._readers[tag_of(tag)](tag), self._types.named(tag.get("typeRef")))

    def _code(self, tag: Tag | None) -> Code:
        expression = None if tag is None else self.inside(tag)
        return (lambda _scope: None) if expression is None else expression.code

    def _literal(self, tag: Tag) -> Boxed:
        text = text_in(tag)
        return Boxed(code_of(self._compile.expression(text))) if text else Boxed(lambda _scope: None)

    def _table(self, tag: Tag) -> Boxed:
        owner = tag.getparent()
        name = tag.get("outputLabel") or (owner.get("name") if owner is not None else "") or ""
        return boxed_table(read_table(tag, name, self._compile, self._types))

    def _context(self, tag: Tag) -> Boxed:
        entries: list[tuple[str | None, Code]] = []
        for part in iterate_child_tags(tag, "contextEntry"):
            variable, expression = find_child_tag(part, "variable"), self.inside(part)
            kind = self._types.named(None if variable is None else variable.get("typeRef"))
            code = (lambda _scope: None) if expression is None else typed(expression, kind).code
            entries.append((None if variable is None else normalise_name(variable.get("name", "")), code))
        return context(entries)

    def _list(self, tag: Tag) -> Boxed:
        return box_list([self._read(part).code for part in tag if tag_of(part) in self._readers])

    def _relation(self, tag: Tag) -> Boxed:
        columns = [normalise_name(column.get("name", "")) for column in iterate_child_tags(tag, "column")]
        rows = [
            [self._read(part).code for part in row if tag_of(part) in self._readers]
            for row in iterate_child_tags(tag, "row")
        ]
        return box_relation(columns, rows)

    def _invocation(self, tag: Tag) -> Boxed:
        names, arguments = [], []
        for binding in iterate_child_tags(tag, "binding"):
            parameter = find_child_tag(binding, "parameter")
            names.append(normalise_name(parameter.get("name", "")) if parameter is not None else "")
            arguments.append(self._code(binding))
        return box_invocation(self._code(tag), names, arguments)

    def _function(self, tag: Tag) -> Boxed:
        return box_function(self.parameters(tag), self._code(tag), self._types.named(None))

    def _conditional(self, tag: Tag) -> Boxed:
        return box_conditional(*(self._code(find_child_tag(tag, part)) for part in ("if", "then", "else")))

    def _for(self, tag: Tag) -> Boxed:
        return box_iteration(
            _iterator(tag), self._code(find_child_tag(tag, "in")), self._code(find_child_tag(tag, "return"))
        )

    def _some(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=True)

    def _every(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=False)

    def _quantified(self, tag: Tag, *, settles: bool) -> Boxed:
        condition = self._code(find_child_tag(tag, "satisfies"))
        return box_quantified(_iterator(tag), self._code(find_child_tag(tag, "in")), condition, settles=settles)

    def _filter(self, tag: Tag) -> Boxed:
        return box_filter(self._code(find_child_tag(tag, "in")), self._code(find_child_tag(tag, "match")))


def _iterator(tag: Tag) -> str:
    return normalise_name(tag.get("iteratorVariable", ""))


class _ModelReader:
    """One pass over one file."""

    def __init__(self, root: Tag, functions: FunctionSet) -> None:
        self._root = root
        names = names_in(root)
        self._types = TypeReader(root, functions, names)
        self._boxes = BoxedReader(functions, names, self._types)

    def elements(self) -> dict[str, Element]:
        """Return the model's elements by id."""
        read = {
            "inputData": self._input,
            "decision": self._decision,
            "businessKnowledgeModel": self._knowledge,
            "decisionService": self._service,
        }
        model_elements = [read[tag_of(tag)](tag) for tag in self._root if tag_of(tag) in read]
        return {element.id: element for element in model_elements}

    def _input(self, tag: Tag) -> Element:
        return InputData(_id(tag), _name(tag), self._variable_type(tag))

    def _decision(self, tag: Tag) -> Element:
        logic = self._boxes.inside(tag)
        return Decision(_id(tag), _name(tag), logic, _requirements(tag), self._variable_type(tag))

    def _knowledge(self, tag: Tag) -> Element:
        logic = find_child_tag(tag, "encapsulatedLogic")
        parameters = () if logic is None else self._boxes.parameters(logic)
        body = None if logic is None else self._boxes.inside(logic)
        return BusinessKnowledge(_id(tag), _name(tag), parameters, body, _requirements(tag), self._variable_type(tag))

    def _service(self, tag: Tag) -> Element:
        inputs = (*_references(tag, "inputData"), *_references(tag, "inputDecision"))
        return DecisionService(
            _id(tag), _name(tag), inputs, _references(tag, "outputDecision"), self._variable_type(tag)
        )

    def _variable_type(self, tag: Tag) -> ItemType:
        variable = find_child_tag(tag, "variable")
        return self._types.named(variable.get("typeRef") if variable is not None else None)


def _id(tag: Tag) -> str:
    return str(tag.get("id") or tag.get("name", ""))


def _name(tag: Tag) -> str:
    return normalise_name(tag.get("name", ""))


def _requirements(tag: Tag) -> tuple[str, ...]:
    ids: list[str] = []
    for requirement in (
        *iterate_child_tags(tag, "informationRequirement"),
        *iterate_child_tags(tag, "knowledgeRequirement"),
    ):
        for kind in ("requiredInput", "requiredDecision", "requiredKnowledge"):
            ids.extend(_references(requirement, kind))
    return tuple(ids)


def _references(tag: Tag, kind: str) -> tuple[str, ...]:
    return tuple(part.get("href", "").rpartition("#")[2] for part in iterate_child_tags(tag, kind))


def read_model(xml: bytes, functions: FunctionSet) -> DecisionModel:
    """Parse and compile a model."""
    return DecisionModel(_ModelReader(parse_definitions(xml), functions).elements())
