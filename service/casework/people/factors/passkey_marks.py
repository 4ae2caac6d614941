"""What binds a passkey to its person and to this installation, computed with a secret that no database holds."""

from __future__ import annotations

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.domain.proof.same_text import is_same_text
from service.store.rows import PasskeyRow


def handle_of(person_id: int, desk: Desk) -> str:
    """Return what authenticators know a person by, 32 bytes in hexadecimal: it says nothing of them (WebAuthn 14.6.1)."""
    return keyed_hash(desk, f"passkeys of {person_id}")


def seal_of(person_id: int, desk: Desk, credential: str, public_key: str) -> str:
    """Return what says that this installation took the key for the person."""
    return keyed_hash(desk, f"passkey {credential} of {person_id}: {public_key}")


def is_sealed(row: PasskeyRow, desk: Desk) -> bool:
    """Return whether this installation took the key: a row that was written into the database by others opens nothing."""
    return is_same_text(seal_of(row.person_id, desk, row.credential, row.public_key), row.seal)
