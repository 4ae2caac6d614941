"""Rows that are read although somebody wrote into a cell what its column cannot hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

import sqlalchemy as sa

from service.store.repositories.base import Repository
from service.store.seals.unreadable import NOTHING_READ, UNREADABLE, rows_with_unreadable

Row = TypeVar("Row")


class ReadableRows(Repository):
    """What reads on where a cell cannot be read."""

    def _until_unreadable(
        self, kind: type[Row], table: sa.Table, statement: sa.Select[Any], **given: object
    ) -> tuple[list[Row], int | None]:
        """Return rows of a chain up to the first that cannot be read, and the number (``seq``) of that; None where all can."""
        try:
            return self._all(kind, statement, **given), None
        except UNREADABLE:
            rows = list[Row]()
            for values in self._cell_by_cell(table, statement, given):
                if NOTHING_READ in values.values():
                    return rows, int(values["seq"])
                rows.append(kind(**values))
            return rows, None

    def _readable(self, kind: type[Row], table: sa.Table, statement: sa.Select[Any], **given: object) -> list[Row]:
        """Return rows as `_all` does, without those of which a cell cannot be read: this program did not write them so."""
        try:
            return self._all(kind, statement, **given)
        except UNREADABLE:
            found = self._cell_by_cell(table, statement, given)
            return [kind(**values) for values in found if NOTHING_READ not in values.values()]

    def _cell_by_cell(
        self, table: sa.Table, statement: sa.Select[Any], given: Mapping[str, object]
    ) -> Iterator[dict[str, Any]]:
        """Yield the rows of a table by column, `NOTHING_READ` where a cell cannot be read."""
        names = [column.name for column in (*table.primary_key, *statement.selected_columns)]
        for values in rows_with_unreadable(self._connection, table, statement, given):
            yield dict(zip(dict.fromkeys(names), values, strict=True))
