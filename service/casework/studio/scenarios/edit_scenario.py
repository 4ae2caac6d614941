"""Edit a scenario of a draft row by row; what is not touched stays as it is written, comments and repeated pieces too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.simulate.expecting.known_words import require_defined_words
from service.casework.simulate.scenarios.scenario import head_of, read_scenario, write_head
from service.casework.simulate.scenarios.scenario_text import (
    ScenarioDraft,
    format_flow_yaml,
    scenario_text,
    written_over,
)
from service.casework.studio.drafts.draft_access import open_for_change, visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog import Package
from service.catalog.calendars.calendar_notice import require_make_up_on_rest_days
from service.catalog.made_id import choose_id, made_id
from service.catalog.source.formatting import dump_yaml, load_yaml
from service.catalog.tree import get_file_stem, iterate_folder_files
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text


@guarded("draft.edit")
def new_scenario(desk: Desk, actor: Actor, draft: int, title: str, start: date, name: str = "") -> Saved:
    """Add a scenario called ``title`` that begins on ``start``; without ``name`` its file is named after the title.

    Raises:
        Invalid, Conflict: as `choose_id`; Conflict too where the draft cannot be changed.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    folder = f"processes/{tree.package.key}/scenarios"
    taken = {get_file_stem(path) for path in iterate_folder_files(tree.filled, folder, ".yaml")}
    path = f"{folder}/{choose_id(name, title, taken, otherwise='scenario')}.yaml"
    return save_file(
        desk, actor, draft, path, scenario_text(ScenarioDraft(title.strip()[:200], start, {}), path), None, "新建"
    )


@guarded("draft.edit")
def copy_scenario(desk: Desk, actor: Actor, draft: int, path: str, title: str) -> Saved:
    """Copy the scenario at ``path`` as one called ``title``; without a title it is called after the other.

    Raises:
        NotFound: there is no such scenario.
        Invalid: the scenario cannot be read.
        Conflict: the draft cannot be changed.
    """
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if path not in tree.filled or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    document = load_yaml(tree.filled[path].decode())
    if not isinstance(document, dict) or "title" not in document:
        raise Invalid(Text("这个情景读不出来，不能复制。", "This scenario cannot be read, so it cannot be copied."))
    called = title.strip()[:200] or f"{document['title']}（副本）"
    document["title"] = called
    folder = path.rpartition("/")[0]
    name = made_id(
        called,
        {get_file_stem(scenario_path) for scenario_path in iterate_folder_files(tree.filled, folder, ".yaml")},
        "scenario",
    )
    return save_file(desk, actor, draft, f"{folder}/{name}.yaml", dump_yaml(document).encode(), None, "复制情景")


LISTS = ("steps", "expect")
"""The lists of a scenario whose rows are edited."""


@dataclass(frozen=True, slots=True)
class MoveRow:
    """Move row ``number`` (from 0) of a list by so many places."""

    rows: str
    number: int
    by: int


@dataclass(frozen=True, slots=True)
class RemoveRow:
    """Take row ``number`` (from 0) out of a list."""

    rows: str
    number: int


@dataclass(frozen=True, slots=True)
class CopyRow:
    """Put a copy of row ``number`` (from 0) behind it."""

    rows: str
    number: int


@dataclass(frozen=True, slots=True)
class PutRow:
    """Write a row in place of row ``number`` (from 0), or with ``insert`` before it; at the end where there is none."""

    rows: str
    number: int
    row: Mapping[str, Any]
    insert: bool = False


@dataclass(frozen=True, slots=True)
class ChangeHead:
    """Give the scenario another title and first day, and what `scenario_head.HEAD` names as typed.

    ``beyond`` lets a parameter have a value that the law does not allow, in this season only.
    """

    title: str
    start: date
    head: Mapping[str, str] = field(default_factory=dict)
    beyond: bool = False


ScenarioEdit = MoveRow | RemoveRow | CopyRow | PutRow | ChangeHead


@guarded("draft.edit")
def edit_scenario(desk: Desk, actor: Actor, draft: int, path: str, base: str, edits: tuple[ScenarioEdit, ...]) -> Saved:
    """Apply ``edits`` one after another to the scenario at ``path``, whose mark was ``base`` when it was opened.

    Raises:
        DraftConflict: somebody else changed the file meanwhile.
        ScenarioMistake: what would come out is no scenario, or expects what the package does not know.
        Invalid: a make-up day of its own falls on a weekday that is worked anyway.
        NotFound: there is no such scenario or row.
    """
    with desk.store.read() as tx:
        open_for_change(desk, tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    if path not in tree.filled or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    document = load_yaml(tree.filled[path].decode())
    days = head_of(document)["days"]
    for edit in edits:
        _apply_edit(tree.package, document, edit)
    content = dump_yaml(document).encode()
    read = read_scenario(content, path.rpartition("/")[2])
    require_defined_words(tree.package, read)
    for year in read.years if head_of(document)["days"] != days else ():
        require_make_up_on_rest_days(desk.calendar(tree.package.jurisdiction.calendar), year)
    return save_file(desk, actor, draft, path, content, base, "编辑情景")


@guarded("draft.view")
def scenario_head(desk: Desk, actor: Actor, draft: int, path: str) -> Mapping[str, str]:
    """Return the head of a scenario as typed, its parameters by their names; raises NotFound."""
    package, document = _load_document(desk, actor, draft, path)
    return head_of(document, package)


@guarded("draft.view")
def scenario_rows(desk: Desk, actor: Actor, draft: int, path: str, rows: str) -> tuple[Mapping[str, Any], ...]:
    """Return the rows of a list of a scenario as the file says them, repeated pieces filled in; raises NotFound."""
    return tuple(_load_document(desk, actor, draft, path)[1].get(rows) or ())


@guarded("draft.view")
def _load_document(desk: Desk, actor: Actor, draft: int, path: str) -> tuple[Package, Any]:
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    files = tree.filled
    if path not in files or "/scenarios/" not in path:
        raise NotFound(Text(f"草稿里没有情景“{path}”。", f"The draft has no scenario “{path}”."))
    return tree.package, load_yaml(files[path].decode())


def _apply_edit(package: Package, document: Any, edit: ScenarioEdit) -> None:
    if isinstance(edit, ChangeHead):
        if not edit.title.strip():
            raise Invalid(Text("请给情景起一个名字。", "Give the scenario a title."))
        document["title"], document["start"] = edit.title.strip()[:200], edit.start
        write_head(package, document, edit.head, beyond=edit.beyond)
        return
    if edit.rows not in LISTS:
        raise NotFound(Text("情景没有这一部分。", "A scenario has no such part."))
    if document.get(edit.rows) is None:
        document[edit.rows] = load_yaml("[]\n")
        document[edit.rows].fa.set_block_style()
    document_rows = document[edit.rows]
    if isinstance(edit, PutRow):
        if edit.insert or edit.number >= len(document_rows):
            document_rows.insert(min(edit.number, len(document_rows)), load_yaml(format_flow_yaml(edit.row)))
        else:
            document_rows[edit.number] = written_over(document_rows[edit.number], edit.row)
        return
    if not 0 <= edit.number < len(document_rows):
        raise NotFound(Text("这一行已经不在，请刷新页面。", "This row is gone: reload the page."))
    if isinstance(edit, CopyRow):
        document_rows.insert(edit.number + 1, load_yaml(format_flow_yaml(document_rows[edit.number])))
        return
    row = document_rows.pop(edit.number)
    if isinstance(edit, MoveRow):
        document_rows.insert(max(0, min(len(document_rows), edit.number + edit.by)), row)
