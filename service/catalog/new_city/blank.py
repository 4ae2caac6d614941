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
from service.catalog.new_city.application_slots import application_slots, starts_of
from service.catalog.new_city.ballot_entry import ballots_of, majority_of, vote_rules_of
from service.catalog.new_city.call_rules import call_parameters, is_call_by_said
from service.catalog.new_city.condition_clauses import founded_clauses
from service.catalog.new_city.form_uses import form_of, forms_of
from service.catalog.new_city.outline import CityOutline
from service.catalog.new_city.outline_faults import demand_complete
from service.catalog.new_city.recommendation_pieces import PLACES_STATED, recommender_from
from service.catalog.new_city.refusal_letter import refusal_letter
from service.catalog.new_city.rows import choices_entry, flow_list, flow_row, flowing, same_day
from service.catalog.new_city.season import first_season
from service.catalog.new_city.site import ASKED, NewParameter, Site, StepPieces
from service.catalog.new_city.stated_bounds import StatedNumber, clauses_of_places, clauses_saying, places_stated
from service.catalog.new_city.step_pieces import pieces_of
from service.catalog.new_city.steps import RANKED, round_slots
from service.catalog.parameters.parameters import Unit
from service.catalog.source.format_yaml import dump_yaml
from service.catalog.source.json import as_json_file
from service.catalog.tree import Files

AWARD = "quality_award"


def blank_city(outline: CityOutline) -> Files:
    """Return the files of a place and its award; raises Invalid for an outline that is not complete."""
    demand_complete(outline)
    pieces = [pieces_of(step, site_of(outline)) for step in outline.steps]
    place = f"processes/{outline.id}"
    award = f"{place}/{AWARD}"
    return {
        f"{place}/jurisdiction.yaml": _yaml(_jurisdiction(outline, pieces)),
        f"{place}/law.yaml": new_register(outline.law_title, outline.clauses).encode(),
        f"{award}/award.yaml": _yaml(_award(outline, pieces)),
        f"{award}/parameters.yaml": _yaml(_parameters(outline, pieces)),
        f"{award}/patterns.yaml": _yaml(_patterns(outline, pieces)),
        f"{award}/documents/refusal.yaml": _yaml(refusal_letter(outline)),
        **{
            f"{award}/documents/{name}.yaml": _yaml(said) for name, said in _joined(p.documents for p in pieces).items()
        },
        f"{award}/scenarios/first_season.yaml": _yaml(first_season(outline)),
        **{f"{award}/forms/{name}.json": as_json_file(form_of(outline, name)) for name in forms_of(outline)},
    }


def site_of(outline: CityOutline) -> Site:
    """Return what the further steps need to know of a place."""
    given = {one.name: one.places for one in outline.recommenders}
    places = places_stated(outline.clauses, outline.cited, given)
    return Site(
        outline.id,
        outline.cited,
        frozenset(outline.steps),
        outline.government,
        outline.objection_days,
        outline.reviewers,
        recommenders=outline.recommenders,
        recommend_days=outline.recommend_days,
        cycle=outline.cycle_years,
        stated={**outline.stated, **({PLACES_STATED: places} if places else {})},
        phases=outline.phase_days,
        counted=outline.counted_phases,
        since=outline.counts_from,
    )


def _jurisdiction(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
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
            **{role: flow_row(said) for piece in pieces for role, said in piece.roles.items()},
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
            *(flow_row(flowing(body)) for piece in pieces for body in piece.bodies),
        ],
        **({"bindings": bindings} if (bindings := _joined(piece.bindings for piece in pieces)) else {}),
    }


def _award(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
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
                        **_joined(piece.round_facts for piece in pieces),
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
                **({"clauses": flow_list(cited)} if (cited := _cited(outline, "apply")) else {}),
                **(
                    {"facts": flow_row(facts)}
                    if (facts := _joined(piece.application_facts for piece in pieces))
                    else {}
                ),
            },
            **flowing(_joined(piece.processes for piece in pieces)),
        },
        **({"actions": flowing(actions)} if (actions := _joined(piece.actions for piece in pieces)) else {}),
    }


