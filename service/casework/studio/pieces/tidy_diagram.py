"""Lay out a diagram anew while it is drawn: nothing of the draft changes, the editor takes the drawing over."""

from __future__ import annotations

from typing import Annotated

from service.casework.access.actor import Actor
from service.casework.access.guards import guarded
from service.casework.desk.desk import Desk
from service.casework.studio.drafts.draft_access import visible_draft
from service.casework.studio.drafts.draft_tree import tree_of
from service.catalog import for_editor, format_file
from service.catalog.bpmn.read import read_diagram
from service.catalog.layout.draw import layout_diagram
from service.catalog.layout.lane_names import lane_names
from service.catalog.rules.context import is_shared
from service.catalog.rules.drawing import astray
from service.domain.values.bounds import Named, Path, Utf8


@guarded("draft.view")
def tidy_diagram(desk: Desk, actor: Actor, draft: int, path: Path, content: Annotated[Utf8, Named("xml")]) -> Utf8:
    """Return ``content``, a diagram that is being drawn at ``path``, with a fresh drawing; tasks go to the lanes of who acts.

    Raises:
        XmlMistake: it is no diagram that can be read.
        Invalid: it cannot be drawn, too many flows for one page.
    """
    with desk.store.read() as tx:
        visible_draft(tx, actor, draft)
        package = tree_of(desk, tx, draft).package
    place = None if is_shared(path) else package.jurisdiction
    file = format_file(path, content)
    wrong = astray(read_diagram(file, path), place) if place is not None else ()
    moved = {element.id: (role.id, role.name) for element, role in wrong}
    return for_editor(layout_diagram(file, path, *lane_names(place), moved), path)
