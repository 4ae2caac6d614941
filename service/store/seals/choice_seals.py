"""The seals of what was chosen and registered: settings, times of keeping, limits, calendars, sanctions, bodies and versions.

Each row counts with the seal of this installation alone, so that nobody lets another value hold by writing the database.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import sqlalchemy as sa

from service.store.json_text import as_stored
from service.store.rows import (
    AlarmRow,
    AwardRow,
    BodyRoleRow,
    BodyRow,
    CalendarYearRow,
    CasePartyRow,
    ClockHoldRow,
    DefinitionRow,
    DraftRow,
    EpochRow,
    ExpertRow,
    FilePageRow,
    HealthLimitsRow,
    HolderRow,
    InboxRow,
    InterestRow,
    MailRow,
    MoveBatchRow,
    PagedFileRow,
    PersonRow,
    RatingRow,
    RecusalRow,
    RegistrationRow,
    RetentionRuleRow,
    SanctionRow,
    SettingRow,
    SittingMemberRow,
    SittingRow,
    TrainingRow,
    UploadRow,
)
from service.store.rows.calendars import calendar_year
from service.store.rows.cases import case_party, inbox
from service.store.rows.clock import clock_hold
from service.store.rows.epochs import epoch
from service.store.rows.erasures import retention_rule
from service.store.rows.experts import expert, interest, recusal, training
from service.store.rows.file_pages import file_page, paged_file
from service.store.rows.health import alarm, health_limits
from service.store.rows.moves import move_batch
from service.store.rows.packages import definition, setting
from service.store.rows.people import body, body_role, person
from service.store.rows.ratings import rating
from service.store.rows.register import award_holder, award_record, sanction
from service.store.rows.registrations import registration
from service.store.rows.sittings import sitting, sitting_member
from service.store.rows.submissions import draft, upload
from service.store.rows.work import mail
from service.store.seals.sealed_rows import SealedRows

_Row = TypeVar("_Row")
_SEALS = frozenset({"seal", "name_seal", "sources_seal", "contact_seal"})


@dataclass(frozen=True, slots=True)
class SealedTable(Generic[_Row]):
    """A table of such rows, as which they are read, and what their seals bind."""

    table: sa.Table
    kind: type[_Row]
    rows: SealedRows[_Row]
    long: frozenset[str] = frozenset()
    """Columns that are not read for it."""
    daily: bool = False
    """Whether it is so much to compare that it is looked at once a day, and by hand."""

    bound: tuple[str, ...] = ()
    """The columns that its seals bind, where an incident names them."""

    held: Callable[[_Row], tuple[str, ...]] | None = None
    """Of rows that wait for a person to release them: what is noted beside the keys, to make one again by."""

    @property
    def columns(self) -> list[sa.ColumnElement[Any]]:
        """Return the columns to read a row by, what is long as if it were empty."""
        return [_empty(column) if column.name in self.long else column for column in self.table.c]

    @property
    def page(self) -> int:
        """Return how many rows are looked at in a unit of work: few where each has large files."""
        return 10 if self.daily and self.long else 200

    def key_of(self, row: _Row) -> tuple[Any, ...]:
        """Return the primary key of a row."""
        return tuple(getattr(row, column.name) for column in self.table.primary_key)


def _empty(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return (sa.null() if column.nullable else sa.literal(b"", sa.LargeBinary)).label(column.name)


def _sealed(
    kind: type[_Row],
    table: sa.Table,
    left_out: Collection[str] = (),
    long: Collection[str] = (),
    *,
    daily: bool = False,
) -> SealedTable[_Row]:
    """Return a table whose seals bind all columns but those ``left_out`` and what is ``long``, the key first."""
    keys = [column.name for column in table.primary_key]
    names = [*keys, *(c.name for c in table.c if c.name not in {*keys, *left_out, *long, *_SEALS})]

    def words(row: _Row) -> list[object]:
        return [as_stored(getattr(row, name)) for name in names]

    return SealedTable(table, kind, SealedRows(table.name, words), frozenset(long), daily)


def _unnumbered(kind: type[_Row], table: sa.Table, left_out: Collection[str] = ()) -> SealedTable[_Row]:
    """Return the same of rows that are sealed when they are added, before they have a number: it is not bound."""
    bound = tuple(column.name for column in table.c if column.name not in {"id", *left_out, *_SEALS})

    def words(row: _Row) -> list[object]:
        return [as_stored(getattr(row, name)) for name in bound]

    return SealedTable(table, kind, SealedRows(table.name, words), bound=bound)


def _called(row: BodyRow) -> list[object]:
    """Return what the seal of a name binds: by its key, since a new row has no number yet."""
    return [row.jurisdiction, row.key, row.name, row.name_en, as_stored(row.details)]


def _known_as(row: PersonRow) -> list[object]:
    """Return what the seal of a person's name binds."""
    return [row.id, row.login, row.name, row.email, row.telephone]


