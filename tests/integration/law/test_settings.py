"""A city sets what its regulation leaves open; rounds that open from then on freeze it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from service.casework.definitions.change_setting import change_setting
from service.casework.desk.city_settings import chosen_values
from service.casework.queries.law.view_settings import SettingLine, view_setting, view_settings
from service.catalog import build_catalog
from service.catalog.settings.settings import why_refused
from service.catalog.tree import read_tree
from service.domain.errors import Conflict, Invalid, LaurelError, NotAllowed
from service.store import Store
from tests.support.lakeside import APPLICATION, KEY, Lakeside, make_lakeside

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


def test_what_the_package_says_for_a_later_day_still_comes(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "试行")
    shown = line(town, "notice_working_days")
    assert (shown.value.zh, shown.default.zh, shown.by_city) == ("6个工作日", "5个工作日", True)
    assert [(day.isoformat(), said.zh) for day, said in shown.coming] == [("2027-01-01", "7个工作日")]


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
    view, shown = view_setting(town.desk, town.admin, KEY, "notice_working_days")
    assert {change.reason for change in shown.changes} == {"改为6", "改为7"}
    assert view.broken is None


def test_every_change_stays_on_record_chained_to_the_one_before(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "第一次")
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 8, TODAY, "第二次")
    shown = line(town, "notice_working_days")
    assert [(c.value.zh, c.reason, c.actor) for c in shown.changes] == [
        ("8个工作日", "第二次", "admin"),
        ("6个工作日", "第一次", "admin"),
    ]
    assert shown.value.zh == "8个工作日"
    assert view_settings(town.desk, town.admin, KEY).broken is None


def test_a_choice_the_law_has_since_ruled_out_no_longer_counts(town: Lakeside, amended: Callable[..., object]) -> None:
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "试行")
    amended(notice=8)
    shown = line(town, "notice_working_days")
    assert (shown.value.zh, shown.by_city, shown.changes[0].counts) == ("8个工作日", False, False)


def test_a_choice_is_not_taken_back_by_what_is_read_from_the_words_of_its_clause(town: Lakeside) -> None:
    """LS-5 says 不少于5个工作日; a city that chose 4 before this was read keeps that, and only a new choice is refused."""
    change_setting(town.desk, town.admin, KEY, "notice_working_days", 6, TODAY, "试行")
    files = dict(read_tree(Path(__file__).parents[2] / "data" / "miniature"))
    path = f"processes/{KEY}/parameters.yaml"
    open_question = b"source: default\n    question: \xe5\x87\xa0\xe6\x97\xa5\n    values:"
    files[path] = files[path].replace(b"source: stated\n    minimum: 5\n    values:", open_question)
    package = build_catalog(files).package(KEY)
    refusal = why_refused(package, package.award.parameters["notice_working_days"], 4)
    assert refusal is not None
    assert "请填写不少于5的数" in refusal.zh
    with town.desk.store.read() as tx:
        [row] = tx.settings.of_package(KEY)
    [chosen] = chosen_values([replace(row, value={"value": 4})], package)["notice_working_days"]
    assert chosen.value == 4


def test_an_application_reads_the_value_it_froze(town: Lakeside) -> None:
    change_setting(town.desk, town.admin, KEY, "decision_working_days", 3, TODAY, "提速")
    (task,) = town.tasks(town.start())
    assert (task.element, task.due_reason["last_day"]) == (APPLICATION.decide, "2026-03-05")
