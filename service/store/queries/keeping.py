"""What people wrote into the rows of a case, how long it is kept, what was erased, and archives of rounds."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.models import AwardRow, CaseRow, ErasureRow, RetentionRuleRow
from service.store.models.cases import case, case_party, task
from service.store.models.columns import metadata
from service.store.models.interventions import intervention_result
from service.store.models.keeping import ArchivePartRow, ArchiveRow, archive, archive_part, erasure, retention_rule
from service.store.models.people import body
from service.store.models.register import award_record, document
from service.store.models.submissions import upload
from service.store.queries.base import Repository, one, values_of, word
from service.store.queries.case_tree import WITHOUT_STATE
from service.store.searching import files_noted, noted

CONTENT: Mapping[str, tuple[str, ...]] = {
    "case_instance": ("title", "facts"),
    "task": ("title", "subject", "due_reason", "note"),
    "inbox": ("payload",),
    "form_result": ("data",),
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
            found = sa.select(*(table.c[each] for each in (*keys, *columns)), form).where(_of_case(table, case_id))
            for row in self._connection.execute(found.order_by(*(table.c[key] for key in keys))).all():
                values = dict(zip((*keys, *columns), row[:-1], strict=True))
                key = {each: values[each] for each in keys}
                yield StoredContent(name, key, {each: values[each] for each in columns}, row[-1])

    def replace(self, row: StoredContent, values: Mapping[str, Any]) -> None:
        """Write other words into a row; a text that became too long for its column is cut."""
        table = metadata.tables[row.table]
        where = [table.c[name] == value for name, value in row.key.items()]
        fitting = {name: _fitting(table.c[name], value) for name, value in values.items()}
        cases = self._connection.scalars(sa.select(table.c.case_id).where(*where)).all() if table is upload else ()
        with noted(self._connection, table, row.key.get("id", 0), fitting), files_noted(self._connection, cases):
            self._change(sa.update(table).where(*where).values(fitting))

    def drop_drafts(self, case_id: int) -> int:
        """Remove what was typed for tasks of a case and never submitted; returns how many there were."""
        table = metadata.tables["draft"]
        return self._change(sa.delete(table).where(_of_case(table, case_id)))

    def forget_moves(self, case_id: int) -> None:
        """Remove the engine's states that would undo the moves of a case to other versions."""
        table = metadata.tables["case_move"]
        self._change(sa.update(table).where(table.c.case_id == case_id).values(before=None))


def _of_case(table: sa.Table, case_id: int) -> sa.ColumnElement[bool]:
    if table.name == "case_instance":
        return table.c.id == case_id
    if table.name == "draft":
        return table.c.task_id.in_(sa.select(task.c.id).where(task.c.case_id == case_id))
    if table.name == "intervention_batch":
        batches = sa.select(intervention_result.c.batch_id).where(intervention_result.c.case_id == case_id)
        return table.c.id.in_(batches)
    return table.c.case_id == case_id


def _fitting(column: sa.Column[Any], value: Any) -> Any:
    most = getattr(column.type, "length", None)
    return value[:most] if isinstance(value, str) and most else value


_LOCKED_ERASURE = one(erasure, "id").with_for_update()
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
        return self._existing(ErasureRow, _NAME, _LOCKED_ERASURE, ident)

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
        return self._uploads(upload.c.case_id == case_id)

    def unsent_uploads(self, case_id: int) -> list[tuple[str, str, str, str | None]]:
        """Return the same of those that came with a form of its tasks and were not submitted: it was refused, or left."""
        tasks = sa.select(task.c.id).where(task.c.case_id == case_id)
        return self._uploads(upload.c.case_id.is_(None) & upload.c.task_id.in_(tasks))

    def _uploads(self, where: sa.ColumnElement[bool]) -> list[tuple[str, str, str, str | None]]:
        columns = (upload.c.id, upload.c.name, upload.c.sha256, upload.c.secret)
        found = sa.select(*columns).where(where, upload.c.erased_at.is_(None)).order_by(upload.c.id)
        return [(str(i), str(n), str(s), k) for i, n, s, k in self._connection.execute(found)]

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


