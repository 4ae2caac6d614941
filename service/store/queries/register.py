"""Awards on record, issued documents and public notices (公示)."""

from __future__ import annotations

import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa

from service.store.models import AwardRow, DocumentRow, HolderRow, Json, NoticeRow
from service.store.models.cases import case, subscription, task
from service.store.models.people import body
from service.store.models.register import award_holder, award_record, document, notice
from service.store.models.submissions import upload
from service.store.models.work import search_gram
from service.store.queries.base import word
from service.store.queries.rows import Rows
from service.store.searching import find_rarest_pair, listed_words, match_all_words, match_search_pair


class HolderRepository(Rows[HolderRow]):
    """Organisations besides the one of an award that held it."""


class AwardRepository(Rows[AwardRow]):
    """Awards on record, who holds them, and what becomes of them."""

    def list_of_body(self, body_id: int) -> list[AwardRow]:
        """Return the awards of an organisation, newest first: revoked, joint and passed-on ones too."""
        own = sa.select(award_record.c.id).where(award_record.c.body_id == body_id)
        formerly = sa.select(award_holder.c.award_id).where(award_holder.c.body_id == body_id)
        awards = sa.select(award_record).where(award_record.c.id.in_(own.union_all(formerly)))
        return self._all(AwardRow, awards.order_by(award_record.c.decided_on.desc(), award_record.c.id.desc()))

    def list_watchers(self, body_ids: Collection[int]) -> list[int]:
        """Return the live cases about these organisations that wait for something of the register, oldest first."""
        if not body_ids:
            return []
        waiting = sa.exists().where(subscription.c.case_id == case.c.id, subscription.c.barrier.contains("register."))
        live = sa.select(case.c.id).where(case.c.subject_id.in_(body_ids), case.c.status != word("ended"), waiting)
        return list(self._connection.scalars(live.order_by(case.c.id)))

    def pass_on(self, award_id: int, body_id: int, until: date) -> None:
        """Let another organisation hold an award; who held it ``until`` that day stays on record as a former holder."""
        before, holders = self.get(award_id), HolderRepository(self._connection, self)
        holders.delete(award_id=award_id, body_id=body_id)
        self.change(award_id, body_id=body_id)
        holders.put(HolderRow(award_id=award_id, body_id=before.body_id, until=until))

    def revoke_award(self, award_id: int, on: date) -> bool:
        """Note that an award was revoked; whether it stood until now: the day on record is never moved."""
        return self.change_where({"id": award_id, "revoked_on": None}, revoked_on=on) == 1

    def add_details(self, award_id: int, details: Mapping[str, Json]) -> None:
        """Lay ``details`` over what is on record of an award."""
        self.change(award_id, details={**self.lock(award_id).details, **details})

    def list_public(
        self,
        jurisdiction: str | None = None,
        limit: int = 100,
        before: tuple[date, int] | None = None,
        *,
        year: int | None = None,
        tier: str | None = None,
        named: Sequence[str] = (),
    ) -> list[AwardRow]:
        """Return awards newest first; ``before`` is (decided_on, id) of the last one of the page above.

        ``named``: words that the name of an organisation holds which the award is on record for, or that holds or held it.
        """
        key = (award_record.c.decided_on, award_record.c.id)
        statement = sa.select(award_record).order_by(*(column.desc() for column in key)).limit(limit)
        if jurisdiction is not None:
            statement = statement.where(award_record.c.jurisdiction == jurisdiction)
        if year is not None:
            statement = statement.where(award_record.c.decided_on.between(date(year, 1, 1), date(year, 12, 31)))
        if tier is not None:
            statement = statement.where(award_record.c.tier == tier)
        if named:
            statement = statement.where(_match_holder_name(named))
        if before is not None:
            statement = statement.where(sa.tuple_(*key) < before)
        return self._all(AwardRow, statement)

    def list_years(self, jurisdiction: str | None = None) -> list[int]:
        """Return the years in which awards were decided, newest first."""
        statement = sa.select(sa.extract("year", award_record.c.decided_on)).distinct()
        if jurisdiction is not None:
            statement = statement.where(award_record.c.jurisdiction == jurisdiction)
        return sorted((int(year) for year in self._connection.scalars(statement)), reverse=True)


