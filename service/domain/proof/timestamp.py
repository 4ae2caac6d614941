"""Timestamps (RFC 3161): an authority outside says under its own signature when it was shown the digest of some text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509

if TYPE_CHECKING:
    from rfc3161_client.tsp import TimeStampResponse

MOST_BYTES = 64 * 1024
"""The largest answer of an authority that is looked at: one with its chain takes up about four thousand."""

APART = timedelta(minutes=5)
"""So far the clocks of this machine and of an authority may lie apart."""

_CONSTRUCTED_0 = 0xA0
_LONG = 0x80


class BadTimestamp(ValueError):
    """What an authority answered is no timestamp over the text by that authority."""


@dataclass(frozen=True, slots=True)
class TimestampAuthority:
    """Whose timestamps hold: those of who is certified by ``roots``, under ``policy`` (an OID) where one is named."""

    roots: tuple[x509.Certificate, ...]
    policy: str = ""


def authority_from(certificates: bytes, policy: str = "") -> TimestampAuthority:
    """Return the authority whose certificates (PEM) these are; raises ValueError where there is none."""
    return TimestampAuthority(tuple(x509.load_pem_x509_certificates(certificates)), policy)


@dataclass(frozen=True, slots=True)
class TimestampRequest:
    """What an authority is asked (TimeStampReq in DER), and the random number that its answer must hold."""

    der: bytes
    nonce: int


def timestamp_request(text: bytes) -> TimestampRequest:
    """Return a request for a timestamp over the SHA-256 of ``text``, with a random nonce and the wish for certificates."""
    from rfc3161_client import TimestampRequestBuilder  # an installation without an authority does not load it
    from rfc3161_client.base import HashAlgorithm

    made = TimestampRequestBuilder().data(text).hash_algorithm(HashAlgorithm.SHA256).build()
    assert made.nonce is not None, "one was asked for"
    return TimestampRequest(made.as_bytes(), made.nonce)


def stamped_at(reply: bytes, text: bytes, authority: TimestampAuthority, nonce: int | None = None) -> datetime:
    """Return when the authority was shown ``text``, as its reply says; ``nonce`` is that of the request, where it is known.

    Certificates have to be valid at that time, not today: a timestamp outlives them.

    Raises:
        BadTimestamp: the reply is none, is over another text or nonce, or somebody else signed it.
    """
    from rfc3161_client import VerificationError, VerifierBuilder

    told = _decoded(reply)
    policy = x509.ObjectIdentifier(authority.policy) if authority.policy else None
    builder = VerifierBuilder(policy_id=policy, roots=list(authority.roots), nonce=nonce)
    try:
        builder.build().verify_message(told, text)
        at: datetime = told.tst_info.gen_time
    except (VerificationError, ValueError) as error:
        raise BadTimestamp(str(error)) from error
    return at


def refusal_in(reply: bytes) -> str:
    """Return why an authority stamps nothing, in its own words; empty where it does. Raises BadTimestamp."""
    told = _decoded(reply)
    return "" if told.status == 0 else f"PKIStatus {told.status} {' '.join(told.status_string)}".strip()


def _decoded(reply: bytes) -> TimeStampResponse:
    if len(reply) > MOST_BYTES:
        raise BadTimestamp(f"more than {MOST_BYTES} bytes")
    from rfc3161_client import decode_timestamp_response

    try:
        return decode_timestamp_response(_in_order(reply))
    except (ValueError, IndexError, StopIteration) as error:
        raise BadTimestamp(str(error) or "no answer of RFC 3161") from error


@lru_cache(maxsize=64)
def _in_order(reply: bytes) -> bytes:
    """Return a reply whose certificates stand in the order of DER; raises IndexError, StopIteration, ValueError.

    Authorities, OpenSSL's among them, enclose them in another order, which the library refuses. They are no part of what
    is signed, and the lengths around them stay.
    """
    parts = list(_parts(reply, *next(_parts(reply, 0, len(reply)))[2:]))
    if len(parts) < 2:  # a refusal holds no token
        return reply
    _kind, content = _parts(reply, *parts[1][2:])
    sorted_reply = bytearray(reply)
    for tag, _first, start, end in _parts(reply, *next(_parts(reply, *content[2:]))[2:]):
        if tag == _CONSTRUCTED_0:
            certificates = sorted(reply[first:last] for _, first, _, last in _parts(reply, start, end))
            sorted_reply[start:end] = b"".join(certificates)
    return bytes(sorted_reply)


def _parts(der: bytes, start: int, end: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield tag, first byte, first byte of the content, and end of each element between two places."""
    while start < end:
        length, content = der[start + 1], start + 2
        if length & _LONG:
            content += length & ~_LONG
            length = int.from_bytes(der[start + 2 : content], "big")
        if content + length > end:
            raise ValueError("an element is longer than what holds it")
        yield der[start], start, content, content + length
        start = content + length
