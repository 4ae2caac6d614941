"""How identities of an outside provider are kept: by keyed hashes, so that a copy of the database names nobody's id there."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import NotFound
from service.domain.text import Text
from service.identity import IdentityProvider
from service.store import Transaction
from service.store.models import OutsideIdentityRow, PersonRow


def the_provider(desk: Desk) -> IdentityProvider:
    """Return the provider of the installation; raises NotFound where there is none."""
    if desk.identity is None:
        raise NotFound(Text("没有配置统一身份认证。", "No single sign-on is configured here."))
    return desk.identity


def subject_mark(desk: Desk, issuer: str, subject: str) -> str:
    """Return under what an identity is kept."""
    return keyed_hash(desk, f"outside identity {len(issuer)} {issuer} {subject}")


def linked_person(tx: Transaction, row: OutsideIdentityRow) -> PersonRow | None:
    """Return the person to whom an identity is linked, None for a closed account."""
    person = tx.people.get(row.person_id)
    return person if person.active else None
