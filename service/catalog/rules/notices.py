"""What waits for the end of a notice goes by the notice, not by a count of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.catalog.bpmn.model import Diagram, Element, Kind
from service.catalog.problems import Problem
from service.catalog.rules.context import Checked, warning
from service.catalog.rules.registry import Extent, check
from service.domain.text import Text

_GATEWAYS = (Kind.EXCLUSIVE, Kind.PARALLEL, Kind.INCLUSIVE, Kind.EVENT_GATEWAY)
_COUNTS = re.compile(r"\b(?:workdays|caldays|months|years|duration)\(")
_OF_RESULT = re.compile(r"([^\W\d]\w*)\.notice")


@check(Extent.DIAGRAM, "notice_end")
def notices_end_as_posted(checked: Checked) -> Iterator[Problem]:
    """A timer before the closing of a notice reads it, or its draft: a count of its own closes it on another day than posted."""
    for diagram in checked.diagrams.values():
        posted = {
            c.result: c.parameters.get("draft", "") for e in _calling(diagram, "notice.post") if (c := e.operation)
        }
        for closing in _calling(diagram, "notice.close"):
            said = closing.operation.parameters.get("notice", "") if closing.operation else ""
            named = _OF_RESULT.fullmatch(said.strip())
            if named is None or named[1] not in posted:
                continue
            for waiting in _timers_before(diagram, closing.id):
                formula = waiting.timer.expression if waiting.timer else ""
                own = _COUNTS.search(formula) is not None
                if own and not any(_reads(formula, name) for name in (named[1], posted[named[1]])):
                    yield _problem(diagram, waiting, formula, named[1])


def _problem(diagram: Diagram, waiting: Element, formula: str, result: str) -> Problem:
    name, end = waiting.name or waiting.id, f"date and time({result}.ends_at)"
    return warning(
        diagram.file, waiting.id, "notice_end",
        f"“{name}”等的是公示期满，却另按“{formula}”计算：公示期改了、延长了，或者自张贴之日起算，公示就不在公布的末日结束。",
        f"“{name}” waits for the end of a notice and counts “{formula}” instead: once the notice runs longer, or counts from "
        "another day, it is not closed on the last day that was posted.",
        Text(f"写 {end}，即这次公示公布的终止时刻。", f"Write {end}, the end of the notice as it was posted."),
    )  # fmt: skip


def _reads(formula: str, name: str) -> bool:
    return bool(name) and re.search(rf"(?<![\w.]){re.escape(name)}\.", formula) is not None


def _calling(diagram: Diagram, operation: str) -> Iterator[Element]:
    return (e for e in diagram.elements.values() if e.operation is not None and e.operation.operation == operation)


def _timers_before(diagram: Diagram, ident: str) -> Iterator[Element]:
    """Yield the timers after which nothing but gateways is passed before an element."""
    waiting, seen = [ident], {ident}
    while waiting:
        here = waiting.pop()
        for flow in diagram.flows.values():
            before = diagram.elements.get(flow.source)
            if flow.target != here or before is None or before.id in seen:
                continue
            seen.add(before.id)
            if before.timer is not None:
                yield before
            elif before.kind in _GATEWAYS:
                waiting.append(before.id)
