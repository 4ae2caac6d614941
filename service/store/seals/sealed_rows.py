"""Rows that count with the seal of this installation alone: how a seal is made, and what becomes of it when they change."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Generic, TypeVar

from service.store.seals.row_seals import RowSeals

_Row = TypeVar("_Row")


@dataclass(frozen=True, slots=True)
class SealedRows(Generic[_Row]):
    """The rows of ``table``, whose seals bind their ``words``."""

    table: str
    words: Callable[[_Row], list[object]]
    column: str = "seal"
    """Where a row bears its seal."""

    def of(self, row: Any) -> str:
        """Return the seal of a row, "" where it has none."""
        return str(getattr(row, self.column))

    def counts(self, seals: RowSeals | None, row: Any) -> bool:
        """Return whether this installation wrote a row as it is; what does not count is told in the log."""
        return seals is None or seals.holds(self.table, self.words(row), self.of(row))

    def lacks(self, seals: RowSeals | None, row: Any) -> bool:
        """Return whether a row has no seal of this installation, or one that was taken back."""
        return seals is not None and not seals.is_sealed(self.table, self.words(row), self.of(row))

    def was_made(self, seals: RowSeals | None, row: Any) -> bool:
        """Return whether this installation wrote a row as it is, though its seal may be taken back."""
        return seals is not None and seals.was_made(self.table, self.words(row), self.of(row))

    def sealed(self, seals: RowSeals | None, row: _Row) -> _Row:
        """Return a row with a seal of its own."""
        return row if seals is None else _with(row, **{self.column: seals.made(self.table, self.words(row))})

    def resealed(self, seals: RowSeals | None, row: _Row, changes: Mapping[str, object]) -> dict[str, object]:
        """Return changes of a row with its new seal; one that others wrote gets none by them."""
        return self.renewed(seals, row, changes) if self.counts(seals, row) else {**changes}

    def renewed(self, seals: RowSeals | None, row: _Row, changes: Mapping[str, object]) -> dict[str, object]:
        """Return changes of a row with its new seal, whoever wrote it before."""
        changed: Any = self.sealed(seals, _with(row, **changes))
        return {**changes} if seals is None else {**changes, self.column: self.of(changed)}


def _with(row: _Row, **changes: object) -> _Row:
    known: Any = row
    changed: _Row = replace(known, **changes)
    return changed
