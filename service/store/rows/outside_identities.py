"""Identities that people have at a provider outside."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated

from service.store.rows import columns as col


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideIdentityRow:
    """Somebody whom a provider knows: linked to a person here, or waiting for it. The provider's own id is not kept."""

    mark: Annotated[col.Chars64, col.PRIMARY, "keyed hash of provider and subject"]
    provider: Annotated[col.Chars200, "address of the provider"]
    name: Annotated[col.Chars80, "as the provider calls them"] = ""
    seen_at: Annotated[datetime, col.INDEXED, "when they came from the provider last"]
    code: Annotated[
        col.Chars64 | None, col.UNIQUE_INDEX, "keyed hash of what administrators link by; empty: linked"
    ] = None
    person_id: Annotated[col.PersonId | None, col.INDEXED, "to whom it is linked; empty: nobody yet"] = None
    linked_at: datetime | None = None
    given: Annotated[col.Json, "roles by groups: [[row of membership, its since], …]"] = field(default_factory=list)


outside_identity = col.table_of(
    OutsideIdentityRow, "outside_identity", comment="people as a provider of single sign-on knows them"
)
