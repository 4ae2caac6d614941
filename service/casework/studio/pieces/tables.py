"""Decision tables of a draft as their editor opens, judges and saves them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import (
    require_lawful_cells,
)
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.casework.studio.drafts.save_file import Saved, conflict_of, find_content, save_file
from service.catalog import Package
from service.catalog.feel import FUNCTIONS
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.words import Words, words_at
from service.catalog.made_id import choose_id
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.problems import Severity
from service.catalog.rules.formulas import JUDGED, ROW_NAMES
from service.catalog.table_sheets.sheet import TableSheet, named_rows, read_sheet, require_sound
from service.catalog.table_sheets.write import new_table, write_sheet
from service.catalog.tree import get_file_stem, iterate_folder_files
from service.domain.decisions import DecisionTable, read_tables
from service.domain.errors import Invalid, NotFound
from service.domain.feel import FeelSyntaxError
from service.domain.text import Text
from service.domain.values.bounds import Named, Path
from service.domain.wording.numbers import counted

_DECIDERS = (
    ("machine", Text("机器判断", "by machine")),
    ("attested", Text("申报者声明", "attested by the applicant")),
    ("department", Text("部门认定", "found by departments")),
)


@dataclass(frozen=True, slots=True)
class CellChoice:
    """A word that a cell may hold, and what it means."""

    value: str
    label: Text


@dataclass(frozen=True, slots=True)
class OpenedTable:
    """A table at a revision; ``hash`` is handed back when it is saved.

    ``uses`` are the files that name a row, by its id, ``called`` what each of them is called; ``choices`` the words that a
    column of results offers, by its name.
    """

    path: str
    hash: str
    revision: int
    sheet: TableSheet
    uses: Mapping[str, tuple[str, ...]]
    called: Mapping[str, str]
    choices: Mapping[str, tuple[CellChoice, ...]]


@guarded("draft.view")
def view_table(desk: Desk, actor: Actor, draft: int, path: str) -> OpenedTable:
    """Return the table in file ``path``.

    Raises:
        NotFound: the draft has no such file.
        Invalid: the file is no decision table, or holds several.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    return opened_table(tree, path)


def opened_table(tree: DraftTree, path: str) -> OpenedTable:
    """Return the table in file ``path`` of ``tree``; raises as `view_table`."""
    content = tree.opened(path)
    if content is None or not path.endswith(".dmn"):
        raise NotFound(
            Text(
                f"草稿中没有决策表“{path}”，可能已被移除或改名。",
                f"The draft has no decision table “{path}”: it was removed or renamed.",
            )
        )
    sheet = read_sheet(content, path)
    uses, choices = row_uses(tree, path, sheet), _column_choices(tree.package)
    files = {**tree.package.files, **tree.filled}
    called = {file: title_of(tree.package, file, files) for naming in uses.values() for file in naming}
    return OpenedTable(path, hash_of(content), tree.revision, sheet, uses, called, choices)


def _column_choices(package: Package) -> dict[str, tuple[CellChoice, ...]]:
    """Return what columns of results offer, by their names: a column may be named so while the table is edited."""
    clauses = package.law.clauses.values()
    return {
        "clauses": tuple(
            CellChoice(c.id, Text(f"{c.article} {c.summary}", f"{c.article} {c.summary}")) for c in clauses
        ),
        "decided_by": tuple(CellChoice(value, label) for value, label in _DECIDERS),
        "supplied_by": tuple(CellChoice(key, role.text) for key, role in package.jurisdiction.roles.items()),
    }


def row_uses(tree: DraftTree, path: str, sheet: TableSheet) -> dict[str, tuple[str, ...]]:
    """Return the files that name a row of the table ``path``: seasons that expect it, diagrams, forms and letters."""
    scenarios = f"processes/{tree.package.key}/scenarios/"
    files = {**tree.package.files, **{p: data for p, data in tree.filled.items() if p.startswith(scenarios)}}
    uses_by_row: dict[str, tuple[str, ...]] = {}
    for ident in (row.id for row in sheet.rows):
        before = rb"finding: ['\"]?" if ident in ROW_NAMES else rb"(?<![\w-])"  # a word of formulas names no row there
        word = re.compile(before + re.escape(ident.encode()) + rb"(?![\w-])")
        naming = (p for p, data in files.items() if p != path and ident.encode() in data and word.search(data))
        if uses := tuple(naming):
            uses_by_row[ident] = uses
    return uses_by_row


_LONGEST_NAME = 100


@guarded("draft.edit")
def save_table(
    desk: Desk,
    actor: Actor,
    draft: int,
    path: str,
    sheet: TableSheet,
    base: str,
    note: str = "",
    removed: Collection[str] = (),
) -> Saved:
    """Write ``sheet`` into the file that the editor had opened (``base`` is its SHA-256) and save it.

    ``removed`` are the ids of rows of which the editor knows that others name them.

    Raises:
        Invalid: the sheet cannot be written, says a number beyond the law that the table does not say yet, or a row that
            others name would go without being in ``removed``.
        DraftConflict, Conflict: as `save_file`.
    """
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
        now = tree.opened(path)
        opened = now if hash_of(now) == base else find_content(tx, tree, draft, path, base)
        if opened is None:
            raise conflict_of(tx, actor, tree, row, path)
    before = read_sheet(opened, path)
    uses = row_uses(tree, path, before)
    require_sound(sheet)
    sheet = named_rows(sheet, uses)
    content = write_sheet(opened, path, sheet)
    _require_confirmed_removals(before, uses, sheet, removed)
    if content != opened:
        require_lawful_cells(desk, tree.package.key, tree, path, content)
    return save_file(desk, actor, draft, path, content, base, note)


