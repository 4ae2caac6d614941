"""What the key service knows of each ballot: one small file per ballot, beside its keys."""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from service.domain.text import Text
from service.keys.errors import NotReleased

OPEN, CLOSED, OPENED, DESTROYED = "open", "closed", "opened", "destroyed"
"""States: papers are taken; none are; the urn was opened for the count; no key is left."""


@dataclass(frozen=True, slots=True)
class KeptBallot:
    """A ballot whose keys are kept here; ``closes_at`` in ISO 8601, ``digest`` (SHA-256, hex) of the urn that was opened.

    ``sealed`` are the names of keys that sealed an urn and are still there: the version in force, and the one before it
    until that is given up. ``papers_key`` is what slips are sealed to where holders open them, ``papers`` how many papers
    the version sealed last holds.
    """

    box: str
    place: str
    title: str
    issued: int
    secret: bool
    closes_at: str | None
    state: str = OPEN
    digest: str = ""
    sealed: tuple[str, ...] = ()
    papers_key: str = ""
    papers: int = 0

    def is_over(self, now: datetime) -> bool:
        """Return whether the time to vote is over."""
        return self.closes_at is not None and now >= datetime.fromisoformat(self.closes_at)

    def may_open(self, now: datetime) -> bool:
        """Return whether the urn may be opened: no paper comes any more."""
        return self.state != OPEN or self.is_over(now) or self.papers >= self.issued

    def until(self, closes_at: datetime | None) -> KeptBallot:
        """Return the ballot with a later close; an earlier one is for supervision to say (`close`)."""
        if closes_at is None or (self.closes_at and closes_at <= datetime.fromisoformat(self.closes_at)):
            return self
        return replace(self, closes_at=closes_at.isoformat())


class KeptBallots:
    """The ballots of one folder; changes are made one after the other, by whichever process."""

    def __init__(self, root: Path) -> None:
        self._root = root
        root.mkdir(mode=0o700, parents=True, exist_ok=True)

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep others from changing anything meanwhile."""
        with (self._root / "lock").open("a") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield

    def get(self, box: str) -> KeptBallot:
        """Return a ballot; raises NotReleased where there is none of that name."""
        try:
            told = json.loads(self._file(box).read_text("utf-8"))
        except FileNotFoundError:
            raise NotReleased(Text("密钥服务不认识这次表决。", "The key service does not know this ballot.")) from None
        return KeptBallot(**{**told, "sealed": tuple(told["sealed"])})

    def is_known(self, box: str) -> bool:
        """Return whether there is or was a ballot of that name."""
        return self._file(box).exists()

    def put(self, ballot: KeptBallot) -> None:
        """Keep a ballot as it stands now, durably."""
        file = self._file(ballot.box)
        fresh = file.with_suffix(".new")
        with fresh.open("w", encoding="utf-8") as written:
            json.dump(asdict(ballot), written, ensure_ascii=False)
            written.flush()
            os.fsync(written.fileno())
        fresh.replace(file)

    def all(self) -> list[KeptBallot]:
        """Return every ballot, those with keys first."""
        found = [self.get(file.stem) for file in sorted(self._root.glob("*.json"))]
        return sorted(found, key=lambda ballot: ballot.state == DESTROYED)

    def _file(self, box: str) -> Path:
        if not (box.isascii() and box.isalnum()):
            raise NotReleased(Text("表决的名称不对。", "That is no name of a ballot."))
        return self._root / f"{box}.json"
