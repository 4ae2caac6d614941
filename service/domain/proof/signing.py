"""Ed25519 signatures (RFC 8032) of the installation, over heads, counts and receipts: hexadecimal, as their public keys."""

from __future__ import annotations

import hmac

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey


def public_key(secret: bytes) -> str:
    """Return the public key that ``secret`` (32 bytes) makes."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def signature_over(message: bytes, secret: bytes) -> str:
    """Return the signature of ``secret`` (32 bytes) over a message."""
    return Ed25519PrivateKey.from_private_bytes(secret).sign(message).hex()


def is_signature(signature: str, message: bytes, key: str) -> bool:
    """Return whether ``signature`` over a message is that of the public ``key``."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def is_same_text(text: str, other: str) -> bool:
    """Return whether two texts are alike, whatever signs stand in them (`hmac.compare_digest` takes ASCII alone)."""
    return hmac.compare_digest(text.encode(errors="surrogatepass"), other.encode(errors="surrogatepass"))
