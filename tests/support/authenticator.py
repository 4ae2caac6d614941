"""An authenticator of software: makes keys and signs as WebAuthn level 2 has it, well or as an attacker would."""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, field
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, WITH_KEY = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One key; ``verified``: its owner opened it by finger, face or code; ``counts``: its counter grows."""

    origin: str
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    credential: bytes = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""
    counter: int = 0
    counts: bool = True
    verified: bool = True

    def make(self, options: str) -> str:
        """Return the answer to a request for a new key."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        numbers = self.key.public_key().public_numbers()
        point = {-2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, **point})
        told = bytes(16) + len(self.credential).to_bytes(2, "big") + self.credential + public
        data = self._data(asked["rp"]["id"], WITH_KEY) + told
        attested = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked)
        return self._answer({"clientDataJSON": _b64(client), "attestationObject": _b64(attested)})

    def sign(self, options: str) -> str:
        """Return the answer to a request to sign in."""
        asked = json.loads(options)
        self.counter += self.counts
        data, client = self._data(asked["rpId"]), self._client("webauthn.get", asked)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer(
            {
                "clientDataJSON": _b64(client),
                "authenticatorData": _b64(data),
                "signature": _b64(signature),
                "userHandle": self.handle,
            }
        )

    def _data(self, site: str, more: int = 0) -> bytes:
        flags = PRESENT | more | (VERIFIED if self.verified else 0)
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _client(self, kind: str, asked: dict[str, Any]) -> bytes:
        return json.dumps({"type": kind, "challenge": asked["challenge"], "origin": self.origin}).encode()

    def _answer(self, response: dict[str, str]) -> str:
        ident = _b64(self.credential)
        return json.dumps({"id": ident, "rawId": ident, "type": "public-key", "response": response})


def _b64(told: bytes) -> str:
    return str(bytes_to_base64url(told))
