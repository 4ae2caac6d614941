"""Pages of the demonstration: step into a person, move the clock, the tour."""

from __future__ import annotations

import logging
import re
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from itertools import groupby
from typing import Any

from flask import Blueprint, Response, make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.access.actor import SYSTEM
from service.casework.desk.clock import DemoClock
from service.casework.people.factors.sessions import open_session
from service.casework.reading.published import published
from service.casework.studio.run_jobs import carry_out
from service.catalog.source.yaml import parse_yaml, to_plain_value
from service.domain.calendar import add_working_days, local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.domain.values.typed_numbers import whole_number
from service.store import Stale, Unreachable
from service.web.demo.cities import DATA, DemoCity, Persona, list_demo_cities, list_personas
from service.web.frame.page.frame import flash
from service.web.frame.requests.cookies import SESSION, drop_cookie, set_cookie
from service.web.frame.requests.current import t, the_actor, the_desk
from service.web.frame.requests.guarding import route_guard
from service.web.frame.requests.parse_values import count_or_none
from service.web.frame.requests.sign_in import begin_session, safe_path
from service.web.presentation import when

PAGES = Blueprint("demo", __name__)


log = logging.getLogger(__name__)

_MOST_DAYS = 60
_RACES = 3
"""Lost races after which an item waits like a failed one, as in the background."""


@PAGES.post("/demo/play")
@route_guard("demo.play")
def play() -> ResponseReturnValue:
    """Sign in as a person of the season."""
    login = request.form.get("person", "")
    if login == "":
        city = city_looked_at().id
        answer = make_response(redirect(f"/portal/{city}"))
        set_cookie(answer, CITY, city)
        drop_cookie(answer, SESSION)
        return answer
    if login not in {p.login for p in list_personas()}:
        raise NotFound(Text("演示中没有这个人。", "There is no such person in the demonstration."))
    with the_desk().store.read() as tx:
        person = tx.people.by_login(login)
    if person is None:
        raise NotFound(Text("演示数据尚未准备好，请重新启动。", "The season is not prepared: start again."))
    answer = begin_session(open_session(the_desk(), person.id, HOURS), safe_path(request.form.get("next") or "/"))
    set_cookie(answer, CITY, city_looked_at().id)
    return answer


@PAGES.post("/demo/city")
@route_guard("demo.play")
def choose_city() -> ResponseReturnValue:
    """Look at another city as the public; a person who serves every city stays signed in."""
    wanted = request.form.get("city", "")
    if wanted not in {city.id for city in list_demo_cities()}:
        raise NotFound(Text("演示中没有这个城市。", "There is no such city in the demonstration."))
    answer = make_response(redirect(f"/portal/{wanted}"))
    set_cookie(answer, CITY, wanted)
    if any(p.name == the_actor().name and p.city for p in list_personas()):
        drop_cookie(answer, SESSION)
    return answer


@PAGES.post("/demo/clock")
@route_guard("demo.play")
def move_clock() -> ResponseReturnValue:
    """Let time pass: to the next due date, or by working days; what becomes due meanwhile is done in order."""
    desk = the_desk()
    now = desk.clock.now()
    if request.form.get("to") == "next":
        with desk.store.read() as tx:
            due = tx.work.next_due()
        target = due if due is not None and due > now else now
    else:
        target = _compute_later(_check_days(count_or_none(request.form, "days") or 1), now)
    let_time_pass_to(target)
    return redirect(request.referrer or "/")


def let_time_pass_to(target: datetime) -> None:
    """Move the clock to ``target`` and say on the next page what was done meanwhile, and what did not come off."""
    begun = the_desk().clock.now()
    try:
        count, failed = _pass_time(target)
    except Unreachable:
        now = the_desk().clock.now()
        if now == begun:
            raise
        flash(
            t(
                f"时间已到{when(now, 'zh')}；数据库正忙，到期的事项还没有办完，稍后自动办理。",
                f"It is now {when(now, 'en')}. The database is busy: what is due is not all done, and follows by itself.",
            )
            if now >= target
            else t(
                f"数据库正忙，时间只走到{when(now, 'zh')}，没有到{when(target, 'zh')}；已经办理的事项都在，请过一会儿再按一次。",
                f"The database is busy: time went on to {when(now, 'en')} only, not to {when(target, 'en')}. What was done "
                "meanwhile is kept; press again in a while.",
            ),
            "warning",
        )
        return
    now = the_desk().clock.now()
    zh, en = (
        f"时间已到{when(now, 'zh')}，期间各城市共自动办理 {count} 件事项",
        f"It is now {when(now, 'en')}; {count} items of all cities were done meanwhile",
    )
    if not failed:
        flash(t(f"{zh}。", f"{en}."), "info")
        return
    flash(
        t(
            f"{zh}；有 {failed} 次没有办成，没有留下半成的结果，稍后会自动再办，多次不成的列入待处理故障。",
            f"{en}. {failed} attempts did not come off and left nothing half done: they are made again by themselves, and "
            "what fails over and over is listed among the incidents.",
        ),
        "warning",
    )


