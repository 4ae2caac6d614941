"""What each further step brings besides its place in the two diagrams: processes, facts, parameters, roles, patterns."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.catalog.new_city.steps import Cited, CityStep

Rows = Mapping[str, Any]
_OBJECTION_FACTS = {
    "stage": "string",
    "objection_result": "string",
    "completions": "number",
    "investigations": "number",
    "identity_forwarded": "boolean",
}
_APPROVAL_FACTS = {
    "submission_list": "list",
    "held_list": "list",
    "approval_waits": "number",
    "approved_list": "list",
    "struck_list": "list",
    "decision_number": "string",
    "decided_on": "date",
}
_PAYMENT_FACTS = {
    "award": "number",
    "tier": "string",
    "prize_yuan": "number",
    "decided_on": "date",
    "instalment": "number",
    "instalments_paid": "list",
}


@dataclass(frozen=True, slots=True)
class NewParameter:
    """A parameter with the value it begins with; name and unit are left out where all places share them."""

    value: Any
    name: str = ""
    name_en: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class StepPieces:
    """What is added to the files of a place, by its key there."""

    processes: Rows = field(default_factory=dict)
    actions: Rows = field(default_factory=dict)
    round_facts: Rows = field(default_factory=dict)
    application_facts: Rows = field(default_factory=dict)
    parameters: Mapping[str, NewParameter] = field(default_factory=dict)
    roles: Rows = field(default_factory=dict)
    bodies: tuple[Rows, ...] = ()
    bindings: Mapping[str, str] = field(default_factory=dict)
    patterns: Rows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Site:
    """The place that a step is drawn for: ``cited`` by step, ``first`` is cited where something must be.

    ``days`` is a time limit of an objection in working days, ``reviewers`` the experts of a panel; ``prize`` and ``ban``
    are the parameters that say how much a winner gets and how long who was revoked may not apply.
    """

    id: str
    cited: Cited
    first: str
    steps: frozenset[CityStep]
    government: str = ""
    days: int = 5
    reviewers: int = 3
    prize: str = "prize_yuan"
    ban: str = "false_material_ban_years"

    def clauses(self, step: CityStep) -> list[str]:
        """Return the clauses that ``step`` carries out."""
        return list(self.cited.get(step, ()))

    def bound(self, step: CityStep) -> str:
        """Return what a shared diagram called for ``step`` cites."""
        return ",".join(self.cited.get(step, ())) or self.first


def pieces_of(step: CityStep, site: Site) -> StepPieces:
    """Return what ``step`` brings to ``site``."""
    return _PIECES[step](site)


def _objection(site: Site) -> StepPieces:
    days = NewParameter(site.days)
    return StepPieces(
        processes={
            "objection": {
                "process": f"{site.id}_objection",
                "parent": "application",
                "name": "异议",
                "name_en": "Objection",
                "started_by": ["public", "office"],
                "start_form": "objection",
                "start_condition": 'application.stage = "candidate" and round.winners_notice = "running"',
                "start_refusal": {"zh": "不在公示期内，不受理异议。", "en": "No notice runs: no objection is taken."},
                "title": "异议{case.number}",
                **_cites(site, CityStep.OBJECTION),
                "facts": _OBJECTION_FACTS,
            }
        },
        actions={
            "complete_objection": {
                "process": "objection",
                "name": "补正异议材料",
                "name_en": "Complete the objection",
                "roles": ["public", "office"],
                "form": "objection_completion",
                "message": "objection_completed",
                "condition": 'case.stage = "incomplete"',
                **_cites(site, CityStep.OBJECTION),
            }
        },
        application_facts={"stage": "string"},
        parameters={
            "objection_acceptance_working_days": days,
            "objection_completion_rounds": NewParameter(1),
            "objection_completion_working_days": days,
            "objection_forward_working_days": days,
            "objection_investigation_working_days": days,
            "objection_finding_working_days": days,
            "objection_reply_working_days": days,
            "objection_reply_to": NewParameter(["objector", "organisation_concerned"]),
        },
        bindings={"recommender": "office", "investigator": "office", "objection_decider": "office"},
        patterns=_objection_patterns(site),
    )


def _objection_patterns(site: Site) -> Rows:
    slots = ("receipt", "form", "forwarding", "investigation", "finding", "reply", "consequence")
    cited, bound = " ".join(site.clauses(CityStep.OBJECTION)) or site.first, site.bound(CityStep.OBJECTION)
    values = (
        '{number_pattern: "\\"异〔{year}〕{sequence}号\\"", recommender: "null", recommender_name: "null", '
        'organisation: "application.title", signature: "bodies[key = \\"office\\"][1].name"}'
    )
    return {
        "objection.bpmn": {
            "pattern": "objection.bpmn",
            "slots": {
                "objection_lodged": cited,
                "set_objection": cited,
                "set_objection_values": values,
                "handle_objection_name": "异议处理",
                "handle_objection_slots": " ".join(f"{slot}={bound}" for slot in slots),
                "handle_objection": cited,
            },
        },
        "objection_findings.dmn": {
            "pattern": "findings_of_conditions.dmn",
            "slots": {
                "substantiated_condition_told_text": '"异议属实，且不符合申报条件，取消候选资格。"',
                "substantiated_condition_clauses_text": f'"{cited}"',
                "substantiated_other_told_text": '"异议部分或者全部属实，但不影响申报条件，评选继续进行。"',
                "substantiated_other_clauses_text": f'"{cited}"',
                "unsubstantiated_told_text": '"异议不属实，评选继续进行。"',
            },
        },
    }


def _scoring(site: Site) -> StepPieces:
    return StepPieces(
        application_facts={"points": "number"},
        parameters={
            "scoring_edition": NewParameter("gbt19580-2012"),
            "reviewers": NewParameter(site.reviewers, "评审组人数", "Size of a panel", "count"),
        },
        roles={"expert": {"name": "评审专家", "name_en": "Expert"}},
        bodies=({"id": "experts", "name": "评审专家库", "kind": "committee", "roles": ["expert"], "area": "全域"},),
    )


def _approval(site: Site) -> StepPieces:
    held = "hold_all" if CityStep.OBJECTION in site.steps else "none"
    return StepPieces(
        round_facts=_APPROVAL_FACTS,
        application_facts={"stage": "string"},
        parameters={"open_objection_effect_at_submission": NewParameter(held)},
        roles={"government": {"name": "人民政府", "name_en": "Government"}},
        bodies=(
            {
                "id": "government",
                "name": site.government,
                "kind": "government",
                "roles": ["government"],
                "area": "全域",
            },
        ),
        bindings={"approver": "government"},
    )


def _payment(site: Site) -> StepPieces:
    cited = " ".join(site.clauses(CityStep.PAYMENT)) or site.first
    return StepPieces(
        processes={
            "payment": {
                "process": f"{site.id}_payment",
                "parent": "round",
                "one_per_subject": True,
                "name": "奖金",
                "name_en": "Prize",
                "started_by": ["office"],
                "title": "{subject.name}奖金",
                **_cites(site, CityStep.PAYMENT),
                "facts": _PAYMENT_FACTS,
            }
        },
        round_facts={"winners": "list"},
        parameters={
            site.prize: NewParameter(10000, "奖金", "Prize", "yuan"),
            "prize_instalments": NewParameter(1, "奖金分几期发放", "Instalments of the prize", "count"),
        },
        patterns={
            "payment.bpmn": {
                "pattern": "start_payment.bpmn",
                "slots": {"prize_due": cited, "set_instalments": cited, "pay": site.bound(CityStep.PAYMENT)},
            }
        },
    )


def _revocation(site: Site) -> StepPieces:
    cited = " ".join(site.clauses(CityStep.REVOCATION)) or site.first
    return StepPieces(
        processes={
            "revocation": {
                "process": f"{site.id}_revocation",
                "parent": "application",
                "same_subject": True,
                "name": "撤销奖励",
                "name_en": "Revocation",
                "started_by": ["office"],
                "title": "{subject.name}撤销奖励",
                **_cites(site, CityStep.REVOCATION),
                "facts": {"revocation": "string", "recovery_demands": "number"},
            }
        },
        parameters={
            site.ban: NewParameter(3),
            "hearing_working_days": NewParameter(5),
            "recovery_calendar_days": NewParameter(30),
        },
        bindings={"recommender": "office", "revocation_proposer": "committee", "revocation_authority": "office"},
        patterns={
            "revocation.bpmn": {
                "pattern": "start_revocation.bpmn",
                "slots": {
                    "revocation_opened": cited,
                    "set_revocation": cited,
                    "revoke": site.bound(CityStep.REVOCATION),
                    "ban_parameter": site.ban,
                },
            }
        },
    )


def _cites(site: Site, step: CityStep) -> dict[str, Any]:
    cited = site.clauses(step)
    return {"clauses": cited} if cited else {}


_PIECES: dict[CityStep, Callable[[Site], StepPieces]] = {
    CityStep.OBJECTION: _objection,
    CityStep.SCORING: _scoring,
    CityStep.APPROVAL: _approval,
    CityStep.PAYMENT: _payment,
    CityStep.REVOCATION: _revocation,
}