def _parameters(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    days = partial(_number, outline)
    notice = "calendar_days" if outline.calendar_notice else "working_days"
    of_places = list(clauses_of_places(outline.clauses, tuple(tier.name for tier in outline.tiers)))
    places = CommentedSeq([flow_row({"tier": tier.id, "places": tier.places}) for tier in outline.tiers])
    return {
        "format": 2,
        "from": outline.since,
        "parameters": {
            **call_parameters(outline, days, _basis(_cited(outline, "apply") if is_call_by_said(outline) else ())),
            "min_operating_years": days("conditions", "founded_years", "成立年限", "Years since foundation", "years"),
            "acceptance_working_days": days(
                "acceptance", "acceptance_days", "受理决定期限", "Time to decide on acceptance"
            ),
            "award_places": {
                "name": "各奖项名额",
                "name_en": "Places of each tier",
                "unit": "table",
                **_basis(tuple(of_places)),
                "value": places,
            },
            **ballots_of(outline.vote_ballots, _cited(outline, "vote"), outline.clauses),
            **vote_rules_of(outline.vote_rules, _cited(outline, "vote"), outline.clauses),
            **majority_of(_cited(outline, "vote"), outline.clauses),
            "ballot_working_days": days("vote", "vote_days", "投票期限", "Time to vote"),
            f"winners_notice_{notice}": days(
                "notice", "notice_days", "拟奖名单公示期", "Notice of the winners", notice
            ),
            "winners_notice_media": {
                "name": "公示媒体",
                "name_en": "Media of the notice",
                "unit": "list",
                "clauses": flow_list(_cited(outline, "notice")),
                "source": "default",
                "question": ASKED,
                "value": flow_list([]),
            },
            **{
                ident: parameter_entry(outline.cited.get(step, ()), parameter)
                for step, piece in zip(outline.steps, pieces, strict=True)
                for ident, parameter in piece.parameters.items()
            },
        },
    }


def _number(
    outline: CityOutline, step: str, number: str, name: str, name_en: str, unit: str = "working_days"
) -> dict[str, Any]:
    """Return the entry of a number that was asked for: stated by the clauses of ``step`` that have it, else the place's own."""
    value, unsaid = getattr(outline, number), number in outline.unsaid
    stated = None if unsaid else outline.stated.get(number)
    saying = () if unsaid else tuple(clauses_saying(outline.clauses, _cited(outline, step), value, Unit(unit)))
    basis = _stated(stated) if stated else _basis(saying)
    return {"name": name, "name_en": name_en, "unit": unit, **basis, **({} if "exactly" in basis else {"value": value})}


def parameter_entry(cited: Sequence[str], parameter: NewParameter) -> dict[str, Any]:
    """Return the entry of a parameter that a step brings: a proposal, to be compared with the clauses it rests on."""
    said: dict[str, Any] = (
        {"name": parameter.name, "name_en": parameter.name_en, "unit": parameter.unit} if parameter.unit else {}
    )
    said |= choices_entry(parameter.choices, parameter.labels)
    value = flowing({"v": {"v": parameter.value}})["v"]["v"] if isinstance(parameter.value, list) else parameter.value
    if parameter.stated is not None and not (parameter.stated.side == "exactly" and parameter.stated.forbids(value)):
        stated = _stated(parameter.stated)
        return {**said, **stated, **({} if "exactly" in stated else {"value": value})}
    basis = {"source": "stated"} if parameter.said else {"source": "default", "question": ASKED}
    return {**said, "clauses": flow_list(cited), **basis, "value": value}


def _stated(stated: StatedNumber) -> dict[str, Any]:
    """Return the basis of a number that a clause gives, with the bound that its words draw."""
    bound = {stated.side: stated.number} if stated.side else {}
    return {"clauses": flow_list([stated.clause]), "source": "stated", **bound}


def _basis(saying: Sequence[str]) -> dict[str, Any]:
    """Return whose word a value is: that of the clauses that give it, or the place's where none does."""
    if saying:
        return {"clauses": flow_list(saying), "source": "stated"}
    return {"clauses": flow_list([]), "source": "default", "question": ASKED}


def _patterns(outline: CityOutline, pieces: Sequence[StepPieces]) -> dict[str, Any]:
    return {
        "round.bpmn": {
            "pattern": "start_round.bpmn",
            "slots": round_slots(
                outline.steps,
                outline.cited,
                calendar=outline.calendar_notice,
                more={**RANKED, "vote_name": f"{outline.voters[0]}表决"},
            ),
        },
        "application.bpmn": {
            "pattern": "start_application.bpmn",
            "slots": application_slots(
                outline.steps,
                outline.cited,
                recommender=recommender_from(outline.recommenders),
                starts=starts_of(outline.clauses, outline.stated),
            ),
        },
        "eligibility.dmn": {
            "pattern": "start_eligibility.dmn",
            "slots": {"founded": " ".join(founded_clauses(outline))},
        },
        **_joined(piece.patterns for piece in pieces),
    }


def _cited(outline: CityOutline, step: str) -> tuple[str, ...]:
    return outline.cited.get(step, ())


def _joined(found: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    return {key: value for one in found for key, value in one.items()}


def _yaml(said: Mapping[str, Any]) -> bytes:
    return dump_yaml(CommentedMap(said)).encode()
