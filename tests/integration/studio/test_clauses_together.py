"""What assistants draw knows of each other: prize, reports and revocation meet at the register, in whatever order they are drawn."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations
from typing import Any

import pytest

from service.casework.queries.cases.start_options import options_below
from service.casework.simulate.playing.play import play
from service.casework.simulate.playing.scenario_result import play_for_result
from service.casework.simulate.scenarios.scenario import Move
from service.casework.simulate.stage.empty_store import empty_store
from service.casework.simulate.stage.follower import Follower
from service.casework.simulate.stage.stage import PlayState
from service.casework.studio.drafts.check_draft import check_draft
from service.casework.studio.drafts.draft_tree import DraftTree, tree_of
from service.casework.studio.drafts.start_city import start_city
from service.casework.studio.law.assist_choices import assist_choices
from service.casework.studio.law.assist_clause import propose_assistance, write_assistance
from service.casework.studio.law.prove_clause import proving_rows
from service.casework.studio.law.typed_fields import TypedAssistance
from service.casework.studio.scenarios.missing_steps import UnsettledDay, unsettled_days
from service.casework.studio.scenarios.play_scenarios import read_file
from service.catalog.assistants.clause_drawing import draw_clause
from service.catalog.assistants.drawn_clause import DrawnFor
from service.catalog.assistants.revocation_grounds import label_of_ground
from service.catalog.clause_kinds.clause_assistants import AssistKind
from service.catalog.law.law import Clause
from service.catalog.new_city.outline import CityOutline, OutlinedTier
from service.catalog.new_city.steps import CityStep
from service.catalog.source.format_yaml import dump_yaml, load_yaml
from service.catalog.source.freeze import thaw
from service.domain.errors import Invalid
from service.domain.text import Text
from tests.integration.studio.test_drawn_clauses import played
from tests.support.browsers import Browser
from tests.support.lakeside import Lakeside
from tests.support.samples import sample

Browse = Callable[..., Browser]
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
SECOND = TypedAssistance(AssistKind.PRIZE, "HS-3", "", "提名奖奖金", "yuan", "150000", tier="nomination")
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


def tree(town: Lakeside, draft: int) -> DraftTree:
    with town.desk.store.read() as tx:
        return tree_of(town.desk, tx, draft)


def drawn(town: Lakeside, assistants: Sequence[TypedAssistance], outline: CityOutline = OUTLINE) -> DraftTree:
    """A city begun from blank with what these assistants draw, in this order; nothing in it is wrong."""
    cited = {"HS-1", *(typed.clause for typed in assistants)}
    outline = replace(outline, clauses=tuple(clause for clause in outline.clauses if clause.id in cited))
    draft = start_city(town.desk, town.designer, outline)
    for typed in assistants:
        write_assistance(town.desk, town.designer, draft, typed)
    errors = [p for p in check_draft(town.desk, town.designer, draft).problems if p.severity.name == "ERROR"]
    assert [(p.file, p.element, p.message.zh) for p in errors] == []
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
    "order", sample(list(permutations((PRIZE, REPORTS, REVOCATION, TITLE)))[::9], 3), ids=lambda o: o[0].kind.value
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


class Offered(Follower):
    """Keeps what the office is offered below the round and below the winner, whenever that changes."""

    def __init__(self) -> None:
        self.seen: list[tuple[frozenset[str], frozenset[str]]] = []

    def after(self, stage: PlayState, move: Move, unmet: Sequence[Text]) -> None:
        """Look again behind each step."""
        below = [self._below(stage, nick) for nick in ("届", "甲")]
        if self.seen[-1:] != [(below[0], below[1])]:
            self.seen.append((below[0], below[1]))

    @staticmethod
    def _below(stage: PlayState, nick: str) -> frozenset[str]:
        if nick not in stage.cases:
            return frozenset()
        office = stage.cast.actor("office")
        with stage.desk.store.read() as tx:
            case = tx.cases.get(stage.case(nick))
            options = options_below(stage.desk, tx, office, stage.package, case)
        return frozenset(option.process for option in options)


def test_what_follows_an_award_is_not_offered_before_there_is_one(town: Lakeside) -> None:
    after = drawn(town, [PRIZE, REPORTS, TITLE, REVOCATION])
    filled = {**after.filled, SEASON: season(after, revoked(), [])}
    scenario, offered = read_file(filled, SEASON).scenario, Offered()
    assert scenario is not None
    with empty_store() as store:
        done = play(store, after.package, scenario, town.desk.calendars, town.desk.operations, follower=offered)
    assert [one.message.zh for one in done.unmet] == []
    none: frozenset[str] = frozenset()
    assert offered.seen == [(none, none), (none, frozenset({"revocation"})), (none, none)], "until it is revoked"


def test_a_scenario_that_waits_for_an_unpublished_year_says_so(town: Lakeside) -> None:
    after = drawn(town, [REVOCATION])
    told = [{"until": "2027-02-01 09:00"}, *revoked()[:2], {"until": "2027-04-01 09:00"}]
    filled = {**after.filled, SEASON: season(after, told, [{"case": "撤销", "outcome": "done"}])}
    scenario = read_file(filled, SEASON).scenario
    assert scenario is not None
    with empty_store() as store:
        result = play_for_result(store, after.package, scenario, town.desk.calendars, town.desk.operations)
    assert unsettled_days(result) == (UnsettledDay("申辩期满", 2027),)


def test_the_assistant_of_a_revocation_shows_that_the_prize_stops(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, PRIZE)
    shown = propose_assistance(town.desk, town.designer, draft, replace(REVOCATION, scenario=SEASON))
    [play] = [change.after for change in shown.changes if "/scenarios/" in change.path]
    assert "case: 奖金, outcome: payment_stopped" in play
    assert "proves: [HS-5]" in play


def test_only_an_expectation_with_the_amount_proves_a_prize(town: Lakeside) -> None:
    """The season has one winner: it shows the prize of the first tier, and that a nomination was awarded says no sum."""
    draft = start_city(town.desk, town.designer, OUTLINE)
    for one in (PRIZE, SECOND):
        write_assistance(town.desk, town.designer, draft, one)
    with town.desk.store.read() as tx:
        tree = tree_of(town.desk, tx, draft)
    second = next(p.id for p in tree.package.award.parameters.values() if p.values and p.values[-1].value == 150000)
    element = f"{AWARD}/round.bpmn#confer"

    def proving(parameter: str) -> list[dict[str, Any]]:
        shown = proving_rows(town.desk, tree.filled, tree.package, AssistKind.PRIZE, element, SEASON, parameter)
        return [dict(row) for row in shown.rows]

    assert "600000" in str(proving("prize_yuan")[:1])
    assert proving(second) == [], "no row with another sum, none without one"


def test_a_part_of_a_prize_waits_for_the_report_that_passes(town: Lakeside) -> None:
    after = drawn(town, [PRIZE, REPORTS])
    second = {
        "as": "office",
        "case": "奖金",
        "complete": "pay_part",
        "with": {"paid_on": date(2027, 1, 5), "voucher": "二号"},
    }
    waits = {"case": "奖金", "waiting": "pay_part"}
    assert unmet(town, after, [*PAID, {"until": "2026-12-30 09:00"}], [{**waits, "no": True}]) == []
    assert unmet(town, after, [*PAID, *REPORTED, second], [{"case": "奖金", "outcome": "paid"}]) == []


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


def test_an_announcement_stands_before_what_follows_an_award_and_a_revocation_ends_it(town: Lakeside) -> None:
    announced = TypedAssistance(
        AssistKind.ANNOUNCEMENT, "HS-3", "", "公告名义", "text", "河山市人民政府", scenario=SEASON
    )  # fmt: skip
    after = drawn(town, [PRIZE, announced, REVOCATION, OBJECTION])
    expect = [
        {"case": "届", "document": "announcement", "contains": ["河山市人民政府", "甲公司"]},
        {"case": "届", "notice": "results", "state": "closed"},
        {"case": "奖金", "outcome": "payment_stopped"},
    ]
    assert unmet(town, after, [*PAID, *revoked()], expect) == []


def test_a_second_prize_has_a_parameter_of_its_own(town: Lakeside) -> None:
    after = drawn(town, [PRIZE, SECOND, REPORTS])
    parameters = after.package.award.parameters
    assert [p.text.zh for p in parameters.values() if p.unit.value == "yuan"] == ["奖金", "提名奖奖金"]
    parts = thaw(parameters["prize_parts"].values[-1].value)
    assert [(row["tier"], row["share"]) for row in parts] == [("prize", 0.6), ("prize", 0.4), ("nomination", 1)]
    found = [{"find": "payment", "parent": "届", "for": who, "name": f"{who}奖"} for who in "甲乙"]
    expect = [
        {"case": "甲奖", "fact": "prize_yuan", "value": 600000},
        {"case": "乙奖", "fact": "prize_yuan", "value": 150000},
    ]
    assert unmet(town, after, found, expect, both=True) == []


def test_the_prize_of_a_lower_tier_is_shown_by_a_season_that_gives_it(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, PRIZE)
    shown = propose_assistance(town.desk, town.designer, draft, replace(SECOND, scenario=SEASON))
    assert "150,000元" in shown.expectation, shown.remark
    [play] = [change.after for change in shown.changes if "/scenarios/" in change.path]
    assert "award_places" in play


def test_a_second_ground_of_revocation_has_its_own_bar(town: Lakeside) -> None:
    after = drawn(town, [REVOCATION, ACCIDENT])
    barred = {"case": "撤销", "sanction": "accident_ban_years", "last_day": date(2028, 3, 14)}
    assert unmet(town, after, revoked("accident_ban_years"), [barred]) == []
    assert after.package.award.parameters["state_ground_working_days"].values[-1].value == 30


def test_a_ground_is_called_as_it_was_entered_last(town: Lakeside) -> None:
    other = replace(REVOCATION, answers={**REVOCATION.answers, "ground": "骗取奖励"})
    after = drawn(town, [replace(REVOCATION, name=""), ACCIDENT, other])
    element = after.package.element("heshan_revocation", "set_revocation")
    assert element.operation is not None
    values = element.operation.parameters["values"]
    assert "骗取奖励" in values
    assert "弄虚作假" not in values
    assert "发生重大事故" in values
    assert label_of_ground(after.package, REVOCATION.parameter) == "骗取奖励"
    known = after.package.award.parameters
    assert known[REVOCATION.parameter].name == "因弄虚作假撤销后不得申报的年限", "not as other places call it"
    assert known[ACCIDENT.parameter].name == ACCIDENT.name


def test_years_of_a_bar_change_without_a_new_name_of_its_ground_or_others_who_decide(town: Lakeside) -> None:
    said = {**REVOCATION.answers, "ground": "骗取奖励", "proposer": "committee", "decider": "committee"}
    after = drawn(town, [replace(REVOCATION, answers=said), replace(REVOCATION, value="7", answers={})])
    assert label_of_ground(after.package, REVOCATION.parameter) == "骗取奖励"
    bound = after.package.jurisdiction.bindings
    assert (bound["revocation_proposer"], bound["revocation_authority"]) == ("committee", "committee")
    assert after.package.award.parameters[REVOCATION.parameter].values[-1].value == 7


@pytest.mark.parametrize(("ground", "refused"), [("accident_ban_years", True), ("false_material_ban_years", False)])
def test_a_ground_outside_its_years_is_not_proposed_and_another_is_free(
    town: Lakeside, ground: str, refused: bool
) -> None:
    after = drawn(town, [REVOCATION, ACCIDENT])
    steps = revoked(ground)
    steps[1]["with"] = {**steps[1]["with"], "happened_on": date(2025, 3, 1)}
    told = unmet(town, after, steps, [{"case": "甲", "sanction": ground}])
    assert bool(told) is refused, told


@pytest.mark.parametrize("steps", sample([(), (CityStep.APPROVAL,), (CityStep.OBJECTION,)], 3), ids=str)
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


def test_who_proposes_and_who_decides_is_asked_with_the_places_bodies(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    roles = dict(assist_choices(town.desk, town.designer, draft).roles)
    assert {"office", "committee", "chair", "government"} <= set(roles)
    write_assistance(town.desk, town.designer, draft, REVOCATION)
    bound = tree(town, draft).package.jurisdiction.bindings
    assert (bound["revocation_proposer"], bound["revocation_authority"]) == ("office", "government")


def test_a_place_without_government_gets_one_where_it_decides(town: Lakeside) -> None:
    after = drawn(town, [REVOCATION], replace(OUTLINE, steps=(), government=""))
    assert [body.text.zh for body in after.package.jurisdiction.bodies_with("government")] == ["河山市人民政府"]


@pytest.mark.parametrize("steps", sample([(), (CityStep.APPROVAL,)], 2), ids=str)
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


@pytest.mark.parametrize("unit", ["working_days", "calendar_days"])
def test_a_task_of_a_shared_diagram_has_a_place_for_its_time_limit(town: Lakeside, unit: str) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    place = f"{AWARD}/round.bpmn#approval/decide_list"
    assert (place, "审定名单", "评选届次：政府审定") in assist_choices(town.desk, town.designer, draft).elements
    typed = TypedAssistance(
        AssistKind.TIME_LIMIT, "HS-2", "", "审定期限", unit, "20", "maximum", element=place, scenario=SEASON
    )
    shown = propose_assistance(town.desk, town.designer, draft, typed)
    assert "审定名单" in shown.expectation
    write_assistance(town.desk, town.designer, draft, typed)
    package = tree(town, draft).package
    assert package.award.parameters[f"decide_list_{unit}"].maximum == 20
    assert "HS-2" in package.element("heshan_round", "approval").slots["decision"]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"share_1": "60"}, "加起来应当是100%"),
        ({"share_1": "100", "when_1": "day", "at_1": "13-40"}, "月-日"),
        ({"share_1": "sixty"}, "整数"),
        ({"pay_days": "0"}, "整数"),
        ({"share_1": "100", "when_1": "years_report", "at_1": "/1"}, "整数"),
    ],
)
def test_what_is_no_answer_is_said(town: Lakeside, answers: dict[str, str], said: str) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    with pytest.raises(Invalid, match=said):
        propose_assistance(town.desk, town.designer, draft, replace(PRIZE, answers=answers))


def test_the_page_asks_lists_what_is_there_and_proposes_a_second_one(town: Lakeside, browse: Browse) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    write_assistance(town.desk, town.designer, draft, PRIZE)
    designer, here = browse("designer"), f"/studio/drafts/{draft}/clauses"
    asked = designer.get(f"{here}/HS-3/assist?kind=prize").text
    assert "已经有的，点一下修改它" in asked
    assert 'value="第3条奖金"' in asked
    assert f"{here}/HS-3/assist?kind=prize&amp;parameter=prize_yuan" in asked
    changed = designer.get(f"{here}/HS-3/assist?kind=prize&parameter=prize_yuan").text
    assert 'value="600000"' in changed
    assert '<option value="yuan" selected>' in changed
    sent = {
        "kind": "revocation",
        "parameter": "ban_years",
        "name": "不得申报",
        "unit": "years",
        "value": "6",
        "confirm": "yes",
    }
    answers = {"ground": "弄虚作假", "proposer": "office", "decider": "committee", "recover": ["certificate", "prize"]}
    refused = designer.post(f"{here}/HS-5/assist", {**sent, **answers, "recover": []})
    assert (refused.status_code, "请回答“收回”" in refused.text) == (422, True)
    assert designer.post(f"{here}/HS-5/assist", {**sent, **answers}).status_code == 302
    assert tree(town, draft).package.jurisdiction.bindings["revocation_authority"] == "committee"


def test_what_an_assistant_says_is_proved_looks_at_what_comes_of_the_clause(town: Lakeside) -> None:
    draft = start_city(town.desk, town.designer, OUTLINE)
    for typed in (PRIZE, REPORTS, TITLE, REVOCATION):
        write_assistance(town.desk, town.designer, draft, replace(typed, scenario=SEASON))
    assert [p for p in check_draft(town.desk, town.designer, draft).problems if p.rule == "proof_passes_by"] == []
    seasons = [text for path, text in tree(town, draft).filled.items() if "/scenarios/" in path]
    [season] = [text for text in seasons if "title: 第5条：" in text.decode()]
    assert b"{case: \xe5\xa5\x96\xe9\x87\x91, outcome: payment_stopped}" in season, "it stays as an expectation"
