"""The five minutes of the README as a tour in the demonstration's bar: a sentence, where it leads, and as whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.people.factors.sessions import open_session
from service.catalog.source.yaml import parse_yaml, plain
from service.domain.errors import NotFound
from service.domain.text import Text
from service.domain.values.whole_numbers import whole_number
from service.web.demo.cities import DATA, cities, personas
from service.web.frame.requests.cookies import SESSION, drop_cookie, set_cookie
from service.web.frame.requests.current import the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none

PAGES = Blueprint("tour", __name__)
CITY = "laurel_demo_city"
"""Cookie with the city looked at, for visitors who play no person of a city."""
STEP = "laurel_demo_tour"
"""Cookie with the number of the step one is at."""
HOURS = 24 * 366 * 5
"""A played person stays signed in however far the clock is moved."""
_MARKS = re.compile(r"\*\*|`")


@dataclass(frozen=True, slots=True)
class TourWay:
    """Where a step leads: the page ``to`` as the person ``login``, "" for the public of ``city``."""

    login: str
    city: str
    to: str
    label: Text


@dataclass(frozen=True, slots=True)
class TourStep:
    """A step of the tour: ``words`` as the README has them, and where they lead; none where only the bar or a shell is used."""

    words: Text
    ways: tuple[TourWay, ...]

    @property
    def said(self) -> Text:
        """The words as a page shows them, without the marks of a README."""
        return Text(_MARKS.sub("", self.words.zh), _MARKS.sub("", self.words.en))


@dataclass(frozen=True, slots=True)
class Tour:
    """What the bar shows: step ``number`` of ``total``, the first being 1."""

    number: int
    total: int
    step: TourStep


@cache
def tour_steps() -> tuple[TourStep, ...]:
    """Return the steps of deploy/demo/tour.yaml."""
    read: Any = plain(parse_yaml((DATA / "tour.yaml").read_bytes(), "tour.yaml"))
    return tuple(TourStep(_text(one["words"]), tuple(_way(way) for way in one["goes"])) for one in read)


def tour() -> Tour:
    """Return where this browser stands in the tour; who comes for the first time stands at its beginning."""
    steps = tour_steps()
    kept = whole_number(request.cookies.get(STEP, ""))
    number = kept if kept is not None and 1 <= kept <= len(steps) else 1
    return Tour(number, len(steps), steps[number - 1])


@PAGES.post("/demo/tour")
@route_guard("demo.play")
def go() -> ResponseReturnValue:
    """Turn to another step, or go where this one leads, as the person it names."""
    step, way = count_or_none(request.form, "step"), count_or_none(request.form, "way")
    if step is None or not 1 <= step <= len(tour_steps()):
        raise NotFound(Text("导览没有这一步。", "The tour has no such step."))
    ways = tour_steps()[step - 1].ways
    if way is None:
        answer = make_response(redirect(request.referrer or "/"))
    elif 0 <= way < len(ways):
        answer = _led(ways[way])
    else:
        raise NotFound(Text("导览的这一步不通往那里。", "This step of the tour does not lead there."))
    set_cookie(answer, STEP, str(step))
    return answer


def _led(way: TourWay) -> Response:
    answer = make_response(redirect(way.to))
    set_cookie(answer, CITY, way.city)
    if not way.login:
        drop_cookie(answer, SESSION)
        return answer
    with the_desk().store.read() as tx:
        person = tx.people.by_login(way.login)
    if person is None:
        raise NotFound(Text("演示数据尚未准备好，请重新启动。", "The season is not prepared: start again."))
    set_cookie(answer, SESSION, open_session(the_desk(), person.id, HOURS))
    return answer


def _way(raw: Mapping[str, Any]) -> TourWay:
    login = str(raw["login"])
    city = str(raw.get("city") or next((p.city for p in personas() if p.login == login), "") or cities()[0].id)
    return TourWay(login, city, str(raw["to"]), _text(raw["label"]))


def _text(raw: Mapping[str, str]) -> Text:
    return Text(raw["zh"].strip(), raw["en"].strip())
