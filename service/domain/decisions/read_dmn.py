"""Reads DMN 1.1 to 1.5 XML into a decision model. Entities, document types and the network are refused."""

from __future__ import annotations

from service.domain.decisions.errors import DecisionModelError
from service.domain.decisions.item_types import ItemType
from service.domain.decisions.model import (
    BusinessKnowledge,
    Decision,
    DecisionModel,
    DecisionService,
    Element,
    InputData,
)
from service.domain.decisions.read_boxed import BoxedReader
from service.domain.decisions.read_types import TypeReader
from service.domain.decisions.tags import Tag, child, children, tag_of
from service.domain.feel import BUILTINS, FunctionSet
from service.domain.feel.lexer import tidy
from service.domain.files.safe_xml import XmlRefused, read_xml
from service.domain.text import Text

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
        names = {tidy(tag.get("name", "")) for tag in root.iter() if tag_of(tag) in _NAMED} - {""}
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
        found = [read[tag_of(tag)](tag) for tag in self._root if tag_of(tag) in read]
        return {element.id: element for element in found}

    def _input(self, tag: Tag) -> Element:
        return InputData(_id(tag), _name(tag), self._variable_type(tag))

    def _decision(self, tag: Tag) -> Element:
        logic = self._boxes.inside(tag)
        return Decision(_id(tag), _name(tag), logic, _requirements(tag), self._variable_type(tag))

    def _knowledge(self, tag: Tag) -> Element:
        logic = child(tag, "encapsulatedLogic")
        parameters = () if logic is None else self._boxes.parameters(logic)
        body = None if logic is None else self._boxes.inside(logic)
        return BusinessKnowledge(_id(tag), _name(tag), parameters, body, _requirements(tag), self._variable_type(tag))

    def _service(self, tag: Tag) -> Element:
        inputs = (*_references(tag, "inputData"), *_references(tag, "inputDecision"))
        return DecisionService(
            _id(tag), _name(tag), inputs, _references(tag, "outputDecision"), self._variable_type(tag)
        )

    def _variable_type(self, tag: Tag) -> ItemType:
        variable = child(tag, "variable")
        return self._types.named(variable.get("typeRef") if variable is not None else None)


def _id(tag: Tag) -> str:
    return str(tag.get("id") or tag.get("name", ""))


def _name(tag: Tag) -> str:
    return tidy(tag.get("name", ""))


def _requirements(tag: Tag) -> tuple[str, ...]:
    ids: list[str] = []
    for requirement in (*children(tag, "informationRequirement"), *children(tag, "knowledgeRequirement")):
        for kind in ("requiredInput", "requiredDecision", "requiredKnowledge"):
            ids.extend(_references(requirement, kind))
    return tuple(ids)


def _references(tag: Tag, kind: str) -> tuple[str, ...]:
    return tuple(part.get("href", "").rpartition("#")[2] for part in children(tag, kind))


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
