"""Every row of an eligibility table as met, not met or open."""

from __future__ import annotations

import pytest

from tests.unit.decisions.tables import table_of

_GROUNDS = [
    ("< 3", "-", '"成立不满三年"', "第五条"),
    ("-", '"重大", "特别重大"', '"有重大处罚"', "第六条"),
    (">= 3", "null", '"无记录"', ""),
    ("> param.limit", "-", '"超出"', ""),
]
_INPUTS = ("organisation.years", "penalty")


@pytest.mark.parametrize(
    ("scope", "matched", "unknown"),
    [
        (
            {"organisation": {"years": 2}, "penalty": "一般", "param": {"limit": 9}},
            [True, False, False, False],
            [(), (), (), ()],
        ),
        ({"organisation": {"years": 5}, "param": {"limit": 4}}, [False, None, True, True], [(), ("penalty",), (), ()]),
        (
            {"penalty": "重大"},
            [None, True, False, None],
            [("organisation.years",), (), (), ("organisation.years", "param.limit")],
        ),
        (
            {"organisation": {"years": "five"}, "penalty": "重大", "param": {"limit": 4}},
            [None, True, False, None],
            [("organisation.years",), (), (), ("organisation.years",)],
        ),
    ],
)
def test_given_facts_when_rows_are_evaluated_then_missing_ones_leave_a_row_open(
    scope: dict[str, object], matched: list[bool | None], unknown: list[tuple[str, ...]]
):
    table = table_of(_GROUNDS, inputs=_INPUTS, hit_policy="COLLECT", notes=["条款"])
    rows = table.evaluate_rows(scope)

    assert table.applying_rows(scope) == tuple(row for row in rows if row.matched is not False)
    assert [row.outputs for row in table.applying_rows(scope, asked=())] == [{}] * (len(rows) - matched.count(False))
    assert [row.matched for row in rows] == matched
    assert [row.unknown for row in rows] == unknown


def test_given_a_row_when_evaluated_then_its_finding_clause_and_deciding_cell_are_kept():
    row = table_of(_GROUNDS, inputs=_INPUTS, notes=["条款"]).evaluate_rows({"organisation": {"years": 2}})[0]

    assert row.rule_id == "r1"
    assert row.outputs == {"result": "成立不满三年"}
    assert row.annotations == {"条款": "第五条"}
    assert row.decided_by == ("organisation.years < 3",)


def test_given_a_computed_input_when_its_source_is_missing_then_the_source_is_what_is_unknown():
    table = table_of([("> 0", '"x"')], inputs=['count(findings[result = "not_met"])'])

    assert table.evaluate_rows({})[0].unknown == ("findings",)
    assert table.evaluate_rows({"findings": []})[0].matched is False


def test_given_a_result_that_rests_on_missing_facts_when_evaluated_then_they_are_named_for_that_output():
    table = table_of([("-", "if organisation.type = null then null else true"), ("-", "not(banned)")], inputs=["1"])

    rows = table.evaluate_rows({})

    assert [row.matched for row in rows] == [True, True]
    assert [row.outputs for row in rows] == [{"result": None}, {"result": None}]
    assert [row.output_unknown for row in rows] == [{"result": ("organisation.type",)}, {"result": ("banned",)}]
