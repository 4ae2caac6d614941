"""A draft as the folders of its city: taken out."""

from __future__ import annotations

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog.tree import Files


@guarded("draft.view")
def export_draft(desk: Desk, actor: Actor, draft: int) -> Files:
    """Return the files of ``draft`` as they lie in processes/CITY and forms/CITY, with the shared ones that it changed."""
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    city_folders = _list_city_folders(row.package)
    return {
        path: data for path, data in tree.files.items() if path.startswith(city_folders) or tree.base.get(path) != data
    }


def _list_city_folders(key: str) -> tuple[str, ...]:
    city = key.partition("/")[0]
    return (f"processes/{city}/", f"forms/{city}/")
