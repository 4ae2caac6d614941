"""Whom the list names that is submitted for approval, whom it holds, and how often it waits for those."""

from __future__ import annotations

import pytest

from service.catalog.bpmn.model import Diagram
from service.domain.feel import compile_expression
from tests.support.bundled import bundled

PROPOSED = "some e in case.elected satisfies e.case = child.id"
"""What an award says of its candidates; it does not say that a candidate is one no longer who has left since."""
TURNS = 30
"""So often a round submits, once for each whose objection is settled."""


def approval() -> Diagram:
    return bundled().package("urumqi/quality_award").diagram("shared_approval")


def parameter(element: str, name: str) -> str:
    operation = approval().elements[element].operation
    assert operation is not None
    return operation.parameters[name]


def lists(element: str, effect: str, *, open_objections: int, status: str) -> bool:
    """Tell whether a list of the diagram names a candidate who stands so."""
    scope: dict[str, object] = {"frame": {"where": PROPOSED}, "param": {"open_objection_effect_at_submission": effect}}
    scope["standing"] = compile_expression(parameter("set_standing", "given")).evaluate(scope)
    where = compile_expression(parameter(element, "where")).evaluate(scope)
    child = {"id": 7, "open_objections": open_objections, "status": status}
    case = {"elected": [{"case": 7}], "approved_list": [], "struck_list": []}
    return compile_expression(str(where)).evaluate({"case": case, "child": child}) is True


@pytest.mark.parametrize("element", ["list_submission", "list_again"])
@pytest.mark.parametrize("effect", ["none", "hold_organisation", "hold_all"])
def test_who_is_a_candidate_still_is_submitted(element: str, effect: str) -> None:
    assert lists(element, effect, open_objections=0, status="running")
    assert not lists(element, effect, open_objections=0, status="ended"), "who was terminated, or has withdrawn"
    assert lists(element, effect, open_objections=1, status="running") is (effect == "none")


@pytest.mark.parametrize("effect", ["hold_organisation", "hold_all"])
def test_who_has_left_is_held_no_longer_though_the_objection_goes_on(effect: str) -> None:
    """They would be waited for again and again at once, until the round gives up on those who are held beside them."""
    assert lists("list_held", effect, open_objections=1, status="running")
    assert not lists("list_held", effect, open_objections=1, status="ended")
    assert lists("list_open", effect, open_objections=0, status="running")
    assert not lists("list_open", effect, open_objections=0, status="ended")


@pytest.mark.parametrize("effect", ["hold_organisation", "hold_all"])
def test_it_goes_on_with_one_who_is_settled_where_each_is_held_alone(effect: str) -> None:
    barrier = compile_expression(approval().elements["held_settled"].barrier)

    def goes_on(first: int, second: int, status: str = "running") -> bool:
        children = [
            {"id": 7, "open_objections": first, "status": status},
            {"id": 8, "open_objections": second, "status": "running"},
        ]
        param = {"open_objection_effect_at_submission": effect}
        held = {"held_list": [{"case": 7}, {"case": 8}]}
        return barrier.evaluate({"case": held, "children": children, "param": param}) is True

    assert not goes_on(1, 1)
    assert goes_on(0, 1) is (effect == "hold_organisation")
    assert goes_on(1, 1, "ended") is (effect == "hold_organisation")
    assert goes_on(0, 0)
    assert goes_on(1, 0, "ended")


def test_a_round_waits_as_often_as_it_may_submit() -> None:
    """Each of those who are held may be the last that is left, and wait more than once."""
    waits = compile_expression(approval().flows["may_wait_to_held_settled"].condition)
    assert waits.evaluate({"attempts": {"value": 2 * TURNS}}) is True


def test_the_committee_of_qingyuan_waits_as_often() -> None:
    """It counts each look at its list: one that finds nobody to examine, and one that does."""
    diagram = bundled().package("qingyuan/quality_award").diagram("qingyuan_determination")
    waits = compile_expression(diagram.flows["anybody_to_examine_to_waiting_settled"].condition)
    assert waits.evaluate({"listed": {"count": 0}, "waiting": {"count": 1}, "waits": {"value": 3 * TURNS}}) is True
