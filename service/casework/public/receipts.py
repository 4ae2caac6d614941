"""Receipts of people without account: a number to cite, and a code that opens the case to its holder."""

from __future__ import annotations

import hashlib
from random import Random

from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.values.typed_text import clean_code
from service.store import Transaction
from service.store.models import ReceiptRow

_SIGNS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LENGTH, _GROUP = 24, 4


def new_code(randomness: Random) -> str:
    """Return a fresh code: 24 signs of 30, 117 bits, in groups of four; no sign looks like another."""
    signs = "".join(randomness.choice(_SIGNS) for _ in range(_LENGTH))
    return "-".join(signs[i : i + _GROUP] for i in range(0, _LENGTH, _GROUP))


def code_hash(code: str) -> str:
    """Return the SHA-256 by which a code is found; case, blanks and dashes do not matter."""
    plain = "".join(sign for sign in clean_code(code) if sign.isalnum())
    return hashlib.sha256(f"laurel receipt {plain}".encode()).hexdigest()


def receipt_of(tx: Transaction, code: str) -> ReceiptRow:
    """Return the receipt that ``code`` belongs to; raises NotFound for any other code."""
    row = tx.receipts.find(code_hash=code_hash(code))
    if row is None:
        raise NotFound(
            Text(
                "没有与这个查询码对应的回执。请核对回执上的查询码；查询码遗失的，请持身份证明到办公室查询。",
                "No receipt has this code. Check the code on your receipt; if it is lost, ask the office with proof of identity.",
            )
        )
    return row
