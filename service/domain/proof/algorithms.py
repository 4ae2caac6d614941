"""The algorithms of the program, named in one place: what a setting may choose, and how what was made says by which it was.

| for | by default | by setting |
| --- | --- | --- |
| chains of records, their MACs (HMAC), anchors | SHA-256 (FIPS 180-4) | SM3 (GB/T 32905), ``LAUREL_DIGEST=sm3`` |
| columns of personal data, stored files, secrets of the key folder | AES-256-GCM (NIST SP 800-38D) | SM4-GCM (GB/T 32907), ``LAUREL_CIPHER=sm4`` |
| urns, tellers' sheets, secrets of one-time codes | AES-256-GCM | SM4-GCM, ``LAUREL_CIPHER=sm4`` |

What is encrypted names its cipher and its key, so that both are read whatever is set.

A digest in a chain names its algorithm, so that one chain may hold both: whoever changes the setting changes what is
added from then on, and everything before goes on to be verified as it was made. Files are named by SHA-256 whatever is
set. Heads, counts and receipts are signed by Ed25519 (`service.domain.proof.signing`); the command in
``LAUREL_SIGN_COMMAND`` may have a signature server add SM2 to a head. Passwords are argon2id, whose hash names its rounds
and memory.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.ciphers.algorithms import SM4 as _SM4
from cryptography.hazmat.primitives.ciphers.modes import GCM
from cryptography.hazmat.primitives.hashes import SM3 as _SM3
from cryptography.hazmat.primitives.hashes import Hash
from cryptography.hazmat.primitives.hmac import HMAC

SHA256, SM3 = "sha256", "sm3"
DIGESTS = (SHA256, SM3)
_SM3_MARK = f"{SM3}:"
AES, SM4 = "aes", "sm4"
CIPHERS = (AES, SM4)
ED25519, SM2 = "ed25519", "sm2"
_NONCE, _TAG = 12, 16
_SM4_KEY = 16
_SM4_SEALED = b"sm4:"
"""Begins what `encrypted` made by SM4."""


def digest(data: bytes, name: str = SHA256) -> bytes:
    """Return the 32 bytes of a digest; raises ValueError for an algorithm that is not in `DIGESTS`."""
    if name == SHA256:
        return hashlib.sha256(data).digest()
    if name != SM3:
        raise ValueError(f"no digest {name!r}")
    made = Hash(_SM3())  # of the library: that of hashlib is there or not, as the interpreter was built
    made.update(data)
    return made.finalize()


def named_digest(data: bytes, name: str = SHA256) -> str:
    """Return a digest that names its algorithm: SHA-256 as 64 hexadecimal digits, SM3 as ``sm3:`` and base64url.

    Both fit into the 64 characters that a column of hashes has, and neither can be taken for the other.
    """
    return _named(digest(data, name), name)


def named_mac(key: bytes, data: bytes, name: str = SHA256) -> str:
    """Return the HMAC (RFC 2104) of ``data`` by the digest ``name``, which names it as `named_digest` does."""
    if name == SHA256:
        return _named(hmac.digest(key, data, "sha256"), name)
    if name != SM3:
        raise ValueError(f"no digest {name!r}")
    made = HMAC(key, _SM3())
    made.update(data)
    return _named(made.finalize(), name)


def _named(made: bytes, name: str) -> str:
    return made.hex() if name == SHA256 else _SM3_MARK + base64.urlsafe_b64encode(made).decode().rstrip("=")


def algorithm_of(named: str) -> str:
    """Return by which algorithm a digest of `named_digest` was made; that of nothing ("") is SHA-256."""
    return SM3 if named.startswith(_SM3_MARK) else SHA256


def encrypted(data: bytes, place: bytes, key: bytes, nonce: bytes, name: str = AES) -> bytes:
    """Return ``data`` encrypted by ``name`` under a ``key`` of 32 bytes, bound to its ``place``; what is not AES names itself."""
    if name == AES:
        return nonce + AESGCM(key).encrypt(nonce, data, place)
    if name != SM4:
        raise ValueError(f"no cipher {name!r}")
    return _SM4_SEALED + nonce + _sm4_sealed(_sm4_key(key), nonce, data, place)


def decrypted(kept: bytes, place: bytes, key: bytes) -> bytes:
    """Return what was `encrypted`, by whichever cipher; raises InvalidTag or ValueError for what was changed or stood elsewhere."""
    if kept.startswith(_SM4_SEALED):
        marked = kept[len(_SM4_SEALED) :]
        with suppress(InvalidTag, ValueError):  # a nonce of AES may begin like the mark, once in four thousand million
            return _sm4_opened(_sm4_key(key), marked[:_NONCE], marked[_NONCE:], place)
    return AESGCM(key).decrypt(kept[:_NONCE], kept[_NONCE:], place)


def _sm4_key(key: bytes) -> bytes:
    return hmac.digest(key, b"laurel sm4", "sha256")[:_SM4_KEY]


def _sm4_sealed(key: bytes, nonce: bytes, data: bytes, place: bytes) -> bytes:
    made = Cipher(_SM4(key), GCM(nonce)).encryptor()
    made.authenticate_additional_data(place)
    return made.update(data) + made.finalize() + made.tag


def _sm4_opened(key: bytes, nonce: bytes, kept: bytes, place: bytes) -> bytes:
    made = Cipher(_SM4(key), GCM(nonce, kept[-_TAG:])).decryptor()
    made.authenticate_additional_data(place)
    return made.update(kept[:-_TAG]) + made.finalize()


@dataclass(frozen=True)
class ColumnKey:
    """A key of 32 bytes under which columns and files are encrypted; each cipher, and the nonces, have a key of their own from it."""

    id: str
    secret: bytes

    def sealed(self, data: bytes, place: bytes, name: str = AES) -> bytes:
        """Return ``data`` encrypted by ``name``, bound to the ``place`` that it stands in.

        The nonce is made of place and data by HMAC: the same data in one place look the same, which is how they are
        found again, and different data never share a nonce.
        """
        nonce = hmac.digest(self._part("nonces"), len(place).to_bytes(2) + place + data, "sha256")[:_NONCE]
        if name == AES:
            return nonce + self._aes.encrypt(nonce, data, place)
        if name != SM4:
            raise ValueError(f"no cipher {name!r}")
        return nonce + _sm4_sealed(self._part(SM4)[:_SM4_KEY], nonce, data, place)

    def opened(self, kept: bytes, place: bytes, name: str = AES) -> bytes | None:
        """Return what was `sealed`; None where it was changed, stood in another place or under another key."""
        nonce, data = kept[:_NONCE], kept[_NONCE:]
        try:
            if name == AES:
                return self._aes.decrypt(nonce, data, place)
            return _sm4_opened(self._part(SM4)[:_SM4_KEY], nonce, data, place)
        except (InvalidTag, ValueError):  # too short to be what was sealed
            return None

    @cached_property
    def _aes(self) -> AESGCM:
        return AESGCM(self._part(AES))

    def _part(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, f"laurel columns {purpose}".encode(), "sha256")
