"""Scenario verbs of experts: putting them on the register, filling in whole score sheets."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.review.register_of_experts import NewExpert, add_expert, train_expert
from service.casework.simulate.scenarios.scenario import ScenarioMistake
from service.casework.simulate.stage.stage import PlayState
from service.catalog.scenarios.scenario_terms import ScenarioTerms
from service.catalog.scoring.scoring import edition_of
from service.domain.calendar import local_date
from service.domain.review import field_of
from service.domain.text import Text
from service.store.models import TaskRow


def enrol_expert(stage: PlayState, data: Mapping[str, Any]) -> tuple[str, Actor]:
    """Put a person on the register as the office would, even one who has acted already; returns name and actor."""
    office = stage.cast.actor("office")
    name, hours = str(data["name"]), data.get("hours")
    trained = _to_day(data.get("trained", _get_training_day(stage))) if data.get("trained") is not False else None
    with_entry = trained is not None and hours is None
    training = str(data.get("training", "卓越绩效评审员培训"))
    new = NewExpert(
        jurisdiction=stage.package.jurisdiction.id,
        login=f"scenario-{name}" if stage.cast.acts(name) else f"scenario-expert-{name}",
        name=name,
        employer=str(data.get("employer", f"{name}单位")),
        place=str(data.get("place", "")),
        education=str(data.get("education", "master")),
        practising_since=_to_day(data.get("since", "2005-01-01")),
        sectors=tuple(str(s) for s in data.get("sectors", ())),
        qualifications=tuple(str(q) for q in data.get("qualifications", ())),
        term_from=_term_from(stage, data),
        term_until=_to_day(data["until"]) if data.get("until") else None,
        training=training if with_entry else "",
        trained_on=trained if with_entry else None,
    )
    expert = add_expert(stage.desk, office, new)
    if trained is not None and hours is not None:
        train_expert(stage.desk, office, expert, training, trained, int(hours), None)
    with stage.desk.store.read() as tx:
        person = tx.experts.get(expert).person_id
    return name, stage.cast.person(person)


_LONG_AGO, _TRAINED = date(2020, 1, 1), date(2025, 6, 1)


def _get_training_day(stage: PlayState) -> date:
    return min(_TRAINED, local_date(stage.clock.now()))


def _term_from(stage: PlayState, data: Mapping[str, Any]) -> date | None:
    """Return the first day of an expert's term: long ago where none is said, today where the regulation limits terms."""
    if "from" in data:
        return _to_day(data["from"])
    limited = any(role.term for role in stage.package.jurisdiction.roles.values())
    return None if limited else min(_LONG_AGO, local_date(stage.clock.now()))


def build_score_sheet(stage: PlayState, task: TaskRow, percent: object) -> dict[str, Any]:
    """Return a score sheet with ``percent`` everywhere (or by item, a mapping with ``all`` for the rest)."""
    edition = stage.package.edition(str(edition_of(task.form or "")))
    percents: Mapping[str, Any] = percent if isinstance(percent, Mapping) else {"all": percent}
    return {
        field_of(item): {
            "percent": str(percents.get(item, percents.get("all"))),
            "strengths": "方法系统，部署到位。",
            "improvements": "改进记录不全。",
        }
        for item in edition.items
    }


def get_seated_actor(stage: PlayState, task: TaskRow, actor: Actor) -> Actor:
    """Return who does a task that a person must do alone: the named ``actor``.

    Raises ScenarioMistake where somebody else has that task.
    """
    if task.assignee_id is None or task.assignee_id == actor.person_id:
        return actor
    element = ScenarioTerms(stage.package).element(task.element)
    raise ScenarioMistake(
        Text(
            f"这一席现在不是“{actor.name}”，“{element}”由别人办理。",
            f"“{actor.name}” does not have this seat: “{element}” is another's.",
        )
    )


def replace_expert_names(stage: PlayState, form_values: Mapping[str, Any]) -> dict[str, Any]:
    """Return form values with the names under ``experts`` and ``leader`` replaced by what a form names a person by."""
    values = dict(form_values)
    if isinstance(values.get("experts"), list) and all(isinstance(name, str) for name in values["experts"]):
        values["experts"] = [person_called(stage, name) for name in values["experts"]]
        if values.get("leader"):
            values["leader"] = person_called(stage, values["leader"])
    return values


def person_called(stage: PlayState, word: object) -> str:
    """Return the value by which a form names a person; raises ScenarioMistake where ``word`` names none."""
    return str(stage.cast.actor(str(word)).person_id)


def _to_day(value: object) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))
