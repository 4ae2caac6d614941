"""Published versions of packages, settings of cities, years of the calendar, moves of running cases, and what was done with versions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from service.store.errors import Stale, missing
from service.store.models import CalendarYearRow, CaseMoveRow, DefinitionRow, MoveBatchRow, PackageEventRow, SettingRow
from service.store.models.interventions import case_move, move_batch
from service.store.models.packages import calendar_year, definition, package_event, setting
from service.store.queries.base import Repository, among, one, values_of, word


def _empty(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    return (sa.null() if column.nullable else sa.literal(b"", sa.LargeBinary)).label(column.name)


_LONG = ("content", "sources")
_WITHOUT_CONTENT = [_empty(column) if column.name in _LONG else column for column in definition.c]
_OF_VERSION = one(definition, "version")
_TURNING = (
    sa.select(*_WITHOUT_CONTENT)
    .where(
        definition.c.package == sa.bindparam("package"),
        sa.or_(definition.c.current, definition.c.version == sa.bindparam("version")),
    )
    .with_for_update()
)
_CURRENTS = sa.select(*_WITHOUT_CONTENT).where(definition.c.current).order_by(definition.c.package)
_CURRENT = sa.select(*_WITHOUT_CONTENT).where(definition.c.package == sa.bindparam("package"), definition.c.current)


class DefinitionRepository(Repository):
    """Immutable versions; at most one of each package is current."""

    def insert(self, row: DefinitionRow) -> bool:
        """Keep a version unless it is known; returns whether it was new."""
        return bool(self._insert_new(definition, [row], "version"))

    def get(self, version: str) -> DefinitionRow:
        """Return a version; raises NotFound."""
        row = self._first(DefinitionRow, _OF_VERSION, version=version)
        if row is None:
            raise missing("流程版本", "process version", version)
        return row

    def sources(self, version: str) -> bytes | None:
        """Return the compressed files that a version was made from; raises NotFound."""
        return self.get(version).sources

    def content(self, version: str) -> bytes:
        """Return the compressed files of a version, in a database of any age; raises NotFound."""
        found = self._scalar(sa.select(definition.c.content).where(definition.c.version == version))
        if found is None:
            raise missing("流程版本", "process version", version)
        return bytes(found)

    def current(self, package: str) -> DefinitionRow | None:
        """Return the version of a package (jurisdiction/award) that new cases get; its files are left out (empty)."""
        return self._first(DefinitionRow, _CURRENT, package=package)

    def currents(self) -> list[DefinitionRow]:
        """Return the current version of every package, by package; their files are left out (empty)."""
        return self._all(DefinitionRow, _CURRENTS)

    def versions(self, package: str) -> list[DefinitionRow]:
        """Return all versions of a package, newest first; their files are left out (empty)."""
        statement = sa.select(*_WITHOUT_CONTENT).where(definition.c.package == package)
        return self._all(DefinitionRow, statement.order_by(definition.c.published_at.desc()))

    def set_current(self, package: str, version: str) -> None:
        """Let new cases of ``package`` get ``version``."""
        before = {row.version: row for row in self._all(DefinitionRow, _TURNING, package=package, version=version)}
        if version not in before:
            raise missing("流程版本", "process version", version)
        for row in sorted(before.values(), key=lambda row: row.version == version):  # one at a time is current
            if row.current != (row.version == version):
                turned = sa.update(definition).where(definition.c.version == row.version)
                self._change(turned.values(current=not row.current))


_OF_PACKAGE = one(setting, "package").order_by(setting.c.seq)
_OF_PARAMETER = (
    sa.select(setting)
    .where(among(setting.c.package, "packages"), setting.c.parameter == sa.bindparam("parameter"))
    .order_by(setting.c.package, setting.c.seq)
)


class SettingRepository(Repository):
    """Changes of parameters, by package (jurisdiction/award)."""

    def insert(self, row: SettingRow) -> None:
        """Append a change; raises Stale after a concurrent change."""
        statement = (
            self._upsert(setting).values(values_of(row)).on_conflict_do_nothing(index_elements=["package", "seq"])
        )
        ident = self._scalar(statement.returning(setting.c.id))
        if ident is None:
            raise Stale
        self._note_changed(setting, (ident,))

    def packages(self) -> list[str]:
        """Return the packages that have changes."""
        return list(self._connection.scalars(sa.select(setting.c.package).distinct().order_by("package")))

    def of_package(self, package: str) -> list[SettingRow]:
        """Return every change of a package, oldest first."""
        return self._all(SettingRow, _OF_PACKAGE, package=package)

    def of_parameter(self, packages: Collection[str], parameter: str) -> list[SettingRow]:
        """Return those of one parameter in several packages, oldest first in each."""
        if not packages:
            return []
        return self._all(SettingRow, _OF_PARAMETER, packages=sorted(packages), parameter=parameter)


_ONE = one(calendar_year, "id")
_YEAR = ("日历年份", "year of a calendar")


class CalendarYearRepository(Repository):
    """Years by layer: proposed, in force, returned or withdrawn."""

    def insert(self, row: CalendarYearRow) -> int:
        """Keep a new year and return its id."""
        return self._insert(calendar_year, row)

    def get(self, ident: int) -> CalendarYearRow:
        """Return a year; raises NotFound."""
        return self._existing(CalendarYearRow, _YEAR, _ONE, ident)

    def change(self, ident: int, changes: Mapping[str, object]) -> None:
        """Change how a year stands; raises NotFound."""
        self._alter(calendar_year, self.get(ident).id, changes)

    def in_state(self, *states: str) -> list[CalendarYearRow]:
        """Return the years in one of ``states``, oldest first."""
        found = self._all(CalendarYearRow, sa.select(calendar_year).where(calendar_year.c.state.in_(states)))
        return sorted(found, key=lambda row: row.id)


_BATCH = ("批量迁移", "batch of moves")
_MOVE = ("迁移记录", "move")
_COUNTS = (
    sa.select(case_move.c.verdict, sa.func.count())
    .where(case_move.c.batch_id == sa.bindparam("batch"))
    .group_by(case_move.c.verdict)
)
_WITHOUT_STATE = [sa.null().label("before") if c.name == "before" else c for c in case_move.c]


class MoveRepository(Repository):
    """Batches, and what became of each case."""

    def begin(self, row: MoveBatchRow) -> int:
        """Begin a batch and return its id."""
        return self._insert(move_batch, row)

    def batch(self, ident: int) -> MoveBatchRow:
        """Return a batch; raises NotFound."""
        return self._existing(MoveBatchRow, _BATCH, one(move_batch, "id"), ident)

    def batches(self, package: str, limit: int = 20, before: int | None = None) -> list[MoveBatchRow]:
        """Return the batches of an award, newest first, below the number ``before``."""
        found = sa.select(move_batch).where(move_batch.c.package == package).order_by(move_batch.c.id.desc())
        if before is not None:
            found = found.where(move_batch.c.id < before)
        return self._all(MoveBatchRow, found.limit(limit))

    def recent(self, packages: Sequence[str], limit: int = 20, before: int | None = None) -> list[MoveBatchRow]:
        """Return the newest batches of these awards, newest first, below the number ``before``."""
        found = sa.select(move_batch).where(move_batch.c.package.in_(packages)).order_by(move_batch.c.id.desc())
        if before is not None:
            found = found.where(move_batch.c.id < before)
        return self._all(MoveBatchRow, found.limit(limit))

    def end(self, ident: int, state: str, at: datetime) -> bool:
        """Let a batch be over; returns whether it was running."""
        running = sa.update(move_batch).where(move_batch.c.id == ident, move_batch.c.state == word("running"))
        return self._change(running.values(state=state, ended_at=at)) == 1

    def add(self, row: CaseMoveRow) -> bool:
        """Note what became of a case, unless this was noted already; returns whether it was new."""
        return bool(self._insert_new(case_move, [row], "mark"))

    def versions_before(self, case_id: int) -> list[str]:
        """Return the versions from which a case was moved, or was to be."""
        found = sa.select(case_move.c.from_version).where(case_move.c.case_id == case_id).distinct()
        return sorted(self._connection.scalars(found))

    def get(self, ident: int) -> CaseMoveRow:
        """Return a move with the state before; raises NotFound."""
        return self._existing(CaseMoveRow, _MOVE, one(case_move, "id"), ident)

    def by_mark(self, mark: str) -> CaseMoveRow | None:
        """Return what became of a case in a batch."""
        return self._first(CaseMoveRow, sa.select(*_WITHOUT_STATE).where(case_move.c.mark == mark))

    def of_batch(self, batch: int, verdicts: Sequence[str] = (), after: int = 0, limit: int = 50) -> list[CaseMoveRow]:
        """Return what became of the cases of a batch, without states; ``verdicts`` none means all."""
        found = sa.select(*_WITHOUT_STATE).where(case_move.c.batch_id == batch, case_move.c.id > after)
        if verdicts:
            found = found.where(case_move.c.verdict.in_(verdicts))
        return self._all(CaseMoveRow, found.order_by(case_move.c.id).limit(limit))

    def undoable(self, batch: int) -> list[int]:
        """Return the cases of a batch that were moved and not brought back, by number."""
        kept = (case_move.c.batch_id == batch, case_move.c.before.is_not(None), case_move.c.undone_at.is_(None))
        return [*self._connection.scalars(sa.select(case_move.c.case_id).where(*kept).order_by(case_move.c.case_id))]

    def counts(self, batch: int) -> dict[str, int]:
        """Return how many cases of a batch came to what."""
        return {str(verdict): int(count) for verdict, count in self._read(_COUNTS, {"batch": batch})}

    def undone(self, ident: int, at: datetime) -> bool:
        """Note that a move was undone; returns whether it had not been."""
        fresh = sa.update(case_move).where(case_move.c.id == ident, case_move.c.undone_at.is_(None))
        return self._change(fresh.values(undone_at=at, before=None)) == 1


class PackageEventRepository(Repository):
    """Events by package (jurisdiction/award)."""

    def insert(self, row: PackageEventRow) -> None:
        """Append an event; raises Stale after a concurrent one."""
        statement = (
            self._upsert(package_event).values(values_of(row)).on_conflict_do_nothing(index_elements=["package", "seq"])
        )
        if self._scalar(statement.returning(package_event.c.id)) is None:
            raise Stale

    def last(self, package: str) -> PackageEventRow | None:
        """Return the newest event of a package."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._first(PackageEventRow, statement.order_by(package_event.c.seq.desc()).limit(1))

    def packages(self) -> list[str]:
        """Return the packages that have events."""
        return list(self._connection.scalars(sa.select(package_event.c.package).distinct().order_by("package")))

    def of_package(self, package: str) -> list[PackageEventRow]:
        """Return every event of a package, oldest first."""
        statement = sa.select(package_event).where(package_event.c.package == package)
        return self._all(PackageEventRow, statement.order_by(package_event.c.seq))
