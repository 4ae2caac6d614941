"""Whether an authority outside (RFC 3161) says when it was shown the anchors: read from the bytes, without a library of CMS."""

from __future__ import annotations

import hashlib
import json
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from verifier.bundle import ANCHORS, Bundle, Malformed
from verifier.report import Statements, disproved, not_proved, proved

_SET, _TIME, _FIRST = 0x31, 0x18, 0xA0
_SIGNED_DATA, _TST_INFO = "2a864886f70d010702", "2a864886f70d0109100104"
_CONTENT_TYPE, _MESSAGE_DIGEST = "2a864886f70d010903", "2a864886f70d010904"
_DIGESTS: Mapping[str, hashes.HashAlgorithm] = {
    "608648016503040201": hashes.SHA256(), "608648016503040202": hashes.SHA384(), "608648016503040203": hashes.SHA512(),
}  # fmt: skip
_SHA256 = "608648016503040201"
_LONGEST_CHAIN = 8
_APART = timedelta(minutes=5)
"""So far the clocks of the installation and of the authority may lie apart."""

_REFUSED = (ValueError, IndexError, KeyError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound)
"""What bytes raise that are no timestamp by the authority."""


@dataclass(frozen=True, slots=True)
class DerElement:
    """An element of DER: its ``tag``, what it holds, and all of it."""

    tag: int
    content: bytes
    whole: bytes

    @property
    def parts(self) -> list[DerElement]:
        """The elements that it holds; raises Malformed."""
        return elements(self.content)


def elements(der: bytes) -> list[DerElement]:
    """Return the elements that stand one after the other in ``der``; raises Malformed."""
    found, place = [], 0
    while place < len(der):
        if place + 2 > len(der):
            raise Malformed("DER that ends in an element")
        length, start = der[place + 1], place + 2
        if length & 0x80:
            start += length & 0x7F
            length = int.from_bytes(der[place + 2 : start], "big")
        if start + length > len(der):
            raise Malformed("DER that ends in an element")
        found.append(DerElement(der[place], der[start : start + length], der[place : start + length]))
        place = start + length
    return found


def check_timestamps(bundle: Bundle, authority: Sequence[x509.Certificate]) -> Statements:
    """Compare the timestamps of the anchors with the anchors and with the certificates of the authority that were given."""
    anchors = [Bundle({ANCHORS: line}).json(ANCHORS) for line in bundle.files.get(ANCHORS, b"").splitlines()]
    stamped = [one for one in anchors if "timestamp" in one]
    for one in stamped if authority else ():
        seq = one["anchor"]["seq"]
        try:
            at = stamped_at(b64decode(one["timestamp"], validate=True), _canonical(one["anchor"]), authority)
            if at < datetime.fromisoformat(one["anchor"]["at"]) - _APART:
                raise Malformed(f"it says {at:%Y-%m-%d %H:%M} UTC, before the anchor was made")
        except _REFUSED as error:
            why = ascii(str(error) or type(error).__name__)[:120]
            yield disproved(
                ANCHORS, f"第 {seq} 个锚定的时间戳不成立（{why}）", f"the timestamp over anchor {seq}: {why}"
            )
        else:
            yield proved(
                ANCHORS,
                f"指定的时间戳机构在 {at:%Y-%m-%d %H:%M:%S}（UTC）见到第 {seq} 个锚定，所锚定的记录在那以前已有",
                f"the authority saw anchor {seq} at {at:%Y-%m-%d %H:%M:%S} UTC: what it anchors was on record by then",
            )
    yield from _left_open(len(anchors), len(stamped), given=bool(authority))


def _left_open(anchors: int, stamped: int, *, given: bool) -> Statements:
    if stamped and not given:
        yield not_proved(
            ANCHORS,
            f"锚定的时间：{stamped} 个锚定带有时间戳，请取得该机构的根证书，用 --timestamps 指定；不指定的，时间只是办公室所说",
            f"when anchors were made: {stamped} have timestamps; give the authority's root certificate by --timestamps."
            " Without it their times are what the office says",
        )
    elif stamped < anchors:
        yield not_proved(
            ANCHORS,
            f"{anchors - stamped} 个锚定没有时间戳，其时间只是办公室所说",
            f"the time of {anchors - stamped} anchors: they have no timestamp, so it is what the office says",
        )


