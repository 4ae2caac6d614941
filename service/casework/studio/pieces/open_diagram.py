"""Open a diagram of a draft as its editor may have it: nothing of it is lost by opening and saving."""

from __future__ import annotations

from dataclasses import dataclass

from service.casework.access.actor import Actor
from service.casework.access.guards import GUARDS, guarded
from service.casework.desk.desk import Desk
from service.casework.people.rights.first_people import jurisdiction_of
from service.casework.studio.drafts.draft_access import OPEN, visible_draft
from service.casework.studio.drafts.draft_tree import hash_of, tree_of
from service.casework.studio.drafts.view_draft import file_in, origin_of
from service.catalog import for_editor
from service.catalog.layout.drawn import drawn
from service.catalog.pieces.piece_kinds import Origin, PieceKind, kind_of, title_of
from service.domain.errors import Invalid
from service.domain.text import Text


@dataclass(frozen=True, slots=True)
class OpenedDiagram:
    """A diagram in an editor; ``hash`` is that of the file as the draft holds it, ``xml`` what the editor gets."""

    path: str
    name: str
    xml: str
    hash: str
    revision: int
    origin: Origin
    editable: bool


@guarded("draft.view")
def open_diagram(desk: Desk, actor: Actor, draft: int, path: str) -> OpenedDiagram:
    """Return a diagram of ``draft``.

    Raises:
        NotFound: the draft has no such file.
        Invalid: the file is no diagram, or cannot be read.
    """
    if kind_of(path) is not PieceKind.DIAGRAM:
        raise Invalid(
            Text(f"“{path}”不是流程图，请从流程图列表中选择。", f"“{path}” is no diagram: choose one from the list.")
        )
    with desk.store.read() as tx:
        row = visible_draft(tx, actor, draft)
        tree = tree_of(desk, tx, draft)
    content = file_in(tree, path)
    editable = row.state == OPEN and GUARDS["draft.edit"].admits(actor, jurisdiction_of(row))
    xml = for_editor(drawn(content, path), path).decode()
    name, origin = title_of(tree.package, path), origin_of(tree, path)
    return OpenedDiagram(path, name, xml, hash_of(content), tree.revision, origin, editable)
