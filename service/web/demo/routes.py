"""The demonstration's own routes: step into a person, move the clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, make_response, redirect, request
from flask.typing import ResponseReturnValue

from service.casework.access.actor import SYSTEM
from service.casework.due.run_item import run_item
from service.casework.people.sessions import open_session
from service.casework.reading.published import published
from service.domain.calendar import add_working_days, local_date
from service.domain.errors import Invalid, NotFound
from service.domain.text import Text
from service.web.demo.bar import CITY, city_looked_at
from service.web.demo.cities import cities, personas
from service.web.demo.clock import DemoClock
from service.web.frame.cookies import SESSION, drop_cookie, set_cookie
from service.web.frame.current import t, the_actor, the_desk
from service.web.frame.frame import flash
from service.web.frame.guarding import route_guard
from service.web.frame.parse_values import count_or_none
from service.web.presentation import when

PAGES = Blueprint("demo", __name__)
_HOURS = 24 * 366 * 5
"""A played person stays signed in however far the clock is moved."""
_MOST_DAYS = 60


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
    if login not in {p.login for p in personas()}:
        raise NotFound(Text("演示中没有这个人。", "There is no such person in the demonstration."))
    with the_desk().store.read() as tx:
        person = tx.people.by_login(login)
    if person is None:
        raise NotFound(Text("演示数据尚未准备好，请重新启动。", "The season is not prepared: start again."))
    answer = make_response(redirect("/"))
    set_cookie(answer, CITY, city_looked_at().id)
    set_cookie(answer, SESSION, open_session(the_desk(), person.id, _HOURS))
    return answer


@PAGES.post("/demo/city")
@route_guard("demo.play")
def choose_city() -> ResponseReturnValue:
    """Look at another city as the public; a person who serves every city stays signed in."""
    wanted = request.form.get("city", "")
    if wanted not in {city.id for city in cities()}:
        raise NotFound(Text("演示中没有这个城市。", "There is no such city in the demonstration."))
    answer = make_response(redirect(f"/portal/{wanted}"))
    set_cookie(answer, CITY, wanted)
    if any(p.name == the_actor().name and p.city for p in personas()):
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
        target = _after(count_or_none(request.form, "days") or 1, now)
    count = pass_time(target)
    words = when(desk.clock.now(), "zh"), when(desk.clock.now(), "en")
    flash(
        t(
            f"时间已到{words[0]}，期间自动办理 {count} 件事项。",
            f"It is now {words[1]}; {count} items were done meanwhile.",
        ),
        "info",
    )
    return redirect(request.referrer or "/")


def pass_time(target: datetime) -> int:
    """Move the clock to ``target`` from one due instant to the next; returns how many items were run."""
    desk = the_desk()
    clock = desk.clock
    if not isinstance(clock, DemoClock):
        raise Invalid(Text("只有演示中的时间可以拨动。", "Only the demonstration's clock can be moved."))
    count = _drain()
    while True:
        with desk.store.read() as tx:
            due = tx.work.next_due()
        if due is None or due > target:
            break
        clock.move_to(due)
        count += _drain()
    clock.move_to(target)
    return count + _drain()


def _drain() -> int:
    desk, count = the_desk(), 0
    while (item := desk.store.claim(desk.clock.now(), "demo")) is not None:
        run_item(desk, SYSTEM, item)
        count += 1
    return count


def _after(days: int, now: datetime) -> datetime:
    """Return the same time of day ``days`` working days later, on the calendar of the city looked at."""
    desk, place = the_desk(), city_looked_at().id
    with desk.store.read() as tx:
        known = published(desk, tx)
    today = local_date(now)
    then = add_working_days(known.calendar(desk, place), today, min(max(days, 1), _MOST_DAYS))
    return now + timedelta(days=(then - today).days)
