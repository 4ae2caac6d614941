"""Drafts of packages, the changes of their files, and seasons that are being recorded in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa

from service.store.errors import Stale
from service.store.models import DraftRevisionRow, PackageDraftRow, RecordingRow
from service.store.models.packages import draft_revision, package_draft, recording
from service.store.queries.base import Repository, one, values_of
from service.store.usual_statements import upsert

_ONE_DRAFT = one(package_draft, "id")
_WITHOUT_SOURCES = [
    sa.literal(b"", sa.LargeBinary).label("sources") if c.name == "sources" else c for c in package_draft.c
]
_WITHOUT_CONTENT = [sa.null().label("content") if c.name == "content" else c for c in draft_revision.c]
_BRIEF = sa.select(*_WITHOUT_SOURCES).where(package_draft.c.id == sa.bindparam("id"))
_NOTING = (
    sa.update(package_draft)
    .where(package_draft.c.id == sa.bindparam("at_key"), package_draft.c.changed_at == sa.bindparam("at_changed"))
    .values(details=sa.bindparam("details"))
)
_LEAVING = (
    sa.update(package_draft)
    .where(package_draft.c.editor_id == sa.bindparam("at_person"))
    .values(editor_id=None, editor="", editing_since=None)
)
_ALIVE = package_draft.c.state.in_(["open", "review", "approved"])
_DRAFT = ("草稿", "draft")


class PackageDraftRepository(Repository):
    """Drafts, and an append-only list of revisions of each."""

    def insert(self, row: PackageDraftRow) -> int:
        """Keep a new draft and return its id."""
        return self._insert(package_draft, row)

    def get(self, draft: int) -> PackageDraftRow:
        """Return a draft with the files it was opened from; raises NotFound."""
        return self._existing(PackageDraftRow, _DRAFT, _ONE_DRAFT, draft)

    def brief(self, draft: int) -> PackageDraftRow:
        """Return a draft without those files (empty); raises NotFound."""
        return self._existing(PackageDraftRow, _DRAFT, _BRIEF, draft)

    def change(self, draft: int, changes: Mapping[str, object]) -> None:
        """Change the draft itself."""
        self._alter(package_draft, draft, changes)

    def note(self, draft: int, seen: datetime, details: Mapping[str, object]) -> None:
        """Set the details of a draft that was last changed at ``seen``; one that changed meanwhile stays as it is."""
        self._change(_NOTING, at_key=draft, at_changed=seen, details=details)

    def alive(self) -> list[PackageDraftRow]:
        """Return every draft that is neither published nor discarded, without its files, newest change first."""
        statement = sa.select(*_WITHOUT_SOURCES).where(_ALIVE).order_by(package_draft.c.changed_at.desc())
        return self._all(PackageDraftRow, statement)

    def append(self, row: DraftRevisionRow) -> None:
        """Append a revision and count the draft up.

        Raises:
            Stale: after a concurrent change of the same draft.
        """
        statement = upsert(self._connection.dialect.name, draft_revision).values(values_of(row))
        once = statement.on_conflict_do_nothing(index_elements=["draft_id", "revision"]).returning(draft_revision.c.id)
        if self._scalar(once) is None:
            raise Stale
        self._alter(package_draft, row.draft_id, {"revision": row.revision, "changed_at": row.at})

    def newest(self, draft: int) -> list[DraftRevisionRow]:
        """Return the newest revision of every path that was changed, by path."""
        here = draft_revision.c.draft_id == draft
        last = sa.select(sa.func.max(draft_revision.c.revision)).where(here).group_by(draft_revision.c.path)
        statement = sa.select(draft_revision).where(here, draft_revision.c.revision.in_(last))
        return self._all(DraftRevisionRow, statement.order_by(draft_revision.c.path))

    def revisions(self, draft: int, before: int | None = None, limit: int = 100) -> list[DraftRevisionRow]:
        """Return revisions without their contents, newest first, those below ``before``."""
        statement = sa.select(*_WITHOUT_CONTENT).where(draft_revision.c.draft_id == draft)
        if before is not None:
            statement = statement.where(draft_revision.c.revision < before)
        return self._all(DraftRevisionRow, statement.order_by(draft_revision.c.revision.desc()).limit(limit))

    def of_path(self, draft: int, path: str, until: int) -> DraftRevisionRow | None:
        """Return the revision of ``path`` that held at revision ``until`` of the draft, None where it was untouched."""
        statement = sa.select(draft_revision).where(
            draft_revision.c.draft_id == draft, draft_revision.c.path == path, draft_revision.c.revision <= until
        )
        return self._first(DraftRevisionRow, statement.order_by(draft_revision.c.revision.desc()).limit(1))

    def with_hash(self, draft: int, path: str, digest: str) -> DraftRevisionRow | None:
        """Return a revision of ``path`` that held the content with SHA-256 ``digest``, None where there is none."""
        statement = sa.select(draft_revision).where(
            draft_revision.c.draft_id == draft, draft_revision.c.path == path, draft_revision.c.hash == digest
        )
        return self._first(DraftRevisionRow, statement.order_by(draft_revision.c.revision.desc()).limit(1))

    def discarded(self, before: int | None = None, limit: int | None = None) -> list[PackageDraftRow]:
        """Return the discarded drafts below the number ``before``, without their files, youngest first; None: all."""
        statement = sa.select(*_WITHOUT_SOURCES).where(package_draft.c.state == "discarded")
        if before is not None:
            statement = statement.where(package_draft.c.id < before)
        return self._all(PackageDraftRow, statement.order_by(package_draft.c.id.desc()).limit(limit))

    def authors(self, draft: int) -> set[int]:
        """Return everybody who changed a file of a draft."""
        statement = sa.select(draft_revision.c.person_id).where(draft_revision.c.draft_id == draft).distinct()
        return {row[0] for row in self._connection.execute(statement)}

    def held_at(self, draft: int, until: int) -> list[DraftRevisionRow]:
        """Return the revision of every changed path that held at revision ``until`` of the draft, by path."""
        here = (draft_revision.c.draft_id == draft, draft_revision.c.revision <= until)
        last = sa.select(sa.func.max(draft_revision.c.revision)).where(*here).group_by(draft_revision.c.path)
        statement = sa.select(draft_revision).where(here[0], draft_revision.c.revision.in_(last))
        return self._all(DraftRevisionRow, statement.order_by(draft_revision.c.path))

    def leave(self, person: int) -> None:
        """Let no draft be edited by ``person`` any more."""
        self._change(_LEAVING, at_person=person)


_ONE_RECORDING = one(recording, "draft_id", "person_id")


class RecordingRepository(Repository):
    """One recording per draft and person."""

    def keep(self, row: RecordingRow) -> None:
        """Keep the steps so far; what the same person recorded in that draft before gives way."""
        statement = upsert(self._connection.dialect.name, recording).values(values_of(row))
        changes = {"script": row.script, "version": row.version, "at": row.at}
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=["draft_id", "person_id"], set_=changes)
        )

    def find(self, draft: int, person: int) -> RecordingRow | None:
        """Return what ``person`` records in a draft."""
        return self._first(RecordingRow, _ONE_RECORDING, draft_id=draft, person_id=person)

    def drop(self, draft: int, person: int) -> None:
        """Forget it: it was saved or given up."""
        self._change(sa.delete(recording).where(recording.c.draft_id == draft, recording.c.person_id == person))
