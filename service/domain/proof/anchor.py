"""An anchor: how far every chain of records had come at an instant, signed, so that it can be kept where nobody here changes it."""

from __future__ import annotations

import json
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from service.domain.proof.algorithms import DIGESTS, ED25519, SHA256, SIGNATURES, named_digest
from service.domain.proof.merkle import merkle_root
from service.domain.proof.signing import is_signature, public_key, signature_over, signer_of

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
    ``by`` is the algorithm of its tree and of its digest, ``signed_by`` that of its signature; what is not SHA-256, or not
    Ed25519, is named in what is signed.
    """

    seq: int
    at: datetime
    previous: str
    heads: tuple[ChainHead, ...]
    events: int | None = None
    by: str = SHA256
    signed_by: str = ED25519

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
            **({} if self.signed_by == ED25519 else {"signature": self.signed_by}),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()

    @property
    def digest(self) -> str:
        """The digest by which the next anchor names this one."""
        return named_digest(self.text, self.by)


@dataclass(frozen=True, slots=True)
class SignedAnchor:
    """An anchor with its signature (hex) and the public key, which names its algorithm."""

    anchor: Anchor
    signature: str
    key: str

    @property
    def holds(self) -> bool:
        """Whether the signature is that of the key over the anchor, by the algorithm that the anchor names; raises NoSm2."""
        named = signer_of(self.key) == self.anchor.signed_by
        return named and is_signature(self.signature, self.anchor.text, self.key)

    @property
    def line(self) -> str:
        """The anchor as one line of JSON, as it is kept outside."""
        text = self.anchor.text.decode()
        return f'{{"anchor":{text},"key":"{self.key}","signature":"{self.signature}"}}'


def sign(anchor: Anchor, secret: bytes) -> SignedAnchor:
    """Return ``anchor`` signed with the key that ``secret`` (32 bytes) makes for the algorithm it names; raises NoSm2."""
    by = anchor.signed_by
    return SignedAnchor(anchor, signature_over(anchor.text, secret, by), public_key(secret, by))


def read_line(line: str) -> SignedAnchor:
    """Return the anchor that a line holds; raises ValueError where it is none, or its root is not that of its heads."""
    try:
        told: Mapping[str, Any] = json.loads(line)
        content = told["anchor"]
        heads = tuple(ChainHead(str(chain), int(seq), str(hashed)) for chain, seq, hashed in content["heads"])
        at, events, by = datetime.fromisoformat(content["at"]), content.get("events"), content.get("digest", SHA256)
        signed_by = content.get("signature", ED25519)
        if by not in DIGESTS or signed_by not in SIGNATURES:
            raise ValueError(by, signed_by)
        newest = None if events is None else int(events)
        anchor = Anchor(int(content["seq"]), at, str(content["previous"]), heads, newest, by, signed_by)
        signed = SignedAnchor(anchor, str(told["signature"]), str(told["key"]))
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError("no anchor") from error
    if content.get("format") != FORMAT or content.get("root") != anchor.root:
        raise ValueError("its root is not that of its heads")
    return signed


def follow_on(anchors: Sequence[SignedAnchor], keys: Container[str]) -> int | None:
    """Return the number of the first of ``anchors``, from number 1 on, that does not follow or is signed by none of ``keys``."""
    previous = ""
    for expected, signed in enumerate(anchors, start=1):
        anchor = signed.anchor
        follows = (anchor.seq, anchor.previous) == (expected, previous)
        if not follows or signed.key not in keys or not signed.holds:
            return expected
        previous = anchor.digest
    return None
