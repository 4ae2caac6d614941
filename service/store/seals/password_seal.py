"""The seal of a password's hash: who can only write the database makes no hash that signs anybody in.

It stands behind the hash in the same column and is keyed with the secret of digests, which lies outside of the database;
bound to the login name, so that a hash with its seal is worth nothing in another row.
"""

from __future__ import annotations

from hashlib import sha256

from service.store.seals.written import Written, digest_of

_SIGN = "|"


def sealed_password(key: bytes, login: str, hashed: str) -> str:
    """Return a hash with its seal; one that has a seal gets it anew."""
    plain = plain_hash(hashed)
    return f"{plain}{_SIGN}{digest_of(key, f'person:{login}', 'password', plain)}"


def plain_hash(stored: str) -> str:
    """Return the hash as its maker wrote it."""
    return stored.partition(_SIGN)[0]


def mark_of_password(stored: str) -> str:
    """Return by what a hash is known once its owner has another password: nobody puts it back."""
    return sha256(plain_hash(stored).encode()).hexdigest()


def in_column(written: Written | None, login: str, hashed: str | None) -> str | None:
    """Return what the column holds for a hash: with its seal, where the unit of work keeps digests."""
    if not hashed or written is None or written.key is None:
        return hashed
    return sealed_password(written.key(), login, hashed)
