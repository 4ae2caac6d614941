"""Propose the key of a value by what it means, so that nobody has to type Latin letters."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.catalog.bpmn.vocabulary import RESERVED_KEYS
from service.catalog.made_id import made_id


@guarded("draft.view")
def propose_key(desk: Desk, actor: Actor, draft: int, meaning: str, taken: tuple[str, ...] = ()) -> str:
    """Return a key for what means ``meaning`` (审定结论: ``shen_ding_jie_lun``), none of ``taken``; raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
    return made_id(meaning, {*taken, *RESERVED_KEYS}, "value")
