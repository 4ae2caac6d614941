"""The key service: holds the keys, does what the state of a ballot allows, and enters it into its own book."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random, SystemRandom
from typing import NoReturn

from service.domain.ballots import HallSheet, Handful, Papers, Receipt
from service.domain.text import Text
from service.keys.book import KeyBook
from service.keys.errors import NotReleased
from service.keys.states import CLOSED, DESTROYED, OPEN, OPENED, KeptBallot, KeptBallots
from service.keys.urns import SEAL, MadeUrn, NewUrn, StoredUrn, UrnsHere
from service.store import KeyFiles


def now_in_utc() -> datetime:
    """Return the time of this machine."""
    return datetime.now(UTC)


class KeyService:
    """The keys of one folder, used only here; it answers as an `UrnKeeper` does.

    Papers are taken while the ballot is open. The urn is opened once its time is over by the clock of this machine, once
    every paper is in, or once supervision closed it here (`close`); and then one version of it alone. A name is never
    used twice.
    """

    def __init__(self, root: Path, now: Callable[[], datetime] = now_in_utc, random: Random | None = None) -> None:
        self.ballots = KeptBallots(root / "ballots")
        self.book = KeyBook(root / "book.jsonl")
        self._keys = KeyFiles(root / "keys")
        self._urns, self._now = UrnsHere(self._keys, random or SystemRandom()), now

    def make(self, new: NewUrn) -> MadeUrn:
        """Make the keys of a ballot and its empty urn; raises NotReleased for a name that was used."""
        box = new.shape.name
        closes_at = new.closes_at.isoformat() if new.closes_at else None
        with self.ballots.locked():
            if self.ballots.is_known(box):
                self._refuse("make", box, _USED)
            kept = KeptBallot(box, new.place, new.title, new.shape.issued, new.secret, closes_at)
            self.ballots.put(kept)
            made = self._urns.make(new)
            self.ballots.put(replace(kept, sealed=(made.key_name,) if made.key_name else ()))
            told = {"place": new.place, "title": new.title, "issued": kept.issued, "closes_at": closes_at}
            self._enter("make", box, **told, public_key=made.public_key)
        return made

    def prepare(self, box: str) -> str:
        """Make the key of the urn's next version; returns its name."""
        self._open(box, "prepare")
        return self._urns.prepare(box)

    def receipts(self, box: str, numbers: Sequence[int]) -> list[Receipt]:
        """Return receipts, until the keys are destroyed."""
        self._living(box, "receipts")
        return self._urns.receipts(box, numbers)

    def cast(self, urn: StoredUrn, fresh: str, handful: Handful, papers: int) -> bytes:
        """Return the urn with ``handful`` in it; every key that sealed another version but these two is destroyed."""
        with self.ballots.locked():
            kept = self._open(urn.shape.name, "cast").until(urn.closes_at)
            if kept.is_over(self._now()):
                self._refuse("cast", kept.box, _NOT_OPEN)
            content = self._urns.cast(urn, fresh, handful, papers)
            stale = tuple(name for name in kept.sealed if name not in (urn.key_name, fresh))
            self._keys.drop(kept.box, stale)
            self.ballots.put(replace(kept, sealed=(urn.key_name, fresh)))
        return content

    def empty(self, urn: StoredUrn) -> Papers:
        """Return everything in the urn; raises NotReleased while it is open, and for another version than was opened."""
        box, digest = urn.shape.name, hashlib.sha256(urn.content).hexdigest()
        with self.ballots.locked():
            kept = self._living(box, "open").until(urn.closes_at)
            papers = self._urns.empty(urn)
            if kept.state == OPEN and not kept.is_over(self._now()) and papers.cast < kept.issued:
                self._refuse("open", box, _STILL_OPEN)
            if kept.digest not in ("", digest):
                self._refuse("open", box, _ANOTHER)
            self.ballots.put(replace(kept, state=OPENED, digest=digest))
            self._enter("open", box, urn=digest, papers=papers.cast, again=bool(kept.digest))
        return papers

    def keep_sheet(self, box: str, sheet: HallSheet) -> bytes:
        """Return the first teller's sheet, sealed."""
        self._open(box, "sheet")
        return self._urns.keep_sheet(box, sheet)

    def compare_sheet(self, box: str, kept: bytes, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise."""
        self._open(box, "sheet")
        return self._urns.compare_sheet(box, kept, sheet)

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys of versions that are no longer in force."""
        with self.ballots.locked():
            kept = self._living(box, "drop")
            self._keys.drop(box, tuple(name for name in names if name != SEAL))
            self.ballots.put(replace(kept, sealed=tuple(name for name in kept.sealed if name not in names)))

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot, which can then never be opened; nothing happens for one that is not known."""
        if not self.ballots.is_known(box):
            return
        with self.ballots.locked():
            kept = self.ballots.get(box)
            self._keys.destroy(box)
            if kept.state != DESTROYED:
                self.ballots.put(replace(kept, state=DESTROYED, sealed=()))
                self._enter("destroy", box, was=kept.state)

    def missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots whose key is not there."""
        return self._urns.missing(keys)

    def close(self, box: str, who: str, reason: str) -> None:
        """Close a ballot before its time, as supervision says; raises NotReleased where it is not open."""
        with self.ballots.locked():
            kept = self.ballots.get(box)
            if kept.state != OPEN:
                self._refuse("close", box, _NOT_OPEN)
            self.ballots.put(replace(kept, state=CLOSED))
            self._enter("close", box, who=who, reason=reason)

    def _open(self, box: str, what: str) -> KeptBallot:
        kept = self.ballots.get(box)
        if kept.state != OPEN:
            self._refuse(what, box, _NOT_OPEN)
        return kept

    def _living(self, box: str, what: str) -> KeptBallot:
        kept = self.ballots.get(box)
        if kept.state == DESTROYED:
            self._refuse(what, box, _GONE)
        return kept

    def _refuse(self, what: str, box: str, why: Text) -> NoReturn:
        self._enter("refused", box, asked=what, why=why.en)
        raise NotReleased(why)

    def _enter(self, act: str, box: str, **data: object) -> None:
        self.book.enter(self._now(), act, box, data)


_USED = Text("密钥服务已经有过这次表决。", "The key service had a ballot of that name already.")
_NOT_OPEN = Text(
    "密钥服务记载这次表决已经截止，不再接受选票，也不能再次截止。",
    "By the key service this ballot is closed: it takes no paper and cannot be closed again.",
)
_STILL_OPEN = Text(
    "密钥服务记载这次表决还没有截止，票箱不能打开。到截止时间或者选票全部投出后自动打开；须提前截止的，由监督机构在密钥服务上"
    "运行 laurel keys close。",
    "By the key service this ballot is still open, so the urn stays shut. It opens at the close or when every paper is in;"
    " to close it earlier, supervision runs laurel keys close at the key service.",
)
_ANOTHER = Text(
    "密钥服务已经打开过这次表决的另一个票箱版本，不再打开这一个。请立即报告监督机构。",
    "The key service has opened another version of this urn already and will not open this one. Report it at once.",
)
_GONE = Text("这次表决的密钥已经销毁。", "The keys of this ballot are destroyed.")
