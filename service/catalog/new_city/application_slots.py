"""What the pattern of an application is filled with, by the further steps of a first procedure."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from types import MappingProxyType

from service.catalog.law.law import Clause
from service.catalog.law_text.limit_starts import LimitStart, StartSaid, start_said
from service.catalog.new_city.stated_bounds import StatedNumber
from service.catalog.new_city.steps import Cited, CityStep, Slots, bound, clauses, is_waiting, yes

AS_USUAL: Mapping[str, str] = MappingProxyType(
    {
        "correction_form": "apply",
        "correction_due": "workdays(param.correction_working_days)",
        "lapsed_name": "视为放弃申报",
    }
)
"""How a correction goes where nothing else was answered: the form that is filled in anew, its time limit, what is late."""
STAGE_NAMES: Mapping[str, str] = MappingProxyType({"second_review": "现场评审", "third_review": "陈述答辩"})
"""What the later stages of review are called where nothing else was answered."""
CHOSEN_BY_APPLICANT = "apply.recommender"
"""The body that recommends, as the applicant chose it."""
_LIMITS = {
    "acceptance_due": ("acceptance_working_days", "acceptance_days"),
    "recommendation_due": ("recommendation_working_days", "recommend_days"),
}
"""The slots of time limits, with the parameter of each and what its number is called among those of a new place."""
_DAYS = {LimitStart.DEADLINE: "date(round.deadline)", LimitStart.FILED: "date and time(case.started_at)"}
"""The days, other than that on which the task begins, from which they may count."""
_LEFT_ROUNDS = "param.correction_rounds - (if case.corrections = null then 0 else case.corrections)"


def application_slots(
    steps: Collection[CityStep],
    cited: Cited,
    correction: Mapping[str, str] = AS_USUAL,
    names: Mapping[str, str] = STAGE_NAMES,
    recommender: str = CHOSEN_BY_APPLICANT,
    starts: Mapping[str, StartSaid | None] = MappingProxyType({}),
) -> Slots:
    """Return what the pattern of an application is filled with.

    ``correction`` says how an application is corrected, ``names`` what the later stages of review are called, ``recommender`` what
    gives the body that recommends, as a text within a text. ``starts`` says by its slot from when a time limit counts.
    """
    scoring, waiting, objection = CityStep.SCORING in steps, is_waiting(steps), CityStep.OBJECTION in steps
    withdrawal = CityStep.WITHDRAWAL in steps
    variables = ["exam: context", "decision: string"]
    variables += ["review: context", "collected: context"] if scoring else []
    variables += ["shortlist: context"] if CityStep.SHORTLIST in steps else []
    variables += ["verdict: context"] if waiting else []
    variables += ["disqualification: context"] if objection else []
    return {
        "variables": ", ".join(variables),
        "with_waiting": yes(waiting),
        "with_objection": yes(objection),
        "with_withdrawal": yes(withdrawal),
        "with_choice": yes(objection or withdrawal),
        "waits_alone": yes(waiting and not objection and not withdrawal),
        "accepted_ends": yes(not scoring and not waiting),
        "accepted_waits": yes(waiting and not scoring),
        "applied": clauses(cited, "apply"),
        "examine": clauses(cited, "conditions"),
        "decide": clauses(cited, "acceptance"),
        "explain": clauses(cited, "acceptance"),
        "mark_candidate": None,
        "await_result": None,
        "withdrawn": clauses(cited, "withdrawal"),
        "disqualified": clauses(cited, "objection"),
        **_review_slots(steps, cited, names),
        **_shortlist_slots(steps, cited),
        **_correction_slots(steps, cited, correction),
        "with_groups": yes(CityStep.GROUPS in steps),
        "without_groups": yes(CityStep.GROUPS not in steps),
        "set_group": clauses(cited, "groups"),
        "with_categories": yes(CityStep.CATEGORIES in steps),
        **_recommendation_slots(steps, cited, recommender),
        "corrected_anew": yes({CityStep.CORRECTION, CityStep.CATEGORIES} <= set(steps)),
        "corrected_as_it_was": yes(CityStep.CORRECTION in steps and CityStep.CATEGORIES not in steps),
        "set_category": clauses(cited, "categories"),
        **{slot: _due(parameter, starts.get(slot)) for slot, (parameter, _) in _LIMITS.items()},
    }


def starts_of(clauses_there: Iterable[Clause], stated: Mapping[str, StatedNumber]) -> dict[str, StartSaid | None]:
    """Return from when each time limit counts by the clause that states its number."""
    texts = {clause.id: clause.text or clause.summary for clause in clauses_there}
    known = {slot: stated[number] for slot, (_, number) in _LIMITS.items() if number in stated}
    return {slot: start_said(texts[said.clause], str(said.number), said.unit.value) for slot, said in known.items()}


def _due(parameter: str, said: StartSaid | None) -> str:
    """Return the formula of a time limit, from the day that the text names; from when its task begins where it names none."""
    day = _DAYS.get(said.start) if said is not None and said.start is not None else None
    return f"workdays(param.{parameter}{f', {day}' if day else ''})"


def _recommendation_slots(steps: Collection[CityStep], cited: Cited, recommender: str) -> Slots:
    """Return what lets an authority recommend before the conditions are examined; corrected material is not judged anew."""
    asked, by_category = CityStep.RECOMMENDATION in steps, CityStep.CATEGORIES in steps
    further = asked and CityStep.FURTHER_RECOMMENDATION in steps
    return {
        "with_recommendation": yes(asked),
        "recommender_from": recommender,
        "recommendation": clauses(cited, "recommendation"),
        "withdrawn_in_recommendation": yes(asked and CityStep.WITHDRAWAL in steps),
        "without_categories": yes(not by_category and not asked),
        "categories_alone": yes(by_category and not asked),
        "recommended_examined": yes(asked and not by_category and not further),
        "recommended_in_category": yes(asked and by_category and not further),
        "with_further": yes(further),
        "further_recommendation": clauses(cited, "further_recommendation"),
        "withdrawn_in_further": yes(further and CityStep.WITHDRAWAL in steps),
        "further_examined": yes(further and not by_category),
        "further_in_category": yes(further and by_category),
    }


def _review_slots(steps: Collection[CityStep], cited: Cited, names: Mapping[str, str]) -> Slots:
    """Return what lets experts review an application, in one stage, two or three."""
    scoring, waiting, withdrawal = CityStep.SCORING in steps, is_waiting(steps), CityStep.WITHDRAWAL in steps
    twice = scoring and CityStep.SECOND_REVIEW in steps
    thrice = twice and CityStep.THIRD_REVIEW in steps
    return {
        "with_scoring": yes(scoring),
        "withdrawn_in_review": yes(withdrawal and scoring),
        "scored_ends": yes(scoring and not twice and not waiting),
        "scored_waits": yes(scoring and not twice and waiting),
        "open_review": clauses(cited, "scoring"),
        "review": bound(cited, "scoring"),
        "with_second_review": yes(twice),
        "withdrawn_in_second_review": yes(withdrawal and twice),
        "reviewed_twice_ends": yes(twice and not thrice and not waiting),
        "reviewed_twice_waits": yes(twice and not thrice and waiting),
        "open_second_review": clauses(cited, "second_review"),
        "second_review": bound(cited, "second_review"),
        "second_review_name": names["second_review"],
        "with_third_review": yes(thrice),
        "withdrawn_in_third_review": yes(withdrawal and thrice),
        "reviewed_thrice_ends": yes(thrice and not waiting),
        "reviewed_thrice_waits": yes(thrice and waiting),
        "open_third_review": clauses(cited, "third_review"),
        "third_review": bound(cited, "third_review"),
        "third_review_name": names["third_review"],
    }


def _shortlist_slots(steps: Collection[CityStep], cited: Cited) -> Slots:
    """Return what keeps from the second stage of review whoever is not on the shortlist."""
    twice = {CityStep.SCORING, CityStep.SECOND_REVIEW} <= set(steps)
    listed, withdrawal = twice and CityStep.SHORTLIST in steps, CityStep.WITHDRAWAL in steps
    return {
        "with_shortlist": yes(listed),
        "reviewed_goes_on": yes(twice and not listed),
        "shortlist_alone": yes(listed and not withdrawal),
        "withdrawn_before_shortlist": yes(listed and withdrawal),
        "on_shortlist": clauses(cited, "shortlist"),
    }


def _correction_slots(steps: Collection[CityStep], cited: Cited, correction: Mapping[str, str]) -> Slots:
    """Return what lets the office ask for a correction instead of deciding."""
    asked = CityStep.CORRECTION in steps
    left = f", rounds_left: {_LEFT_ROUNDS}" if asked else ""
    returned = "要补正的一次告知，补正后重新审查；" if asked else ""
    return {
        **correction,
        "with_correction": yes(asked),
        "withdrawn_in_correction": yes(asked and CityStep.WITHDRAWAL in steps),
        "decide_prefill": f"{{conditions: exam.result{left}}}",
        "decide_consequence": f"{returned}受理的参加评选，不予受理的书面说明理由。",
        **dict.fromkeys(
            ("ask_correction", "correct_material", "correction_over", "tell_lapsed"), clauses(cited, "correction")
        ),
    }
