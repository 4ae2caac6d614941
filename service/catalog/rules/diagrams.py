"""Diagrams: ids once, names that fit, words that have a meaning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from service.catalog.bpmn.model import Kind
from service.catalog.bpmn.vocabulary import UNKNOWN, UNKNOWN_IS_DEFAULT
from service.catalog.differences.words import kind_word
from service.catalog.problems import Problem, did_you_mean
from service.catalog.rules.context import Checked, build_error_problem, build_warning_problem
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

MAX_NAME = 18
ANYWHERE = ("clauses",)
PROCESS_PROPERTIES = ("clauses", "variables", "meanings", "outputs", "slots", "optional")
OF_LISTS = ("may_be_empty",)
FLOW_PROPERTIES = ("clauses", "main")
_OUTCOME = ("outcome", "outcome_name", "outcome_name_en", "outcome_reason")
PROPERTIES: dict[Kind, tuple[str, ...]] = {
    Kind.USER_TASK: (
        "role", "form", "routes", "due", "remind", "prefill", "body", "assignee", "consequence", "title", "send_back", "private",
        "take_back", "bulk", "role_from", "transfer", "paper", "paper_entry", "redo",
    ),
    Kind.RULE_TASK: ("resultVariable",),
    Kind.CALL: ("slots",),
    Kind.CATCH: ("barrier", UNKNOWN),
    Kind.BOUNDARY: ("barrier", UNKNOWN),
    Kind.RECEIVE_TASK: ("barrier", UNKNOWN),
    Kind.END: _OUTCOME,
    Kind.EXCLUSIVE: (UNKNOWN,),
    Kind.INCLUSIVE: (UNKNOWN,),
}  # fmt: skip
"""Properties by kind of element; others mean nothing and are taken for slips of the pen. ``OF_LISTS``: of what is done per item."""
_WORDS = {"may_be_empty": "yes", "paper_entry": "next_working_day", "transfer": "role", UNKNOWN: UNKNOWN_IS_DEFAULT}
"""Properties of elements that have one word."""


@check(Extent.PACKAGE, "duplicate_process")
def process_ids_once(checked: Checked) -> Iterator[Problem]:
    """A process id belongs to one file."""
    seen: dict[str, str] = {}
    for path, diagram in checked.package.diagrams.items():
        if diagram.process_id in seen:
            yield build_error_problem(
                path, diagram.process_id, "duplicate_process",
                f"流程编号“{diagram.process_id}”在 {seen[diagram.process_id]} 中已经使用。",
                f"Process id “{diagram.process_id}” is used in {seen[diagram.process_id]} already.",
                Text("改成不同的流程编号。", "Give it another process id."),
            )  # fmt: skip
        seen.setdefault(diagram.process_id, path)


@check(Extent.DIAGRAM, "unnamed", "long_name")
def names_fit(checked: Checked) -> Iterator[Problem]:
    """A task has a name that fits its box."""
    for diagram, element in checked.elements():
        if element.kind.is_activity and not element.name:
            yield build_warning_problem(
                diagram.file, element.id, "unnamed", "任务没有名称。", "The task has no name.",
                Text("起一个动宾短语的名称。", "Name it by what is done."),
            )  # fmt: skip
        if element.kind.is_activity and len(element.name) > MAX_NAME:
            begin = f"{element.name[:MAX_NAME]}…"
            yield build_warning_problem(
                diagram.file, element.id, "long_name",
                f"名称“{begin}”有 {len(element.name)} 个字，图上放不下。",
                f"The name “{begin}” has {len(element.name)} characters and does not fit its box.",
                Text(f"缩短到 {MAX_NAME} 个字以内。", f"Shorten it to {MAX_NAME} characters."),
            )  # fmt: skip


@check(Extent.PROCESS, "unknown_element")
def check_element_tags(checked: Checked) -> Iterator[Problem]:
    """Elements are of a kind that is executed."""
    for path, diagram in checked.diagrams.items():
        for tag in diagram.unknown_tags:
            yield build_error_problem(
                path, diagram.process_id, "unknown_element",
                f"不支持的图形“{kind_word(tag).zh}”。", f"Element “{tag}” is not supported.",
                Text("删去它，或换成支持的图形。", "Remove it or use a supported element."),
            )  # fmt: skip


@check(Extent.PROCESS, "unknown_property")
def check_element_properties(checked: Checked) -> Iterator[Problem]:
    """Properties are spelt as the manual spells them, and stand where they have a meaning."""
    for path, diagram in checked.diagrams.items():
        places: list[tuple[str, Mapping[str, str], tuple[str, ...]]]
        places = [(diagram.process_id, diagram.properties, PROCESS_PROPERTIES)]
        for element in diagram.elements.values():
            property_names = (*ANYWHERE, *PROPERTIES.get(element.kind, ()), *(OF_LISTS if element.multi else ()))
            places.append((element.id, element.properties, property_names))
        places += [(flow.id, flow.properties, FLOW_PROPERTIES) for flow in diagram.flows.values()]
        for ident, properties, property_names in places:
            yield from (
                _build_unknown_property(path, ident, name, property_names)
                for name in properties
                if name not in property_names
            )
        for holder, name in diagram.stray:
            yield build_error_problem(
                path, holder, "unknown_property",
                f"属性“{name}”在这里没有意义。", f"Property “{name}” has no meaning here.",
                Text("把它移到流程、图形或顺序流上，或者删去。", "Move it to the process, an element or a flow, or take it away."),
            )  # fmt: skip


def _build_unknown_property(file: str, element: str, name: str, property_names: Iterable[str]) -> Problem:
    return build_error_problem(
        file, element, "unknown_property",
        f"属性“{name}”在这里没有意义。", f"Property “{name}” has no meaning here.", did_you_mean(name, property_names),
    )  # fmt: skip


@check(Extent.PROCESS, "property_value")
def check_word_properties(checked: Checked) -> Iterator[Problem]:
    """A property that has one word, as ``may_be_empty``, ``main`` or ``transfer``, is said by that word or not at all."""
    places = [(d.file, e.id, name, e.properties) for d, e in checked.elements() for name in _WORDS]
    for path, diagram in checked.diagrams.items():
        places += [(path, flow.id, "main", flow.properties) for flow in diagram.flows.values()]
    for file, ident, name, properties in places:
        word = _WORDS.get(name, "yes")
        value = properties.get(name, word)
        if value != word:
            yield build_error_problem(
                file, ident, "property_value",
                f"{name} 只能写 {word}，现为“{value}”。", f"{name} can only be {word}, not “{value}”.",
                Text(f"写 {word}，或者删去这个属性。", f"Write {word}, or take the property away."),
            )  # fmt: skip


@check(Extent.PROCESS, "repeated_property")
def check_unique_properties(checked: Checked) -> Iterator[Problem]:
    """An element says each property, and each parameter of its operation, once."""
    for path, diagram in checked.diagrams.items():
        for holder, name in diagram.repeated:
            yield build_error_problem(
                path, holder, "repeated_property",
                f"属性或参数“{name}”写了不止一次，只有最后一次会生效。", f"“{name}” is said more than once; only the last would count.",
                Text("只留一个。", "Keep one of them."),
            )  # fmt: skip
