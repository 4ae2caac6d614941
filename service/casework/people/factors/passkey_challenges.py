"""Challenges that passkeys sign: made without being stored, for one purpose, over after five minutes, answered once."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from service.casework.desk.desk import Desk
from service.casework.people.factors.password_throttle import keyed_hash
from service.store import Transaction

_LASTS = timedelta(minutes=5)
_NONCE, _UNTIL = 16, 8
_LENGTH = _NONCE + _UNTIL + hashlib.sha256().digest_size


def new_challenge(purpose: str, desk: Desk) -> bytes:
    """Return 56 bytes that only this installation can make: 16 of chance, the second they end at, and a keyed hash."""
    until = int((desk.clock.now() + _LASTS).timestamp())
    told = secrets.token_bytes(_NONCE) + until.to_bytes(_UNTIL, "big")
    return told + _seal(told, purpose, desk)


def is_ours(challenge: bytes, purpose: str, desk: Desk) -> bool:
    """Return whether this installation made ``challenge`` for ``purpose`` within the last five minutes."""
    if len(challenge) != _LENGTH:
        return False
    told, seal = challenge[: _NONCE + _UNTIL], challenge[_NONCE + _UNTIL :]
    return hmac.compare_digest(_seal(told, purpose, desk), seal) and desk.clock.now() <= _until(challenge)


def take_challenge(tx: Transaction, desk: Desk, challenge: bytes) -> bool:
    """Note that a challenge of ours was answered; False where it was before."""
    mark = hashlib.sha256(challenge).hexdigest()
    return tx.passkeys.take_challenge(mark, _until(challenge), desk.clock.now())


def _until(challenge: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(challenge[_NONCE : _NONCE + _UNTIL], "big"), UTC)


def _seal(told: bytes, purpose: str, desk: Desk) -> bytes:
    return bytes.fromhex(keyed_hash(desk, f"challenge of a passkey, {purpose}: {told.hex()}"))
