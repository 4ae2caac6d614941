"""The bar at the top of a demonstration: city, person played, and day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from flask import request

from service.domain.text import Text
from service.web.demo.cities import DemoCity, Persona, cities, personas
from service.web.demo.tour import CITY, Tour, tour
from service.web.frame.requests.current import the_actor, the_desk


@dataclass(frozen=True, slots=True)
class CityChoice:
    """A city of the demonstration: its short name for the button, its name, and where its season stands."""

    id: str
    label: Text
    name: Text
    stage: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class DemoBar:
    """What the bar shows: the cities, the chosen one's people by group, whom one plays, the instant, the tour."""

    cities: tuple[CityChoice, ...]
    groups: tuple[tuple[str, tuple[Persona, ...]], ...]
    playing: str
    now: datetime
    tour: Tour


def demo_bar() -> DemoBar:
    """Return the bar of this request."""
    name = the_actor().name if the_actor().person_id is not None else ""
    chosen = city_looked_at()
    people = sorted((p for p in personas() if p.city in (chosen.id, "")), key=lambda p: p.city == "")
    groups = tuple((group, tuple(found)) for group, found in groupby(people, key=lambda p: p.group))
    choices = tuple(CityChoice(city.id, city.label, city.name, city.season.title, city is chosen) for city in cities())
    return DemoBar(choices, groups, name, the_desk().clock.now(), tour())


def city_looked_at() -> DemoCity:
    """Return the city of whom one plays, else that whose portal is shown, else the one chosen last, else the first."""
    name = the_actor().name if the_actor().person_id is not None else ""
    played = next((p.city for p in personas() if p.name == name), "")
    shown = next((city.id for city in cities() if request.path == f"/portal/{city.id}"), "")
    wanted = played or shown or request.cookies.get(CITY, "")
    return next((city for city in cities() if city.id == wanted), cities()[0])
