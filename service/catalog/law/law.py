"""The clause register of a regulation (law.yaml)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from service.catalog.source.fields import Fields
from service.domain.errors import NotFound
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause: ``informative`` and ``outside`` hold the reason why nothing needs to carry it out.

    ``words_only`` holds the reason why its words merely stand where people read them and nothing follows from it;
    ``text`` its words as they stand in the regulation, "" where ``summary`` says them; ``terms`` those of its words that
    people must read where it is carried out, for no date, number or path holds them.
    """

    id: str
    article: str
    kind: str
    summary: str
    informative: str | None
    outside: str | None
    words_only: str | None = None
    text: str = ""
    terms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Remark:
    """A mistake or a gap in the regulation itself: what stands there, and the ``reading`` chosen for it."""

    clauses: tuple[str, ...]
    text: Text
    reading: Text


@dataclass(frozen=True, slots=True)
class Amendment:
    """What this version of the regulation says about cases that run already.

    Without ``applies_to_running`` they keep the version they began under. ``clauses`` are those that say so,
    ``since`` the day from which.
    """

    since: date | None
    applies_to_running: bool
    clauses: tuple[str, ...]
    note: Text


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
    remarks: tuple[Remark, ...] = ()
    amendment: Amendment | None = None

    def remarks_on(self, ident: str) -> tuple[Remark, ...]:
        """Return what is remarked about clause ``ident``."""
        return tuple(remark for remark in self.remarks if ident in remark.clauses)

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
        clause = self.clauses.get(ident)
        return clause.article if clause else ident


def read_law(fields: Fields) -> Law:
    """Read law.yaml."""
    title = fields.text("law")
    clauses: dict[str, Clause] = {}
    for row in fields.rows("clauses", required=True):
        clause = _read_clause(row)
        if clause.id in clauses:
            message = Text(f"条款编号“{clause.id}”重复。", f"Clause id “{clause.id}” stands twice.")
            row.problem("id", "duplicate_id", message, Text("改成不同的编号。", "Give it another id."))
        clauses[clause.id] = clause
    later = fields.mapping("not_modelled_yet")
    names, reason = later.texts("clauses"), later.text("reason", "")
    later.done()
    remarks = tuple(_read_remark(row) for row in fields.rows("remarks"))
    amendment = _read_amendment(fields.mapping("amendment")) if fields.has("amendment") else None
    fields.done()
    return Law(title, MappingProxyType(clauses), frozenset(names), reason, fields.file, remarks, amendment)


def _read_remark(row: Fields) -> Remark:
    remark = Remark(row.texts("clauses"), row.both("text"), row.both("reading"))
    row.done()
    return remark


def _read_amendment(fields: Fields) -> Amendment:
    note_text = fields.text("note", "")
    note = Text(note_text, fields.text("note_en", "") or note_text)
    amendment = Amendment(
        fields.day("from", required=False), fields.flag("applies_to_running"), fields.texts("clauses"), note
    )
    fields.done()
    return amendment


def _read_clause(row: Fields) -> Clause:
    clause = Clause(
        row.text("id"),
        row.text("article"),
        row.text("kind", "other"),
        row.text("summary"),
        row.optional("informative"),
        row.optional("outside"),
        row.optional("words_only"),
        row.text("text", ""),
        row.texts("terms"),
    )
    row.done()
    return clause
