"""The drawing of clauses that need no step of a first procedure: a term, a notice, limits of experts, an appeal, equals."""

from __future__ import annotations

from service.catalog.assistants.appeal_drawing import appeal_drawn
from service.catalog.assistants.carried_drawing import carried_drawn
from service.catalog.assistants.chosen_basis import with_basis
from service.catalog.assistants.drawn_clause import Drawn, DrawnFor
from service.catalog.assistants.expert_bars import panels_with_limit
from service.catalog.assistants.notice_drawing import notice_before
from service.catalog.assistants.points_tie_drawing import OLDER, points_tie_drawn
from service.catalog.assistants.suspension_drawing import suspension_drawn
from service.catalog.assistants.term_drawing import most_of, role_with_term
from service.catalog.assistants.tie_drawing import ties_drawn
from service.catalog.assistants.vote_agendas import LEFT_OUT
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.equals_said import equal_points_said, suspension_said
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
    if wanted.kind is AssistKind.CARRIED:
        asked = (wanted.clause, wanted.parameter, wanted.unit, wanted.answers)
        return Drawn(carried_drawn(filled, package, *asked))
    if wanted.kind is AssistKind.POINTS_TIE:
        said = wanted.answers["first"] == OLDER and bool(equal_points_said(_text(package, wanted)))
        drawn = points_tie_drawn(filled, package, wanted.clause)
        return Drawn(drawn | with_basis(files, package, wanted.parameter, said=said))
    if wanted.kind is AssistKind.SUSPENSION:
        said = wanted.answers["voted"] == LEFT_OUT and bool(suspension_said(_text(package, wanted)))
        drawn = suspension_drawn(filled, package, wanted.clause)
        return Drawn(drawn | with_basis(files, package, wanted.parameter, said=said))
    return None


def _text(package: Package, wanted: DrawnFor) -> str:
    clause = package.law.clause(wanted.clause)
    return clause.text or clause.summary
