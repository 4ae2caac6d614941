"""A formula that reads a form which only other kinds of case fill in, or a column for a record, is told."""

from __future__ import annotations

from pathlib import Path

import pytest

import handlers
from service.catalog.check import check_path
from service.cli.check import whole_checker
from tests.support.tree import lay_out

CITY = Path(__file__).parents[1] / "data" / "example_city"
AWARD = "processes/example_city/quality_award"
handlers.load()


@pytest.mark.parametrize(
    ("file", "right", "wrong", "element"),
    [
        ("eligibility.dmn", "if apply.founded_on = null", "if open_round.deadline = null", "quality_founded"),
        ("application.bpmn", "apply.employees", "open_round.year", "note_application"),
        ("award.yaml", "{open_round.round_name}", "{apply.merit}", "processes.round.title"),
    ],
)
def test_given_a_form_of_another_kind_of_case_when_checked_then_it_says_whose_it_is(
    tmp_path: Path, file: str, right: str, wrong: str, element: str
) -> None:
    root = lay_out(tmp_path, CITY)
    path = root / AWARD / file
    before = path.read_text("utf-8")
    assert right in before
    path.write_text(before.replace(right, wrong, 1), "utf-8")

    found = check_path(root, checker=whole_checker())

    assert [(p.rule, p.element) for p in found] == [("foreign_form", element)]
    assert ("评选届次" if "open_round" in wrong else "申报") in found[0].message.zh


def test_given_a_column_of_the_register_named_as_the_round_when_a_filter_reads_the_rounds_fact_then_it_is_told(
    tmp_path: Path,
) -> None:
    root = lay_out(tmp_path, CITY)
    path = root / AWARD / "eligibility.dmn"
    before = path.read_text("utf-8")
    right = "<text>if apply.founded_on = null then null else"
    assert right in before
    wrong = "<text>count(register.awards[revoked_on = null and number = round.stage]) = 0 and"
    path.write_text(before.replace(right, wrong, 1), "utf-8")

    found = check_path(root, checker=whole_checker())

    told = sorted((p.rule, p.element) for p in found)
    assert told == [("hidden_name", "quality_founded"), ("no_property", "quality_founded")], "the column is a text"
