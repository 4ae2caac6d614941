"""What a step reads of its case's forms, findings, notices and documents is what the program wrote; else it is refused.

The sealed state of the case holds a mark of each such row, so that nothing is asked of the database for it. A row whose
mark is another, or none, is compared with the chains of records, and taken over where these say the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from service.casework.access.altered_state import RowAltered
from service.casework.desk.desk import Desk
from service.casework.records.compare import RANKED
from service.casework.records.holding import spoilt_record
from service.casework.scope.record import REVIEWED
from service.casework.step.altered_among import altered_among
from service.casework.step.case_state import Projection
from service.casework.step.own_state import demand_own_cases
from service.domain.text import Text
from service.store import Transaction, Written, mark_of_row
from service.store.rows import CaseRow
from service.store.seals.row_seals import ROWS_OF_CASES

_NAMES: Mapping[str, Text] = {
    "form_result": Text("提交的表单", "Submitted forms"),
    "finding": Text("资格条件认定", "Findings"),
    "notice": Text("公示公告", "Notices"),
    "document": Text("文书", "Documents"),
}


_REVIEWS = Text("评审记录", "Reviews")


class OwnRecords:
    """What a step reads by: the row of its case as it was ``stored``, and what its state knows of other rows.

    Kept beside the step: what reads by it would otherwise hold the step that holds it, and all of it would wait for
    the collector of garbage.
    """

    def __init__(self, desk: Desk, tx: Transaction, stored: CaseRow, projection: Projection) -> None:
        self._desk, self._tx, self.stored, self.projection = desk, tx, stored, projection

    def demand_cases(self, rows: Iterable[CaseRow]) -> None:
        """Raise StateAltered where one of these cases, read beside its own, was written beside the program."""
        demand_own_cases(self._desk, self._tx, rows)

    def demand_rows(self, table: str, rows: Sequence[Any]) -> None:
        """Raise RowAltered where ``rows`` are not all that the program wrote of the case in a table.

        Reviews are compared with the records, where something is written by them: no state holds marks of sheets.
        """
        if table == REVIEWED:
            demand_rows_of(self._desk, self._tx, self.stored, *RANKED)
            return
        demand_own_rows(self._desk, self._tx, self.stored, self.projection, table, rows)


def demand_own_rows(
    desk: Desk, tx: Transaction, case: CaseRow, projection: Projection, table: str, rows: Sequence[Any]
) -> None:
    """Raise RowAltered, which names table, row and column, where ``rows`` are not all that the case has in ``table``.

    Rows that this unit of work wrote are its own.
    """
    written = _kept(desk, tx)
    if written is None:
        return
    known = projection.rows.get(table, {})
    marks = {f"{row.id}": mark_of_row(table, row) for row in rows}
    own = {f"{number}" for name, number in written.own if name == table}
    if any(known.get(number) != marks.get(number) for number in {*known, *marks} - own):
        demand_rows_of(desk, tx, case, table)
    for row in rows:
        if (table, row.id) in written.own:
            written.own[table, row.id] = case.id, marks[f"{row.id}"]
    projection.rows = {**projection.rows, table: marks}


def keep_own_rows(desk: Desk, tx: Transaction, case_id: int, projection: Projection) -> None:
    """Take over the marks of what this unit of work wrote of a case; what it did not read again is compared when it is read."""
    written = _kept(desk, tx)
    if written is None:
        return
    for (table, number), said in written.own.items():
        marks = {key: mark for key, mark in projection.rows.get(table, {}).items() if key != f"{number}"}
        if said is not None and said[0] == case_id:
            marks[f"{number}"] = said[1]
        projection.rows = {**projection.rows, table: marks}


def _kept(desk: Desk, tx: Transaction) -> Written | None:
    """Return what the unit of work wrote where states hold marks of rows; None where no keys are kept, or not all know it yet."""
    seals, written = desk.store.seals, tx.written
    if seals is None or written is None or written.key is None or not seals.asks_for(ROWS_OF_CASES):
        return None
    return written


def demand_rows_of(desk: Desk, tx: Transaction, case: CaseRow, *tables: str) -> None:
    """Raise RowAltered where a row of a case, whether it still counts or not, is not what the chains say."""
    if _kept(desk, tx) is None:
        return
    said: Text | None = None
    for _ in range(2):  # what another process may just be writing is looked at once more
        said = _found(desk, tx, case, tables)
        if said is None:
            return
    assert said is not None
    name = _NAMES.get(tables[0], _REVIEWS)
    raise RowAltered(case, Text(f"办件{case.id}的{name.zh}", f"{name.en} of case {case.id}"), said)


def _found(desk: Desk, tx: Transaction, case: CaseRow, tables: Sequence[str]) -> Text | None:
    """Return what the chains say otherwise."""
    found, heard = altered_among(desk, tx, case.id, [case.id], tables)
    return found[0].words if found else spoilt_record(desk, tx, heard)
