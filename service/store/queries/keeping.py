"""What people wrote into the rows of a case, how long it is kept, what was erased, and archives of rounds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.models import ArchiveRow, ErasureRow
from service.store.models.cases import case, case_party, task
from service.store.models.columns import metadata
from service.store.models.interventions import intervention_result
from service.store.models.register import archive, archive_part, document
from service.store.models.submissions import upload
from service.store.queries.base import Repository
from service.store.queries.rows import Rows
from service.store.searching import index_file_names, index_row_changes

CONTENT: Mapping[str, tuple[str, ...]] = {
    "case_instance": ("title", "facts"),
    "task": ("title", "subject", "due_reason", "note"),
    "inbox": ("payload",),
    "form_result": ("data", "choices"),
    "draft": ("data",),
    "case_note": ("words",),
    "rating": ("words", "answer", "reason"),
    "sign_ask": ("words", "data"),
    "task_sign": ("words",),
    "page_note": ("quote", "words"),
    "sitting": ("title", "agenda", "words"),
    "upload": ("name",),
    "finding": ("text", "details"),
    "document": ("title", "content"),
    "incident": ("what", "consequence", "remedy", "detail", "cause", "settled", "handed_note"),
    "work_item": ("payload", "last_error"),
    "mail": ("address", "subject", "text"),
    "score_sheet": ("scores", "reason"),
    "stage_score": ("details",),
    "appointment": ("room", "note"),
    "interest": ("text",),
    "recusal": ("reason", "lifted_reason"),
    "case_move": ("why", "details"),
    "intervention_result": ("said",),
    "intervention_batch": ("given", "reason"),
}
"""Columns with words of people. What else these tables hold are numbers, days, and names that the program gives."""

KEPT: Mapping[str, str] = {
    "audit": "entries stay with their hashes; words in them and beside them are replaced (`HistoryRepository.redact`)",
    "notice": "stays as it was posted",
    "ballot": "the count must be repeatable",
    "ballot_roll": "the count must be repeatable",
    "ballot_recusal": "the count must be repeatable",
    "ballot_result": "the count must be repeatable",
    "expert_draw": "the draw must be repeatable",
    "panel_member": "belongs to the register of experts",
    "archive": "its files are dropped (`ErasureRepository.open_archive_copies`)",
    "archive_part": "its files are dropped",
    "erasure": "says what was erased, never its words",
}
"""Tables with words about a case that are not in `CONTENT`, and why."""


@dataclass(frozen=True, slots=True)
class StoredContent:
    """The words in one row: ``key`` names it, ``values`` are those of its columns in `CONTENT`; ``form`` of a form."""

    table: str
    key: Mapping[str, Any]
    values: Mapping[str, Any]
    form: str = ""

    @property
    def name(self) -> str:
        """Return the row as a record names it, such as ``form_result:12``."""
        return f"{self.table}:{'/'.join(str(part) for part in self.key.values())}"


class CaseContentRepository(Repository):
    """Every row with words of one case; for reading all of it, and for erasing."""

    def of_case(self, case_id: int) -> Iterator[StoredContent]:
        """Yield the rows of a case that hold words, table by table."""
        for name, columns in CONTENT.items():
            table = metadata.tables[name]
            keys = [column.name for column in table.primary_key]
            form = table.c.form if name == "form_result" else sa.literal("")
            statement = sa.select(*(table.c[each] for each in (*keys, *columns)), form).where(_of_case(table, case_id))
            for row in self._connection.execute(statement.order_by(*(table.c[key] for key in keys))).all():
                values = dict(zip((*keys, *columns), row[:-1], strict=True))
                key = {each: values[each] for each in keys}
                yield StoredContent(name, key, {each: values[each] for each in columns}, row[-1])

    def replace(self, row: StoredContent, values: Mapping[str, Any]) -> None:
        """Write other words into a row; a text that became too long for its column is cut."""
        table = metadata.tables[row.table]
        where = [table.c[name] == value for name, value in row.key.items()]
        fitting = {name: _cut_to_fit(table.c[name], value) for name, value in values.items()}
        cases = self._connection.scalars(sa.select(table.c.case_id).where(*where)).all() if table is upload else ()
        with (
            index_row_changes(self._connection, table, row.key.get("id", 0), fitting),
            index_file_names(self._connection, cases),
        ):
            self._change(sa.update(table).where(*where), **fitting)

    def drop_drafts(self, case_id: int) -> int:
        """Remove what was typed for tasks of a case and never submitted; returns how many there were."""
        table = metadata.tables["draft"]
        return self._change(sa.delete(table).where(_of_case(table, case_id)))


def _of_case(table: sa.Table, case_id: int) -> sa.ColumnElement[bool]:
    if table.name == "case_instance":
        return table.c.id == case_id
    if table.name == "draft":
        return table.c.task_id.in_(sa.select(task.c.id).where(task.c.case_id == case_id))
    if table.name == "intervention_batch":
        batches = sa.select(intervention_result.c.batch_id).where(intervention_result.c.case_id == case_id)
        return table.c.id.in_(batches)
    return table.c.case_id == case_id


def _cut_to_fit(column: sa.Column[Any], value: Any) -> Any:
    most = getattr(column.type, "length", None)
    return value[:most] if isinstance(value, str) and most else value


class ErasureRepository(Rows[ErasureRow]):
    """Erasures case by case."""

    def mark_uploads(self, case_id: int, ids: Collection[str], name: str, at: datetime) -> None:
        """Note that files people sent with a case are erased: their names go, their SHA-256 stays."""
        if ids:
            removed = sa.update(upload).values(removed_at=sa.func.coalesce(upload.c.removed_at, at))
            with index_file_names(self._connection, [case_id]):
                self._change(removed.where(upload.c.id.in_(ids)), name=name, erased_at=at)

    def others_about(self, body_id: int, case_id: int) -> set[int]:
        """Return the other cases that a body takes part in."""
        about = sa.select(case.c.id).where(case.c.subject_id == body_id)
        joined = sa.select(case_party.c.case_id).where(case_party.c.body_id == body_id)
        return {int(ident) for ident in self._connection.scalars(about.union(joined))} - {case_id}

    def uploads(self, case_id: int) -> list[tuple[str, str, str, str | None]]:
        """Return id, name, SHA-256 and secret of every upload of a case that is not erased, removed ones too."""
        return self._list_uploads(upload.c.case_id == case_id)

    def unsent_uploads(self, case_id: int) -> list[tuple[str, str, str, str | None]]:
        """Return the same of those that came with a form of its tasks and were not submitted: it was refused, or left."""
        tasks = sa.select(task.c.id).where(task.c.case_id == case_id)
        return self._list_uploads(upload.c.case_id.is_(None) & upload.c.task_id.in_(tasks))

    def _list_uploads(self, where: sa.ColumnElement[bool]) -> list[tuple[str, str, str, str | None]]:
        columns = (upload.c.id, upload.c.name, upload.c.sha256, upload.c.secret)
        statement = sa.select(*columns).where(where, upload.c.erased_at.is_(None)).order_by(upload.c.id)
        return [(str(i), str(n), str(s), k) for i, n, s, k in self._connection.execute(statement)]

    def still_needed(self, sha256s: Collection[str]) -> set[str]:
        """Return those files that a file somebody sent or a document speaks of, not erased."""
        if not sha256s:
            return set()
        speaking = [
            sa.select(upload.c.sha256).where(upload.c.sha256.in_(sha256s), upload.c.erased_at.is_(None)),
            sa.select(document.c.sha256).where(document.c.sha256.in_(sha256s)),
            sa.select(document.c.pdf_sha256).where(document.c.pdf_sha256.in_(sha256s)),
        ]
        return {str(value) for statement in speaking for value in self._connection.scalars(statement)}


class ArchiveRepository(Rows[ArchiveRow]):
    """What is gathered and sealed."""

    def drop(self, ident: int, at: datetime) -> set[str]:
        """Forget what an archive holds, but not its seal; returns the SHA-256 of its files."""
        parts = sa.select(archive_part.c.files).where(archive_part.c.archive_id == ident)
        files = {str(file["sha256"]) for files in self._connection.scalars(parts) for file in files}
        emptied = sa.update(archive_part).where(archive_part.c.archive_id == ident)
        self._connection.execute(emptied.values(files=[], left_out=[], head={}))
        self.change(ident, erased_at=at)
        return files

    def list_held(self, sha256s: Collection[str], places: Collection[str]) -> set[str]:
        """Return those files that an archive of these places holds, with personal data or without; reads all of them."""
        if not sha256s:
            return set()
        parts = sa.select(archive_part.c.files).join(archive, archive.c.id == archive_part.c.archive_id)
        stored = parts.where(archive.c.jurisdiction.in_(places), archive.c.erased_at.is_(None))
        return {str(file["sha256"]) for files in self._connection.scalars(stored) for file in files} & set(sha256s)

    def unended(self, rounds: Collection[int]) -> dict[int, int]:
        """Return how many cases of each of these rounds have not ended, itself and all below it; none is left out."""
        if not rounds:
            return {}
        branch = _build_branches(case.c.id.in_(rounds))
        counted = sa.select(branch.c.top, sa.func.count()).join(case, case.c.id == branch.c.id)
        rows = self._connection.execute(counted.where(case.c.status != "ended").group_by(branch.c.top))
        return {int(top): int(count) for top, count in rows}


def _build_branches(*tops: sa.ColumnElement[bool]) -> sa.CTE:
    """Return every case of the rounds that ``tops`` picks: ``top`` is the round, ``id`` the case."""
    branch = sa.select(case.c.id.label("top"), case.c.id.label("id")).where(*tops).cte("branch", recursive=True)
    return branch.union(sa.select(branch.c.top, case.c.id).join(branch, case.c.parent_id == branch.c.id))
