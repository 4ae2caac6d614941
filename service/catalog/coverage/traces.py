"""Traces: what an element, a row, a parameter, a form or a document leaves in the records that expectations read.

A claim of proof is honest where its expectation looks at a trace of something that cites the clause. What is traced is read
from the files alone: an element's own records, and those of the steps that its diagram does next, up to those that wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from service.catalog.bpmn.model import Element, Kind
from service.catalog.coverage.bpmn_words import next_of, words_of
from service.catalog.coverage.coverage import Citation, citations
from service.catalog.coverage.dated import dated_by
from service.catalog.coverage.looked_at import Trace, left_by, looked_at
from service.catalog.forms.forms import FormMistake, fields_of_file
from service.catalog.package import Package
from service.domain.errors import LaurelError

_FAR = {"form_field": 1, "form": 1, "callActivity": 2, "process": 3, "action": 3, "parameter": 4, "award": 5, "tier": 5}
"""What has its traces far away is asked last: most claims are settled by then."""


def sees(package: Package, row: Mapping[str, Any], clause: str) -> bool:
    """Return whether an expectation, or a step that must be refused, looks at a trace of something that cites ``clause``."""
    return _tracer(package).sees(looked_at(package, row), clause)


_MOST_VERSIONS = 3
_KEPT: dict[str, Tracer] = {}
"""The tracers of the newest versions: a package and the same with its proofs are of one version."""


def _tracer(package: Package) -> Tracer:
    key = f"{package.key} {package.version}"
    found = _KEPT.pop(key, None) or Tracer(package)
    _KEPT[key] = found
    while len(_KEPT) > _MOST_VERSIONS:
        _KEPT.pop(next(iter(_KEPT)), None)
    return found


class Tracer:
    """Reads the traces of one package; each element is looked at once."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._direct: dict[tuple[str, str], frozenset[Trace]] = {}
        self._known: dict[object, frozenset[Trace]] = {}
        self._under_way: set[tuple[str, str]] = set()
        self._seen: dict[tuple[frozenset[Trace], str], bool] = {}
        self._citing: dict[str, list[Citation]] = {}
        for citation in sorted(citations(package), key=lambda one: _FAR.get(one.kind, 0)):
            self._citing.setdefault(citation.clause, []).append(citation)
        self._words: dict[str, dict[str, frozenset[str]]] = {p: words_of(d) for p, d in package.diagrams.items()}
        self._reading: dict[str, list[tuple[str, str]]] = {}
        for path, said in self._words.items():
            for ident, words in said.items():
                for word in words:
                    self._reading.setdefault(word, []).append((path, ident))
        self._next = {path: next_of(diagram) for path, diagram in package.diagrams.items()}
        self._paths = {d.process_id: path for path, d in package.diagrams.items()}
        self._facts = {fact for info in package.award.processes.values() for fact in info.facts}
        self._listing = {
            ident for ident, one in package.documents.items() if b"findings" in package.files.get(one.file, b"")
        }

    def sees(self, looked: frozenset[Trace], clause: str) -> bool:
        """Return whether any of ``looked`` is a trace of something that cites ``clause``; each answer is kept."""
        key = looked, clause
        if key not in self._seen:
            self._seen[key] = any(looked & self.of(citation) for citation in self._citing.get(clause, ()))
        return self._seen[key]

    def of(self, citation: Citation) -> frozenset[Trace]:
        """Return the traces of what cites a clause."""
        return self._once(citation, lambda: self._read(citation))

    def _once(self, what: object, read: Callable[[], frozenset[Trace]]) -> frozenset[Trace]:
        """Return what ``read`` finds, kept where nothing is under way: within a circle of messages not everything is seen."""
        known = self._known.get(what)
        if known is None:
            alone, known = not self._under_way, read()
            if alone:
                self._known[what] = known
        return known

    def _read(self, citation: Citation) -> frozenset[Trace]:
        reader = _READERS.get(citation.kind)
        if reader is not None:
            found: frozenset[Trace] = reader(self, citation)
            return found
        diagram = self._package.diagrams.get(citation.file)
        if diagram is None:
            return frozenset()
        if citation.element == diagram.process_id:
            return self._whole(citation.file)
        flow = diagram.flows.get(citation.element)
        return self._from(citation.file, flow.target if flow else citation.element)

    def _from(self, path: str, element: str) -> frozenset[Trace]:
        """Return the traces of an element and of what its diagram does next, up to what leaves a trace of its own."""
        return self._once((path, element), lambda: self._passed(path, element))

    def _passed(self, path: str, element: str) -> frozenset[Trace]:
        if (path, element) in self._under_way:  # a message that comes back to where it was sent from
            return frozenset()
        self._under_way.add((path, element))
        try:
            return self._walk(path, element)
        finally:
            self._under_way.discard((path, element))

    def _walk(self, path: str, first: str) -> frozenset[Trace]:
        diagram = self._package.diagrams[path]
        waiting, seen = [first], {first}
        found: set[Trace] = set()
        while waiting:
            ident = waiting.pop()
            element = diagram.elements.get(ident)
            if element is None:
                continue
            found |= self._own(path, element)
            if ident != first and _waits(element):
                continue
            onward = [one for one in self._next[path].get(ident, ()) if one not in seen]
            waiting += onward
            seen.update(onward)
        return frozenset(found)

    def _own(self, path: str, element: Element) -> frozenset[Trace]:
        key = path, element.id
        if key not in self._direct:
            self._direct[key] = frozenset()
            self._direct[key] = frozenset(self._traces(path, element))
        return self._direct[key]

    def _traces(self, path: str, element: Element) -> Iterator[Trace]:
        yield "element", element.id
        yield "history", ""
        if element.outcome or element.kind is Kind.END:
            yield "outcome", element.outcome or "completed"
            yield "end", ""
        yield from self._called_so(self._words[path].get(element.id, ()))
        if element.kind is Kind.START:
            runs = self._package.diagrams[path].process_id
            yield from (("process", key) for key, one in self._package.award.processes.items() if one.process == runs)
        if element.operation:
            yield from left_by(element.operation.operation)
        if element.called in self._paths:
            yield from self._whole(self._paths[element.called])
        table = self._package.tables.get(element.decision)
        if table is not None:
            yield from (("finding", row.id) for row in table.rows)
        yield from (("fact", field) for field in self._fields(element.form))
        if element.message:
            yield from self._caught(element)

    def _called_so(self, words: Iterable[str]) -> Iterator[Trace]:
        """Yield what is named by any of ``words``: documents, findings, facts; or notices and parties by their kind."""
        package = self._package
        for word in words:
            if word in package.documents:
                yield "document", word
            if word in self._facts:
                yield "fact", word
            if word in package.jurisdiction.roles:
                yield "party", word
            table = package.tables.get(word)
            if table is not None:
                yield from (("finding", row.id) for row in table.rows)
            yield "notice", word
            yield "sanction", word
            yield "finding", word

    def _caught(self, thrown: Element) -> Iterator[Trace]:
        """Yield the traces of what waits for the message that an element throws."""
        if thrown.kind not in (Kind.THROW, Kind.END):
            return
        for path, diagram in self._package.diagrams.items():
            for element in diagram.elements.values():
                if element.message == thrown.message and element.id != thrown.id and element.kind is not Kind.THROW:
                    yield from self._from(path, element.id)

    def _fields(self, form: str) -> frozenset[str]:
        if not form or "{" in form or form not in self._package.forms:
            return frozenset()
        path = self._package.forms[form]
        try:
            found = fields_of_file(self._package.files[path], path)
        except (FormMistake, LaurelError):
            return frozenset()
        return frozenset(part for field in found if field.path for part in field.path.split("."))

    def _whole(self, path: str) -> frozenset[Trace]:
        return self._once(path, lambda: self._all_of(path))

    def _all_of(self, path: str) -> frozenset[Trace]:
        diagram = self._package.diagrams[path]
        info = {key for key, one in self._package.award.processes.items() if one.process == diagram.process_id}
        own = (self._own(path, element) for element in diagram.elements.values())
        return frozenset(("process", key) for key in info).union(*own)

    def _by_word(self, word: str) -> frozenset[Trace]:
        return frozenset().union(*(self._from(path, ident) for path, ident in self._reading.get(word, ())))

    def _table_row(self, citation: Citation) -> frozenset[Trace]:
        tables = {t.id: t for t in self._package.tables.values() if t.file == citation.file}
        used = frozenset().union(*(self._by_word(name) for name in tables))
        return used | {("finding", citation.element)} | {("document", ident) for ident in self._listing}

    def _document(self, citation: Citation) -> frozenset[Trace]:
        own = citation.element
        holding = [
            ident
            for ident, template in self._package.documents.items()
            if re.search(rb"\b%s\b" % own.encode(), self._package.files.get(template.file, b""))
        ]
        return frozenset(("document", ident) for ident in (own, *holding))

    def _form(self, citation: Citation) -> frozenset[Trace]:
        named = [ident for ident, path in self._package.forms.items() if path == citation.file]
        found = frozenset().union(*(self._by_word(name) for name in named))
        starts = {("process", k) for k, info in self._package.award.processes.items() if info.start_form in named}
        acts = [a for a in self._package.award.actions.values() if a.form in named]
        begun = (self._whole(self._paths[self._package.award.processes[k].process]) for _, k in starts
                 if self._package.award.processes[k].process in self._paths)  # fmt: skip
        moved = (self._acted(action.id) for action in acts)
        field = (
            {("fact", citation.element.rpartition(".")[2]), ("file", "")} if citation.kind == "form_field" else set()
        )
        return found | starts | field | frozenset().union(*begun, *moved)

    def _acted(self, ident: str) -> frozenset[Trace]:
        action = self._package.award.actions[ident]
        caught = (
            self._from(path, e.id)
            for path, d in self._package.diagrams.items()
            for e in d.elements.values()
            if e.message and e.message == action.message
        )
        return frozenset({("action", ident)}).union(*caught)

    def _action(self, citation: Citation) -> frozenset[Trace]:
        return self._acted(citation.element.removeprefix("actions."))

    def _case(self, citation: Citation) -> frozenset[Trace]:
        key = citation.element.removeprefix("processes.")
        info = self._package.award.processes.get(key)
        if info is None:
            return self._whole(citation.file) if citation.file in self._package.diagrams else frozenset()
        return (
            self._whole(self._paths[info.process]) | {("process", key)} if info.process in self._paths else frozenset()
        )

    def _parameter(self, citation: Citation) -> frozenset[Trace]:
        name = citation.element.removeprefix("parameters.")
        found = set(self._by_word(name)) | dated_by(self._package, name)
        for table in self._package.tables.values():
            if name.encode() in table.content:
                found |= self._by_word(table.id) | {("finding", row.id) for row in table.rows}
        for ident, template in self._package.documents.items():
            if name.encode() in self._package.files.get(template.file, b""):
                found.add(("document", ident))
        for ident, path in self._package.forms.items():
            if name.encode() in self._package.files.get(path, b""):
                found |= self._form(Citation("", path, ident, "form", ident))
        for key, info in self._package.award.processes.items():
            if name in str(info.start_condition) + str(info.subject_condition):
                found |= {("process", key)}
        for action in self._package.award.actions.values():
            if name in str(action.condition):
                found |= self._acted(action.id)
        return frozenset(found)

    def _award(self, citation: Citation) -> frozenset[Trace]:  # noqa: ARG002  a tier is everywhere in an award
        return frozenset().union(*map(self._whole, self._package.diagrams))


_READERS: Mapping[str, Any] = {
    "table_row": Tracer._table_row,
    "document": Tracer._document,
    "form": Tracer._form,
    "form_field": Tracer._form,
    "action": Tracer._action,
    "process": Tracer._case,
    "parameter": Tracer._parameter,
    "award": Tracer._award,
    "tier": Tracer._award,
    "amendment": Tracer._award,
}


def _waits(element: Element) -> bool:
    """Tell whether a case comes to rest at an element: what follows is not what the step before brought about."""
    return element.kind in (Kind.USER_TASK, Kind.CATCH) or bool(element.timer)
