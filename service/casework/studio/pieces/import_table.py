"""Look at a decision table of another tool before it is taken in: what was mended, and what will not run."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.check_draft import problems_of
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import grown, tree_of
from service.casework.studio.pieces.save_table import demand_ident
from service.catalog import Problem
from service.catalog.bpmn.foreign import Mending
from service.catalog.table_sheets.foreign_tables import mend_tables
from service.catalog.tree import below, stem
from service.domain.errors import Conflict
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class TableImport:
    """A table from outside as it would be taken in: ``content`` after the ``mended``; ``problems`` remain for a person."""

    path: str
    title: str
    content: bytes
    mended: tuple[Mending, ...]
    problems: tuple[Problem, ...]


@guarded("draft.edit")
def inspect_table_import(
    desk: Desk, actor: Actor, draft: int, content: bytes, sent: str = "", ident: str = ""
) -> tuple[TableImport, ...]:
    """Return how each decision table of a DMN file would be taken into ``draft``; nothing is written.

    ``sent`` is the name of the file as it came, ``ident`` the id of the first table, "" for one made from its name.

    Raises:
        XmlMistake: it is no DMN with a table, or no XML that is accepted.
        Invalid: the id cannot be one, or a table is too large.
        Conflict: the draft cannot be changed, or has a table of this id.
    """
    demand_ident(ident)
    with desk.store.read() as tx:
        row = open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    folder = f"processes/{row.package}"
    taken = {stem(path) for path in below(tree.filled, folder, ".dmn")} | set(tree.package.tables)
    if ident in taken:
        raise Conflict(
            Text(f"已有编号为“{ident}”的表，请换一个。", f"There is a table “{ident}” already: choose another id.")
        )
    tables = mend_tables(content, sent or "table.dmn", taken, ident)
    made = {f"{folder}/{table.ident}.dmn": table.content for table in tables}
    problems = problems_of(grown(desk, row.package, tree, {**tree.files, **made}))
    return tuple(
        TableImport(path, table.name, table.content, tuple(table.done), tuple(p for p in problems if p.file == path))
        for path, table in zip(made, tables, strict=True)
    )
