"""What each further step brings besides its place in the two diagrams: processes, facts, parameters, roles, patterns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from service.catalog.new_city.outline import CityOutline, Recommender
from service.catalog.new_city.steps import CityStep, clauses, format_bound_clauses
from service.catalog.parameters.counting import CYCLE
from service.catalog.settings.periods import FROM_A_DAY, ident_of
from service.catalog.source.flow_style import flow_list
from service.domain.text import Text

Rows = Mapping[str, Any]
RECOMMENDING_ROLE = "recommending_unit"
CHOSEN_BY_APPLICANT = "apply.recommender"
"""The body that recommends, as the applicant chose it."""
_STARTS = {**FROM_A_DAY, "step": Text("上一环节办完", "the end of the step before")}
"""From when a phase of an objection may count."""
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


@dataclass(frozen=True, slots=True)
class NewParameter:
    """A parameter with the value it begins with; name and unit are left out where all places share them.

    ``said``: somebody chose it by the words of the clauses of the step. ``labels`` say what its choices are called.
    """

    value: Any
    name: str = ""
    name_en: str = ""
    unit: str = ""
    said: bool = False
    labels: Mapping[str, Text] = field(default_factory=dict)


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
    documents: Rows = field(default_factory=dict)


def pieces_of(step: CityStep, outline: CityOutline) -> StepPieces:
    """Return what ``step`` brings to a place."""
    return _PIECES[step](outline)


def _cite_clauses(outline: CityOutline, step: CityStep) -> dict[str, Any]:
    """Return the entry by which a process or an action cites the clauses of ``step``; none where there are none."""
    cited = list(outline.cited.get(step, ()))
    return {"clauses": cited} if cited else {}


def _build_scoring(outline: CityOutline) -> StepPieces:
    return StepPieces(
        application_facts={"points": "number"},
        parameters={
            "scoring_edition": NewParameter("gbt19580-2012"),
            "reviewers": NewParameter(outline.reviewers, "评审组人数", "Size of a panel", "count"),
        },
        roles={"expert": {"name": "评审专家", "name_en": "Expert"}},
        bodies=({"id": "experts", "name": "评审专家库", "kind": "committee", "roles": ["expert"], "area": "全域"},),
    )


def _build_approval(outline: CityOutline) -> StepPieces:
    hold_policy = NewParameter("hold_all" if CityStep.OBJECTION in outline.steps else "none")
    government = {
        "id": "government",
        "name": outline.government,
        "kind": "government",
        "roles": ["government"],
        "area": "全域",
    }
    return StepPieces(
        round_facts=_APPROVAL_FACTS,
        application_facts={"stage": "string"},
        parameters={} if CityStep.SEPARATE in outline.steps else {"open_objection_effect_at_submission": hold_policy},
        roles={"government": {"name": "人民政府", "name_en": "Government"}},
        bodies=(government,),
        bindings={"approver": "government"},
    )


def _build_withdrawal(outline: CityOutline) -> StepPieces:
    """Whoever withdraws before the result is struck from what follows: vote, list and award."""
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
                **_cite_clauses(outline, CityStep.WITHDRAWAL),
            }
        },
    )


def _build_separate(outline: CityOutline) -> StepPieces:
    """An open objection holds nobody but whom it concerns."""
    hold_policy = NewParameter("hold_organisation", said=bool(outline.cited.get(CityStep.SEPARATE)))
    return StepPieces(
        round_facts={"set_aside": "list"}, parameters={"open_objection_effect_at_submission": hold_policy}
    )


def _build_cycle(outline: CityOutline) -> StepPieces:
    return StepPieces(parameters={CYCLE: NewParameter(outline.cycle_years)})


def _objection(outline: CityOutline) -> StepPieces:
    return StepPieces(
        processes={
            "objection": {
                "process": f"{outline.id}_objection",
                "parent": "application",
                "name": "异议",
                "name_en": "Objection",
                "started_by": ["public", "office"],
                "start_form": "objection",
                "start_condition": 'application.stage = "candidate" and round.winners_notice = "running"',
                "start_refusal": {"zh": "不在公示期内，不受理异议。", "en": "No notice runs: no objection is taken."},
                "title": "关于{application.title}的异议{case.number}",
                **_cite_clauses(outline, CityStep.OBJECTION),
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
                **_cite_clauses(outline, CityStep.OBJECTION),
            }
        },
        application_facts={"stage": "string"},
        parameters={
            **dict(_iterate_phase_limits(outline)),
            **dict(_iterate_phase_starts(outline)),
            "objection_completion_rounds": NewParameter(1),
            "objection_reply_to": NewParameter(["objector", "organisation_concerned"]),
        },
        bindings={"recommender": "office", "investigator": "office", "objection_decider": "office"},
        patterns=_objection_patterns(outline),
    )


def _iterate_phase_limits(outline: CityOutline) -> Iterator[tuple[str, NewParameter]]:
    """Yield the time limit of each phase."""
    for phase, days in outline.phase_days.items():
        yield ident_of(phase, days.unit), NewParameter(days.number)


def _iterate_phase_starts(outline: CityOutline) -> Iterator[tuple[str, NewParameter]]:
    """Yield from when the phases count that the time of the answer covers, where that runs from receipt or acceptance."""
    names = {"investigation": "核查", "finding": "处理意见", "reply": "答复"}
    for phase, zh in names.items() if outline.objection_from else ():
        since = outline.objection_from if phase in outline.counted_phases else "step"
        yield (
            f"objection_{phase}_from",
            NewParameter(
                since,
                f"{zh}期限从何时起算",
                f"From when the {phase} is due",
                "choice",
                phase == "reply",
                labels=_STARTS,
            ),
        )


def _objection_patterns(outline: CityOutline) -> Rows:
    slots = ("receipt", "form", "forwarding", "investigation", "finding", "reply", "consequence")
    cited, called = clauses(outline.cited, CityStep.OBJECTION), format_bound_clauses(outline.cited, CityStep.OBJECTION)
    values = (
        '{number_pattern: "\\"异〔{year}〕{sequence}号\\"", recommender: "null", recommender_name: "null", '
        'organisation: "\\"application.title\\"", signature: "bodies[key = \\"office\\"][1].name"}'
    )
    return {
        "objection.bpmn": {
            "pattern": "objection.bpmn",
            "slots": {
                "objection_lodged": cited,
                "set_objection": cited,
                "set_objection_values": values,
                "handle_objection_name": "异议处理",
                "handle_objection_slots": " ".join(f"{slot}={called}" for slot in slots),
                "handle_objection": cited,
            },
        },
        "objection_findings.dmn": {
            "pattern": "findings_of_conditions.dmn",
            "slots": {
                "substantiated_condition_told_text": '"异议属实，且不符合申报条件，取消候选资格。"',
                "substantiated_condition_clauses_text": f'"{cited or ""}"',
                "substantiated_other_told_text": '"异议部分或者全部属实，但不影响申报条件，评选继续进行。"',
                "substantiated_other_clauses_text": f'"{cited or ""}"',
                "unsubstantiated_told_text": '"异议不属实，评选继续进行。"',
            },
        },
    }


def _build_recommendation(outline: CityOutline) -> StepPieces:
    """Who recommends, each authority as a body of its own, how many, within which time, and the letter of a refusal."""
    limited = [
        {"unit": recommender.id, "places": recommender.places}
        for recommender in outline.recommenders
        if recommender.places is not None
    ]
    return StepPieces(
        application_facts={"recommender": "string", "recommended": "boolean"},
        parameters={
            "recommendation_working_days": NewParameter(
                outline.recommend_days, "审核推荐期限", "Time to recommend", "working_days"
            ),
            "recommendation_places": NewParameter(
                limited, "各推荐单位推荐名额", "Places of each recommending unit", "table"
            ),
        },
        roles={RECOMMENDING_ROLE: {"name": "推荐单位", "name_en": "Recommending unit"}},
        bodies=tuple(
            {
                "id": recommender.id,
                "name": recommender.name,
                "kind": "department",
                "roles": [RECOMMENDING_ROLE],
                "area": recommender.whose or "全域",
            }
            for recommender in outline.recommenders
        ),
        documents={"not_recommended": _refused_recommendation(list(outline.cited.get(CityStep.RECOMMENDATION, ())))},
    )


def recommender_from(recommenders: tuple[Recommender, ...]) -> str:
    """Return what gives the body that recommends: the only one there is, else the one that the applicant chose."""
    return rf"\"{recommenders[0].id}\"" if len(recommenders) == 1 else CHOSEN_BY_APPLICANT


def _refused_recommendation(cited: list[str]) -> dict[str, Any]:
    return {
        "id": "not_recommended",
        "title": "不予推荐告知书",
        "number": "荐〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": ["你单位的申报经审核不予推荐，理由如下：", "{recommend.opinion}", "本次申报结束。"],
        "signature": "{bodies[key = case.recommender][1].name}",
        **({"clauses": flow_list(cited)} if cited else {}),
    }


_PIECES: dict[CityStep, Callable[[CityOutline], StepPieces]] = {
    CityStep.OBJECTION: _objection,
    CityStep.SEPARATE: _build_separate,
    CityStep.SCORING: _build_scoring,
    CityStep.APPROVAL: _build_approval,
    CityStep.WITHDRAWAL: _build_withdrawal,
    CityStep.RECOMMENDATION: _build_recommendation,
    CityStep.CATEGORIES: lambda _: StepPieces(application_facts={"category": "string"}),
    CityStep.CYCLE: _build_cycle,
}
