"""Everything the engine would mis-execute, found before a definition is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.domain.feel import FunctionSet
from service.domain.safe_xml import XmlRefused
from service.engine.lint.elements import check_documents, check_elements
from service.engine.lint.events import check_events
from service.engine.lint.expressions import check_expressions
from service.engine.lint.flows import check_flows
from service.engine.lint.loops import check_loops
from service.engine.lint.report import Rule, make
from service.engine.lint.scope import Package, scopes_of
from service.engine.model import EngineProblem
from service.engine.parser import parse
from service.engine.xml import document, tag

RULES = {
    "not_xml": Rule(
        "文件不是有效的 XML：{why}", "The file is no valid XML: {why}",
        "用流程编辑器重新保存。", "Save it again with the diagram editor."),
    "unreadable": Rule(
        "引擎读不懂“{id}”：{why}", "The engine cannot read “{id}”: {why}",
        "检查该元素的设置和连线。", "Check the element's settings and flows."),
}  # fmt: skip


def find_problems(diagrams: Mapping[str, bytes], functions: FunctionSet) -> tuple[EngineProblem, ...]:
    """Return every problem of a set of diagrams (path to XML), in the order of files; none means it runs as drawn."""
    found = dict.fromkeys(_problems(diagrams, functions))
    return tuple(sorted(found, key=lambda problem: problem.file))


def _problems(diagrams: Mapping[str, bytes], functions: FunctionSet) -> Iterator[EngineProblem]:
    roots: dict[str, Any] = {}
    for path in sorted(diagrams):
        try:
            roots[path] = document(diagrams[path])
        except XmlRefused as error:
            yield make(RULES, "not_xml", path, None, why=str(error))
    scopes = tuple(scope for path, root in roots.items() for scope in scopes_of(path, root))
    processes = {node.get("id", ""): node for root in roots.values() for node in root.iter(tag("process"))}
    package = Package(scopes, roots, processes)
    ours = [*check_documents(package), *check_expressions(package, functions)]
    for scope in scopes:
        for check in (check_elements, check_flows, check_events, check_loops):
            ours.extend(check(package, scope))
    yield from ours
    if not ours and len(roots) == len(diagrams):
        yield from _library({path: diagrams[path] for path in roots})


def _library(diagrams: Mapping[str, bytes]) -> Iterator[EngineProblem]:
    """Ask the library's own parser, which sees little, last."""
    try:
        parser, processes = parse(diagrams)
        for name in processes:
            parser.get_spec(name)
            parser.get_subprocess_specs(name)
    except ValidationException as error:
        yield make(RULES, "unreadable", error.file_name, error.id or None, why=str(error))
