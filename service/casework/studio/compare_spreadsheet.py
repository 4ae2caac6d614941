"""Compare a spreadsheet with the table it was exported from, before it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.draft_access import visible_draft
from service.casework.studio.draft_tree import tree_of
from service.casework.studio.try_table import TableFault, cell_faults
from service.casework.studio.view_table import opened_table
from service.catalog.formula_help.words import words_at
from service.catalog.table_sheets.differences import SheetDifference, differences
from service.catalog.table_sheets.sheet import TableSheet, demand_sound
from service.catalog.table_sheets.spreadsheet import taken_in


@dataclass(frozen=True, slots=True)
class SpreadsheetPreview:
    """What taking a spreadsheet would change: the sheet it makes, the differences in words, what is wrong with its cells.

    ``uses`` are the files that name rows which would go, by the row's id; ``base`` marks the table it was compared with.
    """

    sheet: TableSheet
    base: str
    differences: tuple[SheetDifference, ...]
    faults: tuple[TableFault, ...]
    uses: Mapping[str, tuple[str, ...]]


@guarded("draft.view")
def compare_spreadsheet(
    desk: Desk, actor: Actor, draft: int, path: str, rows: Sequence[Sequence[str]]
) -> SpreadsheetPreview:
    """Compare the ``rows`` of a spreadsheet with the table in ``path``; nothing is saved. Raises Invalid, NotFound."""
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    opened = opened_table(tree, path)
    sheet = taken_in(opened.sheet, rows)
    demand_sound(sheet)
    kept = {row.id for row in sheet.rows}
    gone = {ident: files for ident, files in opened.uses.items() if ident not in kept}
    words = words_at(tree.package, path, "", "cell")
    return SpreadsheetPreview(
        sheet, opened.hash, differences(opened.sheet, sheet), tuple(cell_faults(sheet, words)), gone
    )
