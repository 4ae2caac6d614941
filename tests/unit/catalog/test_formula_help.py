"""What is offered and what is said where a formula is written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.catalog import Package, build_catalog
from service.catalog.formula_help.judge import Fault, compile_text, faults_of, syntax_fault
from service.catalog.formula_help.words import words_at
from service.catalog.formula_names.names import FormulaName, by_name
from service.catalog.problems import Severity
from service.cli.main import laurel
from service.domain.feel import FeelSyntaxError
from tests.unit.catalog.conftest import AWARD, DIAGRAM, TABLE

FORM = "processes/lakeside/star_award/forms/apply.json"
SEASON = "processes/lakeside/star_award/scenarios/accepted.yaml"
ORGANISATION = """{"type": "group", "id": "organisation", "path": "org", "label": "组织", "components": [
  {"type": "number", "id": "staff", "key": "staff", "label": "员工人数"},
  {"type": "textfield", "id": "site", "key": "site", "label": "网址"}
]},"""


@pytest.fixture(scope="module")
def files(tree: Mapping[str, bytes]) -> Mapping[str, bytes]:
    """The miniature, whose form has a group that a season fills in in part."""
    form = tree[FORM].decode().replace('"components": [', f'"components": [{ORGANISATION}', 1)
    season = tree[SEASON].decode().replace("founded: 2020-05-01,", "founded: 2020-05-01, org: {staff: 12},")
    return {**tree, FORM: form.encode(), SEASON: season.encode()}


@pytest.fixture(scope="module")
def package(files: Mapping[str, bytes]) -> Package:
    return build_catalog(files).package("lakeside/star_award")


def names(package: Package, file: str, element: str = "", field: str = "") -> dict[str, FormulaName]:
    return by_name(words_at(package, file, element, field).names)


def judged(package: Package, text: str, file: str = TABLE, *, tests: bool = False) -> tuple[Fault, ...]:
    try:
        return faults_of(text, compile_text(text, tests=tests), words_at(package, file, "", "cell"))
    except FeelSyntaxError as mistake:
        return (syntax_fault(text, mistake),)


def test_a_table_reads_the_record_with_types_and_labels_and_a_due_date_the_token_alone(package: Package):
    record, token = names(package, TABLE, "", "cell"), names(package, DIAGRAM, "", "due")

    assert {"apply", "findings", "register"} <= record.keys()
    assert "apply" not in token
    assert {"case", "param"} <= token.keys()
    organisation = by_name(record["apply"].entries)["org"]
    staff = by_name(organisation.entries)["staff"]
    assert (staff.type, staff.label.zh, staff.kind.en) == ("number", "员工人数", "number")
    assert by_name(token["param"].entries)["notice_working_days"].label.zh


def test_a_condition_for_starting_reads_the_settings_and_who_starts(package: Package):
    found = names(package, AWARD, "processes.application.start_condition", "start_condition")

    assert found.keys() == {"starter", "starter_body", "param"}


@pytest.mark.parametrize(
    ("text", "marked", "suggestion", "severity"),
    [
        ("aply.org.staff > 3", "aply.org.staff", "apply.org.staff", Severity.ERROR),
        ("1 + param.notice_working_day", "param.notice_working_day", "param.notice_working_days", Severity.ERROR),
        ("apply.org.stuff > 3", "apply.org.stuff", "apply.org.staff", Severity.ERROR),
        ("workday(5)", "workday", "workdays", Severity.ERROR),
        ("1 + count()", "count()", "", Severity.ERROR),
    ],
)
def test_what_is_unknown_is_marked_where_it_stands_with_the_nearest_name(
    package: Package, text: str, marked: str, suggestion: str, severity: Severity
):
    (fault,) = judged(package, text)

    assert (text[fault.start : fault.end], fault.suggestion, fault.severity) == (marked, suggestion, severity)


def test_a_form_reads_its_fields_those_of_the_row_and_no_working_days(files: Mapping[str, bytes]):
    year = '{"type": "number", "id": "work_year", "key": "year", "label": "年份"}'
    rows = f'{{"type": "dynamiclist", "id": "works", "path": "works", "label": "作品", "components": [{year}]}},'
    form = files[FORM].decode().replace('"components": [', f'"components": [{rows}', 1)
    package = build_catalog({**files, FORM: form.encode()}).package("lakeside/star_award")

    assert names(package, FORM, "field_merit").keys() == {"founded", "merit", "org", "works"}
    inside = names(package, FORM, "work_year")
    assert inside.keys() == {"founded", "merit", "org", "works", "year", "this", "parent", "i"}
    assert inside["year"].label.zh == "年份"
    words = words_at(package, FORM, "work_year", "hide")
    (fault,) = faults_of("workdays(5)", compile_text("workdays(5)", tests=False, functions=words.callable), words)
    assert "workdays" in fault.message.zh


@pytest.fixture
def records(tmp_path: Path) -> Path:
    path = tmp_path / "records.yaml"
    path.write_text("case: {id: 2}\nrows: [{case: 1, votes: 3}, {case: 2, votes: 5}]\n", "utf-8")
    return path


def run(*words: str) -> Result:
    return CliRunner().invoke(laurel, ["feel", *words])


def test_rows_are_written_one_to_the_line(records: Path) -> None:
    result = run("for r in rows return r", "--data", str(records))
    assert result.output == "[\n  {case: 1, votes: 3}\n  {case: 2, votes: 5}\n]\n"


def test_it_says_which_unknown_value_mattered(records: Path) -> None:
    result = run("rows[case = case.id]", "--data", str(records))
    assert result.output.splitlines() == ["[]", "未知 / unknown: case.id"]


def test_periods_are_counted_on_the_calendar_with_their_reason() -> None:
    result = run('date(workdays(5, date("2026-05-29")))', "--on", "2026-05-29")
    assert result.output.splitlines()[0] == "2026-06-05"
    assert "次日起算" in result.output


def test_a_slip_is_shown_where_it_is() -> None:
    result = run("count([1, 2)")
    assert result.exit_code == 1
    assert "第 1 行" in result.output


def test_a_wrong_day_or_calendar_is_answered_with_what_is_wanted(tmp_path: Path) -> None:
    listed = tmp_path / "list.yaml"
    listed.write_text("- 1\n", "utf-8")
    assert "2025-06-05" in run("1", "--on", "tomorrow").output
    assert "可用的有：cn" in run("1", "--calendar", "moon").output
    assert "名称: 值" in run("1", "--data", str(listed)).output
