"""What in the database does not fit together, and what is under an old key."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice
from types import MappingProxyType
from typing import Any

import sqlalchemy as sa

from service.store.data_keys import HEAD, DataKeys, DataKeysMissing, key_id_of
from service.store.models.cases import case, subscription, task
from service.store.models.columns import metadata
from service.store.models.register import document
from service.store.models.review import ballot
from service.store.models.submissions import upload
from service.store.models.work import work_item
from service.store.queries.base import Repository, word
from service.store.queries.case_filter import STILL_TO_COME
from service.store.searching import SEARCHED, iterate_misindexed_rows, rebuild_search_table
from service.store.types import Encrypted, Kind, keys_of


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

    def orphaned_effects(self, limit: int) -> list[LeftOver]:
        """Return what waits in cases that have ended."""
        statement = sa.union_all(
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
        return self._all(LeftOver, statement.limit(limit))

    def document_files(self, after: int, limit: int) -> list[NamedFile]:
        """Return the files of the next ``limit`` documents above number ``after``."""
        columns = (document.c.id, document.c.case_id, document.c.sha256, document.c.pdf_sha256)
        rows = sa.select(*columns).where(document.c.id > after).order_by(document.c.id).limit(limit)
        return [
            NamedFile(ident, case_id, sha256 or "")
            for ident, case_id, *digests in self._connection.execute(rows)
            for sha256 in (digests if digests[1] else digests[:1])
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
        pairs = (
            (subject, ident) for subject in SEARCHED for ident in iterate_misindexed_rows(self._connection, subject)
        )
        return list(islice(pairs, limit))

    def rebuild_search_table(self) -> None:
        """Note anew what everything is searched by; nobody else may write meanwhile."""
        rebuild_search_table(self._connection)


_NONE = ("", "")
_AT_AN_END = 100
"""So many rows at either end of a table say which keys are needed: what is written last, and what was encrypted first."""


@cache
def encrypted_columns() -> Mapping[str, tuple[str, ...]]:
    """Return the names of the encrypted columns of each table that has any."""
    columns = {t.name: tuple(c.name for c in t.c if isinstance(c.type, Encrypted)) for t in metadata.sorted_tables}
    return MappingProxyType({name: table_columns for name, table_columns in columns.items() if table_columns})


class EncryptedRowsRepository(Repository):
    """Reads and writes every table with encrypted columns; nothing where the engine was given no keys."""

    @property
    def _data_keys(self) -> DataKeys | None:
        return keys_of(self._connection.dialect)

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables with encrypted columns."""
        return tuple(encrypted_columns())

    def lacking_at_ends(self, key_ids: Collection[str]) -> tuple[str, str]:
        """Return the same as `lacking` of the oldest and newest rows of every table, which takes as long however many there are."""
        results = (self._find_unknown(name, _select_ends(name), key_ids) for name in self.tables())
        return next((result for result in results if result != _NONE), _NONE)

    def require_at_ends(self, keys: DataKeys) -> None:
        """Raise DataKeysMissing where `lacking_at_ends` finds what is not among ``keys``, KeysUnreadable where they are damaged."""
        place, ident = self.lacking_at_ends(keys.ids)
        if ident:
            raise DataKeysMissing(place, keys.file, ident)

    def lacking(self, name: str, key_ids: Collection[str]) -> tuple[str, str]:
        """Return place and id of a key that is not among ``key_ids`` and encrypts a value in a table; ("", "") where there is none."""
        columns = (sa.select(head).distinct().where(sa.func.length(head) == HEAD) for head in _list_beginnings(name))
        results = (self._find_unknown(name, heads, key_ids) for heads in columns)
        return next((result for result in results if result != _NONE), _NONE)

    def _find_unknown(self, name: str, heads: sa.Select[Any], valid_heads: Collection[str]) -> tuple[str, str]:
        """Return the same of the beginnings of values that ``heads`` asks a table for, a column of it in each."""
        for row in self._connection.execute(heads).mappings():
            for column, head in row.items():
                ident = key_id_of(_to_head(head))
                if ident and ident not in valid_heads:
                    return f"{name}.{column}", ident
        return _NONE

    def left(self, name: str) -> int:
        """Return how many rows of a table hold something that is not under the newest key and the cipher that is set."""
        if self._data_keys is None:
            return 0
        stale = _match_stale(metadata.tables[name], self._data_keys.heads)
        return int(self._connection.scalar(sa.select(sa.func.count()).where(stale)) or 0)

    def lock(self) -> None:
        """Wait for whoever writes to one of the tables, and let nobody write until the unit of work ends."""
        if self._connection.dialect.name == "postgresql":  # on SQLite nobody writes beside a unit of work that does
            self._connection.exec_driver_sql(f"LOCK TABLE {', '.join(self.tables())} IN SHARE MODE")

    def renew(self, name: str, after: Sequence[Any], limit: int) -> tuple[tuple[Any, ...], int]:
        """Encrypt such rows among the next ``limit`` after the key ``after`` (() from the beginning).

        Raises CannotDecrypt.

        Returns the key of the last row looked at, () at the end, and how many were encrypted. The rows are locked until
        the unit of work ends, so that nobody's change is lost.
        """
        keys = self._data_keys
        if keys is None:
            return (), 0
        table = metadata.tables[name]
        primary = tuple(table.primary_key.columns)
        page_start = sa.tuple_(*primary) > sa.tuple_(*map(sa.literal, after)) if after else sa.true()
        page = self._connection.execute(sa.select(*primary).where(page_start).order_by(*primary).limit(limit)).all()
        if not page:
            return (), 0
        last = tuple(page[-1])
        within = (page_start, sa.tuple_(*primary) <= sa.tuple_(*map(sa.literal, last)), _match_stale(table, keys.heads))
        kinds = {column: column.type for column in table.c if isinstance(column.type, Encrypted)}
        raw_columns = [sa.type_coerce(column, kind.raw).label(column.name) for column, kind in kinds.items()]
        rows = (
            self._connection.execute(sa.select(*primary, *raw_columns).where(*within).with_for_update())
            .mappings()
            .all()
        )
        for row in rows:
            key_conditions = [column == row[column.name] for column in primary]
            values = {c.name: kind.from_database(row[c.name], keys) for c, kind in kinds.items()}
            self._connection.execute(sa.update(table).where(*key_conditions).values(values))
        return last, len(rows)


