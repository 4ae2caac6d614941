"""A parameter of a draft with what somebody says of it anew: what is left out stays."""

from __future__ import annotations

from collections.abc import Mapping

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_opened
from service.casework.studio.parameters.change_parameter import TypedParameter, shown_fields
from service.casework.studio.parameters.view_parameters import parameter_of
from service.catalog.settings.settings import typed_value
from service.catalog.source.freeze import thaw

_KEPT = ("name", "unit", "clauses", "source", "minimum", "maximum", "choices", "question")
"""What a parameter goes on saying where it is not said anew."""


@guarded("draft.view")
def typed_over(
    desk: Desk, actor: Actor, draft: int, ident: str, said: Mapping[str, str], opened: int | None = None
) -> TypedParameter:
    """Return parameter ``ident`` with what was ``said`` of it; what was left out stays as it is. Raises NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        stands = parameter_of(tree_opened(desk, tx, draft, opened).package, ident)
    kept = shown_fields(stands, typed_value(thaw(stands.values[-1].value)))
    return TypedParameter(ident, **{**{field: kept[field] for field in _KEPT}, **said})
