"""Where a file of a draft is edited."""

from __future__ import annotations

from flask import current_app, url_for

from service.catalog.piece_kinds import PieceKind, kind_of

_EDITORS = {
    PieceKind.DIAGRAM: "studio_diagrams.edit",
    PieceKind.TABLE: "studio_tables.edit",
    PieceKind.FORM: "studio_forms.edit",
    PieceKind.DOCUMENT: "studio_documents.edit",
}


def editor_of(draft: int, path: str, element: str = "") -> str:
    """Return the address at which file ``path`` of a draft is edited, at ``element``; "" where it has no editor."""
    endpoint = _EDITORS.get(kind_of(path), "")
    if endpoint not in current_app.view_functions:
        return ""
    return url_for(endpoint, draft=draft, path=path, element=element or None)
