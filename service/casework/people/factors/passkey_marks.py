"""By what authenticators know people, computed with a secret that no database holds."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash


def handle_of(person_id: int, desk: Desk) -> str:
    """Return what authenticators know a person by, 32 bytes in hexadecimal: it says nothing of them (WebAuthn 14.6.1)."""
    return keyed_hash(desk, f"passkeys of {person_id}")