_LOCKED_ARCHIVE = one(archive, "id").with_for_update()
_PART = sa.select(archive_part.c.place).where(
    archive_part.c.archive_id == sa.bindparam("ident"), archive_part.c.place == sa.bindparam("place")
)
_GATHERED = sa.select(sa.func.count()).where(
    archive_part.c.archive_id == sa.bindparam("ident"), archive_part.c.place > 0
)


class ArchiveRepository(Repository):
    """What is gathered and sealed."""

    def begin(self, row: ArchiveRow) -> int:
        """Begin an archive and return its id."""
        return self._insert(archive, row)

    def get(self, ident: int) -> ArchiveRow:
        """Return an archive; raises NotFound."""
        return self._existing(ArchiveRow, ("归档", "archive"), one(archive, "id"), ident)

    def lock(self, ident: int) -> ArchiveRow:
        """Return an archive and keep others from adding to it until the end of the unit of work; raises NotFound."""
        return self._existing(ArchiveRow, ("归档", "archive"), _LOCKED_ARCHIVE, ident)

    def of_places(
        self, places: Collection[str] | None, limit: int = 100, before: int | None = None
    ) -> list[ArchiveRow]:
        """Return the archives of these places (None: of all), newest first, below the number ``before``."""
        found = sa.select(archive).order_by(archive.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(archive.c.id < before)
        return self._all(ArchiveRow, found if places is None else found.where(archive.c.jurisdiction.in_(places)))

    def of_round(self, case_id: int) -> list[ArchiveRow]:
        """Return the archives of a round, newest first."""
        return self._all(ArchiveRow, one(archive, "case_id").order_by(archive.c.id.desc()), case_id=case_id)

    def add_part(self, row: ArchivePartRow) -> None:
        """Keep the files of a case; one that is gathered already stays."""
        self._change(self._upsert(archive_part).on_conflict_do_nothing(), **values_of(row))

    def parts(self, ident: int) -> list[ArchivePartRow]:
        """Return what is gathered, in the order of the cases, the top first."""
        return self._all(ArchivePartRow, one(archive_part, "archive_id").order_by("place"), archive_id=ident)

    def gathered(self, ident: int) -> set[int]:
        """Return the places that are gathered."""
        found = sa.select(archive_part.c.place).where(archive_part.c.archive_id == ident)
        return set(self._connection.scalars(found))

    def has(self, ident: int, place: int) -> bool:
        """Return whether a case, or with 0 the top, is gathered."""
        return self._scalar(_PART, ident=ident, place=place) is not None

    def count_gathered(self, ident: int) -> int:
        """Return how many cases are gathered."""
        return int(self._scalar(_GATHERED, ident=ident))

    def close(self, ident: int, seal: str, at: datetime) -> None:
        """Seal an archive."""
        self._alter(archive, ident, {"seal": seal, "sealed_at": at})

    def unended(self, rounds: Collection[int]) -> dict[int, int]:
        """Return how many cases of each of these rounds have not ended, itself and all below it; none is left out."""
        if not rounds:
            return {}
        branch = _branches(case.c.id.in_(rounds))
        counted = sa.select(branch.c.top, sa.func.count()).join(case, case.c.id == branch.c.id)
        found = self._connection.execute(counted.where(case.c.status != "ended").group_by(branch.c.top))
        return {int(top): int(count) for top, count in found}


def _branches(*tops: sa.ColumnElement[bool]) -> sa.CTE:
    """Return every case of the rounds that ``tops`` picks: ``top`` is the round, ``id`` the case."""
    branch = sa.select(case.c.id.label("top"), case.c.id.label("id")).where(*tops).cte("branch", recursive=True)
    return branch.union(sa.select(branch.c.top, case.c.id).join(branch, case.c.parent_id == branch.c.id))
