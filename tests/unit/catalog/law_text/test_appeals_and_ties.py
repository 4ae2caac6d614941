"""What clauses say of an appeal against the result of an objection, and of who goes first with as many votes."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import kinds_said, read_clause
from service.catalog.assistants.drawn_by_hand import drawn_by_hand
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law_text.tie_said import TieOrder, tie_said


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        (
            "对异议处理结果不服的，可以自收到答复之日起7日内向省市场监督管理局申诉，省市场监督管理局应当自收到申诉之日起20日内作出决定。",
            {"value": "7", "unit": "calendar_days", "decision": "20日", "authority": "省市场监督管理局"},
        ),
        (
            "异议人不服处理决定的，可在收到决定后五个工作日内向县人民政府书面提出复核申请；县人民政府应当在十五个工作日内完成复核并答复。",
            {"value": "5", "unit": "working_days", "authority": "县人民政府"},
        ),
        (
            "对答复不服的，可以在十日内向评审委员会申请复核。评审委员会自收到申请之日起30个工作日内书面答复。",
            {"value": "10", "unit": "calendar_days", "decision": "30", "authority": "评审委员会"},
        ),
        ("对异议处理结果不服的，可以向上级部门申诉。", {"authority": "上级部门"}),
    ],
)
def test_a_clause_on_an_appeal_says_its_times_and_to_whom(text: str, fields: dict[str, str]) -> None:
    assert read_clause(AssistKind.APPEAL, text).fields.items() >= fields.items()
    assert suggested_kind("objection", text) is AssistKind.APPEAL
    assert drawn_by_hand(text) == ()


def test_an_appeal_beside_the_answer_to_an_objection_is_told_as_what_the_clause_says_too() -> None:
    text = "办公室自收到异议之日起10个工作日内答复。对答复不服的，可以自收到答复之日起7日内向省市场监督管理局申诉。"
    assert suggested_kind("objection", text) is AssistKind.OBJECTION_WINDOW
    assert AssistKind.APPEAL in kinds_said(text)


@pytest.mark.parametrize(
    ("text", "order"),
    [
        ("得票相同而名额不足的，成立时间较早的组织优先。", TieOrder.OLDER),
        ("得票数相同的，评审得分高者优先。", TieOrder.SCORE),
        ("末位得票相同的，对其再次投票。", TieOrder.BALLOT),
        ("得票相等的，由主任委员决定。", TieOrder.CHAIR),
        ("得票相同超过名额的，均不入选。", TieOrder.VACANT),
    ],
)
def test_a_clause_says_who_goes_first_with_as_many_votes(text: str, order: TieOrder) -> None:
    assert suggested_kind("vote", text) is AssistKind.TIE
    assert read_clause(AssistKind.TIE, text).fields == {"order": order.value}


@pytest.mark.parametrize("text", ["得分相同的，成立时间较早的优先。", "赞成票达到三分之二以上的当选。"])
def test_points_and_majorities_say_nothing_of_equal_votes(text: str) -> None:
    assert tie_said(text) is None


@pytest.mark.parametrize(
    ("text", "kind", "fields"),
    [
        ("得分相同的，成立时间较早的组织优先。", AssistKind.POINTS_TIE, {"first": "older"}),
        (
            "奖项空缺的名额可以结转至下一届，结转不超过2个。",
            AssistKind.CARRIED,
            {"of": "award", "value": "2", "bound": "maximum"},
        ),
        ("推荐名额有余额的，可以结转至下一届。", AssistKind.CARRIED, {"of": "recommendation"}),
        ("奖项空缺的名额可以结转至下一届，当届没有用完的不再结转。", AssistKind.CARRIED, {"of": "award"}),
        ("与获奖资格有关的诉讼正在进行的，有关组织的评选程序中止。", AssistKind.SUSPENSION, {"voted": "left_out"}),
    ],
)
def test_equal_points_places_left_and_suspensions_have_assistants(
    text: str, kind: AssistKind, fields: dict[str, str]
) -> None:
    assert suggested_kind("other", text) is kind
    assert read_clause(kind, text).fields.items() >= fields.items()
    assert drawn_by_hand(text) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("名额不得结转下一届。", AssistKind.CARRIED),
        ("空缺的名额不结转至下一届。", AssistKind.CARRIED),
        ("名额可以空缺，空缺的不予顺延至下一届。", AssistKind.CARRIED),
        ("诉讼、复议期间，评选工作不中止。", AssistKind.SUSPENSION),
        ("异议核查期间，对相关组织的评审中止。", AssistKind.SUSPENSION),
        ("得分相同的，一并进入现场评审。", AssistKind.POINTS_TIE),
    ],
)
def test_what_is_forbidden_or_said_of_something_else_is_read_for_none_of_them(text: str, kind: AssistKind) -> None:
    assert kind not in kinds_said(text)