def _made_from(row: DefinitionRow) -> list[object]:
    """Return what the seal of the sources of a version binds."""
    return [row.version, hashlib.sha256(row.sources).hexdigest() if row.sources else ""]


def _reached_by(row: RegistrationRow) -> list[object]:
    """Return what the seal of who asked binds: by place, code and instant, since a new row has no number yet."""
    return [row.jurisdiction, row.code, row.at, row.telephone, row.email, row.body_id, row.name, row.contact]


def _letter(row: MailRow) -> list[object]:
    """Return what the seal of a message binds: by its key, since a new row has no number yet; not when it was sent or read."""
    reader = (row.case_id, row.person_id, row.address)
    return [row.effect_key, *reader, row.subject, row.text, as_stored(row.documents), row.queued_at]


def _message(row: InboxRow) -> list[object]:
    """Return what the seal of a message between cases binds: by its key, since a new row has no number yet."""
    return [row.effect_key, row.case_id, row.message, as_stored(row.payload), row.arrived_at, row.caught_at]


def _sent(row: UploadRow) -> list[object]:
    """Return what the seal of a file binds: whose it is and what it holds; not its name, which may be erased."""
    return [row.id, row.kind, row.size, row.sha256, row.person_id, row.at]


def _typed(row: DraftRow) -> list[object]:
    """Return what the seal of a draft of a form binds: for which task, whose it is and what was typed; not when."""
    return [row.task_id, row.person_id, as_stored(row.data)]


def _doubted(row: ClockHoldRow) -> tuple[str, ...]:
    """Return what is noted of a doubt about the clock: its kind and both instants."""
    return row.kind, _in_mark(row.expected_at), _in_mark(row.found_at)


def _restored(row: EpochRow) -> tuple[str, ...]:
    """Return what is noted of a restore: both instants."""
    return _in_mark(row.saved_at), _in_mark(row.begun_at)


def _in_mark(at: datetime) -> str:
    return at.astimezone(UTC).isoformat()