@guarded("draft.edit")
def add_table(desk: Desk, actor: Actor, draft: int, ident: str, name: str) -> Saved:
    """Make a new table called ``name`` with the id ``ident``, without one made from its name; raises Invalid, Conflict."""
    if len(name) > _LONGEST_NAME:
        raise Invalid(
            Text(
                f"请写表的名称，最多 {_LONGEST_NAME} 字。",
                f"Give the table a name of at most {_LONGEST_NAME} characters.",
            )
        )
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    folder = f"processes/{tree.package.key}"
    taken = {*tree.package.tables, *(get_file_stem(path) for path in iterate_folder_files(tree.filled, folder, ".dmn"))}
    ident = choose_id(ident, name, taken, otherwise="table")
    path = f"{folder}/{ident}.dmn"
    return save_file(desk, actor, draft, path, new_table(ident, name.strip()), None)


def _require_confirmed_removals(
    before: TableSheet, uses: Mapping[str, Sequence[str]], sheet: TableSheet, removed: Collection[str]
) -> None:
    remaining_ids = {row.id for row in sheet.rows}
    gone = [row for row in before.rows if row.id not in remaining_ids and row.id not in removed]
    for row in gone:
        if row.id in uses:
            files = "、".join(used.rpartition("/")[2] for used in uses[row.id][:5])
            raise Invalid(
                Text(
                    f"“{row.description or row.id}”一行被 {len(uses[row.id])} 个文件引用（{files}），没有删除。确需删除的，请在表中确认。",
                    f"The row “{row.description or row.id}” is named by {counted(len(uses[row.id]), 'file')} ({files}) and was kept."
                    " Confirm in the table that it goes.",
                )
            )


VERBATIM_RULES = (*JUDGED, "table", "table_gap")
"""Rules of the check that are told as one types: formulas of cells, rows that overlap or are never reached, gaps."""


@dataclass(frozen=True, slots=True)
class TableFault:
    """Something wrong with a table: in the cell at ``row`` and ``column`` (ids), a whole row, or the table."""

    row: str
    column: str
    message: Text
    severity: Severity = Severity.ERROR


@guarded("draft.view")
def judge_table(
    desk: Desk, actor: Actor, draft: int, path: Path, sheet: Annotated[TableSheet, Named("table")]
) -> tuple[TableFault, ...]:
    """Judge ``sheet``, which need not be saved: its cells, rows that overlap or are never reached, cases that none decides.

    Raises Invalid where the sheet cannot be written.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    table = _compile_table(tree, path, sheet)
    cells = tuple(cell_faults(sheet, words_at(tree.package, path, "", "cell")))
    if any(fault.severity is Severity.ERROR for fault in cells) and _is_unreadable(table):
        return cells
    return (*cells, *_iterate_table_faults(table, cells))


def cell_faults(sheet: TableSheet, words: Words) -> Iterator[TableFault]:
    """Yield what is wrong with each cell and each column by itself."""
    for column in sheet.inputs:
        yield from _iterate_cell_faults("", column.id, column.expression, words, tests=False)
    for row in sheet.rows:
        for column, text in zip(sheet.inputs, row.inputs, strict=True):
            yield from _iterate_cell_faults(row.id, column.id, text, words, tests=True)
        for column, text in zip(sheet.outputs, row.outputs, strict=True):
            if text.strip() not in ("", "-"):
                yield from _iterate_cell_faults(row.id, column.id, text, words, tests=False)


def _iterate_cell_faults(row: str, column: str, text: str, words: Words, *, tests: bool) -> Iterator[TableFault]:
    faults: tuple[Fault, ...]
    try:
        faults = faults_of(text, compile_text(text, tests=tests), words)
    except FeelSyntaxError as mistake:
        faults = (syntax_fault(text, mistake),)
    for fault in faults:
        message = Text(f"{fault.message.zh}{fault.remedy.zh}", f"{fault.message.en} {fault.remedy.en}".strip())
        yield TableFault(row, column, message, fault.severity)


def _compile_table(tree: DraftTree, path: str, sheet: TableSheet) -> DecisionTable:
    opened_table(tree, path)
    content = write_sheet(tree.opened(path) or b"", path, sheet)
    return next(iter(read_tables(content, functions=FUNCTIONS).values()))


def _is_unreadable(table: DecisionTable) -> bool:
    columns = [column.expression for column in table.inputs]
    return any(cell.compiled is None for cell in (*columns, *table.cells()))


def _iterate_table_faults(table: DecisionTable, cells: tuple[TableFault, ...]) -> Iterator[TableFault]:
    """Yield overlaps, rows that are never reached, and cases that no row decides."""
    faulty_rows = {fault.row for fault in cells}
    for problem in table.problems():
        if problem.rule_id is None or problem.rule_id not in faulty_rows:
            yield TableFault(problem.rule_id or "", "", problem.message)
    if (gap := table.gap()) is not None:
        message = Text(f"有空缺：当 {gap} 时没有一行符合。", f"There is a gap: no row matches when {gap}.")
        yield TableFault("", "", message, Severity.WARNING)
