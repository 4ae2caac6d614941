"""Every figure of the monitor is exact, and opens as many things as it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from service.casework.cases.start import start_case
from service.casework.tasks.complete import complete_task
from service.store import NewWork
from service.store.types import NEVER
from tests.support.browsers import Browser
from tests.support.desks import PACKAGE, Bench

Browse = Callable[..., Browser]
MANY = 1_040
"""More than a page, and more than the thousand at which counting once stopped."""

NEXT = re.compile(r'href="([^"]+)" rel="next"')


@pytest.fixture
def crowd(bench: Bench) -> None:
    """A round in which a thousand applications wait for the office and for the end of their notice."""
    first = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(first)
        complete_task(bench.desk, actor, task.id, task.version, form)
    now = bench.clock.now()
    with bench.desk.store.write() as tx:
        case = tx.cases.get(first)
        [timer] = [item for item in tx.work.of_case(first) if item.kind == "timer" and item.element]
        for number in range(MANY):
            copy = tx.cases.insert(replace(case, id=0, number=f"第{number}号", subject_id=None))
            late = timedelta(hours=number % 97)
            tx.tasks.insert_many([replace(task, id=0, case_id=copy, due_at=now + late - timedelta(hours=40))])
            place = {**timer.payload, "process_id": timer.process_id, "element": timer.element}
            tx.work.enqueue_many([NewWork("timer", copy, f"t{number}", place, timer.due_at + late)], now)
        tx.tasks.insert_many([replace(task, id=0, case_id=first, due_at=NEVER)])


def figures(page: str) -> dict[str, tuple[int, str]]:
    found = re.findall(r'class="figure[^"]*" href="([^"]+)"><b>(\d+)</b><span>([^<]+)', page)
    return {label: (int(value), href.replace("&amp;", "&")) for href, value, label in found}


def walk(browser: Browser, path: str, row: str) -> list[str]:
    """Return what ``row`` matches on a list and on every page that goes on from it."""
    found: list[str] = []
    while path:
        page = browser.get(path).text
        found += re.findall(row, page)
        onward = NEXT.search(page)
        path = onward[1].replace("&amp;", "&") if onward else ""
    return found


ROW = r'data-row="(\d+)"'


@pytest.mark.usefixtures("crowd")
def test_each_figure_counts_what_its_list_shows(browse: Browse) -> None:
    office = browse("office")
    shown = figures(office.get("/monitor?jurisdiction=testville").text)
    assert shown["在办"][0] == MANY + 1
    for label in ("在办", "待受理人", "逾期", "今日到期"):
        count, path = shown[label]
        rows = walk(office, path, ROW)
        assert count == len(rows) == len(set(rows)), label
        assert count, label
    assert shown["待受理人"][0] > shown["逾期"][0] + shown["今日到期"][0]


@pytest.mark.usefixtures("crowd")
def test_every_timer_is_listed_soonest_first(bench: Bench, browse: Browse) -> None:
    office = browse("office")
    count, path = figures(office.get("/monitor").text)["正在计时"]
    assert count == MANY + 1
    assert f"共 {count} 个期限" in office.get(path).text
    listed = walk(office, path, r'class="org"><a href="/cases/(\d+)"')
    with bench.desk.store.read() as tx:
        due = {
            str(item.case_id): item.due_at
            for ident in set(listed)
            for item in tx.work.of_case(int(ident))
            if item.kind == "timer" and item.element
        }
    assert len(set(listed)) == len(listed) == count
    assert [due[ident] for ident in listed] == sorted(due.values())


@pytest.mark.usefixtures("crowd")
def test_a_step_opens_the_cases_that_wait_there(browse: Browse) -> None:
    office = browse("office")
    page = office.get("/monitor?process=testville_application").text
    steps = re.findall(r'<td><a href="(/cases\?live=1[^"]+)">([^<]+)</a>.*?<td class="keep">([^<]*)<', page, re.DOTALL)
    waiting = {name: (int(found[0]), url) for url, name, told in steps if (found := re.findall(r"(\d+) 个期限", told))}
    assert waiting
    for name, (count, url) in waiting.items():
        url = url.replace("&amp;", "&")
        assert f"停在“{name}”" in office.get(url).text
        assert len(walk(office, url, ROW)) == count == MANY + 1


def test_notices_that_end_this_week_are_listed(bench: Bench, browse: Browse) -> None:
    case = start_case(bench.desk, bench.applicant, PACKAGE, "application", None, {"ready": True})
    for actor, form in ((bench.applicant, {"founded_on": "2010-05-01"}), (bench.office, {"decision": "pass"})):
        [task] = bench.tasks(case)
        complete_task(bench.desk, actor, task.id, task.version, form)
    bench.clock.move_to(bench.clock.now() + timedelta(days=7))
    office = browse("office")  # signs in after the week, which a session does not outlive
    count, path = figures(office.get("/monitor").text)["本周届满公示"]
    listed = office.get(path).text
    assert count == 1
    assert f'href="/cases/{case}"' in listed
    bench.clock.move_to(bench.clock.now() + timedelta(days=7))
    assert "本周没有公示届满" in browse("office").get(path).text
