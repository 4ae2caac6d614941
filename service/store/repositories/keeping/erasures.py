"""How long data are kept, and what was erased."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, word
from service.store.repositories.cases.case_tree import WITHOUT_STATE
from service.store.rows import ArchiveRow, AwardRow, CaseRow, ErasureRow, RetentionRuleRow
from service.store.rows.archives import archive, archive_part
from service.store.rows.cases import case, case_party
from service.store.rows.erasures import erasure, retention_rule
from service.store.rows.people import body
from service.store.rows.register import award_record, document
from service.store.rows.submissions import upload
from service.store.searching import files_noted

_LOCKED = one(erasure, "id").with_for_update()
_NAME = ("清除记录", "erasure")
_RULES = one(retention_rule, "jurisdiction").order_by(retention_rule.c.id)
_AWARDS = one(award_record, "jurisdiction").order_by(award_record.c.id)
_OF_ROUND = sa.select(archive).where(archive.c.case_id == sa.bindparam("root"), archive.c.erased_at.is_(None))
_IN_ARCHIVES = (
    sa.select(archive_part.c.files)
    .join(archive, archive.c.id == archive_part.c.archive_id)
    .where(archive.c.jurisdiction.in_(sa.bindparam("places", expanding=True)), archive.c.erased_at.is_(None))
)


class ErasureRepository(Repository):
    """Rules of keeping, and erasures case by case."""

    def add_rule(self, row: RetentionRuleRow) -> int:
        """Note a rule and return its id."""
        return self._insert(retention_rule, row)

    def rules(self, jurisdiction: str) -> list[RetentionRuleRow]:
        """Return every rule of a city, the newest last."""
        return self._all(RetentionRuleRow, _RULES, jurisdiction=jurisdiction)

    def ask(self, row: ErasureRow) -> int:
        """Note that a case is to be erased, and return the number of that."""
        return self._insert(erasure, row)

    def lock(self, ident: int) -> ErasureRow:
        """Return an erasure and keep others from it until the end of the unit of work; raises NotFound."""
        return self._existing(ErasureRow, _NAME, _LOCKED, ident)

    def of_cases(self, case_ids: Collection[int]) -> list[ErasureRow]:
        """Return what was asked for in these cases and not refused."""
        chosen = erasure.c.case_id.in_(case_ids), erasure.c.state != "refused"
        return self._all(ErasureRow, sa.select(erasure).where(*chosen)) if case_ids else []

    def of_places(self, places: Collection[str], limit: int = 200, before: int | None = None) -> list[ErasureRow]:
        """Return the erasures of these places, newest first, below the number ``before``."""
        found = sa.select(erasure).where(erasure.c.jurisdiction.in_(places)).order_by(erasure.c.id.desc())
        if before is not None:
            found = found.where(erasure.c.id < before)
        return self._all(ErasureRow, found.limit(limit))

    def note(self, ident: int, state: str, found: Mapping[str, Any], files: Collection[str]) -> None:
        """Note what was found, and which files are still to be dropped."""
        self._alter(erasure, ident, {"state": state, "found": dict(found), "files": sorted(files)})

    def close(self, ident: int, state: str, at: datetime) -> None:
        """Note the end; nothing is left to be dropped."""
        self._alter(erasure, ident, {"state": state, "files": [], "ended_at": at})

    def open_cases(self, jurisdiction: str) -> list[CaseRow]:
        """Return the cases of a place that have not ended, without ``state``."""
        where = case.c.jurisdiction == jurisdiction, case.c.status != word("ended")
        return self._all(CaseRow, sa.select(*WITHOUT_STATE).where(*where).order_by(case.c.id))

    def cases(self, ids: Collection[int]) -> dict[int, CaseRow]:
        """Return these cases without ``state``, a page of them."""
        found = self._all(CaseRow, sa.select(*WITHOUT_STATE).where(case.c.id.in_(ids)))
        return {row.id: row for row in found}

    def awards_of(self, jurisdiction: str) -> list[AwardRow]:
        """Return the awards on record of a place that this installation wrote, by number."""
        return self._all(AwardRow, _AWARDS, jurisdiction=jurisdiction)

    def stored_archives(self, root: int) -> list[ArchiveRow]:
        """Return the archives of a round whose files are here."""
        return self._all(ArchiveRow, _OF_ROUND, root=root)

    def drop_archive(self, ident: int, at: datetime) -> set[str]:
        """Forget what an archive holds, but not its seal; returns the SHA-256 of its files."""
        parts = sa.select(archive_part.c.files).where(archive_part.c.archive_id == ident)
        files = {str(file["sha256"]) for kept in self._connection.scalars(parts) for file in kept}
        emptied = sa.update(archive_part).where(archive_part.c.archive_id == ident)
        self._connection.execute(emptied.values(files=[], left_out=[], head={}))
        self._alter(archive, ident, {"erased_at": at})
        return files

    def mark_uploads(self, case_id: int, ids: Collection[str], name: str, at: datetime) -> None:
        """Note that files people sent with a case are erased: their names go, their SHA-256 stays."""
        if ids:
            gone: dict[str, Any] = {
                "name": name,
                "erased_at": at,
                "removed_at": sa.func.coalesce(upload.c.removed_at, at),
            }
            with files_noted(self._connection, [case_id]):
                self._change(sa.update(upload).where(upload.c.id.in_(ids)).values(gone))

    def mark_document(self, ident: int, at: datetime) -> None:
        """Note that the files of a document are erased."""
        gone = {"sha256": None, "size": None, "pdf_sha256": None, "pdf_size": None, "erased_at": at}
        self._alter(document, ident, gone)

    def others_about(self, body_id: int, case_id: int) -> set[int]:
        """Return the other cases that a body takes part in."""
        about = sa.select(case.c.id).where(case.c.subject_id == body_id)
        joined = sa.select(case_party.c.case_id).where(case_party.c.body_id == body_id)
        return {int(ident) for ident in self._connection.scalars(about.union(joined))} - {case_id}

    def forget_body(self, ident: int, name: str) -> None:
        """Leave nothing of a body but its number."""
        gone: dict[str, Any] = {"key": f"erased-{ident}", "name": name, "name_en": None, "details": {}, "active": False}
        self._alter(body, ident, gone)

    def uploads(self, case_id: int) -> list[tuple[str, str, str, str | None]]:
        """Return id, name, SHA-256 and secret of every upload of a case that is not erased, removed ones too."""
        columns = (upload.c.id, upload.c.name, upload.c.sha256, upload.c.secret)
        found = sa.select(*columns).where(upload.c.case_id == case_id, upload.c.erased_at.is_(None))
        return [(str(i), str(n), str(s), k) for i, n, s, k in self._connection.execute(found.order_by(upload.c.id))]

    def in_archives(self, sha256s: Collection[str], places: Collection[str]) -> set[str]:
        """Return those files that an archive of these places holds, with personal data or without; reads all of them."""
        if not sha256s:
            return set()
        wanted = set(sha256s)
        kept = self._connection.execute(_IN_ARCHIVES, {"places": list(places)}).scalars()
        return {str(file["sha256"]) for files in kept for file in files} & wanted

    def still_needed(self, sha256s: Collection[str]) -> set[str]:
        """Return those files that a file somebody sent or a document speaks of, not erased."""
        if not sha256s:
            return set()
        speaking = [
            sa.select(upload.c.sha256).where(upload.c.sha256.in_(sha256s), upload.c.erased_at.is_(None)),
            sa.select(document.c.sha256).where(document.c.sha256.in_(sha256s)),
            sa.select(document.c.pdf_sha256).where(document.c.pdf_sha256.in_(sha256s)),
        ]
        return {str(found) for statement in speaking for found in self._connection.scalars(statement)}
