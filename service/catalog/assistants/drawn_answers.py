"""What the questions of an assistant were answered in a place as it is drawn now."""

from __future__ import annotations

from collections.abc import Mapping

from service.catalog.assistants.appeal_drawing import appeal_as_drawn
from service.catalog.assistants.carried_drawing import carried_as_drawn
from service.catalog.assistants.expert_bars import limits_read
from service.catalog.assistants.objection_answers import objection_as_it_stands
from service.catalog.assistants.points_tie_drawing import points_tie_as_drawn
from service.catalog.assistants.prize_answers import prize_as_it_stands, with_parts_of
from service.catalog.assistants.revocation_grounds import as_it_stands
from service.catalog.assistants.suspension_drawing import suspension_as_drawn
from service.catalog.assistants.tie_drawing import order_as_drawn
from service.catalog.clause_kinds.bar_conditions import drawn_since
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.new_city.ballot_entry import MOST_BALLOTS, VOTE_RULES
from service.catalog.new_city.call_pieces import CHANNELS, SAYS
from service.catalog.new_city.score_pieces import THIRD_WEIGHT
from service.catalog.package import Package
from service.catalog.parameters.month_days import CALL_DAY
from service.catalog.settings.settings import typed_value


def drawn_answers(package: Package, kind: AssistKind, parameter: str) -> dict[str, str]:
    """Return what holds where a question is not answered anew; empty for what is not drawn yet."""
    if kind is AssistKind.REVOCATION:
        return as_it_stands(package, parameter)
    if kind is AssistKind.PRIZE:
        return prize_as_it_stands(package, parameter)
    if kind is AssistKind.BAR:
        rows = (row.id for table in package.tables.values() for row in table.rows)
        since = drawn_since(rows, parameter)
        return {"since": since} if since else {}
    if kind is AssistKind.EXPERT_BAR:
        limits = limits_read(package, parameter)
        return {"limit": limits[0]} if limits else {}
    if kind is AssistKind.APPEAL:
        return appeal_as_drawn(package)
    if kind is AssistKind.TIE:
        order = order_as_drawn(package)
        return {"order": order} if order else {}
    if kind is AssistKind.POINTS_TIE:
        return dict(points_tie_as_drawn(package))
    if kind is AssistKind.SUSPENSION:
        return dict(suspension_as_drawn(package))
    if kind is AssistKind.CARRIED:
        return carried_as_drawn(package, parameter)
    if kind is AssistKind.CALL:
        known = (
            (name, package.award.parameters.get(ident))
            for name, ident in (("channels", CHANNELS), ("day", CALL_DAY), ("content", SAYS))
        )
        return {name: str(found.values[-1].value) for name, found in known if found is not None}
    if kind is AssistKind.MAJORITY:
        rules = {"ballots": MOST_BALLOTS, **VOTE_RULES}
        held = ((question, package.award.parameters.get(ident)) for question, ident in rules.items())
        return {question: typed_value(found.values[-1].value) for question, found in held if found is not None}
    if kind is AssistKind.WEIGHTS:
        weight = package.award.parameters.get(THIRD_WEIGHT)
        return {"third": f"{float(weight.values[-1].value) * 100:g}"} if weight is not None else {}
    return objection_as_it_stands(package) if kind is AssistKind.OBJECTION_WINDOW else {}


def answers_over(package: Package, kind: AssistKind, parameter: str, answers: Mapping[str, str]) -> dict[str, str]:
    """Return what was answered, and what is drawn where it was not."""
    return with_parts_of(drawn_answers(package, kind, parameter), answers)
