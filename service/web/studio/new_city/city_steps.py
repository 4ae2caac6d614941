"""The steps of a new city that cite the law, and the clauses ticked for each before anybody looks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from service.catalog.assistants.step_clauses import step_clauses
from service.catalog.law.law import Clause
from service.catalog.law_text.objection_phases import held_alone
from service.catalog.new_city.step_titles import STEP_TITLES
from service.catalog.new_city.steps import CHOSEN_AT_START, CityStep
from service.domain.text import Text
from service.domain.values.whole_numbers import typed_whole_number

STEPS = {
    "apply": Text("申报和受理时间", "Applying, and until when"),
    "conditions": Text("申报条件", "Conditions of applicants"),
    "acceptance": Text("受理决定", "Decision on acceptance"),
    "vote": Text("表决和名额", "Vote of the committee, and places"),
    "notice": Text("拟奖名单公示", "Notice of the winners"),
    "conferral": Text("授奖", "Conferral"),
}
"""The steps of the first procedure."""


def ticked_steps(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the further steps that are ticked."""
    return tuple(step for step in CHOSEN_AT_START if step.value in typed["steps"].split())


def steps_asked(typed: Mapping[str, str]) -> dict[str, Text]:
    """Return the steps of the procedure that is wanted, each with its name."""
    further = ticked_steps(typed) + cycle_step(typed)
    return {**STEPS, **{s.value: STEP_TITLES[s] for s in further}}


def cycle_step(typed: Mapping[str, str]) -> tuple[CityStep, ...]:
    """Return the step of an award that is not given every year."""
    return (CityStep.CYCLE,) if (typed_whole_number(typed["cycle_years"]) or 0) > 0 else ()


def cited_with_separate(
    typed: Mapping[str, str], clauses: Iterable[Clause], cited: Mapping[str, tuple[str, ...]]
) -> dict[str, tuple[str, ...]]:
    """Return ``cited`` with the clauses by which an open objection holds only whom it concerns; as it is where none says so."""
    about = cited.get(CityStep.OBJECTION.value, ()) if CityStep.OBJECTION in ticked_steps(typed) else ()
    told = tuple(c.id for c in clauses if c.id in about and held_alone(c.text or c.summary))
    return {**cited, CityStep.SEPARATE.value: told} if told else dict(cited)


def guessed_clauses(clauses: tuple[Clause, ...], typed: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """Return for each step the clauses that are ticked before anybody looks."""
    wanted = steps_asked(typed)
    return {step: cited for step, cited in step_clauses(clauses).items() if step in wanted}
