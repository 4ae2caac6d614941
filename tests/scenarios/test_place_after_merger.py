"""What a merger does to places: one that a repeat winner needs no more is free; a winner gets no second one of its round."""

from __future__ import annotations

from dataclasses import replace

import pytest

import handlers
from service.casework.simulate import read_scenario
from tests.scenarios.laid_over import Choice, laid_over
from tests.scenarios.mutants import package_of, scenarios
from tests.scenarios.playing import only_played

handlers.load()
START = {"tier": "quality_award", "channel": "online", "voluntary": True}
MERGER = {
    "ground": "merger", "name": "庆元廊桥竹木有限公司", "code": "91650100MA78000146", "effective_on": "2030-04-23",
    "basis": "吸收合并协议", "paper": "file:文书.pdf",
}  # fmt: skip
SUBMIT = {"material_final": True, "self_evaluated": True, "submitted_by": "李四"}
DETERMINED = {"determined": "all", "present": 8, "minutes": "公示期间没有反映问题，同意列入。"}
APPROVED = {"decision": "approve", "number": "庆政发〔2030〕12号", "decided_on": "2030-05-07"}


def test_a_repeat_winner_by_merger_leaves_its_place_to_whose_earlier_award_is_revoked() -> None:
    """乙 has the only place and takes over the award of 丁, so that 甲, whose award is revoked, wins for the first time."""
    package = package_of("qingyuan/quality_award")
    path = scenarios(package)["repeat_award_revoked_in_notice"]
    own = read_scenario(path.read_bytes(), str(path))
    applied = (
        {"as": "乙", "case": "乙", "complete": "submit_application", "with": SUBMIT},
        {"as": "丁", "start": "candidacy", "parent": "二", "name": "丁", "with": START},
        {"as": "丁", "case": "丁", "action": "withdraw", "with": {"reason": "与乙合并。", "confirmed": True}},
        {"award": {"for": "丁", "tier": "quality_award", "decided_on": "2026-04-29", "round": "往届"}},
    )
    merged = (
        {"as": "甲", "case": "撤", "complete": "answer", "with": {"statement": "没有异议。"}},
        {"as": "office", "start": "succession", "parent": "丁", "name": "丁并", "with": MERGER},
    )
    decided = (
        {"at": "2030-05-06 09:00", "as": "committee", "case": "二", "complete": "determine_list", "with": DETERMINED},
        {"as": "office", "case": "二", "complete": "submit_list", "with": {"signer": "王正清", "contact": "李文", "text": "拟授予下列组织，请审定。"}},
        {"at": "2030-05-07 09:00", "as": "government", "case": "二", "complete": "decide_list", "with": APPROVED},
    )  # fmt: skip
    expected = (
        {"case": "甲二", "award": "quality_award", "prize_yuan": 200000},
        {"case": "乙", "award": "quality_award", "prize_yuan": 0},
    )
    choice = Choice(
        "qingyuan", path.stem, {}, expected, unrefused=True,
        instead=((("乙", "submit_application"), applied), (("撤", "answer"), merged), (("二", "determine_list"), decided)), left_out=2,
    )  # fmt: skip
    organisations = {**own.organisations, "乙": {**own.organisations["乙"], "uscc": MERGER["code"]},
                     "丁": {"name": "丁竹木有限公司", "uscc": "91650100MA7800011W"}}  # fmt: skip
    assert only_played(package, laid_over(replace(own, organisations=organisations), choice)).unmet == ()


@pytest.mark.parametrize(
    ("city", "name", "places"),
    [("yining", "伊犁河乳业有限公司", "第（四）条"), ("ganzhou", "张掖祁连乳业有限公司", "第四条")],
    ids=["yining", "ganzhou"],
)
def test_a_winner_takes_over_no_candidacy_held_by_an_objection(city: str, name: str, places: str) -> None:
    """乙 has won, 甲 waits for the objection to it and is merged into 乙: 甲's candidacy ends, the objection goes on."""
    package = package_of(f"{city}/quality_award")
    path = scenarios(package)["objection_holds"]
    own = read_scenario(path.read_bytes(), str(path))
    merger = {**MERGER, "name": name, "effective_on": "2026-05-01"}
    start = {"start": "succession", "parent": "甲", "name": "并", "with": merger}
    merged = {"at": "2026-05-01 09:00", "as": "office", **start}
    letter = ["该单位本届已经获奖，一届只获奖一次，本件不再评审。", f"》{places}关于每届名额的规定", "行政复议"]
    expected = (
        {"case": "乙", "outcome": "awarded", "on": "2026-04-29"},
        {"case": "并", "fact": "succession_result", "value": "won"},
        {"case": "甲", "outcome": "terminated", "on": "2026-05-01"},
        {"case": "甲", "document": "termination_notice", "contains": letter},
        {"case": "异甲", "status": "running"},
    )
    choice = Choice(city, path.stem, {}, expected, unasked=True, ending=(("届", "hand_over"), (merged,)))
    organisations = {**own.organisations, "乙": {**own.organisations["乙"], "uscc": MERGER["code"]}}
    assert only_played(package, laid_over(replace(own, organisations=organisations), choice)).unmet == ()


@pytest.mark.parametrize(
    ("city", "scenario", "places"),
    [
        ("qingyuan", "held_beside", "一（二）"),
        ("yining", "objection_holds", "第（四）条"),
        ("ganzhou", "objection_holds", "第四条"),
    ],
    ids=["qingyuan", "yining", "ganzhou"],
)
def test_who_takes_over_an_award_of_the_round_is_no_candidate_of_it_any_more(
    city: str, scenario: str, places: str
) -> None:
    """One has won, the other waits for the objection to it; the winner is merged into the other: its candidacy ends."""
    package = package_of(f"{city}/quality_award")
    path = scenarios(package)[scenario]
    own = read_scenario(path.read_bytes(), str(path))
    winner, held = ("甲", "乙") if city == "qingyuan" else ("乙", "甲")
    merger = {**MERGER, "name": own.organisations[held]["name"], "effective_on": "2026-05-01"}
    merged = (
        {"find": "supervision", "parent": "届", "for": winner, "name": "管"},
        {
            "at": "2026-05-01 09:00",
            "as": "office",
            "start": "title_succession",
            "parent": "管",
            "name": "并",
            "with": merger,
        },
    )
    letter = ["本届已经获奖，一届只获奖一次，本件不再评审。", f"》{places}关于每届名额的规定", "行政复议"]
    expected = (
        {"case": winner, "outcome": "awarded"},
        {"case": "并", "document": "succession_reply"},
        {"case": held, "outcome": "terminated", "on": "2026-05-01"},
        {"case": held, "document": "termination_notice", "contains": letter},
    )
    place = ("异", "investigate_by_office") if city == "qingyuan" else ("届", "hand_over")
    choice = Choice(city, path.stem, {}, expected, unasked=True, ending=(place, merged))
    organisations = {**own.organisations, held: {**own.organisations[held], "uscc": MERGER["code"]}}
    assert only_played(package, laid_over(replace(own, organisations=organisations), choice)).unmet == ()
