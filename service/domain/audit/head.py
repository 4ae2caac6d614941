"""A signed head: how far every chain of the log had come at an instant, kept where nobody who has the database changes it."""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from service.domain.proof.signing import is_signature, public_key, signature_over

FORMAT = "laurel-head-1"


@dataclass(frozen=True, slots=True)
class ChainHead:
    """A chain (``case 12``, ``book account``) that had come to event ``seq``, whose hash is ``hash``."""

    chain: str
    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class LogHead:
    """The ends of the chains that moved since the head before, whose digest is ``previous`` ("" for the first).

    ``events`` is the newest event of cases that was looked at. After a restore ``restored_to`` says when the backup was
    made: what was signed between that and this head belongs to the database that was left.
    """

    at: datetime
    previous: str
    ends: tuple[ChainHead, ...]
    events: int
    restored_to: datetime | None = None

    @property
    def text(self) -> str:
        """What is signed: canonical JSON, one line."""
        content = {
            "format": FORMAT,
            "at": _format_utc(self.at),
            "previous": self.previous,
            "ends": [[end.chain, end.seq, end.hash] for end in self.ends],
            "events": self.events,
            "restored_to": self.restored_to and _format_utc(self.restored_to),
        }
        return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    @property
    def digest(self) -> str:
        """The digest by which the next head names this one."""
        return sha256(self.text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class SignedHead:
    """A head with its Ed25519 signature and the public key (hex); ``countersign`` is what the operator's command said of it."""

    head: LogHead
    signature: str
    key: str
    countersign: str = ""

    @property
    def holds(self) -> bool:
        """Whether the signature is that of the key over the head."""
        return is_signature(self.signature, self.head.text.encode(), self.key)

    @property
    def line(self) -> str:
        """The head as one line of JSON, as it is kept outside."""
        rest = json.dumps({"key": self.key, "signature": self.signature, "countersign": self.countersign})
        return f'{{"head":{self.head.text},{rest[1:]}'


def sign_head(head: LogHead, secret: bytes, countersign: str = "") -> SignedHead:
    """Return ``head`` signed with the Ed25519 key that ``secret`` (32 bytes) makes."""
    return SignedHead(head, signature_over(head.text.encode(), secret), public_key(secret), countersign)


def read_head(line: str) -> SignedHead:
    """Return the head that a line holds; raises ValueError where it is none."""
    try:
        read: Any = json.loads(line)
        content = read["head"]
        ends = tuple(ChainHead(str(chain), int(seq), str(digest)) for chain, seq, digest in content["ends"])
        restored = content["restored_to"]
        head = LogHead(
            datetime.fromisoformat(content["at"]), str(content["previous"]), ends, int(content["events"]),
            datetime.fromisoformat(restored) if restored else None,
        )  # fmt: skip
        return SignedHead(head, str(read["signature"]), str(read["key"]), str(read.get("countersign", "")))
    except (KeyError, TypeError) as error:
        raise ValueError(line[:80]) from error


def first_out_of_line(heads: Sequence[SignedHead], keys: Container[str]) -> SignedHead | None:
    """Return the first of ``heads`` that does not follow the one before, or is signed by none of ``keys``."""
    previous = ""
    for signed in heads:
        if signed.head.previous != previous or signed.key not in keys or not signed.holds:
            return signed
        previous = signed.head.digest
    return None


def leave_lost(heads: Iterable[SignedHead]) -> list[SignedHead]:
    """Return the heads without those whose events were lost by a restore."""
    every = [*heads]
    gaps = [(entry.head.restored_to, entry.head.at) for entry in every if entry.head.restored_to is not None]
    return [entry for entry in every if not any(saved < entry.head.at < begun for saved, begun in gaps)]


def _format_utc(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")
