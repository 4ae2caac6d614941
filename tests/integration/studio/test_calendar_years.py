"""A year of the calendar typed in the studio: proposed, taken in by a second person, counted by, withdrawn."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from service.casework.assemble import desk_over
from service.casework.desk.calendars import refresh_calendars
from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.parameters.calendar_years import (
    TypedNotice,
    decide_year,
    foresee_notice,
    foresee_year,
    list_years,
    propose_year,
    view_calendar,
    withdraw_year,
)
from service.catalog import Package, build_catalog
from service.catalog.calendars.calendars import bundled_calendars, load_calendars
from service.catalog.scenarios.proofs import with_proofs
from service.catalog.tree import read_tree
from service.domain.errors import Conflict, Invalid, NotAllowed
from tests.support.browsers import Browse
from tests.support.lakeside import KEY, MINIATURE, Lakeside

ROWS = "元旦 2026-01-01\n县庆 2026-03-05 2026-03-06\n上班 2026-03-14"
NOTICE = TypedNotice(ROWS, "cn", 2026, "关于放假的通知", "国办发〔2025〕9号", "2025-11-01")
FAIR = date(2026, 3, 5)


def neighbour() -> Package:
    """Return the regulation of the miniature as another place has it, counting by the same calendar."""
    files = {
        path.replace("lakeside", "hillside"): content.replace(b"lakeside", b"hillside")
        for path, content in read_tree(MINIATURE).items()
    }
    return with_proofs(build_catalog(files).package(KEY.replace("lakeside", "hillside")), files)


def due_days(town: Lakeside, case: int) -> list[date]:
    with town.desk.store.read() as tx:
        return [task.due_at.date() for task in tx.tasks.open_of_case(case)]


def test_a_year_that_a_second_person_took_in_counts_for_what_begins_after_it(town: Lakeside, draft: int) -> None:
    before = town.start("before")
    running = due_days(town, before)
    year = propose_year(town.desk, town.designer, NOTICE)
    assert town.desk.calendar("cn").is_working(FAIR)  # a proposal counts for nothing yet
    foreseen = foresee_year(town.desk, town.checker, year)
    assert [(moved.old, moved.new) for moved in foreseen] == [(date(2026, 3, 16), date(2026, 3, 17))]
    decide_year(town.desk, town.checker, year, True)
    assert not town.desk.calendar("cn").is_working(FAIR)
    assert due_days(town, before) == running  # what runs keeps its day
    after = town.start("after")
    assert due_days(town, after)[0] > running[0]
    shown = view_calendar(town.desk, town.designer, draft)
    assert shown.documents["cn/notice-2026"] == "关于放假的通知 国办发〔2025〕9号"


def test_a_program_started_later_or_beside_counts_by_it_too(town: Lakeside) -> None:
    beside = desk_over(town.desk.store, load_calendars(bundled_calendars()), {}, clock=town.clock)
    year = propose_year(town.desk, town.designer, NOTICE)
    decide_year(town.desk, town.checker, year, True)
    assert beside.calendar("cn").is_working(FAIR)
    refresh_calendars(beside)
    assert not beside.calendar("cn").is_working(FAIR)


def test_a_wrong_year_is_withdrawn_and_what_held_before_holds_again(town: Lakeside) -> None:
    held = town.desk.calendar("cn").working_days_in(2026)
    first = propose_year(town.desk, town.designer, NOTICE)
    decide_year(town.desk, town.checker, first, True)
    second = propose_year(town.desk, town.checker, replace(NOTICE, text="元旦 2026-01-01"))
    decide_year(town.desk, town.designer, second, True)
    assert town.desk.calendar("cn").is_working(FAIR)
    withdraw_year(town.desk, town.admin, second, "读错了原件")
    assert not town.desk.calendar("cn").is_working(FAIR)  # the year before it
    withdraw_year(town.desk, town.admin, first, "原件有误")
    assert town.desk.calendar("cn").working_days_in(2026) == held
    with pytest.raises(Conflict):
        withdraw_year(town.desk, town.admin, first, "再来一次")
    assert [line.row.state for line in list_years(town.desk, town.office)] == ["withdrawn", "withdrawn"]
    with town.desk.store.read() as tx:
        record = tx.package_events.select(package="calendar/cn")
    assert [event.action for event in record] == ["proposed", "taken_in", "proposed", "taken_in"] + ["withdrawn"] * 2


def test_nobody_takes_in_what_they_proposed_and_a_return_says_why(town: Lakeside) -> None:
    year = propose_year(town.desk, town.designer, NOTICE)
    with pytest.raises(NotAllowed):
        decide_year(town.desk, town.designer, year, True)
    with pytest.raises(NotAllowed):
        decide_year(town.desk, town.office, year, True)
    with pytest.raises(Invalid):
        decide_year(town.desk, town.checker, year, False, " ")
    decide_year(town.desk, town.checker, year, False, "没有附原件")
    with pytest.raises(Conflict):
        decide_year(town.desk, town.checker, year, True)
    assert town.desk.calendar("cn").is_working(FAIR)


def test_a_document_must_be_named_that_can_be_compared(town: Lakeside) -> None:
    with pytest.raises(Invalid, match="文号"):
        propose_year(town.desk, town.designer, replace(NOTICE, number="", issued=""))
    with pytest.raises(Invalid, match="2026-11-01"):
        propose_year(town.desk, town.designer, replace(NOTICE, issued="去年"))


def test_a_place_that_does_not_count_by_a_layer_has_no_say_in_it(town: Lakeside) -> None:
    other = replace(NOTICE, layer="cn-xinjiang")
    with pytest.raises(NotAllowed):
        propose_year(town.desk, town.designer, other)


def test_who_decides_a_year_may_decide_for_every_place_that_counts_by_it(town: Lakeside) -> None:
    year = propose_year(town.desk, town.designer, NOTICE)
    town.start("here")
    town.deploy(neighbour())
    assert not any(line.decides for line in list_years(town.desk, town.checker))
    with pytest.raises(NotAllowed, match="其他地方"):
        decide_year(town.desk, town.checker, year, True)
    both = replace(town.checker, seats=(*town.checker.seats, replace(town.checker.seats[0], jurisdiction="hillside")))
    decide_year(town.desk, both, year, True)
    with pytest.raises(NotAllowed, match="其他地方"):
        withdraw_year(town.desk, town.checker, year, "读错了原件")
    withdraw_year(town.desk, both, year, "读错了原件")
    assert town.desk.calendar("cn").is_working(FAIR)


def test_a_proposal_overtaken_by_a_layer_above_is_not_taken_in(town: Lakeside) -> None:
    year = propose_year(town.desk, town.designer, NOTICE)
    with town.desk.store.write() as tx:
        tx.calendar_years.change(year, working_days=1)
    with pytest.raises(Conflict, match="重新提出"):
        decide_year(town.desk, town.checker, year, True)


def test_a_layer_without_days_of_its_own_is_said_to_have_none(browse: Browse, town: Lakeside) -> None:
    """Without it whatever looks into the year would stay provisional, and the office would confirm each limit by hand."""
    files, place = dict(read_tree(MINIATURE)), "processes/lakeside/jurisdiction.yaml"
    files[place] = files[place].replace(b"calendar: cn\n", b"calendar: cn-xinjiang\n")
    town.deploy(with_proofs(build_catalog(files).package(KEY), files))
    nation = replace(NOTICE, text="元旦 2027-01-01", year=2027)
    with pytest.raises(Invalid, match="每年都有放假安排"):
        propose_year(town.desk, town.designer, replace(nation, text="无"))
    decide_year(town.desk, town.checker, propose_year(town.desk, town.designer, nation), True)
    assert not town.desk.calendar("cn-xinjiang").look(date(2027, 3, 5)).published
    here = f"/studio/drafts/{open_draft(town.desk, town.designer, KEY, '日历')}/calendar"
    designer = browse("designer")
    said = {"text": "无", "layer": "cn-xinjiang", "year": "2027", "title": "经核实没有通知", "issued": "2026-11-20"}
    assert "写：无" in designer.get(here).text
    assert "照上级日历，全年 260 个工作日" in designer.post(here, said).text
    assert designer.post(here, {**said, "act": "propose"}).status_code == 302
    [waiting] = [line.row for line in list_years(town.desk, town.checker) if line.decides]
    decide_year(town.desk, town.checker, waiting.id, True)
    calendar = town.desk.calendar("cn-xinjiang")
    assert calendar.look(date(2027, 3, 5)).published
    assert calendar.working_days_in(2027) == town.desk.calendar("cn").working_days_in(2027)
    assert "这一级没有自己的放假安排。" in designer.get(f"{here}?year=2027").text


UNNUMBERED = TypedNotice(ROWS, "cn", 2026, "关于放假的通知")


def test_the_days_of_a_year_are_shown_with_their_documents(town: Lakeside, draft: int) -> None:
    view = view_calendar(town.desk, town.designer, draft)
    [(layer, year)] = view.layers
    assert (layer.key, view.year, view.working_days) == ("cn", 2026, 248)
    assert year is not None
    assert "国务院办公厅关于2026年部分节假日安排的通知" in view.documents["cn/notice-2026"]
    assert {span.source for span in year.days_off} == {"notice-2026"}
    assert view_calendar(town.desk, town.designer, draft, 2050).layers[0][1] is None


def test_the_year_that_is_proposed_is_chosen_already(town: Lakeside, browse: Browse, draft: int) -> None:
    here = f"/studio/drafts/{draft}/calendar"
    chosen = re.compile(rf'name="year"[^>]*value="{NOTICE.year}"')
    assert not chosen.search(browse("designer").get(here).text)
    propose_year(town.desk, town.designer, NOTICE)
    page = browse("designer").get(here).text
    assert chosen.search(page)
    assert f'<option value="{NOTICE.layer}" selected' in page


def test_what_a_notice_moves_is_said_and_nothing_is_changed(town: Lakeside, draft: int) -> None:
    case = town.start()
    with town.desk.store.write() as tx:
        [task], body = tx.tasks.open_of_case(case), tx.bodies.find(jurisdiction="lakeside", key="office")
        assert body is not None
        tx.tasks.step(task.id, task.version, body_id=body.id)
    forecast = foresee_notice(town.desk, town.designer, draft, UNNUMBERED)
    assert [(moved.name, moved.old, moved.new) for moved in forecast.moved] == [
        (f"决定是否受理（{body.name}）", date(2026, 3, 16), date(2026, 3, 17))
    ]
    assert "县庆" in forecast.file
    overseen = foresee_notice(town.desk, town.admin, open_draft(town.desk, town.admin, KEY, "管理员的草稿"), UNNUMBERED)
    row = town.case(case)
    assert [moved.case for moved in (*forecast.moved, *overseen.moved)] == [
        f"办件 {row.number or row.id}",
        row.title,
    ], "who only draws reads numbers of cases and no titles"
    assert view_calendar(town.desk, town.designer, draft).working_days == 248


@pytest.mark.parametrize(
    "wrong",
    [
        TypedNotice("", "cn", 2026, "通知"),
        TypedNotice(ROWS, "xx", 2026, "通知"),
        TypedNotice(ROWS, "cn", 0, "通知"),
        TypedNotice(ROWS, "cn", 2026, " "),
        TypedNotice(ROWS.replace("03-14", "03-16"), "cn", 2026, "补班写在周一"),
    ],
)
def test_what_is_wrong_is_said(town: Lakeside, draft: int, wrong: TypedNotice) -> None:
    with pytest.raises(Invalid):
        foresee_notice(town.desk, town.designer, draft, wrong)