def _match_holder_name(words: Sequence[str]) -> sa.ColumnElement[bool]:
    holder_ids = sa.select(award_holder.c.body_id).where(award_holder.c.award_id == award_record.c.id)
    is_holder = sa.or_(body.c.id == award_record.c.body_id, body.c.id.in_(holder_ids.correlate(award_record)))
    called = (body.c.name.contains(word, autoescape=True) for word in words)
    return sa.exists().where(is_holder, *called).correlate(award_record)


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A file of a case: a document under its number, or an upload under its id.

    ``place`` is the field of an upload, ``form`` that of the task for which it was sent, None where none was.
    """

    document: int | None
    upload: str | None
    name: str
    number: str | None
    size: int | None
    at: datetime
    secret: str | None
    place: str
    form: str | None


class DocumentRepository(Rows[DocumentRow]):
    """Documents: numbered and frozen when issued, produced as a file afterwards."""

    def files_of(self, case_id: int) -> list[CaseFile]:
        """Return documents and kept uploads of a case, newest first, in one statement; what came at once in its order."""
        files = self._all(CaseFile, _FILES, case_id=case_id)
        files.sort(key=lambda file: (file.document or sys.maxsize, file.place, file.name, file.upload or ""))
        return sorted(files, key=lambda file: file.at, reverse=True)

    def mark_printed(self, document_id: int, sha256: str, size: int) -> None:
        """Note where the PDF lies in the file store; the first one stays."""
        self.change_where({"id": document_id, "pdf_sha256": None}, pdf_sha256=sha256, pdf_size=size)


def _select_files() -> sa.CompoundSelect[Any]:
    d, u = document.c, upload.c
    of_case: sa.BindParameter[int] = sa.bindparam("case_id")
    none = {each: sa.cast(sa.null(), each.type) for each in (d.id, d.number, u.id, u.secret, task.c.form)}
    columns: dict[str, tuple[sa.ColumnElement[Any], sa.ColumnElement[Any]]] = {
        "document": (d.id, none[d.id]),
        "upload": (none[u.id], u.id),
        "name": (d.title, u.name),
        "number": (d.number, none[d.number]),
        "size": (d.size, u.size),
        "at": (d.issued_at, u.at),
        "secret": (none[u.secret], u.secret),
        "place": (sa.literal(""), u.field),
        "form": (none[task.c.form], task.c.form),
    }
    issued, sent = (sa.select(*(each[n].label(name) for name, each in columns.items())) for n in (0, 1))
    sent = sent.join_from(upload, task, task.c.id == u.task_id, isouter=True).where(u.removed_at.is_(None))
    return issued.where(d.case_id == of_case).union_all(sent.where(u.case_id == of_case))


_FILES = _select_files()


class NoticeRepository(Rows[NoticeRow]):
    """Notices as posted."""

    def insert(self, row: NoticeRow) -> int:
        """Post a notice and return its id."""
        return super().insert(replace(row, listed=listed_words(row.content)))

    def change(self, key: int, /, **changes: object) -> None:
        """Change a notice that is locked, or whose case is."""
        if isinstance(content := changes.get("content"), Mapping):
            changes["listed"] = listed_words(content)
        super().change(key, **changes)

    def list_public(
        self,
        jurisdiction: str | None = None,
        running_only: bool = False,
        limit: int = 50,
        before: tuple[datetime, int] | None = None,
    ) -> list[NoticeRow]:
        """Return public notices newest first; ``before`` is (posted_at, id) of the last one of the page above."""
        where: dict[str, str] = {"audience": "public"}
        if jurisdiction is not None:
            where["jurisdiction"] = jurisdiction
        if running_only:
            where["state"] = "running"
        return self.select("-posted_at -id", before, limit, **where)

    def search(
        self, words: Sequence[str], jurisdictions: Sequence[str], limit: int, before: int | None = None
    ) -> list[NoticeRow]:
        """Return public notices of places whose title or list holds every word, newest first.

        ``before`` is the number of the last one of the page above; without a word of two characters nothing is found.
        """
        gram = find_rarest_pair(self._connection, "notice", jurisdictions, words) if jurisdictions else None
        if gram is None:
            return []
        where = [notice.c.id == search_gram.c.row_id, *match_search_pair("notice", jurisdictions, gram)]
        where += [notice.c.audience == word("public"), *match_all_words("notice", self._connection.dialect.name, words)]
        if before is not None:
            where.append(search_gram.c.row_id < before)
        statement = sa.select(notice).where(*where).order_by(search_gram.c.row_id.desc())
        return self._all(NoticeRow, statement.limit(limit))
