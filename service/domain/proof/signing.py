"""Signatures of the installation, by the algorithm that its setting names: over anchors and counts.

A secret of 32 bytes makes a key of each algorithm, so that what was signed before the setting was changed stays its own.
A public key names its algorithm: Ed25519 (RFC 8032) as 64 hexadecimal digits, SM2 as ``sm2:`` and base64url of the
compressed point. A signature is in hexadecimal: the 64 bytes of Ed25519, the DER of SM2 (GM/T 0009).
"""

from __future__ import annotations

import base64
import hmac
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.domain.proof.algorithms import ED25519, SM2
from service.domain.proof.sm2 import ORDER, sm2_holds, sm2_public, sm2_sign

_SM2_MARK = f"{SM2}:"
_KEPT = 8


def public_key(secret: bytes, by: str = ED25519) -> str:
    """Return the public key that ``secret`` (32 bytes) makes for an algorithm; raises NoSm2, ValueError for another one."""
    if by == ED25519:
        return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()
    if by != SM2:
        raise ValueError(f"no signature {by!r}")
    return _sm2_key(secret)


def signature_over(message: bytes, secret: bytes, by: str = ED25519) -> str:
    """Return the signature (hex) of ``secret`` over a message; raises NoSm2, ValueError for another algorithm."""
    if by == ED25519:
        return Ed25519PrivateKey.from_private_bytes(secret).sign(message).hex()
    if by != SM2:
        raise ValueError(f"no signature {by!r}")
    return sm2_sign(_sm2_private(secret), message).hex()


def is_signature(signature: str, message: bytes, key: str) -> bool:
    """Return whether ``signature`` over a message is that of the public ``key``, by the algorithm that the key names.

    Raises NoSm2 where it cannot be told on this machine.
    """
    try:
        if signer_of(key) == SM2:
            point = base64.b64decode(key.removeprefix(_SM2_MARK), b"-_", validate=True)
            return sm2_holds(point, bytes.fromhex(signature), message)
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def signer_of(key: str) -> str:
    """Return the algorithm that a public key names."""
    return SM2 if key.startswith(_SM2_MARK) else ED25519


class OwnKeys:
    """The public keys of one secret, one for each algorithm; those of no secret are none."""

    def __init__(self, secret: bytes | None) -> None:
        self._secret, self._known = secret, dict[str, str]()

    def __contains__(self, key: object) -> bool:
        """Return whether a key is one of them; raises NoSm2 for one that cannot be computed on this machine."""
        return self._secret is not None and isinstance(key, str) and key == self.by(signer_of(key))

    def by(self, algorithm: str) -> str:
        """Return the key of an algorithm, "" where there is no secret; raises NoSm2."""
        if self._secret is None:
            return ""
        if algorithm not in self._known:
            self._known[algorithm] = public_key(self._secret, algorithm)
        return self._known[algorithm]

    @property
    def are_there(self) -> bool:
        """Whether there is a secret."""
        return self._secret is not None


@lru_cache(maxsize=_KEPT)
def _sm2_key(secret: bytes) -> str:
    point = sm2_public(_sm2_private(secret))
    return _SM2_MARK + base64.urlsafe_b64encode(point).decode()


def _sm2_private(secret: bytes) -> int:
    drawn = int.from_bytes(hmac.digest(secret, b"laurel sm2", "sha512"))
    return 1 + drawn % (ORDER - 2)
