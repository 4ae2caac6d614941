"""Rows of what was chosen and registered, each with its seal: what others wrote does not hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.seals.choice_seals import CHOICES, SealedTable
from service.store.seals.noted_marks import held_mark
from service.store.seals.row_seals import mark_of

_Row = TypeVar("_Row")
_Place = tuple[Any, int]
"""Where a row stands in an order: what it is ordered by, and its number."""


class SealingRows(Repository):
    """What every repository of such rows does: it seals what it writes, and leaves out what others wrote."""

    def _that_hold(self, table: SealedTable[_Row], rows: Iterable[_Row]) -> list[_Row]:
        """Return the rows that this installation wrote as they are; others are told in the log."""
        return [row for row in rows if table.rows.counts(self.seals, row)]

    def _next_that_hold(
        self,
        table: SealedTable[_Row],
        behind: Callable[[_Place | None], Sequence[_Row]],
        place: Callable[[_Row], _Place],
        most: int,
        last: _Place | None = None,
    ) -> list[_Row]:
        """Return the next ``most`` rows that this installation wrote, however many of others stand between.

        ``behind`` returns up to ``most`` rows behind a ``place``, such as the ``last`` that is known (None: from the beginning).
        """
        found: list[_Row] = []
        while len(found) < most:
            rows = behind(last)
            found += self._that_hold(table, rows)
            if len(rows) < most:
                break
            last = place(rows[-1])
        return found[:most]

    def _insert_sealed(self, table: SealedTable[_Row], row: _Row) -> int:
        """Insert a row, whose number its seal binds, and return that."""
        ident = self._insert(table.table, row)
        self._seal_new(table, row, {"id": ident})
        return ident

    def _seal_new(self, table: SealedTable[_Row], row: _Row, key: Mapping[str, object]) -> None:
        """Seal a row that was inserted under ``key``, or written in another's place, as ``row`` says."""
        if self.seals is not None:
            self._put_seal(table, key, table.rows.renewed(self.seals, row, key)[table.rows.column])

    def _change_sealed(self, table: SealedTable[_Row], before: Any, changes: Mapping[str, object]) -> None:
        """Change the row with a number; its seal of before is taken back, and what others wrote gets none by it."""
        if self.seals is not None and before.seal:
            self.withdrawn.append(mark_of(before.seal))
        self._alter(table.table, before.id, table.rows.resealed(self.seals, before, changes))

    def _put_seal(self, table: SealedTable[_Row], key: Mapping[str, object], seal: object) -> None:
        where = [table.table.c[name] == value for name, value in key.items()]
        self._connection.execute(sa.update(table.table).where(*where).values({table.rows.column: seal}))


class ChoiceRepository(SealingRows):
    """The rows of any of these tables, page by page."""

    def page(self, name: str, after: Sequence[Any], most: int) -> list[Any]:
        """Return the next rows of a table above the key ``after`` (() from the beginning)."""
        keys = tuple(CHOICES[name].table.primary_key)
        here = sa.tuple_(*keys) > sa.tuple_(*map(sa.literal, after)) if after else sa.true()
        page = sa.select(*CHOICES[name].columns).where(here).order_by(*keys).limit(most)
        return self._all(CHOICES[name].kind, page)

    def lacks_seal(self, name: str, row: Any) -> bool:
        """Return whether a row has no seal of this installation, or one that was taken back."""
        return CHOICES[name].rows.lacks(self.seals, row)

    def not_counting(self, name: str, rows: Iterable[Any]) -> list[Any]:
        """Return those of ``rows`` that do not count, since others wrote them; no question to the database."""
        return [row for row in rows if not CHOICES[name].rows.counts(self.seals, row)]

    def renew_taken_back(self) -> dict[str, int]:
        """Seal anew what this installation wrote and changed later: the database is one of before that.

        What others wrote has no seal that it made, and gets none. Returns how many rows of each table.
        """
        found = Counter[str]()
        for name, table in CHOICES.items() if self.seals is not None else ():
            page = self.page(name, (), table.page)
            while page:
                for row in (row for row in page if table.rows.lacks(self.seals, row)):
                    if table.rows.was_made(self.seals, row):
                        self.seal(name, row)
                        found[name] += 1
                page = self.page(name, table.key_of(page[-1]), table.page)
        return dict(found)

    def seal(self, name: str, row: Any) -> None:
        """Seal a row of a program before, or of an old backup, as it stands now; one that was sealed since is left."""
        found = CHOICES[name]
        key = dict(zip((column.name for column in found.table.primary_key), found.key_of(row), strict=True))
        own = sa.select(*found.columns).where(*(found.table.c[part] == value for part, value in key.items()))
        now = self._first(found.kind, own.with_for_update())
        if now is not None and found.rows.lacks(self.seals, now):
            self._seal_new(found, now, key)
            if found.held is not None and now.released_at is None:
                self.later.append(held_mark(name, now.id, *found.held(now)))
