"""Archives as people see them: how far they are, and every file of a sealed one."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.archives.gather import keeps_records, require_archivist, require_none_recused
from service.casework.desk.desk import Desk
from service.casework.reading.published import published
from service.casework.step.history import append_case_event
from service.catalog.stages import round_kind
from service.domain.errors import Conflict
from service.domain.text import Text
from service.domain.wording.numbers import counted
from service.store import Store
from service.store.models import ArchiveRow, CaseRow

_CHUNK = 1 << 20


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """An archive and how many of its cases are gathered."""

    row: ArchiveRow
    gathered: int
    author: str


@dataclass(frozen=True, slots=True)
class WaitingRound:
    """A round that cannot be archived yet: how many of its cases have not ended, itself included, and why in words."""

    case: CaseRow
    reason: Text


@dataclass(frozen=True, slots=True)
class ArchiveDesk:
    """A page of archives of the actor's places, and the rounds that have ended; ``before`` continues the archives.

    ``waiting`` are rounds that cannot be archived yet: they have ended while cases below them have not, or they run; of
    those of an award the newest `PAGE` are named, since where an award has no rounds each of its cases is one.
    ``may_full`` names the rounds whose personal data the actor may archive.
    """

    archives: tuple[ArchiveView, ...]
    rounds: tuple[CaseRow, ...]
    waiting: tuple[WaitingRound, ...]
    may_full: frozenset[int]
    before: int | None


PAGE = 50


@guarded("archive.make")
def view_archives(desk: Desk, actor: Actor, before: int | None = None) -> ArchiveDesk:
    """Return archives and ended rounds of the places that the actor administers or whose office they are of."""
    with desk.store.read() as tx:
        publications = published(desk, tx)
        places = [p for p in publications.jurisdictions() if keeps_records(actor, p)]
        archive_rows = tx.archives.select("-id", jurisdiction__in=places, limit=PAGE + 1, after=before)
        rows = archive_rows[:PAGE]
        people = tx.people.named({row.begun_by for row in rows if row.begun_by is not None})
        views = tuple(
            ArchiveView(
                row, tx.archive_parts.count_rows(archive_id=row.id, place__gt=0), people.get(row.begun_by or 0, "系统")
            )
            for row in rows
        )
        rounds = []
        for package in desk.packages.all_current(tx):
            place, award = package.jurisdiction.id, package.award.id
            if place in places:
                every = tx.cases.select(
                    parent_id=None, jurisdiction=place, award=award, process=round_kind(package.award.processes)
                )
                rounds += [c for c in every if c.status == "ended"]
                rounds += [c for c in every if c.status != "ended"][-PAGE:]
        unended = tx.archives.unended([c.id for c in rounds])
    rounds.sort(key=lambda c: -c.id)
    waiting = tuple(WaitingRound(c, _explain_open_cases(c, unended[c.id])) for c in rounds if c.id in unended)
    rounds = [c for c in rounds if c.id not in unended]
    office = frozenset(c.id for c in rounds if actor.in_office(c.jurisdiction))
    onward = rows[-1].id if len(archive_rows) > PAGE else None
    return ArchiveDesk(views, tuple(rounds), waiting, office, onward)


def _explain_open_cases(root: CaseRow, unended: int) -> Text:
    """Return why a round of which so many cases have not ended cannot be archived."""
    if root.status == "ended":
        return Text(f"还有 {unended} 件未办结", f"{counted(unended, 'case has', 'cases have')} not ended")
    below = Text(f"，另有 {unended - 1} 件未办结", f", and {unended - 1} of its cases have not ended")
    more = unended > 1
    return Text(f"本届尚未办结{below.zh if more else ''}", f"the round has not ended{below.en if more else ''}")


@guarded("archive.make")
def open_archive(desk: Desk, actor: Actor, ident: int) -> tuple[ArchiveRow, Sequence[Mapping[str, Any]]]:
    """Return a sealed archive and its files, {path, sha256, size} each; taking it out is recorded.

    Raises Conflict.
    """
    with desk.store.read() as tx:
        row = tx.archives.get(ident)
        root = tx.cases.get(row.case_id)
        require_archivist(actor, root, full=row.full)
        if actor.recused:
            require_none_recused(actor, root, tx.cases.tree(root.id))
        files = [file for part in tx.archive_parts.select(archive_id=ident) for file in part.files]
    if row.sealed_at is None:
        raise Conflict(Text("归档还没有完成，请稍后再取。", "The archive is not sealed yet: wait a little."))
    if row.erased_at is not None:
        raise Conflict(
            Text(
                "这份归档含个人信息，已按保存期限从系统中清除；封存指纹仍在，可核验此前取出的一份。",
                "It held personal data and was erased here when its time was over; a copy taken out before can still be"
                " verified by its seal.",
            )
        )
    with desk.store.write() as tx:
        append_case_event(
            desk, tx, row.case_id, actor, "revealed", f"{actor.name}取出归档{row.id}", None, {"archive": row.id}
        )
    return row, files


def as_zip(store: Store, files: Sequence[Mapping[str, Any]]) -> Iterator[bytes]:
    """Write the files of an archive as a ZIP while they are read; nothing is held in memory but a piece of one file."""
    out = _Pieces()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for file in files:
            member = zipfile.ZipInfo(str(file["path"]), (2000, 1, 1, 0, 0, 0))
            member.compress_type = zipfile.ZIP_DEFLATED
            with packed.open(member, "w", force_zip64=True) as target, store.files.open(str(file["sha256"])) as source:
                while piece := source.read(_CHUNK):
                    target.write(piece)
                    yield out.take()
    yield out.take()


class _Pieces(io.RawIOBase):
    """Takes what is written and gives it away; it cannot go back."""

    def __init__(self) -> None:
        self._kept = bytearray()

    def writable(self) -> bool:
        """Say that it can be written."""
        return True

    def write(self, data: Any) -> int:
        """Keep ``data`` until it is taken."""
        self._kept += data
        return len(data)

    def take(self) -> bytes:
        """Return what was written since it was asked last."""
        chunk, self._kept = bytes(self._kept), bytearray()
        return chunk
