"""What objections bring to a place: their process, the time limits of each phase, and whom an open one holds."""

from __future__ import annotations

from collections.abc import Iterator

from service.catalog.clause_kinds.objection_periods import FROM_A_DAY
from service.catalog.clause_kinds.phase_days import PhaseDays, ident_of
from service.catalog.law_text.objection_phases import PHASES, key_of
from service.catalog.new_city.site import NewParameter, Rows, Site, StepPieces, as_said, cites
from service.catalog.new_city.steps import CityStep
from service.catalog.parameters.parameters import Unit
from service.domain.text import Text

_OBJECTION_FACTS = {
    "stage": "string",
    "objection_result": "string",
    "completions": "number",
    "investigations": "number",
    "identity_forwarded": "boolean",
}
_STARTS = {**FROM_A_DAY, "step": Text("上一环节办完", "the end of the step before")}
"""From when a phase may count."""
_WITHIN = ("investigation", "finding")
"""Phases that end with the answer where one time limit covers all from receipt and they have none of their own."""


def objection_pieces(site: Site) -> StepPieces:
    """Return what objections bring, each phase with the time limit that was answered."""
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
                **cites(site, CityStep.OBJECTION),
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
                **cites(site, CityStep.OBJECTION),
            }
        },
        application_facts={"stage": "string"},
        parameters={
            **dict(_phases(site)),
            **dict(_counted(site)),
            "objection_completion_rounds": NewParameter(1),
            "objection_reply_to": NewParameter(["objector", "organisation_concerned"]),
        },
        bindings={"recommender": "office", "investigator": "office", "objection_decider": "office"},
        patterns=_objection_patterns(site),
    )


def separate_pieces(_site: Site) -> StepPieces:
    """Return what it brings that an open objection holds nobody but whom it concerns."""
    return StepPieces(
        round_facts={"set_aside": "list"},
        parameters={"open_objection_effect_at_submission": NewParameter("hold_organisation", said=True)},
    )


def _phases(site: Site) -> Iterator[tuple[str, NewParameter]]:
    """Yield the time limit of each phase: as answered, none where the answer is none, the place's where nobody asked.

    Where one limit covers all from receipt to answer, the phases within it end with it.
    """
    whole = site.answers.get("counted") in FROM_A_DAY
    for phase in PHASES:
        asked = phase in site.answers
        days = site.answers[phase] if asked else site.phases.get(phase, PhaseDays(site.days))
        if days is None and whole and phase in _WITHIN:
            days = site.answers.get("reply")
        said = asked and days is not None and as_said(site.answers, phase)
        if days is None and phase == "completion":
            days = PhaseDays(site.days)
        told = None if asked else site.stated.get(key_of(phase))
        stated = None if told is None or days is None or told.forbids(days.number) else told
        unit, value = (days.unit, days.number) if days is not None else (Unit.WORKING_DAYS, None)
        yield ident_of(phase, unit), NewParameter(value, said=said, stated=stated)


def _counted(site: Site) -> Iterator[tuple[str, NewParameter]]:
    """Yield from when the time limits count, and who may grant how much more time."""
    answered = str(site.answers.get("counted", ""))
    whole = answered in FROM_A_DAY
    if whole or site.counted:
        names = {"investigation": "核查", "finding": "处理意见", "reply": "答复"}
        for phase, zh in names.items():
            yield (
                f"objection_{phase}_from",
                NewParameter(
                    answered if whole else site.since if phase in site.counted else "step",
                    f"{zh}期限从何时起算",
                    f"From when the {phase} is due",
                    "choice",
                    (whole or phase == "reply") and as_said(site.answers, "counted"),
                    (*_STARTS,),
                    _STARTS,
                    answered=whole or phase == "reply",
                ),
            )
    if (days := site.answers.get("extension")) is not None:
        yield (
            "objection_extension_working_days",
            NewParameter(
                days,
                "异议处理可以延长",
                "Extension of an objection",
                "working_days",
                as_said(site.answers, "extension"),
                answered=True,
            ),
        )
        role = site.answers["extended_by"]
        yield (
            "objection_extension_decider",
            NewParameter(
                role,
                "由谁批准延长异议处理",
                "Who extends the time for an objection",
                "choice",
                as_said(site.answers, "extended_by"),
                tuple(sorted({role, *site.roles})),
                answered=True,
            ),
        )


def _objection_patterns(site: Site) -> Rows:
    slots = ("receipt", "form", "forwarding", "investigation", "finding", "reply", "consequence")
    cited, bound = site.citing(CityStep.OBJECTION), site.bound(CityStep.OBJECTION)
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
                "handle_objection_slots": " ".join(f"{slot}={bound}" for slot in slots),
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
