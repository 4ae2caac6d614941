"""The steps of a new city that cite the law, and the clauses ticked for each before anybody looks."""

from __future__ import annotations

import re
from collections.abc import Mapping

from service.catalog.law import Clause, passages_of
from service.catalog.law_text.presets import presets_of
from service.catalog.new_city.steps import CHOSEN_AT_START, STEP_TITLES, CityStep
from service.domain.text import Text
from service.domain.whole_numbers import whole_number

STEPS = {
    "apply": (Text("申报和受理时间", "Applying, and until when"), ("time_limit", "procedure", "record")),
    "conditions": (Text("申报条件", "Conditions of applicants"), ("eligibility",)),
    "acceptance": (Text("受理决定", "Decision on acceptance"), ("time_limit", "procedure")),
    "vote": (Text("表决和名额", "Vote of the committee, and places"), ("vote", "quota")),
    "notice": (Text("拟奖名单公示", "Notice of the winners"), ("notice",)),
    "conferral": (Text("授奖", "Conferral"), ("prize",)),
}
"""The steps of the first procedure, with the kinds of clauses they usually rest on."""
_SAID_BY = {
    "apply": "window_days",
    "conditions": "founded_years",
    "acceptance": "acceptance_days",
    "notice": "notice_days",
    CityStep.CYCLE.value: "cycle_years",
}
"""The steps whose clause is the one that gives their number."""
_FURTHER = {
    CityStep.RECOMMENDATION: re.compile("推荐"),
    CityStep.SCORING: re.compile("评分|打分|评审员|专家"),
    CityStep.OBJECTION: re.compile("异议"),
    CityStep.APPROVAL: re.compile("审定|报.{0,12}(?:政府|批准)"),
    CityStep.WITHDRAWAL: re.compile("撤回.{0,6}申报|申报.{0,12}撤回|退出评[审选]"),
}
"""The steps that are ticked, with words of the clauses they usually rest on."""

_AFTERWARDS = "sanction"
"""What is revoked, and who is barred, is no step of the first procedure though its words speak of objections and approval."""


def ticked_steps(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the further steps that are ticked."""
    return tuple(step for step in CHOSEN_AT_START if step.value in typed["steps"].split())


def steps_asked(typed: Mapping[str, str]) -> dict[str, Text]:
    """Return the steps of the procedure that is wanted, each with its name."""
    further = ticked_steps(typed) + cycle_step(typed)
    return {**{step: name for step, (name, _) in STEPS.items()}, **{s.value: STEP_TITLES[s] for s in further}}


def cycle_step(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the step of an award that is not given every year."""
    return (CityStep.CYCLE,) if (whole_number(typed["cycle_years"]) or 0) > 1 else ()


def guessed_clauses(clauses: tuple[Clause, ...], typed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each step the clauses that are ticked before anybody looks."""
    further = {
        step.value: tuple(c.id for c in clauses if c.kind != _AFTERWARDS and _FURTHER[step].search(c.text or c.summary))
        for step in ticked_steps(typed)
    }
    found = presets_of(passages_of(clauses))
    said = {step: (clauses[found[key].at].id,) for step, key in _SAID_BY.items() if key in found}
    usual = {step: _guess(clauses, kinds) for step, (_, kinds) in STEPS.items()}
    places = _guess(clauses, ("vote",)) + _guess(clauses, ("quota",))
    guessed = {**usual, "vote": places, **said, **further}
    return {step: cited for step, cited in guessed.items() if step in steps_asked(typed)}


def _guess(clauses: tuple[Clause, ...], kinds: tuple[str, ...]) -> tuple[str, ...]:
    """Return the first clause of the first kind that the law has."""
    return next(((clause.id,) for kind in kinds for clause in clauses if clause.kind == kind), ())
