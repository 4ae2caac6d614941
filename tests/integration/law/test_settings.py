"""A city sets what its regulation leaves open; rounds that open from then on freeze it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.casework.definitions.settings import change_setting
from service.casework.queries.law.view_settings import SettingLine, view_setting
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.store import Store
from tests.support.lakeside import KEY, Lakeside, make_lakeside

pytestmark = pytest.mark.both_databases

TODAY, LATER = date(2026, 3, 2), date(2026, 5, 6)


def line(town: Lakeside, parameter: str) -> SettingLine:
    return view_setting(town.desk, town.admin, KEY, parameter)[1]


def test_a_new_value_holds_for_what_starts_from_its_day_on(town: Lakeside) -> None:
    before = town.start()
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, LATER, "县政府办公会议决定")
    assert town.case(town.start("second")).parameters["notice_working_days"] == 5
    town.clock.move_to(town.clock.now() + timedelta(days=70))
    assert town.case(town.start("third")).parameters["notice_working_days"] == 6
    assert town.case(before).parameters["notice_working_days"] == 5


@pytest.mark.parametrize(
    ("parameter", "value", "told"),
    [
        ("notice_working_days", 3, "依第五条不得少于5个工作日"),
        ("decision_working_days", 11, "依第四条不得多于10个工作日"),
        ("min_years", 3.5, "应填写整数"),
        ("notice_working_days", None, "不能空着"),
    ],
)
def test_what_the_law_does_not_allow_is_refused_with_the_article(
    town: Lakeside, parameter: str, value: object, told: str
) -> None:
    with pytest.raises(Invalid) as refused:
        change_setting(town.desk, town.admin, KEY, parameter, value, TODAY, "理由")
    assert told in refused.value.message.zh
    assert line(town, parameter).changes == ()


@pytest.mark.parametrize(
    ("since", "reason", "value", "kind", "told"),
    [
        (TODAY - timedelta(days=1), "理由", 6, Invalid, "不能早于今天"),
        (TODAY, " ", 6, Invalid, "请写明"),
        (TODAY, "理由", 5, Conflict, "已经是5个工作日"),
    ],
)
def test_a_day_that_has_passed_no_reason_or_no_change_is_refused(
    town: Lakeside, since: date, reason: str, value: int, kind: type[LaurelError], told: str
) -> None:
    with pytest.raises(kind) as refused:
        change_setting(town.desk, town.admin, KEY, "notice_working_days", value, since, reason)
    assert told in refused.value.message.zh


def test_only_an_administrator_of_the_place_may_change_it(town: Lakeside) -> None:
    elsewhere = replace(town.admin, seats=(replace(town.admin.seats[0], jurisdiction="elsewhere"),))
    for actor in (town.office, elsewhere):
        with pytest.raises(NotAllowed):
            change_setting(town.desk, actor, KEY, "notice_working_days", 6, TODAY, "理由")


def test_two_administrators_at_once_both_get_on_record(store: Store) -> None:
    town = make_lakeside(store)

    def change(value: int) -> None:
        change_setting(town.desk, town.admin, KEY, "notice_working_days", value, TODAY, f"改为{value}")

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(change, (6, 7)))
    _, shown = view_setting(town.desk, town.admin, KEY, "notice_working_days")
    assert {change.reason for change in shown.changes} == {"改为6", "改为7"}


def test_every_change_stays_on_record(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "第一次")
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 8, TODAY, "第二次")
    shown = line(town, "notice_working_days")
    assert [(c.value.zh, c.reason, c.actor) for c in shown.changes] == [
        ("8个工作日", "第二次", "admin"),
        ("6个工作日", "第一次", "admin"),
    ]
    assert shown.value.zh == "8个工作日"


def test_who_read_it_before_a_colleague_changed_it_reads_that_first(town: Lakeside) -> None:
    seen = len(line(town, "notice_working_days").changes)
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 8, TODAY, "甲改", changes_seen=seen)
    with pytest.raises(Conflict, match="由admin更改过"):
        change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "乙改", changes_seen=seen)
    assert line(town, "notice_working_days").value.zh == "8个工作日"
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "乙改", changes_seen=seen + 1)
    assert line(town, "notice_working_days").value.zh == "6个工作日"


def test_a_choice_the_law_has_since_ruled_out_no_longer_counts(town: Lakeside, amended: Callable[..., object]) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "试行")
    amended(notice=8)
    shown = line(town, "notice_working_days")
    assert (shown.value.zh, shown.by_city, shown.changes[0].counts) == ("8个工作日", False, False)
