"""An anchor: how far every chain of records had come at an instant, signed, so that it can be kept where nobody here changes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from service.domain.algorithms import DIGESTS, SHA256, named_digest
from service.domain.merkle import merkle_root

FORMAT = "laurel-anchor-1"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """A chain (``case 12``, ``book account``) that had come to number ``seq``, whose hash is ``hash``."""

    chain: str
    seq: int
    hash: str

    @property
    def leaf(self) -> bytes:
        """What of it goes into the tree."""
        return f"{self.chain}\n{self.seq}\n{self.hash}".encode()


@dataclass(frozen=True, slots=True)
class Anchor:
    """The heads of the chains that moved since the anchor before, whose digest is ``previous`` ("" for the first).

    ``events`` is the newest event of cases that was looked at; None in those made before restores and erasures were sealed.
    ``by`` is the algorithm of its tree and of its digest; one that is not SHA-256 is named in what is signed.
    """

    seq: int
    at: datetime
    previous: str
    heads: tuple[ChainHead, ...]
    events: int | None = None
    by: str = SHA256

    @property
    def root(self) -> str:
        """The root (hex) over the heads."""
        return merkle_root([head.leaf for head in self.heads], self.by)

    @property
    def text(self) -> bytes:
        """What is signed: canonical JSON, one line."""
        content = {
            "format": FORMAT,
            "seq": self.seq,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "previous": self.previous,
            "root": self.root,
            "heads": [[head.chain, head.seq, head.hash] for head in self.heads],
            **({} if self.events is None else {"events": self.events}),
            **({} if self.by == SHA256 else {"digest": self.by}),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """The digest by which the next anchor names this one."""
        return named_digest(self.text, self.by)


@dataclass(frozen=True, slots=True)
class SignedAnchor:
    """An anchor with its Ed25519 signature and the public key, both hex."""

    anchor: Anchor
    signature: str
    key: str

    @property
    def holds(self) -> bool:
        """Whether the signature is that of the key over the anchor."""
        try:
            public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.key))
            public.verify(bytes.fromhex(self.signature), self.anchor.text)
        except (InvalidSignature, ValueError):
            return False
        return True

    @property
    def line(self) -> str:
        """The anchor as one line of JSON, as it is kept outside."""
        text = self.anchor.text.decode()
        return f'{{"anchor":{text},"key":"{self.key}","signature":"{self.signature}"}}'


def sign(anchor: Anchor, secret: bytes) -> SignedAnchor:
    """Return ``anchor`` signed with the key that ``secret`` (32 bytes) makes."""
    private = Ed25519PrivateKey.from_private_bytes(secret)
    return SignedAnchor(anchor, private.sign(anchor.text).hex(), public_key(secret))


def public_key(secret: bytes) -> str:
    """Return the public key (hex) that belongs to ``secret``."""
    return Ed25519PrivateKey.from_private_bytes(secret).public_key().public_bytes_raw().hex()


def read_line(line: str) -> SignedAnchor:
    """Return the anchor that a line holds; raises ValueError where it is none, or its root is not that of its heads."""
    try:
        told: Mapping[str, Any] = json.loads(line)
        content = told["anchor"]
        heads = tuple(ChainHead(str(chain), int(seq), str(hashed)) for chain, seq, hashed in content["heads"])
        at, events, by = datetime.fromisoformat(content["at"]), content.get("events"), content.get("digest", SHA256)
        if by not in DIGESTS:
            raise ValueError(by)
        newest = None if events is None else int(events)
        anchor = Anchor(int(content["seq"]), at, str(content["previous"]), heads, newest, by)
        signed = SignedAnchor(anchor, str(told["signature"]), str(told["key"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no anchor") from error
    if content.get("format") != FORMAT or content.get("root") != anchor.root:
        raise ValueError("its root is not that of its heads")
    return signed


def follow_on(anchors: Sequence[SignedAnchor], key: str) -> int | None:
    """Return the number of the first of ``anchors``, from number 1 on, that does not follow or is not signed by ``key``."""
    previous = ""
    for expected, signed in enumerate(anchors, start=1):
        anchor = signed.anchor
        if (anchor.seq, anchor.previous, signed.key) != (expected, previous, key) or not signed.holds:
            return expected
        previous = anchor.digest
    return None
