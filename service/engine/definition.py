"""A loaded definition: the parsed processes of one package version, shared by all its instances."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from service.domain.errors import NotFound
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine.errors import not_found, unreadable
from service.engine.parser import flow_order, parse, prime, returned_keys
from service.engine.scripts import ExpressionCache
from service.engine.xml import expressions_in

_MISSING = re.compile(r"The process '([^']+)' was not found")
"""How the library says that a called process is in no file."""


@dataclass(frozen=True, slots=True)
class Process:
    """A process that can be started or called, with the processes inside it by id."""

    spec: Any
    inner: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Definition:
    """All processes of one version by id, and its compiled expressions."""

    processes: Mapping[str, Process]
    expressions: ExpressionCache

    def process(self, process_id: str) -> Process:
        """Return a process; raises NotFound."""
        found = self.processes.get(process_id)
        if found is None:
            known = "、".join(sorted(self.processes))
            raise NotFound(
                Text(
                    f"流程包中没有流程“{process_id}”；现有流程：{known}。",
                    f"The package has no process “{process_id}”; it has {known}.",
                )
            )
        return found


def load_definition(diagrams: Mapping[str, bytes], functions: FunctionSet) -> Definition:
    """Parse, prime and compile all diagrams of one version.

    Raises:
        BadDiagram: for a file that cannot be parsed.
        FeelSyntaxError: for an expression that cannot be compiled.
    """
    try:
        parser, nodes = parse(diagrams)
        processes = {name: Process(parser.get_spec(name), parser.get_subprocess_specs(name)) for name in nodes}
    except ValidationException as error:
        missing = _MISSING.search(str(error))
        raise (not_found(missing[1]) if missing else unreadable(error.file_name, str(error))) from error
    specs = {id(s): s for p in processes.values() for s in (p.spec, *p.inner.values())}
    returned, order = returned_keys(nodes), flow_order(nodes)
    for spec in specs.values():
        prime(spec, returned, order.get(spec.name, {}))
    cache = ExpressionCache(functions)
    for node in nodes.values():
        for found in expressions_in(node):
            cache.get(found.text)
    return Definition(processes, cache)
