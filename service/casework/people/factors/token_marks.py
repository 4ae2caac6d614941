"""What is kept of a token that opens something: its HMAC under a key of this installation, never a plain hash.

Who can only write the database can invent a token, but not the row that lets it in: sessions and one-time links take the
key that lies beside those of ballots (`LAUREL_BALLOT_KEYS`), outside the database and every backup. Rows of before the
keys open nothing any more: whoever was signed in signs in again, and links are given out anew.
"""

from __future__ import annotations

import hashlib
import hmac

from service.casework.desk.desk import Desk

_SECRET = "tokens"  # noqa: S105  the name of a secret, not a secret


def token_mark(desk: Desk, use: str, token: str) -> str:
    """Return the mark under which ``token`` is kept for ``use``: 64 hexadecimal digits (HMAC-SHA-256).

    The same token has another mark for another use, so that no row stands in for one of another table.
    """
    return hmac.new(desk.ballot_keys.secret(_SECRET), f"{use}: {token}".encode(), hashlib.sha256).hexdigest()
