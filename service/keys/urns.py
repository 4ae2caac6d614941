"""What is done with the keys of a ballot: make, seal anew at every cast, open at the count, destroy."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Protocol

from service.domain.ballots import (
    KEY_BYTES,
    BoxMismatch,
    HallSheet,
    Handful,
    Papers,
    Receipt,
    UrnShape,
    cast_into,
    differences,
    empty_out,
    empty_urn,
    issue_receipt,
    open_sheet,
    papers_in,
    seal_sheet,
)
from service.domain.proof.algorithms import AES
from service.domain.proof.signing import public_key
from service.domain.text import Text
from service.store import KeyFolderGone, KeyLost

SEAL = "seal"
"""Name of the key that signs receipts and hides the first teller's sheet."""


@dataclass(frozen=True, slots=True)
class NewUrn:
    """A ballot about to open; one that is not ``secret`` has no urn, only the key of its receipts.

    ``place`` (jurisdiction) and ``title`` are for those who watch over the keys. Nothing is cast after ``closes_at``
    (None: when every paper is in).
    """

    shape: UrnShape
    secret: bool
    place: str
    title: str
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class FreshKey:
    """The name of a key for the urn's next version, and what slips are sealed to (X25519, hex; empty: to nobody)."""

    name: str
    papers_key: str = ""


@dataclass(frozen=True, slots=True)
class Holding:
    """The holders of a ballot's key, how many of them open the urn, and who gave their share already."""

    needed: int
    holders: tuple[str, ...]
    given: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MadeUrn:
    """The empty urn (None where papers are not secret), the name of its key, and the key (hex) that checks receipts."""

    urn: bytes | None
    key_name: str | None
    public_key: str


@dataclass(frozen=True, slots=True)
class UrnLook:
    """How many papers an urn holds, and what its keeper noted of the version sealed last: how many, and whether this is it.

    ``noted`` is None where the keeper notes nothing of it.
    """

    papers: int
    noted: int | None = None
    newest: bool = True


@dataclass(frozen=True, slots=True)
class StoredUrn:
    """An urn as the database holds it, the name of the key it is under, and until when its ballot is open by now."""

    content: bytes
    shape: UrnShape
    key_name: str
    closes_at: datetime | None = None


class KeyFolder(Protocol):
    """Where the keys themselves lie."""

    def put(self, box: str, name: str, key: bytes) -> None:
        """Keep ``key`` of ballot ``box`` durably under a name never used before."""

    def get(self, box: str, name: str) -> bytes:
        """Return a key; raises KeyLost, KeyFolderGone."""

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys; safe to repeat. Raises KeyFolderGone."""

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat. Raises KeyFolderGone."""


