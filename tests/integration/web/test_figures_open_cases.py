"""What the monitor counts is exact however much there is, and its links keep to the award, the kind and the place."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from service.casework.queries.monitoring.overview import WORKING_DAYS, working_days_ahead
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.store.models import IncidentRow
from tests.support.browsers import Browse
from tests.support.desks import Bench

"""More than stand on the monitor itself."""


@pytest.fixture
def case(bench: Bench) -> int:
    """An application that its applicant fills in."""
    return bench.started()


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
