"""A condition that cannot be decided says which field was left empty: on the case's page and where a season fails."""

from __future__ import annotations

from service.casework.cases.start import start_case
from service.casework.simulate.playing.play import play
from service.casework.simulate.scenarios.scenario import read_scenario
from service.casework.simulate.stage.empty_store import empty_store
from service.catalog import Package
from service.catalog.formula_help.called import without_values
from service.store import Store
from tests.support.browsers import Browser, make_app
from tests.support.lakeside import KEY, amended_package, make_lakeside

FORM = f"processes/{KEY}/forms/apply.json"
SEASON = """title: 没有填成立日期
start: 2026-03-02
organisations:
  甲: {name: 湖滨木作坊, uscc: 91650100MA7800001X}
steps:
  - {at: 2026-03-02 09:00, as: 甲, start: application, name: 甲, with: {merit: 榫卯技艺传承。}}
  - {expect: {case: 甲, finding: founded_long_enough, result: met}}
"""


def lenient() -> Package:
    """The miniature, whose applicants may leave the day of their foundation empty."""
    required = '"dateLabel": "成立日期",\n      "validate": {\n        "required": true'
    empty = required, required.replace("true", "false")
    return amended_package({FORM: [empty]})


def test_the_page_of_the_case_names_the_field_that_was_left_empty_in_the_readers_language(sqlite_store: Store) -> None:
    town = make_lakeside(sqlite_store)
    town.deploy(lenient())
    form = {"founded": None, "merit": "榫卯技艺传承。"}
    case = start_case(town.desk, town.applicant("first"), KEY, "application", None, form)
    office = Browser(make_app(town), town, "office")
    assert "没有值的是“成立日期”" in office.get(f"/cases/{case}").text
    office.client.set_cookie("laurel_language", "en")
    assert "without a value: “Founded on”" in office.get(f"/cases/{case}").text


def test_a_season_that_fails_for_it_names_the_field(sqlite_store: Store) -> None:
    town = make_lakeside(sqlite_store)
    with empty_store() as store:
        scenario = read_scenario(SEASON.encode(), "season.yaml")
        done = play(store, lenient(), scenario, town.desk.calendars, town.desk.operations)
    [unmet] = done.unmet
    assert unmet.message.zh.startswith("不明：没有值的是“成立日期”。")
    assert unmet.message.en.startswith("Unknown: without a value: “Founded on”.")


def test_what_no_form_names_is_called_by_itself_and_each_once() -> None:
    said = without_values(lenient(), ["apply.founded", "apply.founded", "case.nothing_like_it", "param.min_years"])
    assert said is not None
    assert said.zh.startswith("没有值的是“成立日期”、“case.nothing_like_it”、“")
    assert "param.min_years" not in said.zh
    assert without_values(lenient(), []) is None