class UrnKeeper(Protocol):
    """Whoever holds the keys of urns. A key leaves it never; papers only at the count."""

    def make(self, new: NewUrn) -> MadeUrn:
        """Make the keys of a ballot and its empty urn."""

    def prepare(self, box: str) -> FreshKey:
        """Make the key of the urn's next version before anything is locked."""

    def receipts(self, box: str, numbers: Sequence[int]) -> list[Receipt]:
        """Return the receipts of these places on the roll, the same again for the same place; raises KeyLost."""

    def cast(self, urn: StoredUrn, fresh: str, handful: Handful, papers: int, bound: str) -> bytes:
        """Return the urn with ``handful`` in it, mixed and sealed under ``fresh``, bound to the marks as they are now.

        Raises:
            KeyLost, UrnDamaged: it cannot be opened.
            BoxMismatch: it holds other than ``papers``.
        """

    def look(self, urn: StoredUrn) -> UrnLook:
        """Return how many papers the urn holds, and nothing of what they say; raises KeyLost, UrnDamaged."""

    def empty(self, urn: StoredUrn) -> Papers:
        """Return everything in the urn, for the count; raises KeyLost, UrnDamaged."""

    def keep_sheet(self, box: str, sheet: HallSheet, teller: int) -> bytes:
        """Return the first teller's sheet, sealed as that of person ``teller``."""

    def compare_sheet(self, box: str, kept: bytes, teller: int, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise (`differences`), never how; ``teller`` is the first.

        Raises:
            UrnDamaged: the sheet kept cannot be opened, or somebody else entered it.
        """

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys of versions that are no longer in force; safe to repeat."""

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat."""

    def missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots of ``keys`` (ballot, name) whose key is not there."""

    def holding(self, box: str) -> Holding | None:
        """Return who opens the urn together; None where it opens without holders."""


class UrnsHere:
    """The keys lie in a folder of this machine and are used by this process."""

    def __init__(self, keys: KeyFolder, random: Random, cipher: str = AES) -> None:
        self._keys, self._random, self._cipher = keys, random, cipher

    def make(self, new: NewUrn) -> MadeUrn:
        """Make the keys of a ballot and its empty urn."""
        box, seal = new.shape.name, self._random.randbytes(KEY_BYTES)
        self._keys.put(box, SEAL, seal)
        if not new.secret:
            return MadeUrn(None, None, public_key(seal))
        name = self.prepare(box).name
        return MadeUrn(
            empty_urn(new.shape, self._keys.get(box, name), self._random, self._cipher), name, public_key(seal)
        )

    def prepare(self, box: str) -> FreshKey:
        """Make the key of the urn's next version."""
        name, key = self._random.randbytes(8).hex(), self._random.randbytes(KEY_BYTES)
        self._keys.put(box, name, key)
        return FreshKey(name)

    def receipts(self, box: str, numbers: Sequence[int]) -> list[Receipt]:
        """Return the receipts of these places on the roll."""
        seal = self._keys.get(box, SEAL)
        return [issue_receipt(seal, box, number) for number in numbers]

    def cast(self, urn: StoredUrn, fresh: str, handful: Handful, papers: int, bound: str) -> bytes:
        """Return the urn with ``handful`` in it, mixed and sealed under ``fresh``."""
        box, shape = urn.shape.name, urn.shape
        old = self._keys.get(box, urn.key_name)
        demand_whole(papers_in(urn.content, shape, old), papers)
        return cast_into(
            urn.content, shape, old, self._keys.get(box, fresh), handful, self._random, bound, self._cipher
        )

    def empty(self, urn: StoredUrn, private: bytes = b"") -> Papers:
        """Return everything in the urn; ``private`` opens slips that were sealed to holders."""
        return empty_out(urn.content, urn.shape, self._keys.get(urn.shape.name, urn.key_name), private)

    def look(self, urn: StoredUrn) -> UrnLook:
        """Return how many papers are in the urn; the key of a version that is over is destroyed, so what opens is the newest."""
        return UrnLook(papers_in(urn.content, urn.shape, self._keys.get(urn.shape.name, urn.key_name)))

    def keep_sheet(self, box: str, sheet: HallSheet, teller: int) -> bytes:
        """Return the first teller's sheet, sealed."""
        return seal_sheet(sheet, self._keys.get(box, SEAL), box, teller, self._random, self._cipher)

    def compare_sheet(self, box: str, kept: bytes, teller: int, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise."""
        return differences(open_sheet(kept, self._keys.get(box, SEAL), box, teller), sheet)

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys."""
        self._keys.drop(box, names)

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot."""
        self._keys.destroy(box)

    def missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots whose key is not there."""
        return {box for box, name in keys if not self._is_there(box, name)}

    def holding(self, box: str) -> Holding | None:  # noqa: ARG002  as the others
        """Return None: what one process holds, no holders open."""
        return None

    def _is_there(self, box: str, name: str) -> bool:
        try:
            self._keys.get(box, name)
        except (KeyLost, KeyFolderGone, OSError):
            return False
        return True


def demand_whole(papers: int, marks: int) -> None:
    """Raise BoxMismatch unless the box holds a paper for every mark."""
    if papers != marks:
        raise BoxMismatch(
            Text(
                f"票箱与名册不符：名册标记{marks}票，票箱内{papers}票。选票没有投出，请立即报告监督机构。",
                f"The box holds {papers} papers for {marks} marks. Nothing was cast: report it at once.",
            ),
            Text(
                f"票箱与名册不符：名册标记{marks}票，票箱内{papers}票",
                f"the box holds {papers} papers for {marks} marks on the roll",
            ),
        )
