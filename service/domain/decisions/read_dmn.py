"""Reads the decision tables of DMN 1.1 to 1.5 XML. Entities, document types and the network are refused."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from service.domain.decisions.columns import (
    ANYTHING,
    Aggregation,
    Compilation,
    HitPolicy,
    InputColumn,
    ItemType,
    Output,
    TableRule,
)
from service.domain.decisions.errors import DecisionModelError
from service.domain.decisions.table import DecisionTable
from service.domain.feel import BUILTINS, FunctionSet, UnaryTests
from service.domain.feel.lexer import normalise_name
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


_NAMED = frozenset(
    {"decision", "inputData", "businessKnowledgeModel", "decisionService", "variable", "parameter", "formalParameter"}
    | {"itemComponent", "column", "output", "itemDefinition"}
)


def read_tables(xml: bytes, *, functions: FunctionSet = BUILTINS) -> dict[str, DecisionTable]:
    """Parse and compile the decision tables of a file, by the name of their decision.

    Texts that are no FEEL are kept and reported by ``problems``. Raises DecisionModelError for what is no DMN at all.
    """
    root = parse_definitions(xml)
    names = names_in(root)
    types, compilation = TypeReader(root, functions, names), Compilation(functions, names)
    tables = {}
    for decision in iterate_child_tags(root, "decision"):
        tag, name = find_child_tag(decision, "decisionTable"), decision.get("name", "")
        if tag is not None:
            tables[normalise_name(name)] = read_table(tag, tag.get("outputLabel") or name, compilation, types)
    return tables


def names_in(root: Tag) -> tuple[str, ...]:
    """Return the names that a model declares, which may hold blanks."""
    return tuple(sorted({normalise_name(tag.get("name", "")) for tag in root.iter() if tag_of(tag) in _NAMED} - {""}))


def parse_definitions(xml: bytes) -> Tag:
    """Return the root of a file; raises DecisionModelError for what is no DMN."""
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
