"""What the library's own parser refuses of diagrams."""

from __future__ import annotations

from collections.abc import Mapping

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.catalog.problems import Problem
from service.domain.text import Text
from service.engine.parser import parse

RULE = "unreadable"


def refused(diagrams: Mapping[str, bytes]) -> tuple[Problem, ...]:
    """Return the first thing that the library refuses of diagrams; what they call may lie elsewhere."""
    try:
        parser, processes = parse(diagrams)
        for name in processes:
            parser.get_spec(name)
    except ValidationException as error:
        place = error.id or ""
        why = Text(f"引擎读不懂“{place}”：{error}", f"The engine cannot read “{place}”: {error}")
        remedy = Text("检查该元素的设置和连线。", "Check the element's settings and flows.")
        return (Problem(error.file_name or "", place, RULE, why, remedy),)
    return ()
