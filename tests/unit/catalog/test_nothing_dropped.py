"""Nothing that a clause says is dropped without a word: it is read, given to its tier, or told as unread."""

from __future__ import annotations

import pytest

from service.catalog.assistants.clause_reading import read_clause
from service.catalog.assistants.suggested_kind import suggested_kind
from service.catalog.clause_kinds.clause_assistants import AssistKind as K
from service.catalog.law_text.places import places_unread, tiers_of
from service.web.studio.new_city.city_numbers import places_beside

PARTS = {"share_1": "60", "when_1": "decision", "at_1": "", "share_2": "40", "at_2": "1"}
READ = [
    (K.PRIZE, "奖金于授奖后拨付60%、满一年后拨付40%。", PARTS | {"when_2": "years"}),
    (K.PRIZE, "奖金分两期：授奖后拨付60%，满一年经复核合格后拨付40%。", PARTS | {"when_2": "years_event"}),
    (
        K.MAJORITY,
        "评审委员会到会委员超过三分之二方可开会，经到会委员半数以上同意通过。",
        {"value": ">= 1/2", "second": "> 2/3", "bound": "minimum", "base": "members_present"},
    ),
    (
        K.MAJORITY,
        "有三分之二以上委员出席方可投票，获到会委员过半数赞成票的通过。",
        {"value": "> 1/2", "second": "2/3", "bound": "minimum", "base": "members_present"},
    ),
    (
        K.REVOCATION,
        "有下列情形之一的，撤销其称号：（一）弄虚作假的；（二）获奖组织发生重大事故的；（三）当年效益出现亏损的。",
        {"ground": "弄虚作假；发生重大事故；当年效益出现亏损"},
    ),
    (
        K.REVOCATION,
        "获奖组织获奖后两年内发生重大质量事故的，撤销称号。",
        {"ground": "发生重大质量事故", "within_years": "2"},
    ),
    (
        K.REVOCATION,
        "获奖组织对材料的真实性负责，隐瞒有关情况的，撤销其奖励。",
        {"ground": "隐瞒有关情况"},
    ),
    (K.WEIGHTS, "资料评审、现场评审、陈述答辩分别占40%、40%、20%。", None),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text", "fields"), READ, ids=[text[:12] for _, text, _ in READ])
def test_a_clause_is_read_whole(kind: K, text: str, fields: dict[str, str] | None) -> None:
    read = read_clause(kind, text)
    assert fields is None or read.fields == fields
    assert read.unread == ()


def test_what_was_not_read_is_told() -> None:
    listed = read_clause(K.REVOCATION, "有下列情形之一的，撤销称号：1.弄虚作假的；2.其他应当撤销的情形。")
    assert listed.unread == ("2.其他应当撤销的情形",)
    voted = read_clause(K.MAJORITY, "经到会委员半数以上同意，五分之一以上委员可以提议复议。")
    assert voted.fields["base"] == "members_present"
    assert voted.unread == ("五分之一以上委员可以提议复议",)
    law = read_clause(K.VALIDITY, "本办法自发布之日起施行，有效期为5年。")
    assert (law.fields, law.unread) == ({}, ("有效期为5年",))


@pytest.mark.parametrize(
    ("kind", "text", "each"),
    [
        (K.QUOTA, "质量奖、提名奖每届各不超过3家。", {"质量奖": "3", "提名奖": "3"}),
        (
            K.QUOTA,
            "市质量奖名额不超过5个组织，质量奖提名奖名额不超过10个组织。",
            {"市质量奖": "5", "质量奖提名奖": "10"},
        ),
        (K.QUOTA, "金奖、银奖各3名，铜奖5名。", {"金奖": "3", "银奖": "3", "铜奖": "5"}),
        (K.QUOTA, "质量奖不超过2个组织，提名奖不超过2个（组织或个人）。", {"质量奖": "2", "提名奖": "2"}),
        (K.PRIZE, "质量奖、提名奖分别奖励50万元、20万元。", {"质量奖": "500000", "提名奖": "200000"}),
        (K.PRIZE, "质量奖、提名奖各奖励20万元。", {}),
    ],
)
def test_a_number_of_several_tiers_is_that_of_each(kind: K, text: str, each: dict[str, str]) -> None:
    read = read_clause(kind, text)
    assert {said.name: said.value for said in read.each} == each
    assert ("value" in read.fields) is not bool(each)
    assert read.unread == ()


def test_false_papers_of_who_has_no_award_bar_and_revoke_nothing() -> None:
    applied = "申报组织隐瞒有关情况或者提供虚假材料进行申报的，5年内不予受理其申报。"
    won = "获奖组织以欺骗等不正当手段获奖的，取消其奖励，10年内不予受理其申报。"
    judged = "评审人员违反规定的，三年内不得参加评审。"
    assert [suggested_kind("sanction", text) for text in (applied, won, judged)] == [K.BAR, K.REVOCATION, K.TIME_LIMIT]


def test_a_share_of_votes_asks_for_the_vote_whatever_the_kind_registered() -> None:
    two = "第一轮获得到会委员三分之二以上同意的，列为金奖候选；其余的获得到会委员半数以上同意的，列为银奖候选。"
    met = "评委会会议应当有三分之二以上委员出席。"
    assert [suggested_kind("other", text) for text in (two, met)] == [K.MAJORITY, K.TIME_LIMIT]


def test_a_new_city_has_every_tier_and_is_told_what_was_read_as_none() -> None:
    assert [tier[:2] for tier in tiers_of([("第三条", "每届设金奖、银奖各3名，铜奖5名。")])] == [
        ("金奖", 3),
        ("银奖", 3),
        ("铜奖", 5),
    ]
    part = [("第三条", "质量奖每届不超过10个，其中个人奖不超过2名。")]
    assert places_unread(part) == (("第三条", "其中个人奖不超过2名", 2),), "a part is told, and counted in none"
    parts = [("第三条", "质量奖每届不超过10个，其中组织奖不超过8个，个人奖不超过3名。")]
    assert places_unread(parts) == (("第三条", "其中组织奖不超过8个", 8), ("第三条", "个人奖不超过3名", 3))
    text = [("第三条", "每届评选质量奖组织不超过5家、个人不超过2名，由5名以上专家评审；提名奖不超过10家。")]
    assert places_unread(text) == (("第三条", "个人不超过2名", 2),)
    assert places_beside("质量奖 5\n提名奖 10", text) == [("第三条", "个人不超过2名")]
    assert places_beside("质量奖 5\n提名奖 10\n质量奖个人 2", text) == []
