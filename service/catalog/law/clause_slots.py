"""Clauses where files name them: slots bound along calls, and every use of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.catalog.bpmn.model import SLOT, Diagram, Element
from service.catalog.tree import Files


def bind_clauses(
    processes: Mapping[str, Diagram],
    process_id: str,
    cited: tuple[str, ...],
    call_path: tuple[str, ...],
    root: str,
) -> tuple[str, ...]:
    """Replace ``slot:x`` in ``cited`` by what the calls on the way bind; unbound slots give nothing."""
    return _drop_slots(cited, next(resolve_calls(processes, process_id, call_path, root), ()))


def bind_everywhere(
    processes: Mapping[str, Diagram], process_id: str, cited: tuple[str, ...], root: str = ""
) -> tuple[str, ...]:
    """Replace ``slot:x`` in ``cited`` by what any chain of calls to the process binds, those from ``root`` where one is said."""
    bound = [
        clause
        for chain in call_chains(processes, process_id)
        if not root or root == (chain[0].process_id if chain else process_id)
        for clause in _drop_slots(cited, chain)
    ]
    return tuple(dict.fromkeys(bound))


def _drop_slots(cited: tuple[str, ...], calls: tuple[Element, ...]) -> tuple[str, ...]:
    for call in reversed(calls):
        cited = bind_once(cited, call)
    return tuple(dict.fromkeys(clause for clause in cited if not clause.startswith(SLOT)))


def bind_once(cited: tuple[str, ...], call: Element) -> tuple[str, ...]:
    """Replace the slots bound at one call activity; the result may name slots of the caller."""
    slots = call.slots
    return tuple(
        clause
        for word in cited
        for clause in (slots.get(word.removeprefix(SLOT), ()) if word.startswith(SLOT) else (word,))
    )


def resolve_calls(
    processes: Mapping[str, Diagram], process_id: str, call_path: tuple[str, ...], root: str
) -> Iterator[tuple[Element, ...]]:
    """Yield the chains of call activities that spell ``call_path`` and end at ``process_id``, outermost first."""
    if not call_path:
        if root == process_id:
            yield ()
        return
    for diagram in processes.values():
        call = diagram.elements.get(call_path[-1])
        if call is not None and call.called == process_id:
            for outer in resolve_calls(processes, diagram.process_id, call_path[:-1], root):
                yield (*outer, call)


def call_chains(
    processes: Mapping[str, Diagram], process_id: str, deeper: tuple[str, ...] = ()
) -> Iterator[tuple[Element, ...]]:
    """Yield every chain of call activities that leads to a process, outermost first; () for one nobody calls.

    A process that calls itself is followed once.
    """
    callers = [call for diagram in processes.values() for call in diagram.calls if call.called == process_id]
    if not callers:
        yield ()
    for call in callers:
        if call.process_id not in deeper:
            for outer in call_chains(processes, call.process_id, (*deeper, process_id)):
                yield (*outer, call)


_TEXTS = (".bpmn", ".dmn", ".json", ".yaml")


@dataclass(frozen=True, slots=True)
class ClauseUse:
    """A line of a file that names a clause."""

    path: str
    line: int
    text: str


def uses_of_clause(files: Files, city: str, ident: str) -> tuple[ClauseUse, ...]:
    """Return every line of a city's files that names clause ``ident``, its own entry in the register left out."""
    return tuple(_uses(files, city, ident))


def rebound(files: Files, city: str, old: str, new: str) -> dict[str, str]:
    """Return the files of a city that name clause ``old``, with ``new`` in its place; the register's entries stay."""
    named, entry = _named(old), _entry(old)
    changed_files = {}
    for path, text in texts_of_city(files, city):
        lines = [
            line if path.endswith("/law.yaml") and entry.search(line) else named.sub(new, line)
            for line in text.split("\n")
        ]
        if (after := "\n".join(lines)) != text:
            changed_files[path] = after
    return changed_files


def _uses(files: Files, city: str, ident: str) -> Iterator[ClauseUse]:
    named, entry = _named(ident), _entry(ident)
    for path, text in texts_of_city(files, city):
        for number, line in enumerate(text.splitlines() if ident in text else (), 1):
            if ident in line and named.search(line) and not (path.endswith("/law.yaml") and entry.search(line)):
                yield ClauseUse(path, number, line.strip())


def texts_of_city(files: Files, city: str) -> Iterator[tuple[str, str]]:
    """Yield path and text of every file that a city writes: diagrams, tables, forms, and all that is YAML."""
    for path in sorted(files):
        if path.startswith((f"processes/{city}/", f"forms/{city}/")) and path.endswith(_TEXTS):
            yield path, files[path].decode("utf-8", "replace")


def _named(ident: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-]){re.escape(ident)}(?![\w-])")


def _entry(ident: str) -> re.Pattern[str]:
    return re.compile(rf"\bid: ['\"]?{re.escape(ident)}['\"]?\s*(,|$)")
