"""Slips sealed to a key that nobody holds alone: whoever keeps the urn cannot read them before the holders open it.

HPKE (RFC 9180) with X25519, HKDF-SHA256 and AES-128-GCM over one byte. Every slip has the same length, whatever it says.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

SLIP_BYTES = 32 + 1 + 16
"""Bytes of a sealed slip: the encapsulated key, the mark, the tag."""

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class SlipDamaged(Exception):
    """A slip that this key does not open."""


def seal_slip(code: int, papers_key: str, box: str) -> bytes:
    """Return one mark (1 to 255) of ballot ``box``, sealed to the public key ``papers_key`` (X25519, hex)."""
    public = X25519PublicKey.from_public_bytes(bytes.fromhex(papers_key))
    return _SUITE.encrypt(bytes([code]), public, _info(box))


def open_slip(slip: bytes, private: bytes, box: str) -> int:
    """Return the mark of a slip; raises SlipDamaged."""
    try:
        said = _SUITE.decrypt(slip, X25519PrivateKey.from_private_bytes(private), _info(box))
    except (InvalidTag, ValueError):
        raise SlipDamaged from None
    return said[0]


def new_papers_key() -> tuple[str, bytes]:
    """Return a public key (hex) for the slips of one ballot, and its private half (32 bytes)."""
    private = X25519PrivateKey.generate()
    return private.public_key().public_bytes_raw().hex(), private.private_bytes_raw()


def _info(box: str) -> bytes:
    return f"laurel slip {box}".encode()
