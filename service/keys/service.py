"""The key service: holds the keys, does what the state of a ballot allows, and enters it into its own book."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random, SystemRandom
from typing import NoReturn

from service.domain.ballots import HallSheet, Handful, Papers, Receipt, UrnShape
from service.domain.proof.algorithms import AES
from service.domain.text import Text
from service.keys.book import KeyBook
from service.keys.errors import NotReleased
from service.keys.giving import TO_OPEN, TO_RESHARE, Giving
from service.keys.holders import Circle, names
from service.keys.states import CLOSED, DESTROYED, OPEN, OPENED, KeptBallot, KeptBallots
from service.keys.urns import SEAL, FreshKey, Holding, MadeUrn, NewUrn, StoredUrn, UrnLook, UrnsHere
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

    def __init__(
        self, root: Path, now: Callable[[], datetime] = now_in_utc, random: Random | None = None, cipher: str = AES
    ) -> None:
        self.ballots = KeptBallots(root / "ballots")
        self.book = KeyBook(root / "book.jsonl")
        self._keys = KeyFiles(root / "keys")
        self.giving = Giving(root)
        self._refused: dict[tuple[str, str, str], datetime] = {}
        self._urns, self._now = UrnsHere(self._keys, random or SystemRandom(), cipher), now

    def make(self, new: NewUrn) -> MadeUrn:
        """Make the keys of a ballot and its empty urn; raises NotReleased for a name that was used."""
        box = new.shape.name
        closes_at = new.closes_at.isoformat() if new.closes_at else None
        with self.ballots.locked():
            if self.ballots.is_known(box):
                self._refuse("make", box, _USED)
            kept = KeptBallot(box, new.place, new.title, new.shape.issued, new.secret, closes_at)
            self.ballots.put(kept)
            papers_key, circle = self.giving.begin(box, new.place) if new.secret else ("", None)
            kept = replace(kept, papers_key=papers_key)
            made = self._urns.make(replace(new, shape=self._shape(kept, new.shape)))
            self.ballots.put(replace(kept, sealed=(made.key_name,) if made.key_name else ()))
            told = {"place": new.place, "title": new.title, "issued": kept.issued, "closes_at": closes_at}
            holders = f"{circle.needed}/{names(circle.holders)}" if circle else ""
            self._enter("make", box, **told, public_key=made.public_key, holders=holders)
        return made

    def prepare(self, box: str) -> FreshKey:
        """Make the key of the urn's next version."""
        kept = self._open(box, "prepare")
        return replace(self._urns.prepare(box), papers_key=kept.papers_key)

    def receipts(self, box: str, numbers: Sequence[int]) -> list[Receipt]:
        """Return receipts, until the keys are destroyed."""
        self._living(box, "receipts")
        return self._urns.receipts(box, numbers)

    def cast(self, urn: StoredUrn, fresh: str, handful: Handful, papers: int, bound: str) -> bytes:
        """Return the urn with ``handful`` in it; every key that sealed another version but these two is destroyed."""
        with self.ballots.locked():
            kept = self._open(urn.shape.name, "cast").until(urn.closes_at)
            if kept.is_over(self._now()):
                self._refuse("cast", kept.box, _NOT_OPEN)
            content = self._urns.cast(self._of(kept, urn), fresh, handful, papers, bound)
            stale = tuple(name for name in kept.sealed if name not in (urn.key_name, fresh))
            self._keys.drop(kept.box, stale)
            held = papers + handful.valid + handful.spoiled
            self.ballots.put(replace(kept, sealed=(urn.key_name, fresh), papers=held))
        return content

    def look(self, urn: StoredUrn) -> UrnLook:
        """Return how many papers the urn holds, and what was noted here of the version sealed last; raises NotReleased.

        Nothing is entered: it says no more than the count of papers in the program's database.
        """
        kept = self._living(urn.shape.name, "look")
        held = self._urns.look(self._of(kept, urn)).papers
        noted = kept.papers or None  # a program before noted none
        return UrnLook(held, noted, not kept.sealed or kept.sealed[-1] == urn.key_name)

    def empty(self, urn: StoredUrn) -> Papers:
        """Return everything in the urn.

        Raises:
            NotReleased: the ballot is open, another version was opened, or too few holders gave their shares.
        """
        box, digest = urn.shape.name, hashlib.sha256(urn.content).hexdigest()
        with self.ballots.locked():
            kept = self._living(box, "open").until(urn.closes_at)
            held = self._urns.look(self._of(kept, urn)).papers
            if not replace(kept, papers=held).may_open(self._now()):
                self._refuse("open", box, _STILL_OPEN)
            if kept.digest not in ("", digest):
                self._refuse("open", box, _ANOTHER)
            papers = self._urns.empty(self._of(kept, urn), self.giving.private(box))
            self.ballots.put(replace(kept, state=OPENED, digest=digest))
            self._enter("open", box, urn=digest, papers=papers.cast, again=bool(kept.digest))
        return papers

    def keep_sheet(self, box: str, sheet: HallSheet, teller: int) -> bytes:
        """Return the first teller's sheet, sealed."""
        self._open(box, "sheet")
        return self._urns.keep_sheet(box, sheet, teller)

    def compare_sheet(self, box: str, kept: bytes, teller: int, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise."""
        self._open(box, "sheet")
        return self._urns.compare_sheet(box, kept, teller, sheet)

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
            self.giving.end(box)
            if kept.state != DESTROYED:
                self.ballots.put(replace(kept, state=DESTROYED, sealed=()))
                self._enter("destroy", box, was=kept.state)

    def missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots whose key is not there."""
        return self._urns.missing(keys)

    def holding(self, box: str) -> Holding | None:
        """Return who opens the urn together; None where it opens without holders."""
        return self.giving.holding(box)

    def give(self, box: str, holder: str, passphrase: bytes, purpose: str) -> Text:
        """Take a holder's share; returns what is to be said to them. Raises as `Giving.give`, NotReleased before the close."""
        with self.ballots.locked():
            kept = self._living(box, "give")
            if purpose == TO_OPEN and not kept.may_open(self._now()):
                self._refuse("give", box, _STILL_OPEN)
            enough = self.giving.give(box, holder, passphrase, purpose, self._now())
            self._enter("give", box, holder=holder, purpose=purpose)
            if enough and purpose == TO_RESHARE:
                circle = self.giving.reshare(box, kept.place)
                self._enter("reshare", box, holders=f"{circle.needed}/{names(circle.holders)}")
        return _ENOUGH[purpose] if enough else _GIVEN

    def change_circle(self, place: str, change: Callable[[Circle], Circle], what: str) -> None:
        """Change who holds the keys of ballots to come in a place; ``what`` goes into the book."""
        with self.ballots.locked():
            circle = change(self.giving.files.circle(place))
            self.giving.files.put_circle(place, circle)
            self._enter("holders", "", place=place, changed=what, holders=f"{circle.needed}/{names(circle.holders)}")

    def waiting(self) -> list[tuple[KeptBallot, Holding]]:
        """Return the ballots that holders open, with who gave."""
        living = [kept for kept in self.ballots.all() if kept.state != DESTROYED]
        return [(kept, holding) for kept in living if (holding := self.giving.holding(kept.box))]

    def close(self, box: str, who: str, reason: str) -> None:
        """Close a ballot before its time, as supervision says; raises NotReleased where it is not open."""
        with self.ballots.locked():
            kept = self.ballots.get(box)
            if kept.state != OPEN:
                self._refuse("close", box, _NOT_OPEN)
            self.ballots.put(replace(kept, state=CLOSED))
            self._enter("close", box, who=who, reason=reason)

    def _of(self, kept: KeptBallot, urn: StoredUrn) -> StoredUrn:
        return replace(urn, shape=self._shape(kept, urn.shape))

    @staticmethod
    def _shape(kept: KeptBallot, shape: UrnShape) -> UrnShape:
        return replace(shape, papers_key=kept.papers_key)

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
        now, asked = self._now(), (what, box, why.en)
        if asked not in self._refused or now - self._refused[asked] >= _AGAIN:  # a count asks every minute
            self._refused[asked] = now
            self._enter("refused", box, asked=what, why=why.en)
        raise NotReleased(why)

    def _enter(self, act: str, box: str, **data: object) -> None:
        self.book.enter(self._now(), act, box, data)


_AGAIN = timedelta(hours=1)
"""After so long the same refusal is entered again."""
_GIVEN = Text("已收到，还须其他保管人交出。", "Thank you: further holders are needed.")
_ENOUGH = {
    TO_OPEN: Text("已收到，已经交齐，随即开箱计票。", "Thank you: there are enough, and the count follows."),
    TO_RESHARE: Text("已收到，已经交齐，改由现任保管人保管。", "Thank you: the key is shared out to today's holders."),
}
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
