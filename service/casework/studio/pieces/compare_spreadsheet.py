"""Compare a spreadsheet with the table it was exported from, before it is taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import demand_lawful_spreadsheet, known_problems, problems_of
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, grown, tree_of
from service.casework.studio.pieces.tables import opened_table
from service.casework.studio.pieces.try_table import TOLD_BY_TRIAL, TableFault, cell_faults
from service.catalog import Problem
from service.catalog.differences.differences import FileDifference, file_difference
from service.catalog.formula_help.words import words_at
from service.catalog.table_sheets.sheet import TableSheet, demand_sound, named_rows
from service.catalog.table_sheets.spreadsheet import taken_in
from service.catalog.table_sheets.write import write_sheet


@dataclass(frozen=True, slots=True)
class SpreadsheetPreview:
    """What taking a spreadsheet would change: the sheet it makes, what differs, what is wrong with its cells.

    ``difference`` is None where the spreadsheet says what the table says.
    ``uses`` are the files that name rows which would go, by the row's id; ``base`` marks the table it was compared with.
    ``problems`` are what the check would say of the table that it does not say of the draft as it is.
    """

    sheet: TableSheet
    base: str
    difference: FileDifference | None
    faults: tuple[TableFault, ...]
    uses: Mapping[str, tuple[str, ...]]
    problems: tuple[Problem, ...] = ()


@guarded("draft.view")
def compare_spreadsheet(
    desk: Desk, actor: Actor, draft: int, path: str, rows: Sequence[Sequence[str]]
) -> SpreadsheetPreview:
    """Compare the ``rows`` of a spreadsheet with the table in ``path``; nothing is saved.

    Raises:
        Invalid: the rows are none of this table, or say a number that the law does not allow.
        NotFound: the draft has no such table.
    """
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    opened = opened_table(tree, path)
    sheet = taken_in(opened.sheet, rows)
    demand_sound(sheet)
    kept = {row.id for row in sheet.rows}
    gone = {ident: files for ident, files in opened.uses.items() if ident not in kept}
    words = words_at(tree.package, path, "", "cell")
    content = write_sheet(tree.opened(path) or b"", path, named_rows(sheet, opened.uses))
    changed = content != tree.opened(path)
    trial = grown(desk, row.package, tree, {**tree.files, path: content}) if changed else tree
    problems = _new_problems(desk, draft, tree, trial, path)
    demand_lawful_spreadsheet(problems)
    faults = tuple(cell_faults(sheet, words))
    difference = file_difference(path, tree.opened(path), content)
    if difference is not None and not difference.records:  # written otherwise, saying the same
        difference = None
    return SpreadsheetPreview(sheet, opened.hash, difference, faults, gone, problems)


def _new_problems(desk: Desk, draft: int, tree: DraftTree, trial: DraftTree, path: str) -> tuple[Problem, ...]:
    """Return what is said of the table in ``trial`` and not in ``tree``; what single cells are told apart is left out."""
    if trial is tree:
        return ()
    before = set(known_problems(desk, draft, tree).problems)
    return tuple(
        problem
        for problem in problems_of(trial)
        if problem.file == path and problem.rule not in TOLD_BY_TRIAL and problem not in before
    )
