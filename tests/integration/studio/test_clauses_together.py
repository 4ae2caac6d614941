"""What assistants draw knows of each other: prize, reports and revocation meet at the register, in whatever order they are drawn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from service.casework.studio.scenarios.missing_steps import UnsettledDay, unsettled_days

from service.casework.simulate.playing.scenario_result import play_for_result
from service.casework.simulate.stage.stage import empty_store
from service.casework.studio.drafts.draft_tree import DraftTree
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_clause import write_assistance
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog.assistants.clause_drawing import draw_clause
from service.catalog.assistants.drawn_clause import DrawnFor
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import Clause
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.domain.errors import Invalid
from tests.integration.studio.test_drawn_clauses import errors, played, tree
from tests.support.lakeside import Lakeside

KEY = "heshan/quality_award"
AWARD = f"processes/{KEY}"
SEASON = f"{AWARD}/scenarios/first_season.yaml"
OUTLINE = CityOutline(
    "heshan", "河山市", "", "cn", "河山市市长质量奖", "河山市市长质量奖管理办法", date(2026, 1, 1), "评审办", "评审委员会",
    (OutlinedTier("prize", "市长质量奖", 1), OutlinedTier("nomination", "提名奖", 1)),
    tuple(Clause(f"HS-{number}", f"第{number}条", "other", "内容。", None, None) for number in range(1, 8)),
    dict.fromkeys(("apply", "conditions", "acceptance", "vote", "notice", "conferral"), ("HS-1",)),
    steps=(CityStep.APPROVAL,), government="河山市人民政府",
)  # fmt: skip
PRIZE = TypedAssistance(
    AssistKind.PRIZE, "HS-2", "prize_yuan", "奖金", "yuan", "600000", tier="prize",
    answers={"share_1": "60", "share_2": "40%", "when_2": "report", "at_2": "1", "pay_days": "30"},
)  # fmt: skip
REPORTS = TypedAssistance(AssistKind.REPORTS, "HS-4", "report_years", "年度报告", "years", "2")
TITLE = TypedAssistance(AssistKind.VALIDITY, "HS-7", "award_validity_years", "称号有效期", "years", "5")
REVOCATION = TypedAssistance(
    AssistKind.REVOCATION, "HS-5", "false_material_ban_years", "不得申报", "years", "6",
    answers={"ground": "弄虚作假", "proposer": "office", "decider": "government", "recover": "certificate plaque prize"},
)  # fmt: skip
ACCIDENT = TypedAssistance(
    AssistKind.REVOCATION, "HS-6", "accident_ban_years", "事故后不得申报", "years", "2",
    answers={"ground": "发生重大事故", "proposer": "office", "decider": "government", "inquiry_days": "30", "within_years": "5"},
)  # fmt: skip
OBJECTION = TypedAssistance(
    AssistKind.OBJECTION_WINDOW, "HS-7", "", "", "working_days", "15", "maximum",
    answers={"hold": "concerned", "extension": "10", "extended_by": "chair"},
)  # fmt: skip
REPORT = {"summary": "质量管理体系有效运行，持续改进。", "indicators": [{"name": "顾客满意率", "value": "98%"}]}
PAID = [
    {"find": "payment", "parent": "届", "for": "甲", "name": "奖金"},
    {"as": "office", "case": "奖金", "complete": "pay_part", "with": {"paid_on": date(2026, 3, 31), "voucher": "一号"}},
]
REPORTED = [
    {"find": "reports", "parent": "届", "for": "甲", "name": "报告"},
    {"until": "2027-01-05 09:00"},
    {"as": "甲", "case": "报告", "complete": "yearly_report", "with": REPORT},
    {
        "as": "office",
        "case": "报告",
        "complete": "review_report",
        "with": {"review_result": "good", "analysis": "报告完整，审核合格。"},
    },
]
LODGED = {
    "kind": "person", "name": "李某", "telephone": "13900000000", "address": "本地一号", "email": None, "signature": "李某",
    "identity_proof": "file:身份证.pdf", "content": "该组织申报材料中的事迹不属实。", "evidence_list": "情况说明",
    "evidence": "file:说明.pdf", "declared": True,
}  # fmt: skip
OBJECTED = [
    {"as": "甲", "lodge": "objection", "parent": "乙", "notice": "届/winners", "name": "异议", "with": LODGED},
    {"as": "office", "case": "异议", "complete": "check_objection", "with": {"check_result": "complete"}},
    {"as": "office", "case": "异议", "complete": "forward_objection", "with": {"request": "请核查。"}},
]
ANSWERED = [
    ("investigate_by_office", {"facts": "经核查，事迹属实。", "opinion": "untrue", "reasons": "有原始记录。"}),
    ("find_objection", {"finding_result": "unsubstantiated", "reasons": "经核查，事迹属实。"}),
    ("sign_reply", {"to_objector": "异议不属实。"}),
]


def drawn(town: Lakeside, assistants: Sequence[TypedAssistance], outline: CityOutline = OUTLINE) -> DraftTree:
    """A city begun from blank with what these assistants draw, in this order; nothing in it is wrong."""
    cited = {"HS-1", *(typed.clause for typed in assistants)}
    outline = replace(outline, clauses=tuple(clause for clause in outline.clauses if clause.id in cited))
    draft = start_city(town.desk, town.designer, outline)
    for typed in assistants:
        write_assistance(town.desk, town.designer, draft, typed)
    assert errors(town, draft) == []
    return tree(town, draft)


def season(after: DraftTree, more: Sequence[Any], expect: Sequence[Any], both: bool = False) -> bytes:
    """The first season with these steps behind it, expecting this and nothing else; ``both``: the second wins the lower tier."""
    document = load_yaml(after.filled[SEASON].decode())
    document["steps"] = [*document["steps"], *more]
    if both:
        vote = next(n for n, step in enumerate(document["steps"]) if "vote" in step)
        document["steps"].insert(vote, {"case": "届", "vote": {"甲": "yyy", "乙": "nnn"}})
        document["steps"][vote + 1] = {"case": "届", "vote": {"乙": "yyy"}}
        for step in document["steps"]:
            if step.get("name") == "乙":
                step["with"] = {**step["with"], "founded": date(2015, 1, 1)}
        at = next(n for n, step in enumerate(document["steps"]) if step.get("complete") == "decide")
        accept = {"as": "office", "case": "乙", "complete": "decide", "with": {"decision": "accept"}}
        document["steps"].insert(at + 1, accept)
    document["expect"] = list(expect)
    return dump_yaml(document).encode()


def unmet(town: Lakeside, after: DraftTree, more: Sequence[Any], expect: Sequence[Any], **said: Any) -> list[str]:
    files = {**after.filled, SEASON: season(after, more, expect, **said)}
    return [one.message.zh for one in played(town, after.package, files, SEASON).unmet]


def revoked(ground: str = "false_material_ban_years") -> list[dict[str, Any]]:
    facts = {"ground": ground, "facts": "查明的事实。", "happened_on": date(2026, 3, 14), "evidence": "file:证据.pdf"}
    decided = {"revocation": "revoke", "reason": "事由查证属实。", "number": "撤一号", "decided_on": date(2026, 4, 1)}
    return [
        {"as": "office", "start": "revocation", "parent": "甲", "for": "甲", "name": "撤销"},
        {"as": "office", "case": "撤销", "complete": "state_ground", "with": facts},
        {"as": "甲", "case": "撤销", "complete": "answer_ground", "with": {"statement": "没有申辩意见。"}},
        {
            "as": "office",
            "case": "撤销",
            "complete": "propose_revocation",
            "with": {"proposal": "revoke", "reasons": "事由查证属实。"},
        },
        {"as": "government", "case": "撤销", "complete": "decide_revocation", "with": decided},
    ]


@pytest.mark.parametrize(
    "order", [(PRIZE, REPORTS, REVOCATION, TITLE), (TITLE, REVOCATION, REPORTS, PRIZE)], ids=lambda o: o[0].kind.value
)
def test_a_revocation_stops_payments_and_reports_and_asks_for_what_was_paid(
    town: Lakeside, order: tuple[TypedAssistance, ...]
) -> None:
    after = drawn(town, order)
    found = [
        {"find": kind, "parent": "届", "for": "甲", "name": name}
        for kind, name in (("reports", "报告"), ("title", "称号"))
    ]
    expect = [
        {"case": "奖金", "outcome": "payment_stopped"},
        {"case": "报告", "outcome": "reports_stopped"},
        {"case": "称号", "outcome": "title_stopped"},
        {"case": "撤销", "document": "recovery_notice", "contains": ["奖金360000元", "评审办"]},
        {"case": "撤销", "document": "revocation_decision", "contains": "河山市人民政府关于撤销"},
        {"case": "撤销", "sanction": "false_material_ban_years", "effect": "ban"},
    ]
    assert unmet(town, after, [*PAID, *found, *revoked()], expect) == []


def test_what_was_paid_is_asked_back_within_working_days(town: Lakeside) -> None:
    answers = {**REVOCATION.answers, "recovery_days": "10", "recovery_unit": "working_days"}
    after = drawn(town, [PRIZE, replace(REVOCATION, answers=answers)])
    expect = [
        {"case": "撤销", "document": "recovery_notice", "contains": ["10个工作日内退回", "奖金360000元"]},
        {"case": "撤销", "waiting": "record_return", "due": date(2026, 3, 27)},
        {"case": "奖金", "outcome": "payment_stopped"},
    ]
    assert unmet(town, after, [*PAID, *revoked()], expect) == []
    with pytest.raises(Invalid, match="计的是另一种日"):
        draw_clause(
            after.files,
            after.filled,
            after.package,
            DrawnFor(AssistKind.REVOCATION, "HS-6", "accident_ban_years", answers={"recovery_days": 30}),
        )


def test_a_part_of_a_prize_waits_for_its_year_and_its_report(town: Lakeside) -> None:
    answers = {**PRIZE.answers, "when_2": "years_report", "at_2": "1/1"}
    after = drawn(town, [replace(PRIZE, answers=answers), REPORTS])
    waits, year = {"case": "奖金", "waiting": "pay_part"}, {"until": "2027-04-05 09:00"}
    assert unmet(town, after, [*PAID, *REPORTED], [{**waits, "no": True}]) == [], "the report passed within the year"
    assert unmet(town, after, [*PAID, year], [{**waits, "no": True}]) == [], "the year is over without a report"
    assert unmet(town, after, [*PAID, *REPORTED, year], [waits]) == []


def test_a_second_ground_of_revocation_has_its_own_bar(town: Lakeside) -> None:
    after = drawn(town, [REVOCATION, ACCIDENT])
    barred = {"case": "撤销", "sanction": "accident_ban_years", "last_day": date(2028, 3, 14)}
    assert unmet(town, after, revoked("accident_ban_years"), [barred]) == []
    assert after.package.award.parameters["state_ground_working_days"].values[-1].value == 30


@pytest.mark.parametrize(("ground", "refused"), [("accident_ban_years", True), ("false_material_ban_years", False)])
def test_a_ground_outside_its_years_is_not_proposed_and_another_is_free(
    town: Lakeside, ground: str, refused: bool
) -> None:
    after = drawn(town, [REVOCATION, ACCIDENT])
    steps = revoked(ground)
    steps[1]["with"] = {**steps[1]["with"], "happened_on": date(2025, 3, 1)}
    told = unmet(town, after, steps, [{"case": "甲", "sanction": ground}])
    assert bool(told) is refused, told


@pytest.mark.parametrize("steps", [(), (CityStep.OBJECTION,)], ids=str)
def test_who_withdraws_before_the_result_gets_neither_award_nor_prize(
    town: Lakeside, steps: tuple[CityStep, ...]
) -> None:
    after = drawn(town, [PRIZE, REPORTS], replace(OUTLINE, steps=(*steps, CityStep.WITHDRAWAL)))
    document = load_yaml(after.filled[SEASON].decode())
    vote = next(n for n, step in enumerate(document["steps"]) if "vote" in step)
    leaves = {"as": "甲", "case": "甲", "action": "withdraw", "with": {"reason": "另有安排。", "confirmed": True}}
    last = {"until": date(2026, 4, 30)}
    document["steps"] = [*document["steps"][: vote + 1], leaves, last]
    document["expect"] = [
        {"case": "甲", "outcome": "withdrawn"},
        {"case": "甲", "award": "prize", "no": True},
        {"case": "届", "outcome": "vacant"},
    ]
    files = {**after.filled, SEASON: dump_yaml(document).encode()}
    assert [one.message.zh for one in played(town, after.package, files, SEASON).unmet] == []


@pytest.mark.parametrize("steps", [(), (CityStep.APPROVAL,)], ids=str)
def test_an_open_objection_holds_only_whom_it_concerns(town: Lakeside, steps: tuple[CityStep, ...]) -> None:
    after = drawn(town, [OBJECTION, PRIZE, REPORTS], replace(OUTLINE, steps=steps))
    document = load_yaml(season(after, [], [], both=True).decode())
    votes = [n for n, step in enumerate(document["steps"]) if "vote" in step]
    approved = document["steps"][votes[-1] + 1 :]
    told = [
        {"expect": {"case": "甲", "award": "prize"}},
        {"expect": {"case": "乙", "award": "nomination", "no": True}},
        {"expect": {"case": "异议", "waiting": "investigate_by_office", "due": date(2026, 3, 5)}},
        *({"as": "office", "case": "异议", "complete": task, "with": said} for task, said in ANSWERED),
        *({**step, "at": "2026-03-15 10:00"} if "at" in step else step for step in approved if "complete" in step),
    ]
    document["steps"] = [*document["steps"][: votes[-1] + 1], *OBJECTED, *approved, *told]
    document["expect"] = [{"case": "乙", "award": "nomination"}, {"case": "届", "outcome": "conferred"}]
    files = {**after.filled, SEASON: dump_yaml(document).encode()}
    assert [one.message.zh for one in played(town, after.package, files, SEASON).unmet] == []
    parameters = after.package.award.parameters
    assert parameters["objection_extension_decider"].values[-1].value == "chair"


def test_a_scenario_that_waits_for_an_unpublished_year_says_so(town: Lakeside) -> None:
    after = drawn(town, [REVOCATION])
    told = [{"until": "2027-02-01 09:00"}, *revoked()[:2], {"until": "2027-04-01 09:00"}]
    filled = {**after.filled, SEASON: season(after, told, [{"case": "撤销", "outcome": "done"}])}
    scenario = read_file(filled, SEASON).scenario
    assert scenario is not None
    with empty_store() as store:
        result = play_for_result(store, after.package, scenario, town.desk.calendars, town.desk.operations)
    assert unsettled_days(result) == (UnsettledDay("申辩期满", 2027),)
