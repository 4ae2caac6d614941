"""From matching rules to one result."""

from __future__ import annotations

from decimal import Decimal

import pytest

from service.domain.decisions import HitPolicyViolated
from service.domain.decisions.errors import NothingMatches, NoValue, UndeclaredValue
from tests.unit.decisions.tables import table_of

_RULES = [("> 0", "-", "1"), ("> 1", "-", "3"), ("> 2", "-", "2")]


@pytest.mark.parametrize(
    ("hit_policy", "attributes", "expected", "matched"),
    [
        ("FIRST", "", Decimal(1), ("r1",)),
        ("PRIORITY", "", Decimal(3), ("r2",)),
        ("RULE ORDER", "", [Decimal(1), Decimal(3), Decimal(2)], ("r1", "r2", "r3")),
        ("OUTPUT ORDER", "", [Decimal(3), Decimal(2), Decimal(1)], ("r2", "r3", "r1")),
        ("COLLECT", "", [Decimal(1), Decimal(3), Decimal(2)], ("r1", "r2", "r3")),
        ("COLLECT", 'aggregation="SUM"', Decimal(6), ("r1", "r2", "r3")),
        ("COLLECT", 'aggregation="MIN"', Decimal(1), ("r1", "r2", "r3")),
        ("COLLECT", 'aggregation="MAX"', Decimal(3), ("r1", "r2", "r3")),
        ("COLLECT", 'aggregation="COUNT"', Decimal(3), ("r1", "r2", "r3")),
    ],
)
def test_given_several_matching_rules_when_evaluated_then_the_hit_policy_decides(
    hit_policy: str, attributes: str, expected: object, matched: tuple[str, ...]
):
    table = table_of(_RULES, hit_policy=hit_policy, attributes=attributes, output_values="3, 2, 1")

    result = table.decide({"years": 5})

    assert (result.value, result.matched, result.violations) == (expected, matched, ())


def test_given_a_unique_table_when_two_rules_match_then_the_violation_is_reported_and_nothing_is_decided():
    table = table_of(_RULES)
    result = table.decide({"years": 2})

    with pytest.raises(HitPolicyViolated, match="第 1、2 行"):
        table.evaluate({"years": 2})
    assert result.value is None
    assert result.matched == ("r1", "r2")
    assert "第 1、2 行" in result.violations[0].zh
    assert "1, 2" in result.violations[0].en


def test_given_an_any_table_when_matching_rules_agree_then_they_decide_and_otherwise_it_is_reported():
    table = table_of([("> 0", "-", '"a"'), ("> 1", "-", '"a"'), ("> 2", "-", '"b"')], hit_policy="ANY")

    assert table.evaluate({"years": 2}) == "a"
    assert table.decide({"years": 3}).value is None
    assert len(table.decide({"years": 3}).violations) == 1


def test_given_no_matching_rule_when_evaluated_then_the_default_counts():
    assert table_of(_RULES, default='"none"').evaluate({"years": -1}) == "none"


@pytest.mark.parametrize("hit_policy", ["UNIQUE", "FIRST", "ANY", "PRIORITY", "COLLECT", "RULE ORDER", "OUTPUT ORDER"])
def test_where_no_rule_matches_a_table_that_does_not_collect_names_itself_its_columns_and_their_values(
    hit_policy: str,
) -> None:
    table = table_of(_RULES, hit_policy=hit_policy)
    if hit_policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER"):
        assert table.evaluate({"years": -1}) == []
        count, total = (
            table_of(_RULES, hit_policy="COLLECT", attributes=f'aggregation="{name}"') for name in ("COUNT", "SUM")
        )
        assert count.evaluate({"years": -1}) == 0
        with pytest.raises(NothingMatches):
            total.evaluate({"years": -1})
        return
    with pytest.raises(NothingMatches, match="“eligibility”没有一行符合：“years”得到“-1”、“penalty”得到“null”。"):
        table.evaluate({"years": -1})
    assert table.decide({"years": -1}).value is None
    meant = table_of([*_RULES, ("-", "-", "null")], hit_policy="FIRST")
    assert meant.evaluate({"years": -1}) is None


@pytest.mark.parametrize(("size", "told"), [("large", False), (None, False), ("huge", True), (5, True)])
def test_given_a_value_that_its_column_does_not_declare_then_column_and_value_are_told(
    size: object, told: bool
) -> None:
    table = table_of([('"large"', "1"), ("-", "0")], inputs=("size",), hit_policy="FIRST", allowed='"small", "large"')
    if not told:
        table.require_declared({"size": size})
        return
    with pytest.raises(UndeclaredValue) as caught:
        table.require_declared({"size": size})
    assert f"“size”得到“{size}”" in caught.value.message.zh
    assert '"small", "large"' in caught.value.message.zh


@pytest.mark.parametrize(
    ("cells", "tier", "told"),
    [((">= 60", "-"), "a", True), ((">= 60", "null", "-"), "a", False), (("-", ">= 60"), "a", False), ((">= 60", "-"), "b", False)],
)  # fmt: skip
def test_a_column_without_a_value_decides_nothing(cells: tuple[str, ...], tier: str, told: bool) -> None:
    rows = [("-" if cell == "-" else '"a"', cell, f"{place}") for place, cell in enumerate(cells)]
    table = table_of(rows, inputs=("tier", "points"), hit_policy="FIRST")
    if not told:
        table.require_values({"tier": tier, "points": None})
        return
    with pytest.raises(NoValue, match="“eligibility”的“points”没有值"):
        table.require_values({"tier": tier, "points": None})


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        ([("> 1", 'if points > 3 then "1" else "2"')], "points"),
        ([("> points", '"1"'), ("-", '"2"')], "points"),
        ([("-", '"1"'), ("> points", '"2"')], ""),
        ([("> 9", "count([points])"), ("-", '"2"')], ""),
        ([("> 1", "if points = null then 0 else points")], ""),
        ([("> 1", "points")], ""),
    ],
)
def test_what_a_row_gives_is_decided_by_nothing_that_has_no_value(rows: list[tuple[str, ...]], names: str) -> None:
    table, scope = table_of(rows, inputs=("size",), hit_policy="FIRST"), {"size": 3, "points": None}
    if not names:
        table.require_decided(scope)
        return
    with pytest.raises(NoValue, match=f"没有值：“{names}”"):
        table.require_decided(scope)


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
