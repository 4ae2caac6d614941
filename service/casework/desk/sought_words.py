"""Words that somebody looks for, sealed for the address of a list: a name or a telephone stands in no address.

Addresses are kept by browsers, proxies and whoever looks over a shoulder; what is typed into a field of search often
names a person. The list's address therefore holds the words encrypted under a key of this installation (that of tokens),
bound to who looks for them: somebody else who gets hold of the address opens nothing by it, not even in their own name.
The same words give the same address, so that it can be kept as a bookmark.
"""

from __future__ import annotations

import base64
import binascii
import hmac
from dataclasses import dataclass

from service.casework.desk.desk import Desk
from service.domain.proof.algorithms import CipherKey

_SECRET = "tokens"  # noqa: S105  the name of a secret, not a secret
_USE = b"laurel words that are looked for"
_STEP = 16


@dataclass(frozen=True, slots=True)
class SoughtWords:
    """What one person looks for, ``person_id`` None a visitor."""

    desk: Desk
    person_id: int | None

    def sealed(self, words: str) -> str:
        """Return ``words`` as the address of a list holds them; their length is told in steps alone."""
        plain = words.encode()
        kept = self._key().encrypt(plain + b"\0" * (-len(plain) % _STEP), self._place())
        return base64.urlsafe_b64encode(kept).decode().rstrip("=")

    def opened(self, sealed: str) -> str | None:
        """Return the words that were sealed for this person; None where they are another's, changed or of another installation."""
        try:
            kept = base64.urlsafe_b64decode(sealed + "=" * (-len(sealed) % 4))
        except (binascii.Error, ValueError):
            return None
        plain = self._key().decrypt(kept, self._place())
        return None if plain is None else plain.rstrip(b"\0").decode()

    def _key(self) -> CipherKey:
        return CipherKey(hmac.digest(self.desk.ballot_keys.secret(_SECRET), _USE, "sha256"))

    def _place(self) -> bytes:
        return f"{self.person_id}".encode()
