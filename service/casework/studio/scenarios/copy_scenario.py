"""Copy a scenario of a draft under another title; its file is named after the title, comments and repeated pieces stay."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import open_for_change
from service.casework.studio.drafts.draft_tree import tree_of
from service.casework.studio.drafts.save_file import Saved, save_file
from service.catalog.made_id import made_id
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.tree import below, stem
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text


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
    name = made_id(called, {stem(one) for one in below(tree.filled, folder, ".yaml")}, "scenario")
    return save_file(desk, actor, draft, f"{folder}/{name}.yaml", dump_yaml(document).encode(), None, "复制情景")
