"""The calendar of a draft's place, and what a new notice of days off would move in running cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from service.casework.studio.drafts.open_draft import open_draft
from service.casework.studio.parameters.study_calendar import TypedNotice, foresee_notice, view_calendar
from service.domain.errors import Invalid
from tests.support.browsers import Browser
from tests.support.lakeside import KEY, Lakeside

Browse = Callable[..., Browser]
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
        [task], body = tx.tasks.open_of_case(case), tx.people.body_by_key("lakeside", "office")
        assert body is not None
        tx.tasks.update(task.id, task.version, body_id=body.id)
    forecast = foresee_notice(town.desk, town.designer, draft, NOTICE)
    assert [(moved.name, moved.old, moved.new) for moved in forecast.moved] == [
        (f"决定是否受理（{body.name}）", date(2026, 3, 16), date(2026, 3, 17))
    ]
    assert "县庆" in forecast.file
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


def test_the_page_shows_it_and_gives_the_file(browse: Browse, town: Lakeside, draft: int) -> None:
    town.start()
    designer, here = browse("designer"), f"/studio/drafts/{draft}/calendar"
    assert "国庆节" in designer.get(here).text
    assert "还没有载入" in designer.get(f"{here}?year=2050").text
    fields = {"text": ROWS, "layer": "cn", "year": "2026", "title": "关于放假的通知"}
    shown = designer.post(here, fields)
    assert shown.status_code == 200
    assert "1 个正在计算的公示和期限会改到另一天" in shown.text
    file = designer.post(here, {**fields, "act": "file"})
    assert file.headers["Content-Disposition"] == 'attachment; filename="2026.yaml"'
    doubtful = designer.post(here, {**fields, "text": f"{ROWS}\n厂庆 2026-03-08"}).text
    assert "请对照通知核对：" in doubtful
    assert "厂庆 2026年3月8日（周日）本来就都是休息日" in doubtful
    monday = designer.post(here, {**fields, "text": ROWS.replace("03-14", "03-16"), "act": "propose"})
    assert monday.status_code == 422
    assert "2026年3月16日（周一）本来就是工作日" in monday.text
    refused = designer.post(here, {**fields, "text": "不放假"})
    assert refused.status_code == 422
    assert "不放假" in refused.text
