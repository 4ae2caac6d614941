"""The algorithms of the program, named in one place: what a setting may choose, and how what was made says by which it was.

| for | by default | by setting |
| --- | --- | --- |
| chains of records, their MACs (HMAC), anchors | SHA-256 (FIPS 180-4) | SM3 (GB/T 32905), ``LAUREL_DIGEST=sm3`` |
| encrypted columns and files, urns, tellers' sheets | AES-256-GCM (NIST SP 800-38D) | SM4-GCM (GB/T 32907), ``LAUREL_CIPHER=sm4`` |

What is encrypted names its cipher, and in columns and files its key, so that all of it is read whatever is set.

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
_LETTERS = {AES: b"a", SM4: b"s"}


def compute_digest(data: bytes, name: str = SHA256) -> bytes:
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
    return _format_digest(compute_digest(data, name), name)


def named_mac(key: bytes, data: bytes, name: str = SHA256) -> str:
    """Return the HMAC (RFC 2104) of ``data`` by the digest ``name``, which names it as `named_digest` does."""
    if name == SHA256:
        return _format_digest(hmac.digest(key, data, "sha256"), name)
    if name != SM3:
        raise ValueError(f"no digest {name!r}")
    made = HMAC(key, _SM3())
    made.update(data)
    return _format_digest(made.finalize(), name)


def _format_digest(made: bytes, name: str) -> str:
    return made.hex() if name == SHA256 else _SM3_MARK + base64.urlsafe_b64encode(made).decode().rstrip("=")


def algorithm_of(named: str) -> str:
    """Return by which algorithm a digest of `named_digest` was made; that of nothing ("") is SHA-256."""
    return SM3 if named.startswith(_SM3_MARK) else SHA256


@dataclass(frozen=True)
class CipherKey:
    """A key of 32 bytes: each cipher, and the nonces, have a key of their own from it."""

    secret: bytes
    id: str = ""

    def encrypt(self, data: bytes, place: bytes, cipher: str = AES, nonce: bytes | None = None) -> bytes:
        """Return ``data`` encrypted and bound to its ``place``: a letter for the cipher, nonce, ciphertext, tag.

        Without a ``nonce`` of 12 bytes one is made of place and data by HMAC: the same data in one place look the same,
        which is how they are found again, and different data never share a nonce.
        """
        if nonce is None:
            nonce = hmac.digest(self._nonce_key, len(place).to_bytes(2) + place + data, "sha256")[:_NONCE]
        if cipher == AES:
            return _LETTERS[AES] + nonce + self._aes_cipher.encrypt(nonce, data, place)
        if cipher != SM4:
            raise ValueError(f"no cipher {cipher!r}")
        encryptor = Cipher(_SM4(self._sm4_key), GCM(nonce)).encryptor()
        encryptor.authenticate_additional_data(place)
        return _LETTERS[SM4] + nonce + encryptor.update(data) + encryptor.finalize() + encryptor.tag

    def decrypt(self, token: bytes, place: bytes) -> bytes | None:
        """Return what was encrypted, by either cipher; None where it was changed, stood elsewhere or under another key."""
        nonce, data = token[1 : 1 + _NONCE], token[1 + _NONCE :]
        try:
            if token[:1] == _LETTERS[AES]:
                return self._aes_cipher.decrypt(nonce, data, place)
            if token[:1] != _LETTERS[SM4]:
                return None
            decryptor = Cipher(_SM4(self._sm4_key), GCM(nonce, data[-_TAG:])).decryptor()
            decryptor.authenticate_additional_data(place)
            return decryptor.update(data[:-_TAG]) + decryptor.finalize()
        except (InvalidTag, ValueError):  # too short to be a token
            return None

    @cached_property
    def _aes_cipher(self) -> AESGCM:
        return AESGCM(self._derive_key(AES))

    @cached_property
    def _sm4_key(self) -> bytes:
        return self._derive_key(SM4)[:_SM4_KEY]

    @cached_property
    def _nonce_key(self) -> bytes:
        return self._derive_key("nonces")

    def _derive_key(self, purpose: str) -> bytes:
        return hmac.digest(self.secret, f"laurel {purpose}".encode(), "sha256")
