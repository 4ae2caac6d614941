"""Facts: what operations record is declared by every kind of case that runs the diagram."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from service.catalog.bpmn.model import OperationCall
from service.catalog.feel import compiled, constant
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, error
from service.catalog.rules.registry import Extent, check
from service.domain.feel import FeelSyntaxError, nodes
from service.domain.text import Text
from service.sdk.operations import Operation


@check(Extent.PROCESS, "fact_not_declared")
def recorded_facts_declared(checked: Checked) -> Iterator[Problem]:
    """What operations record is declared under the facts of every kind of case that runs the diagram."""
    known = checked.package.operations
    for diagram, element in checked.elements():
        call = element.operation
        if call is None or call.operation not in known:
            continue
        names = recorded_names(known[call.operation], call)
        for kind in checked.kinds.get(diagram.process_id, ()):
            for name in sorted(names - set(kind.facts)):
                yield error(
                    diagram.file, element.id, "fact_not_declared",
                    f"“{element.name or element.id}”记录事实“{name}”，办件种类“{kind.text.zh}”没有声明它。",
                    f"“{element.name or element.id}” records the fact “{name}”, which the kind of case “{kind.text.en}” does not declare.",
                    Text(
                        f"在 award.yaml 的 processes.{kind.key}.facts 中加上“{name}”和它的类型。",
                        f"Add “{name}” with its type to processes.{kind.key}.facts in award.yaml.",
                    ),
                )  # fmt: skip


def recorded_names(operation: Operation, call: OperationCall) -> set[str]:
    """Return the facts that a call of ``operation`` is written to record."""
    return {
        pattern.format(word)
        for parameter in operation.parameters
        for pattern in parameter.facts
        for word in _words(call.parameters.get(parameter.name, ""), pattern)
    }


def _words(text: str, pattern: str) -> Iterable[str]:
    """Return the text that an expression always gives, or the keys of the context it writes; none for anything else.

    A ``pattern`` without ``{}`` names a fact by itself.
    """
    if not text or "{}" not in pattern:
        return [""] if text else ()
    try:
        node = compiled(text).node
    except FeelSyntaxError:
        return ()  # reported as a formula
    if isinstance(node, nodes.ContextLiteral):
        return [name for name, _ in node.entries]
    value = constant(text)
    return [value] if isinstance(value, str) and value else ()
