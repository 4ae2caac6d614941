"""Two places beside each other, file by file: done once beside the requests, and kept while neither side changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256

from service.casework.studio.work.jobs import Run
from service.catalog.differences.differences import FileDifference
from service.catalog.meaning import counterparts, differences_in_meaning
from service.catalog.package import Package
from service.catalog.tree import Files
from service.domain.text import Text

PLACES = "places"
_OFTEN = 20
"""So many files are compared between two notes of how far it is."""


@dataclass(frozen=True, slots=True)
class PlaceDifferences:
    """What two places say differently, of files with this ``digest``.

    ``elsewhere`` has the path on the right of what lies under another on the left.
    """

    digest: str
    files: tuple[FileDifference, ...]
    elsewhere: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceFiles:
    """The files of a place that are compared: its scenarios are not, they play another town."""

    package: Package
    files: Files

    @classmethod
    def of(cls, package: Package, files: Files) -> PlaceFiles:
        """Return the files of ``package`` without its scenarios."""
        return cls(package, {path: data for path, data in files.items() if "/scenarios/" not in path})


def places_key(left: str, right: str) -> str:
    """Return under which key the comparison of two sides is kept, by their words in addresses."""
    return f"{PLACES}:{sha256(f'{left} {right}'.encode()).hexdigest()[:40]}"


def digest_of(left: PlaceFiles, right: PlaceFiles) -> str:
    """Return what tells whether a comparison is still that of these files."""
    told = sha256()
    for side in (left, right):
        for path, data in sorted(side.files.items()):
            told.update(path.encode() + b"\0" + sha256(data).digest())
        told.update(b"\0\0")
    return told.hexdigest()


def differences_of(left: PlaceFiles, right: PlaceFiles, job: Run) -> PlaceDifferences:
    """Return what both say differently, whatever ids they use and however they are drawn; raises Stopped."""
    pairs = counterparts(left.files, right.files, (left.package.key, right.package.key))
    moved = {pairs.get(path, path): data for path, data in right.files.items()}

    def tell(done: int, total: int) -> None:
        if done % _OFTEN == 0:
            job.beat(done, total, Text(f"已比较 {done} 个文件，共 {total} 个", f"{done} of {total} files compared"))

    found = differences_in_meaning(left.files, moved, tell)
    return PlaceDifferences(digest_of(left, right), found, {new: old for old, new in pairs.items()})
