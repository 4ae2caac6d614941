"""The keys of urns: files outside the database and every backup, destroyed after the count."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from random import Random

from service.casework.desk.desk import Desk, KeyFolder
from service.domain.ballots import (
    KEY_BYTES,
    BoxMismatch,
    HallSheet,
    Handful,
    Papers,
    UrnShape,
    cast_into,
    differences,
    empty_out,
    empty_urn,
    open_sheet,
    papers_in,
    seal_sheet,
)
from service.domain.text import Text
from service.store import KeyFolderGone, KeyLost

WHO_CAN_OPEN = Text(
    "计票以前，管理这台服务器的系统管理员有可能看到选票；在一票投出的前后各看一次的，还能知道是谁的票。只能看数据库的人看不到。"
    "计票以后，谁也看不到。",
    "Until the count, whoever administers this server could see the papers; who looks just before and just after a vote would"
    " know whose it is. Who has the database alone sees none. After the count nobody can.",
)
SEAL = "seal"
"""Name of the key that hides the first teller's sheet."""


@dataclass(frozen=True, slots=True)
class MadeUrn:
    """The empty urn and the name of its key; None where papers are not secret."""

    urn: bytes | None
    key_name: str | None


@dataclass(frozen=True, slots=True)
class StoredUrn:
    """An urn as the database holds it, and the name of the key it is under."""

    content: bytes
    shape: UrnShape
    key_name: str


class UrnKeys:
    """Makes, uses and destroys the keys of ballots in a folder of this machine."""

    def __init__(self, folder: KeyFolder, random: Random, cipher: str) -> None:
        self._folder, self._random, self._cipher = folder, random, cipher

    def make(self, shape: UrnShape, *, secret: bool) -> MadeUrn:
        """Make the keys of a ballot and its empty urn; one that is not ``secret`` has none but that of the tellers."""
        seal = self._random.randbytes(KEY_BYTES)
        self._folder.put(shape.name, SEAL, seal)
        if not secret:
            return MadeUrn(None, None)
        name = self.prepare(shape.name)
        urn = empty_urn(shape, self._folder.get(shape.name, name), self._random, self._cipher)
        return MadeUrn(urn, name)

    def prepare(self, box: str) -> str:
        """Make the key of the urn's next version before anything is locked; returns its name."""
        name, key = self._random.randbytes(8).hex(), self._random.randbytes(KEY_BYTES)
        self._folder.put(box, name, key)
        return name

    def cast(self, urn: StoredUrn, new_key: str, handful: Handful, papers: int, bound: str) -> bytes:
        """Return the urn with ``handful`` in it, mixed and sealed under ``new_key``, bound to the marks as they are now.

        Raises:
            KeyLost, UrnDamaged: it cannot be opened.
            BoxMismatch: it holds other than ``papers``.
        """
        box, shape = urn.shape.name, urn.shape
        old = self._folder.get(box, urn.key_name)
        require_whole(papers_in(urn.content, shape, old), papers)
        new = self._folder.get(box, new_key)
        return cast_into(urn.content, shape, old, new, handful, self._random, bound, self._cipher)

    def empty(self, urn: StoredUrn) -> Papers:
        """Return everything in the urn, for the count; raises KeyLost, UrnDamaged."""
        return empty_out(urn.content, urn.shape, self._folder.get(urn.shape.name, urn.key_name))

    def keep_sheet(self, box: str, sheet: HallSheet, teller: int) -> bytes:
        """Return the first teller's sheet, sealed as that of person ``teller``."""
        return seal_sheet(sheet, self._folder.get(box, SEAL), box, teller, self._random, self._cipher)

    def compare_sheet(self, box: str, content: bytes, teller: int, sheet: HallSheet) -> tuple[str, ...]:
        """Return what the second teller sees otherwise (`differences`), never how; ``teller`` is the first.

        Raises UrnDamaged where the first sheet cannot be opened, or somebody else entered it.
        """
        return differences(open_sheet(content, self._folder.get(box, SEAL), box, teller), sheet)

    def drop(self, box: str, names: tuple[str, ...]) -> None:
        """Destroy keys of versions that are no longer in force; safe to repeat."""
        self._folder.drop(box, names)

    def destroy(self, box: str) -> None:
        """Destroy every key of a ballot; safe to repeat."""
        self._folder.destroy(box)

    def find_missing(self, keys: Collection[tuple[str, str]]) -> set[str]:
        """Return the ballots of ``keys`` (ballot, name) whose key is not there."""
        return {box for box, name in keys if not self._has_key(box, name)}

    def _has_key(self, box: str, name: str) -> bool:
        try:
            self._folder.get(box, name)
        except (KeyLost, KeyFolderGone, OSError):
            return False
        return True


def urns_of(desk: Desk) -> UrnKeys:
    """Return the keys of urns of this installation."""
    return UrnKeys(desk.ballot_keys, desk.randomness, desk.premises.cipher)


def require_whole(papers: int, marks: int) -> None:
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
