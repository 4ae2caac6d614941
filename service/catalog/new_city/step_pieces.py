"""What each further step brings besides its place in the two diagrams: processes, facts, parameters, roles, patterns."""

from __future__ import annotations

from collections.abc import Callable

from service.catalog.new_city.call_pieces import call_day_pieces, call_pieces
from service.catalog.new_city.correction_pieces import correction_pieces
from service.catalog.new_city.cycle_pieces import cycle_pieces
from service.catalog.new_city.follow_up_pieces import (
    government_body,
    payment_pieces,
    reports_pieces,
    revocation_pieces,
    title_pieces,
)
from service.catalog.new_city.further_recommendation import further_pieces
from service.catalog.new_city.group_places import group_pieces
from service.catalog.new_city.objection_pieces import objection_pieces, separate_pieces
from service.catalog.new_city.recommendation_pieces import recommendation_pieces
from service.catalog.new_city.score_pieces import (
    announcement_pieces,
    ranking_pieces,
    second_review_pieces,
    third_review_pieces,
)
from service.catalog.new_city.shortlist_pieces import shortlist_pieces
from service.catalog.new_city.site import NewParameter, Site, StepPieces, cites
from service.catalog.new_city.steps import CityStep

_APPROVAL_FACTS = {
    "submission_list": "list",
    "held_list": "list",
    "approval_waits": "number",
    "approved_list": "list",
    "struck_list": "list",
    "decision_number": "string",
    "decided_on": "date",
}


def pieces_of(step: CityStep, site: Site) -> StepPieces:
    """Return what ``step`` brings to ``site``."""
    return _PIECES[step](site)


def _scoring(site: Site) -> StepPieces:
    return StepPieces(
        application_facts={"points": "number"},
        parameters={
            "scoring_edition": NewParameter("gbt19580-2012"),
            "reviewers": NewParameter(
                site.reviewers, "评审组人数", "Size of a panel", "count", stated=site.stated.get("reviewers")
            ),
        },
        roles={"expert": {"name": "评审专家", "name_en": "Expert"}},
        bodies=({"id": "experts", "name": "评审专家库", "kind": "committee", "roles": ["expert"], "area": "全域"},),
    )


def _approval(site: Site) -> StepPieces:
    held = "hold_organisation" if CityStep.SEPARATE in site.steps else "hold_all"
    held = held if CityStep.OBJECTION in site.steps else "none"
    return StepPieces(
        round_facts=_APPROVAL_FACTS,
        application_facts={"stage": "string"},
        parameters={"open_objection_effect_at_submission": NewParameter(held)},
        roles={"government": {"name": "人民政府", "name_en": "Government"}},
        bodies=(government_body(site.government),),
        bindings={"approver": "government"},
    )


def _withdrawal(site: Site) -> StepPieces:
    """Whoever withdraws before the result is struck from what follows: vote, list, award and prize."""
    return StepPieces(
        application_facts={"stage": "string"},
        actions={
            "withdraw": {
                "process": "application",
                "name": "撤回申报",
                "name_en": "Withdraw",
                "roles": ["applicant"],
                "form": "withdraw",
                "message": "application_withdrawn",
                "condition": "case.outcome = null",
                "refusal": {"zh": "申报已经结束，不能撤回。", "en": "The application has ended."},
                "consequence": "撤回后本次申报即告结束，不再参加评选和授奖。",
                **cites(site, CityStep.WITHDRAWAL),
            }
        },
    )


_PIECES: dict[CityStep, Callable[[Site], StepPieces]] = {
    CityStep.OBJECTION: objection_pieces,
    CityStep.SCORING: _scoring,
    CityStep.APPROVAL: _approval,
    CityStep.PAYMENT: payment_pieces,
    CityStep.REVOCATION: revocation_pieces,
    CityStep.WITHDRAWAL: _withdrawal,
    CityStep.REPORTS: reports_pieces,
    CityStep.TITLE: title_pieces,
    CityStep.SEPARATE: separate_pieces,
    CityStep.CORRECTION: correction_pieces,
    CityStep.SECOND_REVIEW: second_review_pieces,
    CityStep.THIRD_REVIEW: third_review_pieces,
    CityStep.SHORTLIST: shortlist_pieces,
    CityStep.RANKING: ranking_pieces,
    CityStep.ANNOUNCEMENT: announcement_pieces,
    CityStep.RECOMMENDATION: recommendation_pieces,
    CityStep.FURTHER_RECOMMENDATION: further_pieces,
    CityStep.CALL: call_pieces,
    CityStep.CALL_DAY: call_day_pieces,
    CityStep.CYCLE: cycle_pieces,
    CityStep.GROUPS: group_pieces,
    CityStep.CATEGORIES: lambda _: StepPieces(application_facts={"category": "string"}),
}
