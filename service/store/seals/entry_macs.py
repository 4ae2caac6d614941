"""MACs of entries of chains: who has the database alone adds no entry, and puts none in another place.

Hashes alone let anybody go on with a chain, and the next anchor would sign it. So each entry bears a MAC over its chain,
number and hash, keyed beside the database. Entries of a program before have none: up to where a chain stood then, a
mark with a MAC of its own holds its hash, and with it all before. An entry with a MAC says nothing of the one before it,
which may have been added meanwhile.
"""

from __future__ import annotations

import hmac
from functools import lru_cache

from service.domain.proof.algorithms import SHA256, algorithm_of, named_mac
from service.domain.proof.same_text import is_same_text
from service.store.rows import ChainMarkRow
from service.store.seals.written import KeyOfDigests

CHAIN_MARKS = "chain_mark"
CASE, BOOK, PACKAGE, SETTING = "case ", "book ", "package ", "setting "
"""How the names of chains begin."""
_ENTRY, _MARK = "entry", "mark"


class EntryMacs:
    """Makes the MACs of entries and of marks, and says whether one holds."""

    def __init__(self, key: KeyOfDigests) -> None:
        self._key = key

    def made(self, chain: str, seq: int, hashed: str, by: str = SHA256) -> str:
        """Return the MAC of an entry ``by`` an algorithm, which it names."""
        return self._made(_ENTRY, chain, seq, hashed, by)

    def holds(self, chain: str, seq: int, hashed: str, mac: str) -> bool:
        """Return whether this installation added an entry there."""
        return is_same_text(self._made(_ENTRY, chain, seq, hashed, algorithm_of(mac)), mac)

    def marked(self, chain: str, seq: int, hashed: str, by: str = SHA256) -> ChainMarkRow:
        """Return the mark that no entry of a chain up to number ``seq`` needs a MAC."""
        return ChainMarkRow(chain=chain, seq=seq, hash=hashed, mac=self._made(_MARK, chain, seq, hashed, by))

    def is_own(self, mark: ChainMarkRow) -> bool:
        """Return whether this installation made a mark."""
        return is_same_text(self._made(_MARK, mark.chain, mark.seq, mark.hash, algorithm_of(mark.mac)), mark.mac)

    def _made(self, kind: str, chain: str, seq: int, hashed: str, by: str) -> str:
        return named_mac(_key_of_entries(self._key()), f"{kind}\n{chain}\n{seq}\n{hashed}".encode(), by)


@lru_cache(maxsize=4)
def _key_of_entries(secret: bytes) -> bytes:
    return hmac.digest(secret, b"laurel entries", "sha256")
