"""The drawing of clauses that need no step of a first procedure: a term, a notice, limits of experts, an appeal, equals."""

from __future__ import annotations

from service.catalog.assistants.appeal_drawing import appeal_drawn
from service.catalog.assistants.drawn_clause import Drawn, DrawnFor
from service.catalog.assistants.expert_bars import panels_with_limit
from service.catalog.assistants.notice_drawing import notice_before
from service.catalog.assistants.term_drawing import most_of, role_with_term
from service.catalog.assistants.tie_drawing import ties_drawn
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.package import Package
from service.catalog.tree import Files


def drawn_apart(files: Files, filled: Files, package: Package, wanted: DrawnFor) -> Drawn | None:
    """Return what is drawn for such a clause, None for one of another kind; raises Invalid where there is no place for it."""
    if wanted.kind is AssistKind.TERM:
        most = most_of(wanted.parameter) if wanted.answers["most"] else None
        return Drawn(role_with_term(files, package, wanted.parameter, most, wanted.answers))
    if wanted.kind is AssistKind.NOTICE:
        if not wanted.answers["before"]:
            return Drawn()
        drawn, draft = notice_before(filled, package, wanted.clause, wanted.parameter, wanted.unit, wanted.answers)
        return Drawn(drawn, (draft,))
    if wanted.kind is AssistKind.EXPERT_BAR:
        return Drawn(panels_with_limit(filled, package, wanted.clause, wanted.parameter, wanted.answers))
    if wanted.kind is AssistKind.APPEAL:
        return Drawn(appeal_drawn(files, filled, package, wanted.clause, wanted.answers))
    if wanted.kind is AssistKind.TIE:
        return Drawn(ties_drawn(files, filled, package, wanted.clause, wanted.answers))
    return None
