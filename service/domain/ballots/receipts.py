"""Receipts of voters: signed statements that the voter is marked and the urn holds a paper for every mark.

A receipt says nothing about the paper. It is signed (Ed25519, RFC 8032) with a key made for this ballot
alone and destroyed after the count; the public half is on record from the opening. So a receipt can be
checked by anybody at any time, cannot be forged by anybody afterwards, and its holder can prove that a
mark was taken off the roll. The fingerprints of all receipts are published with the count, without names.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass

from service.domain.errors import Invalid
from service.domain.proof.signing import is_signature, signature_over
from service.domain.text import Text

_PREFIX = "LR1"


class ForgedReceipt(Invalid):
    """Words that look like a receipt and are none."""

    code = "forged_receipt"

    def __init__(self) -> None:
        super().__init__(
            Text(
                "这不是本次表决的有效回执：内容不完整、抄写有误，或系伪造。请完整粘贴回执全文后再核验。",
                "This is no valid receipt of this ballot: incomplete, miscopied or forged. Paste it whole and try again.",
            )
        )


@dataclass(frozen=True, slots=True)
class Receipt:
    """A receipt: ``number`` is the voter's place on the roll; ``text`` is the whole, ``code`` its short name."""

    number: int
    text: str

    @property
    def code(self) -> str:
        """Return the short name people can read out, as ``7K4M-Q2XD``."""
        short = base64.b32encode(hashlib.sha256(self.text.encode()).digest()).decode()[:8]
        return f"{short[:4]}-{short[4:]}"

    @property
    def fingerprint(self) -> str:
        """Return the SHA-256 that is published with the count."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def issue_receipt(seal: bytes, box: str, number: int) -> Receipt:
    """Return the receipt of voter ``number`` in ballot ``box``; the same again for the same voter."""
    signature = bytes.fromhex(signature_over(_signed_text(box, number), seal))
    return Receipt(number, f"{_PREFIX}.{number}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}")


def check_receipt(text: str, public: str, box: str) -> Receipt:
    """Return the receipt that ``text`` is; raises ForgedReceipt unless this ballot's key signed it."""
    parts = "".join(text.split()).split(".")
    if len(parts) != 3 or parts[0] != _PREFIX or not parts[1].isascii() or not parts[1].isdigit():
        raise ForgedReceipt
    try:
        signature = base64.urlsafe_b64decode(parts[2] + "=" * (-len(parts[2]) % 4))
    except ValueError:
        raise ForgedReceipt from None
    if not is_signature(signature.hex(), _signed_text(box, int(parts[1])), public):
        raise ForgedReceipt
    whole = f"{_PREFIX}.{int(parts[1])}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
    return Receipt(int(parts[1]), whole)


def _signed_text(box: str, number: int) -> bytes:
    return f"laurel receipt: ballot {box}, place {number} on the roll is marked and the box holds its papers".encode()
