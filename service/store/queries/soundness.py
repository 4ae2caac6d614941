"""What a database that is sound has none of, and what its search table should say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from service.store.models.ballots import ballot
from service.store.models.cases import case, inbox, subscription, task
from service.store.models.register import document
from service.store.models.submissions import upload
from service.store.models.work import mail, work_item
from service.store.queries.base import Repository, word
from service.store.queries.case_filter import STILL_TO_COME
from service.store.searching import SEARCHED, note_anew, wrongly_noted

_KEYED = {"work_item": work_item, "mail": mail, "inbox": inbox}
"""Tables whose rows are named by their effect."""


@dataclass(frozen=True, slots=True)
class LeftOver:
    """What still waits in a case that has ended: "task", "timer", "message" or "ballot"."""

    what: str
    case_id: int
    title: str
    process_id: str | None
    element: str | None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file that a row speaks of; ``case_id`` None where it belongs to none yet."""

    id: int | str
    case_id: int | None
    sha256: str


@dataclass(frozen=True, slots=True)
class StoredFacts:
    """The facts of a case, the version that it runs or ran under, and what it is found by."""

    id: int
    definition: str
    facts: Mapping[str, Any]
    findable: str | None


class SoundnessRepository(Repository):
    """Questions that only somebody asks who doubts the database; each reads in pages or returns a few rows."""

    def left_over(self, limit: int) -> list[LeftOver]:
        """Return what waits in cases that have ended."""
        found = sa.union_all(
            *(
                sa.select(word(what).label("what"), table.c.case_id, case.c.title, table.c.process_id, table.c.element)
                .join(case, case.c.id == table.c.case_id)
                .where(case.c.status == word("ended"), *where)
                for what, table, where in (
                    ("task", task, [task.c.state == word("open")]),
                    ("timer", work_item, [work_item.c.kind == word("timer"), work_item.c.state.in_(STILL_TO_COME)]),
                    ("message", subscription, []),
                    ("ballot", ballot, [ballot.c.state.in_(("open", "closed"))]),
                )
            )
        )
        return self._all(LeftOver, found.limit(limit))

    def doubled_effects(self, limit: int) -> list[tuple[str, str]]:
        """Return (table, effect key) of effects that stand there more than once."""
        found = []
        for name, table in _KEYED.items():
            keys = sa.select(table.c.effect_key).group_by(table.c.effect_key).having(sa.func.count() > 1).limit(limit)
            found += [(name, str(key)) for key in self._connection.scalars(keys)]
        return found

    def half_done(self, limit: int) -> list[tuple[str, int | None]]:
        """Return (effect key, case) of work that is done at no time, or still to do although it has been done."""
        undone = work_item.c.state.in_(("waiting", "running", "held"))
        wrong = sa.or_(
            sa.and_(work_item.c.state == word("done"), work_item.c.done_at.is_(None)),
            sa.and_(undone, work_item.c.done_at.is_not(None)),
        )
        found = sa.select(work_item.c.effect_key, work_item.c.case_id).where(wrong).order_by(work_item.c.id)
        return [(key, case_id) for key, case_id in self._connection.execute(found.limit(limit))]

    def document_files(self, after: int, limit: int) -> list[NamedFile]:
        """Return the files of the next ``limit`` documents above number ``after``."""
        columns = (document.c.id, document.c.case_id, document.c.sha256, document.c.pdf_sha256)
        rows = sa.select(*columns).where(document.c.id > after).order_by(document.c.id).limit(limit)
        return [
            NamedFile(ident, case_id, sha256 or "")
            for ident, case_id, *kept in self._connection.execute(rows)
            for sha256 in (kept if kept[1] else kept[:1])
        ]

    def upload_files(self, after: str, limit: int) -> list[NamedFile]:
        """Return the next ``limit`` uploads above id ``after`` that are kept."""
        dropped = sa.and_(upload.c.case_id.is_(None), upload.c.task_id.is_(None), upload.c.removed_at.is_not(None))
        columns = (upload.c.id, upload.c.case_id, upload.c.sha256)
        rows = (
            sa.select(*columns)
            .where(upload.c.id > after, upload.c.erased_at.is_(None), sa.not_(dropped))
            .order_by(upload.c.id)
            .limit(limit)
        )
        return self._all(NamedFile, rows)

    def facts_after(self, case_id: int, limit: int) -> list[StoredFacts]:
        """Return the facts of the next ``limit`` cases above number ``case_id``."""
        columns = (case.c.id, case.c.definition, case.c.facts, case.c.findable)
        return self._all(StoredFacts, sa.select(*columns).where(case.c.id > case_id).order_by(case.c.id).limit(limit))

    def wrongly_searched(self, limit: int) -> list[tuple[str, int]]:
        """Return (subject, number) of rows that the search table misses, or knows by what they do not hold."""
        found = ((subject, ident) for subject in SEARCHED for ident in wrongly_noted(self._connection, subject))
        return list(islice(found, limit))

    def note_anew(self) -> None:
        """Note anew what everything is searched by; nobody else may write meanwhile."""
        note_anew(self._connection)
