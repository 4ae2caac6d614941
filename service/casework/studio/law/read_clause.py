"""Read what the text of a clause says of the value that its assistant asks for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog.assistants.asked_condition import text_with_head
from service.catalog.assistants.clause_reading import ClauseReading, kinds_said
from service.catalog.assistants.suggested_kind import is_condition_alone, suggested_kind
from service.catalog.assistants.tier_readings import TierOffer, offers_of, read_for_tier
from service.catalog.assistants.written_already import unwritten_parts
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.parameters.parameters import Unit

EXACTLY = "exactly"


@dataclass(frozen=True, slots=True)
class ReadClause:
    """The assistant that the clause most likely needs, or the one asked for, and what the text says of its fields.

    ``others`` are those whose value the text gives too; a revocation writes the bar that follows it itself. ``tiers`` are
    those to which the text gives a number each, ``tier`` is the one of which is read. ``condition``: it asks something of an
    applicant that no assistant writes, and none was asked for.
    """

    kind: AssistKind
    reading: ClauseReading
    others: tuple[AssistKind, ...] = ()
    tiers: tuple[TierOffer, ...] = ()
    tier: str = ""
    condition: bool = False


@guarded("draft.view")
def read_clause_text(
    desk: Desk, actor: Actor, draft: int, clause: str, kind: AssistKind | None = None, tier: str = ""
) -> ReadClause:
    """Return what clause ``clause`` of a draft says; no field where it can be read in two ways. Raises NotFound.

    Where it gives each tier a number, what is said of ``tier`` is read, without one that of the first not yet written. A number
    that the text gives without a bound is exactly that.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    chosen = package.law.clause(clause)
    text = text_with_head(package, clause)
    alone = kind is None and is_condition_alone(chosen.kind, text)
    kind = kind or (
        AssistKind.EXPERT_BAR if text != (chosen.text or chosen.summary) else suggested_kind(chosen.kind, text)
    )
    written = (kind, AssistKind.BAR) if kind is AssistKind.REVOCATION else (kind,)
    others = tuple(one for one in kinds_said(text) if one not in written)
    offers = offers_of(package, kind, clause, text)
    if tier not in {offer.id for offer in offers}:
        tier = next((offer.id for offer in offers if not offer.parameter), offers[0].id if offers else "")
    read = read_for_tier(package, kind, text, tier)
    if "value" in read.fields and read.fields.get("unit") != Unit.BOOLEAN:
        read = replace(read, fields={"bound": EXACTLY, **read.fields})
    read = replace(read, unread=unwritten_parts(package, clause, read.unread))
    return ReadClause(kind, read, others, offers, tier, condition=alone and "value" not in read.fields)
