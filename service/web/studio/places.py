"""Where files of a draft are edited, and the place of the draft for each kind."""

from __future__ import annotations

from flask import current_app, url_for

from service.catalog.pieces.piece_kinds import PieceKind, kind_of

_PLACES = {
    PieceKind.DIAGRAM: "studio_diagrams",
    PieceKind.TABLE: "studio_tables",
    PieceKind.FORM: "studio_forms",
    PieceKind.DOCUMENT: "studio_documents",
    PieceKind.SCENARIO: "studio_scenarios",
    PieceKind.PARAMETERS: "studio_parameters",
    PieceKind.LAW: "studio_clauses",
    PieceKind.AWARD: "studio_basics",
    PieceKind.JURISDICTION: "studio_basics",
}
_ON_ONE_PAGE = (PieceKind.PARAMETERS, PieceKind.LAW, PieceKind.AWARD, PieceKind.JURISDICTION)


def editor_of(draft: int, path: str, element: str = "") -> str:
    """Return the address at which file ``path`` of a draft is edited, at ``element``; "" where it has no editor."""
    endpoint = f"{_PLACES.get(kind_of(path), '')}.{'view' if kind_of(path) is PieceKind.SCENARIO else 'edit'}"
    if endpoint not in current_app.view_functions:
        return place_of(draft, kind_of(path)) if kind_of(path) in _ON_ONE_PAGE else ""
    return url_for(endpoint, draft=draft, path=path, element=element or None)


def place_of(draft: int, kind: PieceKind) -> str:
    """Return the address of the place of a draft for files of ``kind``; "" where it has none."""
    endpoint = f"{_PLACES.get(kind, '')}.index"
    return url_for(endpoint, draft=draft) if endpoint in current_app.view_functions else ""