def stamped_at(reply: bytes, text: bytes, authority: Sequence[x509.Certificate]) -> datetime:
    """Return when ``text`` was stamped; raises one of _REFUSED where it was not by ``authority``."""
    answer = elements(reply)[0].parts
    if answer[0].parts[0].content != b"\x00" or len(answer) < 2:
        raise Malformed("the authority refused")
    kind, content = answer[1].parts
    signed = content.parts[0].parts
    encapsulated = signed[2].parts
    if (kind.content.hex(), encapsulated[0].content.hex()) != (_SIGNED_DATA, _TST_INFO):
        raise Malformed("no timestamp")
    info = encapsulated[1].parts[0].content
    enclosed = [
        x509.load_der_x509_certificate(one.whole) for part in signed[3:] if part.tag == _FIRST for one in part.parts
    ]
    (signer,) = signed[-1].parts
    leaf = _check_signer(signer.parts, info, [*enclosed, *authority])
    told = elements(info)[0].parts
    imprint = told[2].parts
    if imprint[0].parts[0].content.hex() != _SHA256 or imprint[1].content != hashlib.sha256(text).digest():
        raise Malformed("it is over something else")
    at = _time(told[4])
    _check_chain(leaf, enclosed, authority, at)
    return at


def _check_signer(signer: Sequence[DerElement], info: bytes, known: Sequence[x509.Certificate]) -> x509.Certificate:
    """Return the certificate of who signed ``info``; the signature is over attributes that hold its digest."""
    issuer, serial = signer[1].parts
    digest = _DIGESTS[signer[2].parts[0].content.hex()]
    attributes, signature = signer[3], signer[5].content
    if attributes.tag != _FIRST:
        raise Malformed("nothing is signed")
    told = {one.parts[0].content.hex(): one.parts[1].parts[0].content for one in attributes.parts}
    made = hashes.Hash(digest)
    made.update(info)
    if told.get(_MESSAGE_DIGEST) != made.finalize() or told.get(_CONTENT_TYPE, b"").hex() != _TST_INFO:
        raise Malformed("what is signed is something else")
    number = int.from_bytes(serial.content, "big", signed=True)
    leaf = next((c for c in known if (c.issuer.public_bytes(), c.serial_number) == (issuer.whole, number)), None)
    if leaf is None:
        raise Malformed("the certificate of the signer is missing")
    message = bytes([_SET]) + attributes.whole[1:]
    key = leaf.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        key.verify(signature, message, padding.PKCS1v15(), digest)
    elif isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(signature, message, ec.ECDSA(digest))
    else:
        raise Malformed("a key of a kind that this program does not know")
    return leaf


def _check_chain(
    leaf: x509.Certificate, enclosed: Sequence[x509.Certificate], authority: Sequence[x509.Certificate], at: datetime
) -> None:
    """Demand that the signer may stamp, and leads to a certificate that was given, each of them valid at that time."""
    use = leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage)
    if not use.critical or list(use.value) != [ExtendedKeyUsageOID.TIME_STAMPING]:
        raise Malformed("the certificate of the signer is not for timestamps")
    current = leaf
    for _ in range(_LONGEST_CHAIN):
        if not current.not_valid_before_utc <= at <= current.not_valid_after_utc:
            raise Malformed("a certificate was not valid then")
        if current in authority:
            return
        current = _issuer_of(current, [*authority, *enclosed])
    raise Malformed("it does not lead to the certificate that was given")


def _issuer_of(certificate: x509.Certificate, known: Sequence[x509.Certificate]) -> x509.Certificate:
    for one in known:
        try:
            if one != certificate and one.extensions.get_extension_for_class(x509.BasicConstraints).value.ca:
                certificate.verify_directly_issued_by(one)
                return one
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
    raise Malformed("it does not lead to the certificate that was given")


def _time(element: DerElement) -> datetime:
    """Return a GeneralizedTime; RFC 3161 allows fractions of a second."""
    whole, _, _fraction = element.content.decode("ascii").removesuffix("Z").partition(".")
    if element.tag != _TIME:
        raise Malformed("it tells no time")
    return datetime.strptime(whole, "%Y%m%d%H%M%S").replace(tzinfo=UTC)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
