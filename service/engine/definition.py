"""A loaded definition: the parsed processes of one package version, shared by all its instances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from service.domain.errors import LaurelError, NotFound
from service.domain.feel import FunctionSet
from service.domain.text import Text
from service.engine.parser import flow_order, parse_diagrams, prime_spec, translate_parser_errors
from service.engine.scripts import ExpressionCache


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
            choices = "、".join(sorted(self.processes))
            raise NotFound(
                Text(
                    f"流程包中没有流程“{process_id}”；现有流程：{choices}。",
                    f"The package has no process “{process_id}”; it has {choices}.",
                )
            )
        return found


class _Processes(Mapping[str, Process]):
    """The processes of all diagrams by id, each made ready when it is first asked for: most cases need a few."""

    def __init__(self, diagrams: Mapping[str, bytes], expressions: ExpressionCache) -> None:
        self._parser, self._diagrams = parse_diagrams(diagrams)
        self._expressions = expressions
        self._returned = {name: diagram.outputs for name, diagram in self._diagrams.items()}
        self._order: dict[str, dict[tuple[str, str], int]] = {}
        for diagram in self._diagrams.values():
            self._order.setdefault(diagram.file, {}).update(flow_order(diagram))
        self._ready: dict[str, Process] = {}
        self._primed: set[int] = set()
        self._lock = Lock()

    def __getitem__(self, name: str) -> Process:
        if name not in self._diagrams:
            raise KeyError(name)
        with self._lock:
            if name not in self._ready:
                self._ready[name] = self._make_ready(name)
            return self._ready[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._diagrams)

    def __len__(self) -> int:
        return len(self._diagrams)

    def _make_ready(self, name: str) -> Process:
        try:
            with translate_parser_errors(self._diagrams[name].file):
                process = Process(self._parser.get_spec(name), self._parser.get_subprocess_specs(name))
        except LaurelError:
            self._forget_unfinished()
            raise
        for spec in {id(s): s for s in (process.spec, *process.inner.values())}.values():
            if id(spec) not in self._primed:
                prime_spec(spec, self._returned, self._order[spec.file])
                self._primed.add(id(spec))
                for _, stated in self._diagrams[spec.name].stated() if spec.name in self._diagrams else ():
                    self._expressions.get(stated.text)
        return process

    def _forget_unfinished(self) -> None:
        # The parser keeps what it had made when it failed, and would give that half as the whole when asked again.
        for parser in self._parser.process_parsers.values():
            if id(parser.spec) not in self._primed:
                parser.spec = None


def load_definition(diagrams: Mapping[str, bytes], functions: FunctionSet, *, late: bool = False) -> Definition:
    """Parse, prime and compile all diagrams of one version; ``late``: each when it is first needed.

    Raises:
        BadDiagram: for a file that cannot be parsed.
        FeelSyntaxError: for an expression that cannot be compiled.
    """
    cache = ExpressionCache(functions)
    with translate_parser_errors():
        processes = _Processes(diagrams, cache)
    for name in () if late else processes:
        processes[name]
    return Definition(processes, cache)
