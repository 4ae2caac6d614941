"""The calendar of a draft's place, and what a new notice of days off would move in running cases."""

from __future__ import annotations

from datetime import date

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.parameters.calendar_years import TypedNotice, foresee_notice, view_calendar
from service.domain.errors import Invalid
from tests.support.lakeside import KEY, Lakeside

ROWS = "元旦 2026-01-01\n县庆 2026-03-05 2026-03-06\n上班 2026-03-14"
NOTICE = TypedNotice(ROWS, "cn", 2026, "关于放假的通知")


@pytest.fixture
def draft(town: Lakeside) -> int:
    return open_draft(town.desk, town.designer, KEY, "日历")


def test_the_days_of_a_year_are_shown_with_their_documents(town: Lakeside, draft: int) -> None:
    view = view_calendar(town.desk, town.designer, draft)
    [(layer, year)] = view.layers
    assert (layer.key, view.year, view.working_days) == ("cn", 2026, 248)
    assert year is not None
    assert "国务院办公厅关于2026年部分节假日安排的通知" in view.documents["cn/notice-2026"]
    assert {span.source for span in year.days_off} == {"notice-2026"}
    assert view_calendar(town.desk, town.designer, draft, 2050).layers[0][1] is None


def test_what_a_notice_moves_is_said_and_nothing_is_changed(town: Lakeside, draft: int) -> None:
    case = town.start()
    with town.desk.store.write() as tx:
        [task], body = tx.tasks.open_of_case(case), tx.bodies.find(jurisdiction="lakeside", key="office")
        assert body is not None
        tx.tasks.step(task.id, task.version, body_id=body.id)
    forecast = foresee_notice(town.desk, town.designer, draft, NOTICE)
    assert [(moved.name, moved.old, moved.new) for moved in forecast.moved] == [
        (f"决定是否受理（{body.name}）", date(2026, 3, 16), date(2026, 3, 17))
    ]
    assert "县庆" in forecast.file
    overseen = foresee_notice(town.desk, town.admin, open_draft(town.desk, town.admin, KEY, "管理员的草稿"), NOTICE)
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
