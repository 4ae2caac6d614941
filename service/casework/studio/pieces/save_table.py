"""Save a decision table of a draft as its editor has it, or make a new one."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import hash_of, tree_of
from service.casework.studio.drafts.lawful_numbers import demand_lawful_cells
from service.casework.studio.drafts.save_file import Saved, conflict_of, find_content, save_file
from service.casework.studio.pieces.view_table import row_uses
from service.catalog.made_id import made_id
from service.catalog.table_sheets.row_ids import named_rows
from service.catalog.table_sheets.sheet import TableSheet, demand_sound, read_sheet
from service.catalog.table_sheets.write import new_table, write_sheet
from service.domain.errors import Conflict, Invalid
from service.domain.text import Text
from service.domain.wording.numbers import counted

_IDENT = re.compile(r"[a-z][a-z0-9_]{0,59}")
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
    demand_sound(sheet)
    sheet = named_rows(sheet, uses)
    content = write_sheet(opened, path, sheet)
    _demand_known_removals(before, uses, sheet, removed)
    if content != opened:
        demand_lawful_cells(desk, tree.package.key, tree, path, content)
    return save_file(desk, actor, draft, path, content, base, note)


@guarded("draft.edit")
def add_table(desk: Desk, actor: Actor, draft: int, ident: str, name: str) -> Saved:
    """Make a new table called ``name`` with the id ``ident``, without one made from its name; raises Invalid, Conflict."""
    demand_ident(ident)
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise Invalid(
            Text(
                f"请写表的名称，最多 {_LONGEST_NAME} 字。",
                f"Give the table a name of at most {_LONGEST_NAME} characters.",
            )
        )
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    ident = ident or made_id(name, tree.package.tables, "table")
    path = f"processes/{tree.package.key}/{ident}.dmn"
    if path in tree.filled or ident in tree.package.tables:
        raise Conflict(
            Text(f"已有编号为“{ident}”的表，请换一个。", f"There is a table “{ident}” already: choose another id.")
        )
    return save_file(desk, actor, draft, path, new_table(ident, name.strip()), None)


def demand_ident(ident: str) -> None:
    """Raise Invalid for what cannot be a table's id; "" stands for one that is made."""
    if ident and not _IDENT.fullmatch(ident):
        raise Invalid(
            Text(
                f"编号“{ident[:40]}”不能用：以小写字母开头，只含小写字母、数字和下划线，最长 60 个。",
                f"The id “{ident[:40]}” cannot be used: small letters, digits and underscores, a letter first, at most 60.",
            )
        )


def _demand_known_removals(
    before: TableSheet, uses: Mapping[str, Sequence[str]], sheet: TableSheet, removed: Collection[str]
) -> None:
    kept = {row.id for row in sheet.rows}
    gone = [row for row in before.rows if row.id not in kept and row.id not in removed]
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
