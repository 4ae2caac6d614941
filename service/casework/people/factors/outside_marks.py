"""How identities of an outside provider are kept: by keyed hashes, so that a copy of the database names nobody's id there."""

from __future__ import annotations

from datetime import timedelta

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.errors import Conflict, NotFound
from service.domain.text import Text
from service.identity import IdentityProvider
from service.store import Transaction
from service.store.models import OutsideIdentityRow, PersonRow

WAITS = timedelta(days=7)
"""How long an identity that is linked to nobody can be linked by its code."""


def the_provider(desk: Desk) -> IdentityProvider:
    """Return the provider of the installation; raises NotFound where there is none."""
    if desk.identity is None:
        raise NotFound(Text("没有配置统一身份认证。", "No single sign-on is configured here."))
    return desk.identity


def subject_mark(desk: Desk, issuer: str, subject: str) -> str:
    """Return under what an identity is kept."""
    return keyed_hash(desk, f"outside identity {len(issuer)} {issuer} {subject}")


def code_hash(desk: Desk, code: str) -> str:
    """Return what is kept of the code that administrators link by; signs between letters and case do not matter."""
    return keyed_hash(desk, f"code of an outside identity {''.join(c for c in code.upper() if c.isalnum())}")


def linked_person(tx: Transaction, row: OutsideIdentityRow) -> PersonRow | None:
    """Return the person to whom an identity is linked, None for nobody and a closed account."""
    if row.person_id is None:
        return None
    person = tx.people.by_id({row.person_id}).get(row.person_id)
    return person if person is not None and person.active else None


def link_identity(desk: Desk, tx: Transaction, person_id: int, row: OutsideIdentityRow) -> None:
    """Link an identity to a person; raises Conflict where it is somebody's already."""
    now = desk.clock.now()
    linked = OutsideIdentityRow(
        mark=row.mark,
        provider=row.provider,
        name=row.name,
        seen_at=row.seen_at,
        person_id=person_id,
        linked_at=now,
    )
    if not tx.outside_identities.link(linked):
        raise Conflict(
            Text(
                "这个统一身份已经关联了账号，请先在原账号中解除。",
                "That identity is linked to an account already: let it be removed there first.",
            )
        )
