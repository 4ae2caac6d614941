"""How far the histories of cases had come, as is signed each minute beside the keys: a whole case put back is missed.

What is remembered outlives the file, which begins anew with each anchor; anchors say the same and are handed in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from service.domain.proof.anchor import ChainHead, read_line
from service.domain.proof.signing import OwnKeys
from service.store.seals.noted_marks import NotedLines
from service.store.secrecy.keys import KeyFiles

SIGNING = "anchors"
"""Name of the secret that anchors and the lines of minutes are signed by."""
MINUTES = "newest"
"""Name of the file of notes in which they stand."""

_ACCEPTED, _CASE, _WHOLE = "states-accepted", "case ", ";"


@dataclass(frozen=True, slots=True)
class NotedHead:
    """A history had come to entry ``seq``, whose hash is ``hash``, at the instant ``at``."""

    seq: int
    hash: str
    at: datetime


class NotedHeads(NotedLines):
    """The furthest that the history of each case was seen to have come."""

    def __init__(self, keys: KeyFiles) -> None:
        super().__init__(keys, MINUTES)
        self._of_case: dict[int, NotedHead] = {}

    def of_case(self, case_id: int) -> NotedHead | None:
        """Return how far a history was seen to have come; None where nothing says it."""
        self._read_on()
        return self._of_case.get(case_id)

    def take(self, lines: Iterable[str]) -> None:
        """Remember what these lines say, as far as the key of this installation signed them."""
        own = OwnKeys(self._keys.known_secret(SIGNING))
        for line in lines:
            if not own.are_there or not line:
                continue
            try:
                signed = read_line(line)
            except ValueError:  # a loss of power tore it; the next minute says the same
                continue
            if signed.key in own and signed.holds:
                self._remember(signed.anchor.heads, signed.anchor.at)

    def accept(self, case_id: int, at: datetime) -> None:
        """Note durably that a case goes on from where it stands: what was seen of it before says nothing any more."""
        self._keys.note(_ACCEPTED, f"{case_id} {at.isoformat()}{_WHOLE}")

    def is_accepted_since(self, case_id: int, head: NotedHead) -> bool:
        """Return whether a case was accepted as it stands after it was seen there."""
        lines = (line.removesuffix(_WHOLE).split() for line in self._keys.noted(_ACCEPTED) if line.endswith(_WHOLE))
        return any(number == str(case_id) and datetime.fromisoformat(at) >= head.at for number, at in lines)

    def _hear(self, told: str) -> None:
        self.take(told.splitlines())

    def _remember(self, heads: Iterable[ChainHead], at: datetime) -> None:
        for head in heads:
            number = head.chain.removeprefix(_CASE)
            if head.chain.startswith(_CASE) and number.isdigit():
                known = self._of_case.get(int(number))
                if known is None or known.seq < head.seq:
                    self._of_case[int(number)] = NotedHead(head.seq, head.hash, at)
