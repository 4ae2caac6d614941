"""What a changed sheet says otherwise than the one before, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from service.catalog.table_sheets.sheet import SheetColumn, TableSheet, TableSheetRow
from service.domain.text import Text

_LONGEST = 120


@dataclass(frozen=True, slots=True)
class SheetDifference:
    """One difference; ``row`` and ``column`` are ids, "" where the table or a whole row is meant."""

    row: str
    column: str
    said: Text


def differences(before: TableSheet, after: TableSheet) -> tuple[SheetDifference, ...]:
    """Return the differences, those of the table first, then column by column and row by row."""
    return (*_table(before, after), *_columns(before, after), *_rows(before, after))


def _table(before: TableSheet, after: TableSheet) -> Iterator[SheetDifference]:
    pairs = (
        ("名称", "name", before.name, after.name),
        ("命中策略", "hit policy", before.hit_policy, after.hit_policy),
        ("汇总", "aggregation", before.aggregation, after.aggregation),
    )
    for zh, en, old, new in pairs:
        if old != new:
            yield SheetDifference("", "", _changed(zh, en, old, new))


def _columns(before: TableSheet, after: TableSheet) -> Iterator[SheetDifference]:
    old = {column.id: column for column in (*before.inputs, *before.outputs)}
    new = [*after.inputs, *after.outputs]
    for column in new:
        known = old.get(column.id)
        if known is None:
            yield SheetDifference("", column.id, Text(f"新增列“{_head(column)}”。", f"New column “{_head(column)}”."))
        elif known != column:
            yield SheetDifference(
                "",
                column.id,
                Text(
                    f"列“{_head(known)}”改为“{_head(column)}”。", f"Column “{_head(known)}” becomes “{_head(column)}”."
                ),
            )
    gone = old.keys() - {column.id for column in new}
    for ident in (ident for ident in old if ident in gone):
        yield SheetDifference(
            "", ident, Text(f"删去列“{_head(old[ident])}”。", f"Column “{_head(old[ident])}” is gone.")
        )


def _rows(before: TableSheet, after: TableSheet) -> Iterator[SheetDifference]:
    old = {row.id: row for row in before.rows}
    kept = []
    for number, row in enumerate(after.rows, 1):
        known = old.get(row.was)
        if known is None:
            yield SheetDifference(
                row.id, "", Text(f"第 {number} 行“{_title(row)}”是新增的。", f"Row {number}, “{_title(row)}”, is new.")
            )
        else:
            kept.append(row.was)
            yield from _cells(before, after, known, row, number)
    for row in before.rows:
        if row.id not in kept:
            yield SheetDifference(row.id, "", Text(f"“{_title(row)}”一行删去了。", f"The row “{_title(row)}” is gone."))
    if kept != [row.id for row in before.rows if row.id in kept]:
        yield SheetDifference("", "", Text("行的次序变了。", "The order of the rows is another."))


def _cells(
    before: TableSheet, after: TableSheet, old: TableSheetRow, new: TableSheetRow, number: int
) -> Iterator[SheetDifference]:
    where_zh, where_en = f"第 {number} 行“{_title(new)}”", f"row {number}, “{_title(new)}”"
    if old.id != new.id:
        yield SheetDifference(new.id, "", _changed(f"{where_zh}的编号", f"id of {where_en}", old.id, new.id))
    if old.description != new.description:
        yield SheetDifference(
            new.id, "", _changed(f"{where_zh}的说明", f"description of {where_en}", old.description, new.description)
        )
    for olds, news, cells, changed in (
        (before.inputs, after.inputs, old.inputs, new.inputs),
        (before.outputs, after.outputs, old.outputs, new.outputs),
    ):
        was = dict(zip((column.id for column in olds), cells, strict=False))
        for column, text in zip(news, changed, strict=True):
            if column.id in was and was[column.id] != text:
                said = _changed(
                    f"{where_zh}的“{column.label}”", f"“{column.label}” of {where_en}", was[column.id], text
                )
                yield SheetDifference(new.id, column.id, said)


def _changed(zh: str, en: str, old: str, new: str) -> Text:
    return Text(f"{zh}：由“{_short(old)}”改为“{_short(new)}”。", f"{en}: “{_short(old)}” becomes “{_short(new)}”.")


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _head(column: SheetColumn) -> str:
    said = column.expression or column.name
    return f"{column.label}（{_short(said)}）" if said else column.label


def _title(row: TableSheetRow) -> str:
    return row.description or row.id
