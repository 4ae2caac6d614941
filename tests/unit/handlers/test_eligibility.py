"""Examining conditions: what many findings come to."""

from handlers.eligibility import summarise
from service.sdk import Finding


def finding(ground: str, result: str, supplied_by: str = "") -> Finding:
    return Finding(ground, result, ground, ("X-1",), "machine", supplied_by)


def test_all_grounds_met_give_met() -> None:
    assert summarise([finding("a", "met"), finding("b", "met")])["result"] == "met"


def test_no_grounds_at_all_give_met() -> None:
    assert summarise([]) == {"result": "met", "unknown": [], "failed": [], "suppliers": []}


def test_one_open_ground_leaves_the_result_unknown_and_names_who_can_supply_it() -> None:
    found = summarise([finding("a", "met"), finding("b", "unknown", "office"), finding("c", "unknown", "applicant")])
    assert found == {"result": "unknown", "unknown": ["b", "c"], "failed": [], "suppliers": ["applicant", "office"]}


def test_a_ground_that_fails_decides_although_another_is_open() -> None:
    found = summarise([finding("a", "not_met"), finding("b", "unknown", "office")])
    assert (found["result"], found["failed"], found["unknown"]) == ("not_met", ["a"], ["b"])


def test_each_supplier_is_named_once_and_nobody_where_nobody_can() -> None:
    found = summarise([finding("a", "unknown", "office"), finding("b", "unknown", "office"), finding("c", "unknown")])
    assert found["suppliers"] == ["office"]
