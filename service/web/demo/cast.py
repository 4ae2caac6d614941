"""The people of a demonstrated season: accounts, seats, and the words its steps call them by."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from service.casework.access.actor import BUILT_IN, Actor, Seat
from service.casework.desk.desk import Desk
from service.casework.people.accounts.accounts import NewAccount, insert_account
from service.casework.people.rights.seats import give
from service.casework.review.expert_register import NewExpert, add_expert
from service.casework.simulate.scenarios.scenario import Scenario
from service.casework.simulate.stage.cast import Cast
from service.catalog import Package
from service.store import Transaction
from service.web.demo.cities import DemoCity


class DemoCast(Cast):
    """People who exist already: staff and experts by their login, applicants by their organisation's nickname."""

    def __init__(
        self, desk: Desk, package: Package, season: Scenario, actors: dict[str, Actor], organisations: dict[str, int]
    ) -> None:
        self._desk, self._package, self._scenario = desk, package, season
        self._actors, self.organisations = actors, organisations


def cast_of(desk: Desk, package: Package, city: DemoCity) -> DemoCast:
    """Give everybody of ``city`` an account, and return them; the register of experts is filled by its office."""
    actors: dict[str, Actor] = {}
    organisations: dict[str, int] = {}
    emails: Mapping[str, Any] = city.people.get("emails") or {}
    with desk.store.write() as tx:
        for person in city.people["staff"]:
            seats = [_seat(tx, city, person, role) for role in (person["role"], *person.get("also", ()))]
            actors[person["login"]] = _add(desk, tx, person["login"], person["name"], *seats)
        for nick in city.season.organisations:
            seat = _organisation(tx, city, nick)
            organisations[nick] = seat.body_id
            actors[nick] = _add(
                desk, tx, city.login(nick), str(city.people["contacts"][nick]), seat, email=str(emails.get(nick, ""))
            )
    cast = DemoCast(desk, package, city.season, actors, organisations)
    office = next(one for one in actors.values() if one.seats[0].body_kind == "office")
    for row in city.people.get("experts") or ():
        add_expert(desk, office, expert_of(city, row, date(2023, 1, 1)))
        with desk.store.read() as tx:
            known = tx.people.by_login(row["login"])
        assert known is not None
        cast.introduce(row["login"], cast.person(known.id))
    return cast


def _seat(tx: Transaction, city: DemoCity, person: Mapping[str, Any], role: str) -> Seat:
    body = tx.people.body_by_key(city.id, person["body"])
    assert body is not None
    seat = Seat(city.id, role, body.id, body.key, body.name, body.kind)
    return replace(seat, jurisdiction="*") if seat.role in BUILT_IN else seat


def _organisation(tx: Transaction, city: DemoCity, nick: str) -> Seat:
    data = city.season.organisations[nick]
    key, name, kind = str(data["uscc"]), str(data["name"]), str(data.get("kind", "organisation"))
    ident = tx.people.upsert_body("*", key, kind=kind, name=name, registered_in=city.id)
    return Seat("*", city.subject_role, ident, key, name, kind)


def expert_of(city: DemoCity, row: Mapping[str, Any], term_from: date | None = None) -> NewExpert:
    """Return the entry in the register of ``city`` for an expert as people.yaml has them; ``term_from`` None is today."""
    return NewExpert(
        jurisdiction=city.id,
        login=row["login"],
        name=row["name"],
        employer=row["employer"],
        education=row.get("education", "master"),
        practising_since=row.get("since", date(2008, 7, 1)),
        sectors=tuple(row.get("sectors") or ()),
        qualifications=tuple(row.get("qualifications") or ()),
        term_from=term_from,
        training="卓越绩效评审员培训",
        trained_on=row.get("trained", date(2024, 6, 1)),
    )


def _add(desk: Desk, tx: Transaction, login: str, name: str, *seats: Seat, email: str = "") -> Actor:
    now = desk.clock.now()
    ident = insert_account(tx, NewAccount(login, name, "", email), None, now)
    for seat in seats:
        give(tx, ident, seat, now)
    return Actor(ident, name, seats)
