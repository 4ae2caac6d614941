"""Read what the text of a clause says of the value that its assistant asks for."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import tree_of
from service.catalog.clause_assistants import AssistKind
from service.catalog.clause_reading import ClauseReading, kinds_said, read_clause
from service.catalog.own_award import own_names
from service.catalog.suggested_kind import suggested_kind


@dataclass(frozen=True, slots=True)
class ReadClause:
    """The assistant that the clause most likely needs, or the one asked for, and what the text says of its fields.

    ``others`` are those whose value the text gives too; a revocation writes the bar that follows it itself.
    """

    kind: AssistKind
    reading: ClauseReading
    others: tuple[AssistKind, ...] = ()


@guarded("draft.view")
def read_clause_text(desk: Desk, actor: Actor, draft: int, clause: str, kind: AssistKind | None = None) -> ReadClause:
    """Return what clause ``clause`` of a draft says; no field where it can be read in two ways. Raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    chosen = package.law.clause(clause)
    text = chosen.text or chosen.summary
    kind = kind or suggested_kind(chosen.kind, text)
    written = (kind, AssistKind.BAR) if kind is AssistKind.REVOCATION else (kind,)
    others = tuple(one for one in kinds_said(text) if one not in written)
    return ReadClause(kind, read_clause(kind, text, own_names(package)), others)