def _pass_time(target: datetime) -> tuple[int, int]:
    """Move the clock to ``target`` from one due instant to the next; returns how many items were done and failed."""
    desk = the_desk()
    clock = desk.clock
    if not isinstance(clock, DemoClock):
        raise Invalid(Text("只有演示中的时间可以拨动。", "Only the demonstration's clock can be moved."))
    done, failed = _do_due_work()
    while True:
        with desk.store.read() as tx:
            due = tx.work.next_due()
        if due is None or due > target:
            break
        clock.move_to(due)
        well, badly = _do_due_work()
        done, failed = done + well, failed + badly
    clock.move_to(target)
    well, badly = _do_due_work()
    return done + well, failed + badly


def _do_due_work() -> tuple[int, int]:
    """Do what is due now; what fails waits for its next attempt, as it does without a clock that people move.

    The background of this same process does due work too, and a clock that jumps ends its leases: both may come to
    one item, of which only one can finish it.
    """
    desk, done, failed = the_desk(), 0, 0
    while (item := desk.store.claim(desk.clock.now(), "demo")) is not None:
        try:
            carry_out(desk, SYSTEM, item)
            done += 1
        except Unreachable:
            raise
        except Exception as error:
            lost = isinstance(error, Stale) and item.attempts <= _RACES
            failed += not lost
            with desk.store.write() as tx:
                if lost:  # another was quicker; where the item is still ours, it is claimed again
                    tx.work.give_back(item)
                else:
                    log.warning("work item %s failed while the clock was moved", item.id, exc_info=True)
                    tx.work.fail(item, traceback.format_exc(), desk.clock.now())
    return done, failed


def _check_days(days: int) -> int:
    """Return ``days`` as the working days to go forward; raises Invalid for more than are passed at once."""
    if days > _MOST_DAYS:
        raise Invalid(
            Text(
                f"一次最多前进{_MOST_DAYS}个工作日，填写的是{days}个。时间没有变动，请分几次前进。",
                f"Time passes by {_MOST_DAYS} working days at most at once, {days} were asked for. "
                "Nothing was moved: go on in several steps.",
            )
        )
    return max(days, 1)


def _compute_later(days: int, now: datetime) -> datetime:
    """Return the same time of day ``days`` working days later, on the calendar of the city looked at."""
    desk, place = the_desk(), city_looked_at().id
    with desk.store.read() as tx:
        publications = published(desk, tx)
    today = local_date(now)
    then = add_working_days(publications.calendar(desk, place), today, days)
    return now + timedelta(days=(then - today).days)


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
    def plain_words(self) -> Text:
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
    read: Any = to_plain_value(parse_yaml((DATA / "tour.yaml").read_bytes(), "tour.yaml"))
    return tuple(TourStep(_read_text(step["words"]), tuple(_read_way(way) for way in step["goes"])) for step in read)


def load_tour_state() -> Tour:
    """Return where this browser stands in the tour; who comes for the first time stands at its beginning."""
    steps = tour_steps()
    step_number = whole_number(request.cookies.get(STEP, ""))
    number = step_number if step_number is not None and 1 <= step_number <= len(steps) else 1
    return Tour(number, len(steps), steps[number - 1])


@PAGES.post("/demo/tour")
@route_guard("demo.play")
def go() -> ResponseReturnValue:
    """Go where a step leads, as the person it names: by its first way unless another is chosen."""
    step, way = count_or_none(request.form, "step"), count_or_none(request.form, "way")
    if step is None or not 1 <= step <= len(tour_steps()):
        raise NotFound(Text("导览没有这一步。", "The tour has no such step."))
    ways = tour_steps()[step - 1].ways
    if way is None and not ways:
        answer = make_response(redirect(request.referrer or "/"))
    elif 0 <= (way or 0) < len(ways):
        answer = _build_tour_response(ways[way or 0])
    else:
        raise NotFound(Text("导览的这一步不通往那里。", "This step of the tour does not lead there."))
    set_cookie(answer, STEP, str(step))
    return answer


def _build_tour_response(way: TourWay) -> Response:
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


def _read_way(raw: Mapping[str, Any]) -> TourWay:
    login = str(raw["login"])
    city = str(
        raw.get("city") or next((p.city for p in list_personas() if p.login == login), "") or list_demo_cities()[0].id
    )
    return TourWay(login, city, str(raw["to"]), _read_text(raw["label"]))


def _read_text(raw: Mapping[str, str]) -> Text:
    return Text(raw["zh"].strip(), raw["en"].strip())


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
    people = sorted((p for p in list_personas() if p.city in (chosen.id, "")), key=lambda p: p.city == "")
    groups = tuple((group, tuple(members)) for group, members in groupby(people, key=lambda p: p.group))
    choices = tuple(
        CityChoice(city.id, city.label, city.name, city.season.title, city is chosen) for city in list_demo_cities()
    )
    return DemoBar(choices, groups, name, the_desk().clock.now(), load_tour_state())


def city_looked_at() -> DemoCity:
    """Return the city of whom one plays, else that whose portal is shown, else the one chosen last, else the first."""
    name = the_actor().name if the_actor().person_id is not None else ""
    played = next((p.city for p in list_personas() if p.name == name), "")
    city_id = next((city.id for city in list_demo_cities() if request.path == f"/portal/{city.id}"), "")
    wanted = played or city_id or request.cookies.get(CITY, "")
    return next((city for city in list_demo_cities() if city.id == wanted), list_demo_cities()[0])
