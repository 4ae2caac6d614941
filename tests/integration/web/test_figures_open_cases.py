"""What the monitor counts is exact however much there is, and its links keep to the award, the kind and the place."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.casework.cases.start import start_case
from service.casework.queries.monitoring.overview import WORKING_DAYS, working_days_ahead
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.domain.calendar import end_of_day
from service.store import NewWork
from service.store.rows import IncidentRow, SubscriptionRow
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
ROW = r'data-row="(\d+)"'
MANY = 60
"""More than stand on the monitor itself."""


@pytest.fixture
def case(bench: Bench) -> int:
    """An application that its applicant fills in."""
    return start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})


def incidents(bench: Bench, case_id: int, count: int, element: str) -> None:
    """Report so many incidents of one cause in a case."""
    said = {"zh": f"{element}没有成功", "en": f"{element} failed"}
    with bench.desk.store.write() as tx:
        for number in range(count):
            tx.incidents.open(
                IncidentRow(
                    jurisdiction="testville",
                    case_id=case_id,
                    engine_id=f"{element}{number}",
                    element=element,
                    kind="service",
                    what=said,
                    consequence=said,
                    remedy=said,
                    since=bench.clock.now(),
                )
            )


def copy_of(bench: Bench, case_id: int, award: str) -> int:
    with bench.desk.store.write() as tx:
        return tx.cases.insert(replace(tx.cases.get(case_id), id=0, number=award, award=award, subject_id=None))


def test_incidents_are_counted_beyond_those_that_are_shown(bench: Bench, browse: Browse, case: int) -> None:
    incidents(bench, case, MANY, "post")
    incidents(bench, case, 2, "close")
    admin = browse("admin")
    page = admin.get("/monitor").text
    assert f"重试全部同类（{MANY} 件）" in page
    assert "件以上" not in page
    assert f"共 {MANY + 2} 件异常，这里列出最新的 50 件" in page
    [rest] = re.findall(r'<a href="([^"]+)">查看全部 62 件', page)
    assert (
        sum(cause["count"] for cause in admin.get(f"/api/v1{rest.removeprefix('/monitor')}").get_json()["causes"]) == 62
    )
    desk = admin.get(rest).text
    assert "共 60 件" in desk
    assert "共 2 件" in desk


def test_an_incident_of_no_place_stands_on_the_monitor_of_all(bench: Bench, browse: Browse) -> None:
    said = {"zh": "收件服务器不接受邮箱", "en": "an address is refused"}
    with bench.desk.store.write() as tx:
        tx.incidents.open(
            IncidentRow(
                jurisdiction="*", kind="mail", what=said, consequence=said, remedy=said, since=bench.clock.now()
            )
        )
    admin = browse("admin")
    page = admin.get("/monitor").text
    assert "收件服务器不接受邮箱" in page
    assert "没有异常" not in page
    figures = [admin.get(f"/api/v1/monitor{of}").get_json()["figures"] for of in ("", "?jurisdiction=testville")]
    assert [one["incidents"] for one in figures] == [1, 0]
    assert "收件服务器不接受邮箱" not in browse("office").get("/monitor").text


def test_incidents_of_one_kind_open_those_of_that_kind_and_award(bench: Bench, browse: Browse, case: int) -> None:
    incidents(bench, case, 3, "post")
    incidents(bench, copy_of(bench, case, "other"), 4, "post")
    admin = browse("admin")
    lines = admin.get("/api/v1/monitor/overview").get_json()["lines"]
    assert {line["award"]: line["incidents"] for line in lines} == {"prize": 3, "other": 4}
    page = admin.get("/monitor/overview").text
    for award, count in (("prize", 3), ("other", 4)):
        [url] = re.findall(rf'href="(/monitor/incidents\?[^"]*award={award}[^"]*)"', page)
        url = url.replace("&amp;", "&")
        desk = admin.get(url).text
        assert len(re.findall(r'<tr id="incident-\d+"', desk)) == count, award
        assert "重试这一原因的全部" not in desk, "that would retry those that are not shown too"
        assert sum(c["count"] for c in admin.get(url.replace("/monitor", "/api/v1")).get_json()["causes"]) == count
    assert "全部 7 件" in admin.get("/monitor/incidents").text


def test_lines_of_an_award_open_lists_of_that_award(bench: Bench, browse: Browse, case: int) -> None:
    other = copy_of(bench, case, "other")
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        tx.tasks.insert_many([replace(task, id=0, case_id=other)])
        place = {"process_id": task.process_id, "element": task.element}
        for number, one in enumerate((case, other, other)):
            due = bench.clock.now() + timedelta(days=3)
            tx.work.enqueue_many([NewWork("timer", one, f"t{number}", place, due)], bench.clock.now())
    office = browse("office")
    page = office.get("/monitor/overview").text
    for award, counts in (("prize", (1, 1, 1)), ("other", (1, 1, 2))):
        [line] = re.findall(rf'data-kind="testville/{award}/application">(.*?)</tr>', page, re.DOTALL)
        linked = {
            label: (int(n), url) for label, url, n in re.findall(r'data-label="([^"]+)"><a href="([^"]+)">(\d+)', line)
        }
        assert tuple(linked[label][0] for label in ("在办", "待办", "期限")) == counts, award
        for label in ("在办", "待办", "期限"):
            count, url = linked[label]
            assert len(re.findall(ROW, office.get(url.replace("&amp;", "&")).text)) == count, (award, label)
    for path in ("/cases?", "/tasks?scope=overseen&", "/monitor/timers?"):
        nothing = office.get(f"{path}jurisdiction=testville&award=nonsense").text
        assert re.findall(ROW, nothing) == [], path
        assert "nonsense" in nothing, "the list says what it was narrowed by"
    assert office.get("/api/v1/cases?award=nonsense").get_json()["cases"] == []
    assert office.get("/api/v1/tasks?scope=overseen&award=nonsense").get_json()["tasks"] == []
    assert office.get("/api/v1/monitor/timers?award=other").get_json()["total"] == 2


def test_a_case_that_waits_for_a_day_or_a_message_waits_once(bench: Bench, browse: Browse, case: int) -> None:
    [task] = bench.tasks(case)
    with bench.desk.store.write() as tx:
        place = {"process_id": task.process_id, "element": task.element}
        due = end_of_day(date(2026, 3, 9))
        tx.work.enqueue_many([NewWork("timer", case, "t", place, due)], bench.clock.now())
        waits = SubscriptionRow(case_id=case, engine_id="e", message="m", created_at=bench.clock.now(), **place)
        tx.cases.replace_subscriptions(case, [waits], [])
        tx.tasks.update(task.id, task.version, state="cancelled")
    office = browse("office")
    [step] = [s for s in office.seek(task.title).get_json()["steps"] if s["element"] == task.element]
    assert step["waiting"] == 1
    drawn = office.get(f"/monitor/diagram.json?package={PACKAGE}&process={task.process_id}").get_json()["elements"]
    assert drawn[task.element]["count"] == 1
    assert "1 项在此" in office.get(f"/search?q={task.title}").text


def test_working_days_ahead_are_counted_in_the_calendar_of_each_place() -> None:
    """In 2026 Kizilsu rests longer for Eid al-Adha than the nation; a day counts where any place works."""
    calendars = load_calendars(bundled_calendars())
    nation, kizilsu = calendars["cn"], calendars["cn-xinjiang-kizilsu"]
    today = next(
        day for n in range(365) if nation.is_working(day := date(2026, 1, 5) + timedelta(n)) != kizilsu.is_working(day)
    )
    for calendar in (nation, kizilsu):
        alone = working_days_ahead([calendar], today)
        assert len(alone) == WORKING_DAYS
        assert all(map(calendar.is_working, alone))
    for order in ((nation, kizilsu), (kizilsu, nation)):
        together = working_days_ahead(order, today)
        for calendar in order:
            assert {*working_days_ahead([calendar], today)} <= {*together}
        assert together[0] == today
        assert all(any(c.is_working(day) for c in order) for day in together)
