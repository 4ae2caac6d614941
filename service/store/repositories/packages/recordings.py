"""Seasons that are being recorded in drafts."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.repositories.base import Repository, one, values_of
from service.store.rows import RecordingRow
from service.store.rows.drafts import recording
from service.store.usual_statements import upsert

_ONE = one(recording, "draft_id", "person_id")


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
        return self._first(RecordingRow, _ONE, draft_id=draft, person_id=person)

    def drop(self, draft: int, person: int) -> None:
        """Forget it: it was saved or given up."""
        self._change(sa.delete(recording).where(recording.c.draft_id == draft, recording.c.person_id == person))
