"""Scenario verbs for records that exist before the season: awards, sanctions, experts and their interests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from service.casework.access.actor import Actor
from service.casework.ballots.declare_recusal import recuse_from_votes
from service.casework.review.ties_on_record import stop_reviews
from service.casework.simulate.scenarios.scenario import Move, ScenarioMistake
from service.casework.simulate.stage.experts import enrol_expert
from service.casework.simulate.stage.stage import PlayState
from service.domain.text import Text
from service.store.models import AwardRow, InterestRow, SanctionRow


def only(move: Move, keys: str) -> Mapping[str, Any]:
    """Return the entry of a step; a key that would be ignored is refused."""
    data: Mapping[str, Any] = move.value
    for key in data:
        if key not in keys.split():
            raise ScenarioMistake(
                Text(
                    f"第{move.number}步：“{move.verb}”没有“{key}”一项，可用：{'、'.join(keys.split())}。",
                    f"Step {move.number}: “{move.verb}” has no “{key}”; there are: {', '.join(keys.split())}.",
                )
            )
    return data


def award(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the register is filled as by an import
    """``award: {for, tier, decided_on, round, details}``: an award on record before the season."""
    data = only(move, "for tier decided_on round details award jurisdiction revoked_on")
    with stage.desk.store.write() as tx:
        tx.awards.insert(
            AwardRow(
                jurisdiction=data.get("jurisdiction", stage.package.jurisdiction.id),
                award=data.get("award", stage.package.award.id),
                tier=data["tier"],
                body_id=stage.cast.organisations[str(data["for"])],
                round=str(data.get("round", "往届")),
                decided_on=date.fromisoformat(str(data["decided_on"])),
                details=dict(data.get("details") or {}),
                revoked_on=date.fromisoformat(str(data["revoked_on"])) if data.get("revoked_on") else None,
            )
        )


def record_earlier_sanction(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the register is filled as by an import
    """``sanction: {for, ground, effect, from_day, last_day}``: a sanction on record before the season."""
    data = only(move, "for ground effect from_day last_day decided_on clauses jurisdiction")
    start_day = date.fromisoformat(str(data["from_day"]))
    with stage.desk.store.write() as tx:
        tx.sanctions.insert(
            SanctionRow(
                jurisdiction=data.get("jurisdiction", stage.package.jurisdiction.id),
                body_id=stage.cast.organisations[str(data["for"])],
                ground=data["ground"],
                effect=data.get("effect", "ban"),
                decided_on=date.fromisoformat(str(data.get("decided_on", start_day))),
                from_day=start_day,
                last_day=date.fromisoformat(str(data["last_day"])) if data.get("last_day") else None,
                clauses=list(data.get("clauses", [])),
                details={},
            )
        )


def expert(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the register is filled as by an import
    """``expert: {name, employer, education, since, sectors, trained, hours, from, until}``: put on the register."""
    keys = "name employer place education since sectors qualifications training trained hours from until"
    stage.cast.introduce(*enrol_expert(stage, only(move, keys)))


def record_earlier_interest(stage: PlayState, move: Move, actor: Actor) -> None:  # noqa: ARG001  the register is filled as by an import
    """``interest: {expert, for, kind, until, text}``: a tie on record, before the season or found during it."""
    data = only(move, "expert for kind until text")
    person = (
        stage.cast.actor(str(data["expert"])).person_id or 0
    )  # read before the write: in memory one excludes the other
    body = stage.cast.organisations[str(data["for"])]
    with stage.desk.store.write() as tx:
        tie = tx.interests.insert(
            InterestRow(
                person_id=person,
                body_id=body,
                kind=str(data.get("kind", "employment")),
                last_day=date.fromisoformat(str(data["until"])) if data.get("until") else None,
                source="record",
                text=str(data.get("text", "")),
                noted_at=stage.desk.clock.now(),
            )
        )
    office, place = stage.cast.actor("office"), stage.package.jurisdiction.id
    stop_reviews(stage.desk, office, place, person, tie)
    recuse_from_votes(stage.desk, office, place, person, body)