SETTINGS = _sealed(SettingRow, setting)
RULES = _sealed(RetentionRuleRow, retention_rule)
LIMITS = _sealed(HealthLimitsRow, health_limits)
ALARMS = _sealed(AlarmRow, alarm)
"""What people were told of: an alarm that others wrote is as if it were not there, and what it silenced is told."""
YEARS = _sealed(CalendarYearRow, calendar_year)
SANCTIONS = _sealed(SanctionRow, sanction)
AWARDS, HOLDERS = _sealed(AwardRow, award_record), _sealed(HolderRow, award_holder)
BODIES = _sealed(BodyRow, body, ("name", "name_en", "details"))
NAMES = SealedTable(body, BodyRow, SealedRows("body.name", _called, "name_seal"))
"""What bodies are called, and their details: who wrote another name there is not let issue or receive anything in it."""
PERSONS = SealedTable(person, PersonRow, SealedRows("person.name", _known_as, "name_seal"))
"""What people are called and where they are reached: with what somebody else wrote there nobody acts, and nothing is sent there."""
HELD = _sealed(BodyRoleRow, body_role)
VERSIONS = _sealed(DefinitionRow, definition, (), ("content", "sources"))
SOURCES = SealedTable(
    definition,
    DefinitionRow,
    SealedRows("definition.sources", _made_from, "sources_seal"),
    frozenset({"content"}),
    daily=True,
)
"""The files that versions were made from: no draft begins with those of others."""
CONTACTS = SealedTable(registration, RegistrationRow, SealedRows("registration.telephone", _reached_by, "contact_seal"))
"""Whoever registers: names, who verifies them, telephone and e-mail by which they get the first password."""
MOVES = _sealed(MoveBatchRow, move_batch, ("state", "ended_at"))
EXPERTS = _unnumbered(ExpertRow, expert, ("version", "changed_at"))
TRAININGS = _unnumbered(TrainingRow, training)
TIES = _unnumbered(InterestRow, interest, ("text",))
"""What ties people to organisations; its words may be erased."""
RECUSALS = _unnumbered(RecusalRow, recusal, ("reason", "lifted_reason"))
TAKING_PART = _sealed(CasePartyRow, case_party, daily=True)
"""Which bodies take part in a case, and as what."""
MESSAGES = SealedTable(inbox, InboxRow, SealedRows(inbox.name, _message), daily=True)
"""Messages between cases that wait to be caught: what somebody else wrote moves no case."""
UPLOADS = SealedTable(upload, UploadRow, SealedRows(upload.name, _sent), daily=True)
"""Files that people sent: before a case has them nobody opens or submits what somebody else wrote."""
DRAFTS = SealedTable(draft, DraftRow, SealedRows(draft.name, _typed), daily=True)
"""Drafts of forms: what somebody else wrote there is not filled in, but shown apart."""
PAGED = _sealed(PagedFileRow, paged_file, daily=True)
"""Files of which pages were asked for: what somebody else says of them is looked for anew."""
PAGES = _sealed(FilePageRow, file_page, daily=True)
"""Pages that were drawn: one that somebody else wrote is drawn anew."""
DOUBTS = replace(_sealed(ClockHoldRow, clock_hold), held=_doubted)
RESTORES = replace(_sealed(EpochRow, epoch), held=_restored)
"""Doubts about the clock and restores: what somebody else released goes on to wait."""
SITTINGS = _sealed(SittingRow, sitting, ("papers", "papers_seal"), daily=True)
"""Sittings and their minutes: nothing is done by what somebody else wrote there. The papers have a seal of their own."""
CALLED = _sealed(SittingMemberRow, sitting_member, daily=True)
"""Who is called to a sitting and came: whom somebody else wrote there is not."""
RATINGS = _sealed(RatingRow, rating, daily=True)
"""How applicants found the handling of their case: what somebody else wrote is neither shown nor counted."""
LETTERS = SealedTable(mail, MailRow, SealedRows(mail.name, _letter))
"""Messages to people: what somebody else wrote is not shown, and not sent. There are too many to be looked at with these."""

CHOICES: Mapping[str, SealedTable[Any]] = {
    one.rows.table: one
    for one in (
        SETTINGS,
        RULES,
        LIMITS,
        ALARMS,
        YEARS,
        SANCTIONS,
        AWARDS,
        HOLDERS,
        BODIES,
        NAMES,
        PERSONS,
        HELD,
        VERSIONS,
        SOURCES,
        CONTACTS,
        MOVES,
        EXPERTS,
        TRAININGS,
        TIES,
        RECUSALS,
        TAKING_PART,
        MESSAGES,
        UPLOADS,
        DRAFTS,
        PAGED,
        PAGES,
        DOUBTS,
        RESTORES,
        SITTINGS,
        CALLED,
        RATINGS,
    )
}
"""By the names of the tables, what bodies and people are called by `body.name` and `person.name`, the files of versions by `definition.sources`."""
