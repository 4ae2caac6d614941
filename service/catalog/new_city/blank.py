"""Make the first files of a place from blank: applications are examined, voted on, made public and conferred.

The diagrams, the table and the forms are shared patterns (``start_…``) whose slots the place fills; whoever draws on
makes them files of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Any

from ruamel.yaml.comments import CommentedMap, CommentedSeq

from service.catalog.law_text.register import new_register
from service.catalog.new_city.first_forms import WINDOW, form_of, forms_of, founded_clauses
from service.catalog.new_city.outline import CityOutline, require_complete
from service.catalog.new_city.season import first_season
from service.catalog.new_city.step_pieces import NewParameter, StepPieces, pieces_of, recommender_from
from service.catalog.new_city.steps import application_slots, round_slots
from service.catalog.parameters.month_days import CALL_BY
from service.catalog.source.flow_style import choices_entry, flow_list, flow_row, same_day, to_flow_lists
from service.catalog.source.formatting import dump_yaml
from service.catalog.source.json import as_json_file
from service.catalog.tree import Files

_ASKED = "条文有没有规定，请核对后引用条款。"
"""What is open of a value that nobody has compared with the text."""
_VOTE_RULES = {"base": "vote_threshold_base", "secret": "secret_ballot"}
"""The parameters that every ballot keeps to by their names, by what is asked."""
AWARD = "quality_award"


def blank_city(outline: CityOutline) -> Files:
    """Return the files of a place and its award; raises Invalid for an outline that is not complete."""
    require_complete(outline)
    pieces = [pieces_of(step, outline) for step in outline.steps]
    place = f"processes/{outline.id}"
    award = f"{place}/{AWARD}"
    return {
        f"{place}/jurisdiction.yaml": _to_yaml_bytes(_build_jurisdiction(outline, pieces)),
        f"{place}/law.yaml": new_register(outline.law_title, outline.clauses).encode(),
        f"{award}/award.yaml": _to_yaml_bytes(_build_award(outline, pieces)),
        f"{award}/parameters.yaml": _to_yaml_bytes(_build_parameters(outline, pieces)),
        f"{award}/patterns.yaml": _to_yaml_bytes(_build_patterns(outline, pieces)),
        f"{award}/documents/refusal.yaml": _to_yaml_bytes(_refusal_letter(outline)),
        **{
            f"{award}/documents/{name}.yaml": _to_yaml_bytes(document)
            for name, document in _merge_mappings(p.documents for p in pieces).items()
        },
        f"{award}/scenarios/first_season.yaml": _to_yaml_bytes(first_season(outline)),
        **{f"{award}/forms/{name}.json": as_json_file(form_of(outline, name)) for name in forms_of(outline)},
    }


def _build_jurisdiction(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    return {
        "id": outline.id,
        "name": outline.name,
        "name_en": outline.name_en or outline.id,
        "calendar": outline.calendar,
        "start_rule": "next_day",
        "roll": "rest_day",
        "law": flow_row({"title": outline.law_title, "issued": outline.since, "from": same_day(outline.since)}),
        "roles": {
            "applicant": flow_row({"name": "申报组织", "name_en": "Applicant", "subject": True}),
            "office": flow_row({"name": "办公室", "name_en": "Office"}),
            "committee": flow_row({"name": outline.voters[0], "name_en": "Committee"}),
            "chair": flow_row({"name": outline.voters[1], "name_en": "Chair"}),
            **{role: flow_row(role_row) for piece in pieces for role, role_row in piece.roles.items()},
        },
        "bodies": [
            flow_row(
                {
                    "id": "office",
                    "name": outline.office,
                    "kind": "office",
                    "roles": flow_list(["office"]),
                    "area": "全域",
                }
            ),
            flow_row(
                {
                    "id": "committee",
                    "name": outline.committee,
                    "kind": "committee",
                    "roles": flow_list(["committee", "chair"]),
                    "area": "全域",
                }
            ),
            *(flow_row(to_flow_lists(body)) for piece in pieces for body in piece.bodies),
        ],
        **({"bindings": bindings} if (bindings := _merge_mappings(piece.bindings for piece in pieces)) else {}),
    }


def _build_award(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    return {
        "format": 2,
        "id": AWARD,
        "name": outline.award_name,
        "tiers": [flow_row({"id": tier.id, "name": tier.name}) for tier in outline.tiers],
        "processes": {
            "round": {
                "process": f"{outline.id}_round",
                "name": "评选届次",
                "name_en": "Round",
                "started_by": flow_list(["office"]),
                "start_form": "open_round",
                "title": "{open_round.round_name}",
                "facts": flow_row(
                    {
                        "accepting": "boolean",
                        "deadline": "date",
                        "deadline_at": "date and time",
                        "deadline_provisional": "boolean",
                        "accepted": "number",
                        "elected": "list",
                        "ballots": "number",
                        "winners_notice": "string",
                        "winners_notices": "number",
                        "results_reopened": "list",
                        **_merge_mappings(piece.round_facts for piece in pieces),
                    }
                ),
            },
            "application": {
                "process": f"{outline.id}_application",
                "parent": "round",
                "name": "申报",
                "name_en": "Application",
                "started_by": flow_list(["applicant"]),
                "start_form": "apply",
                "start_condition": "round.accepting",
                "start_refusal": flow_row({"zh": "申报已经截止，不再接收。", "en": "Applications are closed."}),
                "one_per_subject": True,
                "title": "{subject.name}",
                **({"clauses": flow_list(cited)} if (cited := _get_cited_clauses(outline, "apply")) else {}),
                **(
                    {"facts": flow_row(facts)}
                    if (facts := _merge_mappings(piece.application_facts for piece in pieces))
                    else {}
                ),
            },
            **to_flow_lists(_merge_mappings(piece.processes for piece in pieces)),
        },
        **(
            {"actions": to_flow_lists(actions)}
            if (actions := _merge_mappings(piece.actions for piece in pieces))
            else {}
        ),
    }


def _build_parameters(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    number = partial(_build_number_entry, outline)
    notice = outline.unit_of("notice_days").value
    places = CommentedSeq([flow_row({"tier": tier.id, "places": tier.places}) for tier in outline.tiers])
    return {
        "format": 2,
        "from": outline.since,
        "parameters": {
            **_call_parameters(outline),
            "min_operating_years": number("founded_years", "成立年限", "Years since foundation"),
            "acceptance_working_days": number("acceptance_days", "受理决定期限", "Time to decide on acceptance"),
            "award_places": {
                "name": "各奖项名额",
                "name_en": "Places of each tier",
                "unit": "table",
                **_open_basis(_get_cited_clauses(outline, "vote")),
                "value": places,
            },
            **_vote_parameters(outline),
            "ballot_working_days": number("vote_days", "投票期限", "Time to vote"),
            f"winners_notice_{notice}": number("notice_days", "拟奖名单公示期", "Notice of the winners"),
            "winners_notice_media": {
                "name": "公示媒体",
                "name_en": "Media of the notice",
                "unit": "list",
                **_open_basis(_get_cited_clauses(outline, "notice")),
                "value": flow_list([]),
            },
            **{
                ident: _parameter_entry(outline.cited.get(step, ()), parameter)
                for step, piece in zip(outline.steps, pieces, strict=True)
                for ident, parameter in piece.parameters.items()
            },
        },
    }


def _call_parameters(outline: CityOutline) -> dict[str, Any]:
    """Return the parameters of the time to apply, and of the latest day of its call."""
    entries = {}
    if outline.window_days:
        window = WINDOW[outline.unit_of("window_days").value]
        entries[window] = _build_number_entry(outline, "window_days", "申报时间至少", "Time to apply, at least")
    if outline.call_by:
        entries[CALL_BY] = {
            "name": "最迟发布申报公告的日子（月-日）",
            "name_en": "Latest day of the call (month-day)",
            "unit": "text",
            **_open_basis(_get_cited_clauses(outline, "apply")),
            "value": outline.call_by,
        }
    return entries


def _vote_parameters(outline: CityOutline) -> dict[str, Any]:
    """Return the rules of a ballot that were answered: how many there are, whose votes count, how many it takes."""
    cited = _get_cited_clauses(outline, "vote")
    entries: dict[str, Any] = {}
    if outline.vote_ballots:
        entries["vote_max_ballots"] = {"clauses": flow_list(cited), "source": "default", "value": outline.vote_ballots}
    for question, ident in _VOTE_RULES.items():
        if answer := outline.vote_rules.get(question, ""):
            value = answer == "true" if question == "secret" else answer
            entries[ident] = {"clauses": flow_list(cited), "source": "default", "value": value}
    for ident, typed in (("vote_threshold", outline.vote_threshold), ("vote_quorum", outline.vote_quorum)):
        if typed:
            entries[ident] = {
                **({"unit": "count"} if typed.isdecimal() else {}),
                "clauses": flow_list(cited),
                "source": "default",
                "value": int(typed) if typed.isdecimal() else typed,
            }
    return entries


def _build_number_entry(outline: CityOutline, number: str, name: str, name_en: str) -> dict[str, Any]:
    """Return the entry of a number that was asked for."""
    named = {"name": name, "name_en": name_en, "unit": outline.unit_of(number).value}
    return {
        **named,
        **_open_basis(_get_cited_clauses(outline, outline.step_of(number))),
        "value": getattr(outline, number),
    }


def _parameter_entry(cited: Sequence[str], parameter: NewParameter) -> dict[str, Any]:
    """Return the entry of a parameter that a step brings: a proposal, to be compared with the clauses it rests on."""
    named: dict[str, Any] = (
        {"name": parameter.name, "name_en": parameter.name_en, "unit": parameter.unit} if parameter.unit else {}
    )
    named |= choices_entry(tuple(parameter.labels), parameter.labels)
    value = (
        to_flow_lists({"v": {"v": parameter.value}})["v"]["v"] if isinstance(parameter.value, list) else parameter.value
    )
    basis = {"clauses": flow_list(cited), "source": "stated"} if parameter.said else _open_basis(cited)
    return {**named, **basis, "value": value}


def _open_basis(cited: Sequence[str]) -> dict[str, Any]:
    """Return the basis of a value that nobody has compared with the clauses of its step yet."""
    return {"clauses": flow_list(cited), "source": "default", "question": _ASKED}


def _refusal_letter(outline: CityOutline) -> dict[str, Any]:
    """Return the letter that says which conditions are not met, each with its article where one is cited."""
    return {
        "id": "refusal",
        "title": "不予受理告知书",
        "number": "告〔{year}〕{sequence}号",
        "addressee": "{subject.name}：",
        "paragraphs": [
            "你单位的申报经审查不予受理，理由如下：",
            flow_row(
                {
                    "each": 'findings[result = "not_met"]',
                    "as": "f",
                    "text": '{index}．{f.text}{if f.article = "" then "" else "（依据" + f.article + "）"}',
                }
            ),
            "{decide.reason}",
        ],
        "signature": outline.office,
    }


def _build_patterns(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    return {
        "round.bpmn": {
            "pattern": "start_round.bpmn",
            "slots": round_slots(outline.steps, outline.cited, outline.voters[0], calendar=outline.calendar_notice),
        },
        "application.bpmn": {
            "pattern": "start_application.bpmn",
            "slots": application_slots(outline.steps, outline.cited, recommender_from(outline.recommenders)),
        },
        "eligibility.dmn": {
            "pattern": "start_eligibility.dmn",
            "slots": {"founded": " ".join(founded_clauses(outline))},
        },
        **_merge_mappings(piece.patterns for piece in pieces),
    }


def _get_cited_clauses(outline: CityOutline, step: str) -> tuple[str, ...]:
    return outline.cited.get(step, ())


def _merge_mappings(mappings: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for mapping in mappings for key, value in mapping.items()}


def _to_yaml_bytes(document: Mapping[str, Any]) -> bytes:
    return dump_yaml(CommentedMap(document)).encode()
