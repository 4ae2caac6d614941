"""What the files are called that a proposal would change."""

from __future__ import annotations

from pathlib import PurePosixPath

from service.casework.studio.drafts.view_draft import DraftView
from service.casework.studio.law.assist_clause import Assistance
from service.catalog.pieces.piece_kinds import kind_of
from service.web.frame.page.names import named
from service.web.frame.requests.current import say
from service.web.studio.drafts.drafts import KIND_NAMES, names_of


def names_of_changes(view: DraftView, proposal: Assistance) -> dict[str, str]:
    """Return what the files that a proposal changes are called, by path: their kind, and their name where they have one."""
    names = names_of(view) | {piece.path: piece.title for piece in proposal.written}
    found = {}
    for change in proposal.changes:
        kind = say(KIND_NAMES[kind_of(change.path)])
        name = named(names.get(change.path, kind))
        found[change.path] = kind if name in (kind, PurePosixPath(change.path).stem) else f"{kind} “{name}”"
    return found
