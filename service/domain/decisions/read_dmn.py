"""Reads DMN 1.1 to 1.5 XML into a decision model. Entities, document types and the network are refused."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from service.domain.decisions import boxed
from service.domain.decisions.boxed import Boxed, Signature
from service.domain.decisions.columns import (
    ANYTHING,
    Aggregation,
    Compilation,
    HitPolicy,
    InputColumn,
    ItemType,
    Output,
    TableRule,
    code_of,
)
from service.domain.decisions.errors import DecisionModelError
from service.domain.decisions.model import (
    BusinessKnowledge,
    Decision,
    DecisionModel,
    DecisionService,
    Element,
    InputData,
)
from service.domain.decisions.table import DecisionTable
from service.domain.feel import BUILTINS, FunctionSet, UnaryTests
from service.domain.feel.lexer import normalise_name
from service.domain.feel.scope import Code
from service.domain.feel.types import named_type
from service.domain.files.safe_xml import XmlRefused, read_xml
from service.domain.text import Text

Tag = Any
"""An lxml element; lxml has no types."""


def tag_of(tag: Tag) -> str:
    """Return the local name; empty for comments and processing instructions."""
    return tag.tag.rpartition("}")[2] if isinstance(tag.tag, str) else ""


def iterate_child_tags(tag: Tag, name: str) -> Iterator[Tag]:
    """Return the elements called ``name`` directly inside ``tag``."""
    return (part for part in tag if tag_of(part) == name)


def find_child_tag(tag: Tag, name: str) -> Tag | None:
    """Return the first element called ``name`` directly inside ``tag``."""
    return next(iterate_child_tags(tag, name), None)


def text_in(tag: Tag | None) -> str:
    """Return what stands in the ``text`` inside ``tag``."""
    text = None if tag is None else find_child_tag(tag, "text")
    return "" if text is None else (text.text or "").strip()


_MAX_NESTING = 20


class TypeReader:
    """Finds types by the names that ``typeRef`` uses."""

    def __init__(self, root: Tag, functions: FunctionSet, names: tuple[str, ...]) -> None:
        self._compile = Compilation(functions, names)
        self._tags = {tag.get("name", ""): tag for tag in iterate_child_tags(root, "itemDefinition")}
        self._known: dict[str, ItemType] = {}
        self._depth = 0

    def named(self, name: str | None) -> ItemType:
        """Return the type called ``name``; an unknown name admits anything."""
        plain = (name or "").strip()
        if plain in self._tags and plain not in self._known:
            self._known[plain] = self._definition(self._tags[plain])
        return self._known.get(plain) or _basic(plain)

    def _definition(self, tag: Tag) -> ItemType:
        self._depth += 1
        kind = ANYTHING if self._depth > _MAX_NESTING else self._single(tag)
        self._depth -= 1
        return ItemType(element=kind) if tag.get("isCollection") == "true" else kind

    def _single(self, tag: Tag) -> ItemType:
        allowed = self._allowed(tag)
        if find_child_tag(tag, "functionItem") is not None:
            return ItemType(is_function=True)
        components = tuple(
            (part.get("name", ""), self._definition(part)) for part in iterate_child_tags(tag, "itemComponent")
        )
        if components:
            return ItemType(components=components, allowed=allowed)
        reference = find_child_tag(tag, "typeRef")
        base = self.named(reference.text if reference is not None else None)
        if allowed is None:
            return base
        return ItemType(base.base, base.components, base.element, allowed, base.is_function)

    def _allowed(self, tag: Tag) -> UnaryTests | None:
        for name in ("allowedValues", "typeConstraint"):
            child = find_child_tag(tag, name)
            if child is not None:
                return self._compile.tests(text_in(child)).compiled
        return None


def _basic(name: str) -> ItemType:
    kind = named_type(name.rpartition(":")[2] if ":" in name else name)
    return ANYTHING if kind is None or kind.kind is None else ItemType(kind)


DESCRIPTION = "description"
"""The annotation under which the description of a rule is kept, where dmn-js writes its notes."""


def read_table(tag: Tag, name: str, compile_: Compilation, types: TypeReader) -> DecisionTable:
    """Read a ``decisionTable`` element; raise DecisionModelError for a hit policy the standard does not know."""
    notes = [normalise_name(note.get("name", "")) for note in iterate_child_tags(tag, "annotation")]
    return DecisionTable(
        tag.get("id", ""),
        name,
        _hit_policy(tag, name),
        tuple(_input(part, compile_, types) for part in iterate_child_tags(tag, "input")),
        tuple(_output(part, name, compile_, types) for part in iterate_child_tags(tag, "output")),
        tuple(_rule(part, place, notes, compile_) for place, part in enumerate(iterate_child_tags(tag, "rule"), 1)),
        Aggregation(tag.get("aggregation", "")) if tag.get("aggregation", "") in _AGGREGATIONS else Aggregation.LIST,
    )


_AGGREGATIONS = frozenset(aggregation.value for aggregation in Aggregation)


def _hit_policy(tag: Tag, name: str) -> HitPolicy:
    value = tag.get("hitPolicy", "UNIQUE")
    try:
        return HitPolicy(value)
    except ValueError:
        raise DecisionModelError(
            Text(
                f"决策表“{name}”的命中策略“{value}”不在标准之内，请改用 UNIQUE、FIRST、COLLECT 等。",
                f"Table “{name}” has an unknown hit policy “{value}”; use UNIQUE, FIRST, COLLECT or another standard one.",
            )
        ) from None


def _input(tag: Tag, compile_: Compilation, types: TypeReader) -> InputColumn:
    expression, allowed = find_child_tag(tag, "inputExpression"), find_child_tag(tag, "inputValues")
    text, values = text_in(expression) or "null", text_in(allowed)
    return InputColumn(
        tag.get("id", ""),
        normalise_name(tag.get("label", "")) or text,
        compile_.expression(text),
        compile_.tests(values) if values else None,
        types.named(expression.get("typeRef") if expression is not None else None),
    )


def _output(tag: Tag, name: str, compile_: Compilation, types: TypeReader) -> Output:
    allowed, default = text_in(find_child_tag(tag, "outputValues")), text_in(find_child_tag(tag, "defaultOutputEntry"))
    label = normalise_name(tag.get("label", "")) or normalise_name(tag.get("name", "")) or name
    return Output(
        tag.get("id", ""),
        normalise_name(tag.get("name", "")) or label,
        label,
        compile_.expression(f"[{allowed}]") if allowed else None,
        compile_.expression(default) if default else None,
        types.named(tag.get("typeRef")),
    )


def _rule(tag: Tag, place: int, notes: list[str], compile_: Compilation) -> TableRule:
    annotations = {}
    for number, entry in enumerate(iterate_child_tags(tag, "annotationEntry")):
        name = notes[number] if number < len(notes) and notes[number] else str(number + 1)
        annotations[name] = text_in(entry)
    description = find_child_tag(tag, "description")
    if description is not None and (description.text or "").strip():
        annotations[DESCRIPTION] = description.text.strip()
    return TableRule(
        tag.get("id") or str(place),
        tuple(compile_.tests(text_in(entry)) for entry in iterate_child_tags(tag, "inputEntry")),
        tuple(compile_.expression(text_in(entry) or "null") for entry in iterate_child_tags(tag, "outputEntry")),
        annotations,
    )


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
        return boxed.typed(self._readers[tag_of(tag)](tag), self._types.named(tag.get("typeRef")))

    def _code(self, tag: Tag | None) -> Code:
        expression = None if tag is None else self.inside(tag)
        return (lambda _scope: None) if expression is None else expression.code

    def _literal(self, tag: Tag) -> Boxed:
        text = text_in(tag)
        return Boxed(code_of(self._compile.expression(text))) if text else Boxed(lambda _scope: None)

    def _table(self, tag: Tag) -> Boxed:
        owner = tag.getparent()
        name = tag.get("outputLabel") or (owner.get("name") if owner is not None else "") or ""
        return boxed.boxed_table(read_table(tag, name, self._compile, self._types))

    def _context(self, tag: Tag) -> Boxed:
        entries: list[tuple[str | None, Code]] = []
        for part in iterate_child_tags(tag, "contextEntry"):
            variable, expression = find_child_tag(part, "variable"), self.inside(part)
            kind = self._types.named(None if variable is None else variable.get("typeRef"))
            code = (lambda _scope: None) if expression is None else boxed.typed(expression, kind).code
            entries.append((None if variable is None else normalise_name(variable.get("name", "")), code))
        return boxed.context(entries)

    def _list(self, tag: Tag) -> Boxed:
        return boxed.box_list([self._read(part).code for part in tag if tag_of(part) in self._readers])

    def _relation(self, tag: Tag) -> Boxed:
        columns = [normalise_name(column.get("name", "")) for column in iterate_child_tags(tag, "column")]
        rows = [
            [self._read(part).code for part in row if tag_of(part) in self._readers]
            for row in iterate_child_tags(tag, "row")
        ]
        return boxed.box_relation(columns, rows)

    def _invocation(self, tag: Tag) -> Boxed:
        names, arguments = [], []
        for binding in iterate_child_tags(tag, "binding"):
            parameter = find_child_tag(binding, "parameter")
            names.append(normalise_name(parameter.get("name", "")) if parameter is not None else "")
            arguments.append(self._code(binding))
        return boxed.box_invocation(self._code(tag), names, arguments)

    def _function(self, tag: Tag) -> Boxed:
        return boxed.box_function(self.parameters(tag), self._code(tag), self._types.named(None))

    def _conditional(self, tag: Tag) -> Boxed:
        return boxed.box_conditional(*(self._code(find_child_tag(tag, part)) for part in ("if", "then", "else")))

    def _for(self, tag: Tag) -> Boxed:
        return boxed.box_iteration(
            _iterator(tag), self._code(find_child_tag(tag, "in")), self._code(find_child_tag(tag, "return"))
        )

    def _some(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=True)

    def _every(self, tag: Tag) -> Boxed:
        return self._quantified(tag, settles=False)

    def _quantified(self, tag: Tag, *, settles: bool) -> Boxed:
        condition = self._code(find_child_tag(tag, "satisfies"))
        return boxed.box_quantified(_iterator(tag), self._code(find_child_tag(tag, "in")), condition, settles=settles)

    def _filter(self, tag: Tag) -> Boxed:
        return boxed.box_filter(self._code(find_child_tag(tag, "in")), self._code(find_child_tag(tag, "match")))


def _iterator(tag: Tag) -> str:
    return normalise_name(tag.get("iteratorVariable", ""))


_NAMED = frozenset(
    {"decision", "inputData", "businessKnowledgeModel", "decisionService", "variable", "parameter", "formalParameter"}
    | {"itemComponent", "column", "output", "itemDefinition"}
)


def read_dmn(xml: bytes, *, functions: FunctionSet = BUILTINS) -> DecisionModel:
    """Parse and compile a model.

    Texts that are no FEEL are kept and reported by ``problems``. Raises DecisionModelError for what is no DMN at all,
    and for decisions that require each other in a circle.
    """
    root = _parse(xml)
    elements = _ModelReader(root, functions).elements()
    model = DecisionModel(root.get("name", ""), root.get("namespace", ""), elements)
    _refuse_circles(elements)
    return model


def _parse(xml: bytes) -> Tag:
    try:
        root: Tag = read_xml(xml, remove_comments=True)
    except XmlRefused as refused:
        what = refused.what
        raise DecisionModelError(
            Text(
                f"决策模型第 {refused.line} 行：{what.zh}请改正，或从 DMN 编辑器重新导出。",
                f"Decision model, line {refused.line}: {what.en} Mend it, or export it again from the DMN editor.",
            )
        ) from None
    if tag_of(root) != "definitions":
        raise DecisionModelError(
            Text(
                "这不是 DMN 文件：根元素应为 definitions。请从 DMN 编辑器重新导出。",
                "This is no DMN file: its root must be definitions. Export it again.",
            )
        )
    return root


class _ModelReader:
    """One pass over one file."""

    def __init__(self, root: Tag, functions: FunctionSet) -> None:
        self._root = root
        names = {normalise_name(tag.get("name", "")) for tag in root.iter() if tag_of(tag) in _NAMED} - {""}
        self._types = TypeReader(root, functions, tuple(sorted(names)))
        self._boxes = BoxedReader(functions, tuple(sorted(names)), self._types)

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


def _refuse_circles(elements: dict[str, Element]) -> None:
    """Raise DecisionModelError if a decision needs itself."""
    done: set[str] = set()

    def visit(id_: str, above: tuple[str, ...]) -> None:
        element = elements.get(id_)
        if not isinstance(element, Decision) or id_ in done:
            return
        if id_ in above:
            raise DecisionModelError(
                Text(f"决策“{element.name}”依赖自身，请断开循环。", f"Decision “{element.name}” requires itself.")
            )
        for required in element.requires:
            visit(required, (*above, id_))
        done.add(id_)

    for id_ in elements:
        visit(id_, ())
