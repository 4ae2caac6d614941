"""One-time codes by time (RFC 6238, six digits, 30 seconds, SHA-1 as every authenticator takes it), recovery codes."""

from __future__ import annotations

import base64
import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP

from service.domain.proof.same_text import is_same_text
from service.domain.values.typed_text import clean_code

DIGITS, SECONDS = 6, 30
RECOVERY_CODES = 10
_SECRET_BYTES, _PERSON_BYTES = 20, 8
_EARLIER_AND_LATER = (0, -1, 1)
"""Periods whose codes are taken: clocks differ, and typing takes a while (RFC 6238, 5.2)."""
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_HALF = 5


def new_secret() -> bytes:
    """Return a fresh secret of 160 bits (RFC 4226, 4)."""
    return secrets.token_bytes(_SECRET_BYTES)


def written(secret: bytes) -> str:
    """Return a secret as people type it into an authenticator: base32 in groups of four."""
    text = base64.b32encode(secret).decode()
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def key_address(secret: bytes, login: str, issuer: str) -> str:
    """Return the otpauth address that an authenticator reads from a QR code."""
    asked = {"secret": base64.b32encode(secret).decode(), "issuer": issuer, "digits": DIGITS, "period": SECONDS}
    return f"otpauth://totp/{quote(issuer)}:{quote(login)}?{urlencode(asked, quote_via=quote)}"


def code_at(secret: bytes, step: int) -> str:
    """Return the code of a period of 30 seconds, counted from 1970."""
    totp = TOTP(secret, DIGITS, SHA1(), SECONDS)  # noqa: S303  what authenticators compute; no collision helps here
    return totp.generate(step * SECONDS).decode()


def step_of(now: datetime) -> int:
    """Return the period that ``now`` is in."""
    return int(now.timestamp()) // SECONDS


def matching_step(secret: bytes, code: str, now: datetime) -> int | None:
    """Return the period whose code this is, the present one or a neighbour; None for a wrong code."""
    present = step_of(now)
    steps = (present + offset for offset in _EARLIER_AND_LATER)
    return next((s for s in steps if is_same_text(code_at(secret, s), code)), None)


def new_recovery_codes() -> tuple[str, ...]:
    """Return ten codes of 49 bits each, written in two halves."""
    words = ("".join(secrets.choice(_LETTERS) for _ in range(2 * _HALF)) for _ in range(RECOVERY_CODES))
    return tuple(f"{word[:_HALF]}-{word[_HALF:]}" for word in words)


def tidied(code: str) -> str:
    """Return a typed code without spaces and hyphens, in capitals."""
    return clean_code(code).replace("-", "")


def is_one_time_code(code: str) -> bool:
    """Return whether a tidied code is one of an authenticator, not a recovery code."""
    return len(code) == DIGITS and code.isascii() and code.isdigit()


def bind_secret(secret: bytes, person_id: int) -> bytes:
    """Return a secret as its person's row holds it: moved into another's row it is nobody's."""
    return person_id.to_bytes(_PERSON_BYTES) + secret


def secret_of(bound: bytes, person_id: int) -> bytes | None:
    """Return the secret that a person's row holds; None where it is another's."""
    owner, secret = bound[:_PERSON_BYTES], bound[_PERSON_BYTES:]
    return secret if owner == person_id.to_bytes(_PERSON_BYTES) else None
