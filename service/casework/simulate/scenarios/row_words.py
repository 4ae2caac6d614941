"""What rows of scenarios may name: elements, kinds of cases, notices, findings, people, as choices with their names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from service.catalog import Package
from service.catalog.scenarios.scenario_terms import STATES, ScenarioTerms
from service.domain.text import Text

T = TypeVar("T")
Options = tuple[tuple[str, Text], ...]
_DECIDED = ("met", "not_met", "unknown")


@dataclass(frozen=True, slots=True)
class RowWords:
    """The names that a row of one scenario may use: ``cases`` and ``organisations`` are its own nicknames."""

    package: Package
    terms: ScenarioTerms
    cases: tuple[str, ...] = ()
    organisations: Mapping[str, Mapping[str, Any]] | None = None
    _read: dict[object, Any] = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: object, read: Callable[[], T]) -> T:
        """Return what ``read`` returns, asked only the first time."""
        if key not in self._read:
            self._read[key] = read()
        found: T = self._read[key]
        return found

    def elements(self, *, acted: bool) -> Options:
        """Return the elements by process; with ``acted`` only those at which people act."""
        return self.once(("elements", acted), lambda: self._elements(acted))

    def _elements(self, acted: bool) -> Options:
        found = {
            e.id: Text(f"{e.name or e.id}（{d.name or d.process_id}）", f"{e.name or e.id} ({d.name or d.process_id})")
            for d in self.package.diagrams.values()
            for e in d.elements.values()
            if e.form or e.role or not acted
        }
        return tuple(found.items())

    def kinds(self) -> Options:
        """Return the kinds of cases."""
        return tuple((key, info.text) for key, info in self.package.award.processes.items())

    def actions(self) -> Options:
        """Return what may be done with a case outside tasks."""
        return tuple((action.id, action.text) for action in self.package.award.actions.values())

    def notices(self) -> Options:
        """Return the kinds of notices that the diagrams draft."""
        return self.once("notices", self._notices)

    def _notices(self) -> Options:
        return self.named(sorted(set(self._parameters("notice.draft", "kind"))))

    def findings(self) -> Options:
        """Return the findings that tables make."""
        return self.once("findings", self._findings)

    def _findings(self) -> Options:
        rows = {row.id for table in self.package.tables.values() for row in table.rows if row.id}
        return self.named(sorted(rows))

    def documents(self) -> Options:
        """Return the documents that may be issued."""
        return self.once("documents", self._documents)

    def _documents(self) -> Options:
        return self.named(sorted(self.package.documents))

    def outcomes(self) -> Options:
        """Return the outcomes of the ends of diagrams."""
        return self.once("outcomes", self._outcomes)

    def _outcomes(self) -> Options:
        ends = (e.outcome for d in self.package.diagrams.values() for e in d.elements.values())
        return tuple((one, self.terms.word(one, "outcome")) for one in sorted({*ends, "completed"} - {""}))

    def facts(self) -> Options:
        """Return the facts that cases record."""
        return self.once("facts", self._facts)

    def _facts(self) -> Options:
        found = {fact for info in self.package.award.processes.values() for fact in info.facts}
        return tuple((one, self.terms.word(one, "fact")) for one in sorted(found))

    def tiers(self) -> Options:
        """Return the tiers of the award."""
        return tuple((tier.id, tier.text) for tier in self.package.award.tiers)

    def roles(self) -> Options:
        """Return the roles of the place."""
        return tuple((role.id, role.text) for role in self.package.jurisdiction.roles.values())

    def bodies(self) -> Options:
        """Return the bodies of the place."""
        return tuple((body.id, body.text) for body in self.package.jurisdiction.bodies)

    def people(self) -> Options:
        """Return who may act: organisations by nickname, roles, roles of bodies."""
        return self.once("people", self._people)

    def _people(self) -> Options:
        roles = self.package.jurisdiction.roles
        held = [f"{role}@{body.id}" for body in self.package.jurisdiction.bodies for role in body.roles]
        words = [*(role.id for role in roles.values() if not role.subject), *held, "administrator"]
        return (*self.nicks(), *self.named(words))

    def nicks(self) -> Options:
        """Return the organisations of the scenario."""
        known = self.organisations or {}
        said = {nick: f"{nick}　{(held or {}).get('name', '')}".strip() for nick, held in known.items()}
        return tuple((nick, Text(words, words)) for nick, words in said.items())

    def known_cases(self) -> Options:
        """Return the cases that the scenario's steps have named."""
        return tuple((nick, Text(nick, nick)) for nick in self.cases)

    def clauses(self) -> Options:
        """Return the clauses of the law."""
        return self.once("clauses", self._clauses)

    def _clauses(self) -> Options:
        return tuple((c.id, Text(f"{c.id}　{c.summary}"[:60], c.id)) for c in self.package.law.clauses.values())

    def named(self, words: Iterable[str]) -> Options:
        """Return words with what they are called."""
        return tuple((word, self.terms.word(word)) for word in words)

    def results(self) -> Options:
        """Return how a finding may come out."""
        return tuple((word, STATES[word]) for word in _DECIDED)

    def _parameters(self, operation: str, name: str) -> Iterator[str]:
        for diagram in self.package.diagrams.values():
            for e in diagram.elements.values():
                if e.operation and e.operation.operation == operation:
                    word = e.operation.parameters.get(name, "").strip('"')
                    if word.isidentifier():
                        yield word