def _match_stale(table: sa.Table, heads: Sequence[bytes]) -> sa.ColumnElement[bool]:
    """Return the condition that a column of a row holds something that does not begin with one of ``heads``."""
    return sa.or_(*(_begins_otherwise(table.c[name], heads) for name in encrypted_columns()[table.name]))


def _list_beginnings(name: str) -> list[sa.ColumnElement[Any]]:
    """Return how the values of each encrypted column of a table begin, by the column's name."""
    columns = metadata.tables[name].c
    return [_select_beginning(columns[column]).label(column) for column in encrypted_columns()[name]]


@cache
def _select_ends(name: str) -> sa.Select[Any]:
    """Return what asks the oldest and newest rows of a table how their encrypted columns begin; what is alike comes once."""
    primary = metadata.tables[name].primary_key.columns
    orders = ([column.asc() for column in primary], [column.desc() for column in primary])
    ends = [sa.select(*_list_beginnings(name)).order_by(*order).limit(_AT_AN_END).subquery() for order in orders]
    return sa.select(sa.union(*(sa.select(end) for end in ends)).subquery())


def _select_beginning(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return the expression of how a value of a column begins; a JSON text begins after its quotation mark."""
    kind = _get_kind(column)
    if kind is Kind.BYTES:
        return sa.func.substr(sa.type_coerce(column, sa.LargeBinary), 1, HEAD, type_=sa.LargeBinary)
    text = sa.cast(sa.type_coerce(column, sa.JSON), sa.Text) if kind is Kind.JSON else sa.type_coerce(column, sa.Text)
    return sa.func.substr(text, 2 if kind is Kind.JSON else 1, HEAD, type_=sa.Text)


def _begins_otherwise(column: sa.Column[Any], heads: Sequence[bytes]) -> sa.ColumnElement[bool]:
    """Return the condition that a column holds something that does not begin with one of ``heads``."""
    kind = _get_kind(column)
    if kind is Kind.BYTES:
        return sa.and_(
            sa.func.length(sa.type_coerce(column, sa.LargeBinary)) > 0, _select_beginning(column).not_in(heads)
        )
    there = column.is_not(None) if kind is Kind.JSON else sa.func.length(sa.type_coerce(column, sa.Text)) > 0
    return sa.and_(there, _select_beginning(column).not_in([head.decode() for head in heads]))


def _get_kind(column: sa.Column[Any]) -> Kind:
    assert isinstance(column.type, Encrypted)
    return column.type.kind


def _to_head(head: object) -> bytes:
    return bytes(head) if isinstance(head, bytes | memoryview) else str(head or "").encode("ascii", "replace")
