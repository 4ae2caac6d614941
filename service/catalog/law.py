"""The clause register of a regulation (law.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from service.catalog.source.fields import Fields
from service.domain.errors import NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``informative`` and ``outside`` hold the reason why nothing needs to carry it out."""

    id: str
    article: str
    kind: str
    summary: str
    informative: str | None
    outside: str | None


@dataclass(frozen=True, slots=True)
class Law:
    """The clauses of one regulation by id, in the order of the text.

    ``not_modelled_yet`` are clauses openly left for later, with ``not_modelled_reason``.
    """

    title: str
    clauses: Mapping[str, Clause]
    not_modelled_yet: frozenset[str]
    not_modelled_reason: str
    file: str

    def clause(self, ident: str) -> Clause:
        """Return clause ``ident``; raises NotFound."""
        try:
            return self.clauses[ident]
        except KeyError:
            raise NotFound(
                Text(
                    f"{self.title}的条款登记中没有“{ident}”。", f"The register of {self.title} has no clause “{ident}”."
                )
            ) from None

    def article(self, ident: str) -> str:
        """Return the article of clause ``ident`` as people cite it, or the id itself when unknown."""
        found = self.clauses.get(ident)
        return found.article if found else ident


def read_law(fields: Fields) -> Law:
    """Read law.yaml."""
    title = fields.text("law")
    clauses: dict[str, Clause] = {}
    for row in fields.rows("clauses", required=True):
        clause = _clause(row)
        if clause.id in clauses:
            message = Text(f"条款编号“{clause.id}”重复。", f"Clause id “{clause.id}” stands twice.")
            row.problem("id", "duplicate_id", message, Text("改成不同的编号。", "Give it another id."))
        clauses[clause.id] = clause
    later = fields.mapping("not_modelled_yet")
    names, reason = later.texts("clauses"), later.text("reason", "")
    later.done()
    fields.done()
    return Law(title, MappingProxyType(clauses), frozenset(names), reason, fields.file)


def _clause(row: Fields) -> Clause:
    clause = Clause(
        row.text("id"),
        row.text("article"),
        row.text("kind", "other"),
        row.text("summary"),
        row.optional("informative"),
        row.optional("outside"),
    )
    row.done()
    return clause
