"""The facts of a package that nothing decides by and no body brought about: all that an administrator may correct.

A fact decides where any formula but that of a letter reads it. A body brought it about where an operation other than
plain recording writes it, or where it is recorded after a vote, a score, a draw or a message: what another case or
a person entitled to it has decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from service.catalog import Diagram, Element, Kind, Package
from service.catalog.bpmn.scope import scopes_of

_DECIDING = ("ballot.", "scores.", "review.", "experts.", "recusal.", "register.", "opinions.", "list.")
"""Beginnings of the names of operations by which bodies decide, score, draw and register."""
_RECORDS, _TELLS = "case.set", "document."
_BESIDE = re.compile(r"_(at|provisional|times)$")
"""How facts end that an operation writes beside the one that it names."""
_WHO = ("due", "remind", "role_from", "body", "assignee", "barrier")
"""Properties whose formulas say who acts, and when."""
_WORD = re.compile(r"[^\W\d]\w*")
_CONSTANT = re.compile(r"\b(\w+)\s*:\s*(\"|true|false)")
_KEY = re.compile(r"\b(\w+)\s*:")


class Bound(Enum):
    """Why a fact may not be set."""

    DECIDES = "something is decided by it"
    BROUGHT = "a body or an operation brought it about"
    WRITTEN = "it is written with a decision"


@dataclass(frozen=True, slots=True)
class _Words:
    read: frozenset[str]
    brought: frozenset[str]
    written: frozenset[str]


def bound(package: Package, name: str) -> Bound | None:
    """Return why nobody may set fact ``name`` by hand, None where it only tells something."""
    words = package.derived("facts that decide", lambda: _words(package))
    for each in (name, _BESIDE.sub("", name)):
        if each in words.read:
            return Bound.DECIDES
        if each in words.brought:
            return Bound.BROUGHT
        if each in words.written:
            return Bound.WRITTEN
    return None


def _words(package: Package) -> _Words:
    read = {word for text in _formulas(package) for word in _WORD.findall(text)}
    brought: set[str] = set()
    written: set[str] = set()
    after = _after_decisions(package)
    for diagram in package.processes.values():
        for element in diagram.elements.values():
            if element.operation is None:
                continue
            for text in element.operation.parameters.values():
                if element.operation.operation != _RECORDS:
                    found = set() if element.operation.operation.startswith(_TELLS) else set(_WORD.findall(text))
                    brought |= found
                    continue
                keys = set(_KEY.findall(text))
                read |= set(_WORD.findall(_KEY.sub("", text)))
                written |= {match[0] for match in _CONSTANT.findall(text)}
                if (diagram.process_id, element.id) in after:
                    brought |= keys
    return _Words(frozenset(read), frozenset(brought), frozenset(written))


def _formulas(package: Package) -> Iterator[str]:
    """Yield every formula by which something is decided: which way, when, who, how often."""
    for action in package.award.actions.values():
        yield action.condition or ""
    for kind in package.award.processes.values():
        yield from (kind.start_condition or "", kind.subject_condition or "")
    for diagram in package.processes.values():
        for flow in diagram.flows.values():
            yield flow.condition
        for element in diagram.elements.values():
            yield from (element.properties.get(name, "") for name in _WHO)
            yield element.timer.expression if element.timer else ""
            yield from (element.multi.collection, element.multi.completion) if element.multi else ()
    for path, data in package.files.items():
        if path.endswith(".dmn"):
            yield data.decode("utf-8", "replace")


def _after_decisions(package: Package) -> frozenset[tuple[str, str]]:
    """Return the elements (process, id) that a token reaches only or also after something was decided."""
    deciding = _deciding_processes(package)
    found: set[tuple[str, str]] = set()
    whole: set[str] = set()
    grown = True
    while grown:
        before = (len(found), len(whole))
        for process, diagram in package.processes.items():
            found |= {(process, ident) for ident in _reached(diagram, deciding, process in whole)}
            whole |= {diagram.elements[i].called for p, i in found if p == process and diagram.elements[i].called}
        grown = (len(found), len(whole)) != before
    return frozenset(found)


def _reached(diagram: Diagram, deciding: frozenset[str], whole: bool) -> set[str]:
    if whole:
        return set(diagram.elements)
    found: set[str] = set()
    for scope in scopes_of(diagram):
        starts = [node.id for node in scope.nodes.values() if _decides(node, deciding)]
        found |= scope.reach(*starts)
    inside = {e.id for e in diagram.elements.values() if _within(diagram, e, found)}
    return found | inside


def _within(diagram: Diagram, element: Element, found: set[str]) -> bool:
    while element.parent:
        if element.parent in found:
            return True
        element = diagram.elements[element.parent]
    return False


def _decides(element: Element, deciding: frozenset[str]) -> bool:
    if element.operation is not None and element.operation.operation.startswith(_DECIDING):
        return True
    catches = element.message != "" and element.kind not in (Kind.THROW, Kind.END, Kind.SEND_TASK)
    return catches or element.called in deciding


def _deciding_processes(package: Package) -> frozenset[str]:
    """Return the processes in which something is voted, scored, drawn or registered, the calling ones included."""
    found: set[str] = set()
    grown = True
    while grown:
        more = {
            process
            for process, diagram in package.processes.items()
            if process not in found and any(_decides(e, frozenset(found)) for e in diagram.elements.values())
        }
        found |= more
        grown = bool(more)
    return frozenset(found)
