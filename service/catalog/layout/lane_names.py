"""What lanes and pool of a diagram are called: by the roles of its city, or by those that all cities share."""

from __future__ import annotations

from service.catalog.jurisdiction import Jurisdiction
from service.catalog.patterns.patterns import SHARED_ROLES

_SHARED_POOL = "各地通用"


def lane_names(place: Jurisdiction | None) -> tuple[dict[str, str], str]:
    """Return the lane names by role and the pool's name: those of ``place``, without one those of shared diagrams."""
    if place is None:
        return SHARED_ROLES, _SHARED_POOL
    own = {role.id: role.name for role in place.roles.values()}
    bound = {abstract: own[role] for abstract, role in place.bindings.items() if role in own and abstract not in own}
    return own | bound, place.name
