"""One decision table of a draft as its editor opens it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import DraftTree, hash_of, tree_of
from service.catalog import Package
from service.catalog.pieces.piece_kinds import title_of
from service.catalog.rules.formulas import ROW_NAMES
from service.catalog.table_sheets.sheet import TableSheet, read_sheet
from service.domain.errors import NotFound
from service.domain.text import Text

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
    uses, choices = row_uses(tree, path, sheet), _choices(tree.package)
    files = {**tree.package.files, **tree.filled}
    called = {file: title_of(tree.package, file, files) for naming in uses.values() for file in naming}
    return OpenedTable(path, hash_of(content), tree.revision, sheet, uses, called, choices)


def _choices(package: Package) -> dict[str, tuple[CellChoice, ...]]:
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
    found: dict[str, tuple[str, ...]] = {}
    for ident in (row.id for row in sheet.rows):
        before = rb"finding: ['\"]?" if ident in ROW_NAMES else rb"(?<![\w-])"  # a word of formulas names no row there
        word = re.compile(before + re.escape(ident.encode()) + rb"(?![\w-])")
        naming = (p for p, data in files.items() if p != path and ident.encode() in data and word.search(data))
        if uses := tuple(naming):
            found[ident] = uses
    return found
